import {
  type APIApplicationCommandInteractionDataOption,
  type APIInteractionDataResolved,
  ApplicationCommandOptionType,
} from 'discord.js';
import { displayName } from './people.ts';

/** A command as somebody gave it, whole or still being typed. */
export interface GivenCommand {
  /** Full name: "npc generate". */
  readonly command: string;
  readonly options: Readonly<Record<string, string>>;
  /** The option that is being typed, where Discord asks what could complete it. */
  readonly focused: { readonly option: string; readonly typed: string } | undefined;
}

interface CommandData {
  readonly name: string;
  readonly options?: readonly APIApplicationCommandInteractionDataOption[];
  readonly resolved?: APIInteractionDataResolved;
}

/** Unpacks Discord's groups and typed values into the product's words. */
export function givenCommand({ name, options = [], resolved }: CommandData): GivenCommand {
  const [first] = options;
  if (
    first?.type === ApplicationCommandOptionType.Subcommand ||
    first?.type === ApplicationCommandOptionType.SubcommandGroup
  ) {
    return givenCommand({
      name: `${name} ${first.name}`,
      ...(first.options === undefined ? {} : { options: first.options }),
      ...(resolved === undefined ? {} : { resolved }),
    });
  }
  const values: (readonly [string, string])[] = [];
  let focused: GivenCommand['focused'];
  for (const option of options) {
    if (!('value' in option)) continue;
    const value = String(option.value);
    if ('focused' in option && option.focused === true) focused = { option: option.name, typed: value };
    const isWho = option.type === ApplicationCommandOptionType.Mentionable;
    values.push([option.name, isWho ? whoText(value, resolved) : value]);
  }
  return { command: name, options: Object.fromEntries(values), focused };
}

/** A person or role as `WhoOption` has it. */
export function whoText(
  id: string,
  resolved: Pick<APIInteractionDataResolved, 'users' | 'members' | 'roles'> | undefined,
): string {
  const role = resolved?.roles?.[id];
  if (role !== undefined) return `role:${id} ${role.name}`;
  const user = resolved?.users?.[id];
  const name = user === undefined ? '' : displayName(user, resolved?.members?.[id]);
  return `person:${id} ${name}`.trimEnd();
}
