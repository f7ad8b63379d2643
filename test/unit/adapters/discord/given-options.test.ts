import {
  type APIApplicationCommandInteractionDataOption,
  type APIInteractionDataResolved,
  ApplicationCommandOptionType as Kind,
} from 'discord.js';
import { describe, expect, it } from 'vitest';
import { givenCommand, whoText } from '#src/adapters/discord/given-options.ts';

const user = (id: string, name: string) => ({
  id,
  username: name,
  global_name: null,
  discriminator: '0',
  avatar: null,
});
// Discord sends more of each; only this is read.
const resolved = {
  users: { '1': user('1', 'bob_1'), '2': user('2', 'eve') },
  members: { '1': { nick: 'Sir Bob' } },
  roles: { '9': { id: '9', name: 'Game masters' } },
} as unknown as APIInteractionDataResolved;

describe('a command', () => {
  it('has its words and its values as text', () => {
    const options: APIApplicationCommandInteractionDataOption[] = [
      {
        type: Kind.SubcommandGroup,
        name: 'gm',
        options: [
          {
            type: Kind.Subcommand,
            name: 'add',
            options: [
              { type: Kind.Mentionable, name: 'who', value: '9' },
              { type: Kind.Integer, name: 'count', value: 3 },
              { type: Kind.Boolean, name: 'loud', value: false },
              { type: Kind.String, name: 'note', value: 'well' },
            ],
          },
        ],
      },
    ];
    expect(givenCommand({ name: 'campaign', options, resolved })).toEqual({
      command: 'campaign gm add',
      options: { who: 'role:9 Game masters', count: '3', loud: 'false', note: 'well' },
      focused: undefined,
    });
    expect(givenCommand({ name: 'stop' })).toEqual({ command: 'stop', options: {}, focused: undefined });
    expect(givenCommand({ name: 'npc', options: [{ type: Kind.Subcommand, name: 'list' }] }).command).toBe(
      'npc list',
    );
  });

  it('knows which option is being typed', () => {
    const options: APIApplicationCommandInteractionDataOption[] = [
      {
        type: Kind.Subcommand,
        name: 'talk',
        options: [{ type: Kind.String, name: 'npc', value: 'Hr', focused: true }],
      },
    ];
    expect(givenCommand({ name: 'npc', options }).focused).toEqual({ option: 'npc', typed: 'Hr' });
  });
});

describe('somebody', () => {
  it('is a person under the name they have here, or a role', () => {
    expect(whoText('1', resolved)).toBe('person:1 Sir Bob');
    expect(whoText('2', resolved)).toBe('person:2 eve');
    expect(whoText('9', resolved)).toBe('role:9 Game masters');
    expect(whoText('5', undefined)).toBe('person:5');
  });
});
