import {
  type APIApplicationCommandBasicOption,
  type APIApplicationCommandOption,
  type APIApplicationCommandSubcommandOption,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  PermissionFlagsBits,
  type RESTPostAPIApplicationCommandsJSONBody,
  type RESTPostAPIChatInputApplicationCommandsJSONBody,
} from 'discord.js';
import type { CommandDeclaration, OptionSpec } from '#src/core/command.ts';
import { clip } from '#src/core/text.ts';
import { MAX_CHOICES, MAX_COMMAND_DESCRIPTION_LENGTH, MAX_OPTION_TEXT_LENGTH } from './limits.ts';

/** What can be done to a message, from its own menu. */
export const SAY_TO_NPCS = 'Say to NPCs';
export const RETRY_ANSWER = 'Retry the answer';

/**
 * Where commands are offered: in one guild, or wherever we are, or only in direct messages with us, where those of a
 * guild do not reach.
 */
export type Reach = 'guild' | 'everywhere' | 'direct';

/** All that we register: the commands by their words, and what a message's menu offers. */
export function applicationCommands(
  declarations: readonly CommandDeclaration[],
  reach: Reach,
): readonly RESTPostAPIApplicationCommandsJSONBody[] {
  const where = WHERE[reach];
  const byFirstWord = Map.groupBy(declarations, ({ name }) => wordsOf(name)[0] ?? '');
  const chatCommands = [...byFirstWord].map(([name, members]) => ({
    ...chatCommand(name, members),
    ...where,
  }));
  const hasRetry = declarations.some(({ name }) => name === 'retry');
  return [
    ...chatCommands,
    { type: ApplicationCommandType.Message, name: SAY_TO_NPCS, ...where },
    ...(hasRetry ? [{ type: ApplicationCommandType.Message as const, name: RETRY_ANSWER, ...where }] : []),
  ];
}

/** Not among friends who have no bot there. What stands in one guild alone has no contexts to choose from. */
const WHERE: Readonly<
  Record<Reach, Pick<RESTPostAPIApplicationCommandsJSONBody, 'contexts' | 'integration_types'>>
> = {
  guild: {},
  everywhere: {
    contexts: [InteractionContextType.Guild, InteractionContextType.BotDM],
    integration_types: [ApplicationIntegrationType.GuildInstall],
  },
  direct: {
    contexts: [InteractionContextType.BotDM],
    integration_types: [ApplicationIntegrationType.GuildInstall],
  },
};

function chatCommand(
  name: string,
  members: readonly CommandDeclaration[],
): RESTPostAPIChatInputApplicationCommandsJSONBody {
  const [only] = members;
  const options =
    members.length === 1 && only?.name === name ? ownOptions(only) : groupOptions(name, members, 1);
  const isAdmins = members.every(({ permission }) => permission === 'admin');
  return {
    type: ApplicationCommandType.ChatInput,
    name,
    description:
      members.length === 1 && only?.name === name ? described(only.summary) : listed(name, members, 1),
    options: [...options],
    // Who else may is decided inside; this only keeps out of sight what is of no use to players.
    ...(isAdmins ? { default_member_permissions: String(PermissionFlagsBits.ManageGuild) } : {}),
  };
}

/** The commands that share their first `depth` words, as Discord nests them: groups hold no groups. */
function groupOptions(
  name: string,
  members: readonly CommandDeclaration[],
  depth: 1 | 2,
): readonly APIApplicationCommandOption[] {
  const byWord = Map.groupBy(members, (member) => wordsOf(member.name)[depth] ?? '');
  return [...byWord].map(([word, inner]) => {
    const [only] = inner;
    if (only !== undefined && wordsOf(only.name).length === depth + 1) return subcommand(word, only);
    if (depth === 2) throw new Error(`a command of more than three words begins with ${name} ${word}`);
    return {
      type: ApplicationCommandOptionType.SubcommandGroup as const,
      name: word,
      description: listed(`${name} ${word}`, inner, 2),
      options: inner.map((each) => subcommand(wordsOf(each.name)[2] ?? '', each)),
    };
  });
}

function subcommand(name: string, declaration: CommandDeclaration): APIApplicationCommandSubcommandOption {
  return {
    type: ApplicationCommandOptionType.Subcommand,
    name,
    description: described(declaration.summary),
    options: [...ownOptions(declaration)],
  };
}

/** Discord wants required ones first. */
function ownOptions({ options }: CommandDeclaration): readonly APIApplicationCommandBasicOption[] {
  return Object.entries(options)
    .toSorted(([, a], [, b]) => Number(b.required) - Number(a.required))
    .map(([name, spec]) => option(name, spec));
}

function option(name: string, spec: OptionSpec): APIApplicationCommandBasicOption {
  const base = { name, description: described(spec.description), required: spec.required };
  switch (spec.kind) {
    case 'text':
      return {
        ...base,
        type: ApplicationCommandOptionType.String,
        max_length: Math.min(spec.maxLength, MAX_OPTION_TEXT_LENGTH),
      };
    case 'integer':
      return {
        ...base,
        type: ApplicationCommandOptionType.Integer,
        min_value: spec.min,
        max_value: spec.max,
      };
    case 'flag':
      return { ...base, type: ApplicationCommandOptionType.Boolean };
    case 'choice':
      // More than Discord lists are typed by hand; the inside checks them.
      return {
        ...base,
        type: ApplicationCommandOptionType.String,
        ...(spec.choices.length <= MAX_CHOICES
          ? { choices: spec.choices.map((choice) => ({ name: choice, value: choice })) }
          : {}),
      };
    case 'npc':
      return { ...base, type: ApplicationCommandOptionType.String, autocomplete: true };
    case 'who':
      return { ...base, type: ApplicationCommandOptionType.Mentionable };
    case 'file':
      return { ...base, type: ApplicationCommandOptionType.Attachment };
  }
}

function described(text: string): string {
  return clip(text, MAX_COMMAND_DESCRIPTION_LENGTH);
}

/** What a group holds: it has no summary of its own. */
function listed(name: string, members: readonly CommandDeclaration[], depth: number): string {
  const words = new Set(members.map((member) => wordsOf(member.name)[depth] ?? ''));
  return described(`/${name}: ${[...words].join(', ')}`);
}

function wordsOf(name: string): readonly string[] {
  return name.split(' ');
}

/** Whether what is registered is what we would register, whatever else Discord keeps beside it. */
export function isSameRegistration(
  registered: unknown,
  wanted: readonly RESTPostAPIApplicationCommandsJSONBody[],
): boolean {
  return Array.isArray(registered) && fingerprint(registered) === fingerprint(wanted);
}

const OWN_KEYS = [
  'type',
  'name',
  'description',
  'required',
  'autocomplete',
  'choices',
  'value',
  'min_value',
  'max_value',
  'max_length',
  'options',
  'default_member_permissions',
  'contexts',
  'integration_types',
];

function fingerprint(commands: readonly unknown[]): string {
  // Their order among themselves is Discord's affair; that of options is ours.
  return JSON.stringify(
    commands
      .map(essence)
      .map((each) => JSON.stringify(each))
      .toSorted(),
  );
}

/** Only what we set, in a fixed order; left out what means the same as nothing. */
function essence(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value.map(essence);
    return items.every((item) => typeof item === 'number') ? items.toSorted() : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const given = new Map<string, unknown>(Object.entries(value));
  return OWN_KEYS.flatMap((key) => {
    const own = essence(given.get(key));
    const isNothing =
      own === undefined ||
      own === null ||
      own === false ||
      own === '' ||
      (Array.isArray(own) && own.length === 0);
    return isNothing ? [] : [[key, own]];
  });
}
