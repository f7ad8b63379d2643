import { ApplicationCommandOptionType, ApplicationCommandType } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '#commands/index.ts';
import { applicationCommands, isSameRegistration } from '#src/adapters/discord/registration.ts';
import type { CommandDeclaration } from '#src/core/command.ts';

const command = (change: Partial<CommandDeclaration>): CommandDeclaration => ({
  name: 'roll',
  summary: 'Roll dice',
  permission: 'player',
  answers: 'everyone',
  options: {},
  example: '/roll 2d6',
  ...change,
});

describe('commands', () => {
  it('nest by their words: groups, and groups within groups', () => {
    const [roll, campaign] = applicationCommands(
      [
        command({}),
        command({ name: 'campaign show', summary: 'Show it' }),
        command({ name: 'campaign gm add', summary: 'Name one' }),
        command({ name: 'campaign gm remove', summary: 'Unname one' }),
      ],
      'guild',
    );
    expect(roll).toEqual({
      type: ApplicationCommandType.ChatInput,
      name: 'roll',
      description: 'Roll dice',
      options: [],
    });
    expect(campaign).toMatchObject({
      name: 'campaign',
      description: '/campaign: show, gm',
      options: [
        { type: ApplicationCommandOptionType.Subcommand, name: 'show', description: 'Show it' },
        {
          type: ApplicationCommandOptionType.SubcommandGroup,
          name: 'gm',
          description: '/campaign gm: add, remove',
          options: [
            { type: ApplicationCommandOptionType.Subcommand, name: 'add' },
            { type: ApplicationCommandOptionType.Subcommand, name: 'remove' },
          ],
        },
      ],
    });
  });

  it('have options of Discord’s kinds, required ones first', () => {
    const base = { description: 'What it is', required: false };
    const [only] = applicationCommands(
      [
        command({
          options: {
            note: { ...base, kind: 'text', maxLength: 9000 },
            count: { ...base, kind: 'integer', min: 1, max: 20, required: true },
            loud: { ...base, kind: 'flag' },
            system: { ...base, kind: 'choice', choices: ['5e', 'none'] },
            npc: { ...base, kind: 'npc', among: 'stage' },
            who: { ...base, kind: 'who' },
          },
        }),
      ],
      'guild',
    );
    expect(only).toMatchObject({
      options: [
        {
          name: 'count',
          type: ApplicationCommandOptionType.Integer,
          min_value: 1,
          max_value: 20,
          required: true,
        },
        { name: 'note', type: ApplicationCommandOptionType.String, max_length: 6000 },
        { name: 'loud', type: ApplicationCommandOptionType.Boolean },
        {
          name: 'system',
          type: ApplicationCommandOptionType.String,
          choices: [
            { name: '5e', value: '5e' },
            { name: 'none', value: 'none' },
          ],
        },
        { name: 'npc', type: ApplicationCommandOptionType.String, autocomplete: true },
        { name: 'who', type: ApplicationCommandOptionType.Mentionable },
      ],
    });
  });

  it('that are all for admins are hidden from everybody else', () => {
    const [admin, mixed] = applicationCommands(
      [
        command({ name: 'admin stats', permission: 'admin' }),
        command({ name: 'campaign show' }),
        command({ name: 'campaign reset', permission: 'admin' }),
      ],
      'guild',
    );
    expect(admin).toHaveProperty('default_member_permissions', '32');
    expect(mixed).not.toHaveProperty('default_member_permissions');
  });

  it('are offered where they reach', () => {
    const contexts = (reach: 'guild' | 'everywhere' | 'direct') =>
      applicationCommands([command({})], reach).map(({ contexts }) => contexts);
    expect(contexts('guild')).toEqual([undefined, undefined]);
    expect(contexts('everywhere')).toEqual([
      [0, 1],
      [0, 1],
    ]);
    expect(contexts('direct')).toEqual([[1], [1]]);
  });
});

interface Option {
  readonly name: string;
  readonly description?: string;
  readonly type?: number;
  readonly required?: boolean;
  readonly options?: readonly Option[];
  readonly choices?: readonly { readonly name: string; readonly value: string }[];
}

/** Characters that Discord counts of one command. */
function sizeOf({ name, description = '', options = [], choices = [] }: Option): number {
  const own = name.length + description.length;
  const chosen = choices.reduce((sum, choice) => sum + choice.name.length + choice.value.length, 0);
  return own + chosen + options.reduce((sum, option) => sum + sizeOf(option), 0);
}

describe('our own commands', () => {
  const registered = applicationCommands(COMMANDS, 'everywhere') as unknown as readonly Option[];
  const chat = registered.filter(({ type }) => type === ApplicationCommandType.ChatInput);

  it('are few enough, and none is too large', () => {
    expect(chat.length).toBeLessThanOrEqual(100);
    expect(registered.length - chat.length).toBeLessThanOrEqual(15);
    for (const each of chat) expect(sizeOf(each), each.name).toBeLessThanOrEqual(8000);
  });

  it('have names, descriptions and options as Discord takes them', () => {
    const look = ({ name, description = '', options = [], choices = [] }: Option): void => {
      expect(name).toMatch(/^[a-z0-9][a-z0-9-]{0,31}$/u);
      expect(description).toMatch(/^.{1,100}$/u);
      expect(options.length, name).toBeLessThanOrEqual(25);
      expect(choices.length, name).toBeLessThanOrEqual(25);
      expect(new Set(options.map((option) => option.name)).size).toBe(options.length);
      const required = options.map((option) => option.required === true);
      expect(required).toEqual(required.toSorted((a, b) => Number(b) - Number(a)));
      for (const option of options) look(option);
    };
    for (const each of chat) look(each);
  });
});

describe('what is registered', () => {
  const wanted = applicationCommands(COMMANDS, 'everywhere');
  const discords = (commands: readonly object[]) =>
    commands
      .map((each) => ({
        id: '1',
        application_id: '2',
        version: '3',
        nsfw: false,
        description: '',
        name_localizations: null,
        default_member_permissions: null,
        dm_permission: true,
        ...each,
      }))
      .toReversed();

  it('is the same whatever Discord keeps beside it, in any order', () => {
    expect(isSameRegistration(discords(wanted), wanted)).toBe(true);
    expect(
      isSameRegistration(
        discords(applicationCommands(COMMANDS, 'guild')),
        applicationCommands(COMMANDS, 'guild'),
      ),
    ).toBe(true);
  });

  it('is another where anything changed', () => {
    const changed = COMMANDS.map((each, index) =>
      index === 3 ? { ...each, summary: 'Something new' } : each,
    );
    expect(isSameRegistration(discords(applicationCommands(changed, 'everywhere')), wanted)).toBe(false);
    expect(isSameRegistration(discords(wanted.slice(1)), wanted)).toBe(false);
    expect(isSameRegistration(discords(applicationCommands(COMMANDS, 'direct')), wanted)).toBe(false);
    expect(isSameRegistration([], wanted)).toBe(false);
    expect(isSameRegistration(undefined, wanted)).toBe(false);
  });
});
