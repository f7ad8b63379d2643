import type { APIGuildMember, APIMessage, APIMessageApplicationCommandInteractionData } from 'discord.js';
import { describe, expect, it } from 'vitest';
import type { InteractionScene } from '#src/adapters/discord/interaction-scene.ts';
import { messageCommand } from '#src/adapters/discord/message-commands.ts';
import { RETRY_ANSWER, SAY_TO_NPCS } from '#src/adapters/discord/registration.ts';
import { APPLICATION, CHANNEL, GUILD, guild, PLAYER, US } from './guild.ts';

const own = { userId: US, applicationId: APPLICATION, readsAll: false };
const scene = (isManager = false): InteractionScene => ({
  place: { platform: 'discord', workspace: { platformId: GUILD, name: guild.name }, channelId: CHANNEL },
  person: { id: PLAYER, name: 'Bob', permission: 'player', roles: ['21'], isManager },
  guild,
});

/** Somebody uses the menu of a message. */
function use(name: string, message: Partial<APIMessage>, by = scene()) {
  const whole: unknown = {
    id: '5000',
    type: 0,
    content: 'Who goes there?',
    mentions: [],
    mention_roles: [],
    attachments: [],
    author: { id: PLAYER, username: 'bob_1', global_name: 'Bob' },
    ...message,
  };
  const data: unknown = { name, type: 3, target_id: '5000', resolved: { messages: { '5000': whole } } };
  return messageCommand(data as APIMessageApplicationCommandInteractionData, by, own);
}

const eve = { id: '88', username: 'eve', global_name: null } as APIMessage['author'];
// Of a member only this is read.
const member = { user: eve, nick: 'Lady Eve', roles: ['20'] } as unknown as APIGuildMember;

describe('saying a message to the NPCs', () => {
  it('hears what one wrote oneself, though it was not read', async () => {
    const asked = use(SAY_TO_NPCS, {});
    if (asked === undefined || !('line' in asked)) throw new Error('not heard');
    const nobody = () => Promise.reject(new Error('not asked'));
    expect(await asked.line(nobody)).toMatchObject({
      messageId: '5000',
      text: 'Who goes there?',
      isDirect: true,
      person: { id: PLAYER, name: 'Bob', roles: ['21'] },
    });
  });

  it('is for whoever wrote it, or manages the server; the speaker stays who wrote it', async () => {
    expect(use(SAY_TO_NPCS, { author: eve })).toHaveProperty('refusal');
    const asked = use(SAY_TO_NPCS, { author: eve }, scene(true));
    if (asked === undefined || !('line' in asked)) throw new Error('not heard');
    expect((await asked.line(() => Promise.resolve(member))).person).toEqual({
      id: '88',
      name: 'Lady Eve',
      permission: 'player',
      roles: ['20'],
      isManager: true,
    });
    expect((await asked.line(() => Promise.reject(new Error('left')))).person).toMatchObject({
      id: '88',
      roles: [],
    });
  });

  it('refuses what programs posted, and what has no words', () => {
    expect(use(SAY_TO_NPCS, { author: { ...eve, bot: true } })).toHaveProperty('refusal');
    expect(use(SAY_TO_NPCS, { webhook_id: '61', application_id: APPLICATION })).toHaveProperty('refusal');
    expect(use(SAY_TO_NPCS, { content: `<@${US}>` })).toHaveProperty('refusal');
  });
});

it('asks again for an answer, and knows no other command', () => {
  expect(use(RETRY_ANSWER, { author: eve })).toEqual({ action: { command: 'retry', options: {} } });
  expect(use('Translate', {})).toBeUndefined();
});
