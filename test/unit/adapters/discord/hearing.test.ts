import { MessageFlags, MessageReferenceType, MessageType } from 'discord.js';
import { describe, expect, it } from 'vitest';
import {
  type Ears,
  hear,
  hearAnyway,
  hearChange,
  type IncomingMessage,
} from '#src/adapters/discord/hearing.ts';
import type { Place } from '#src/core/front.ts';
import { APPLICATION, CHANNEL, GUILD, guild, OUR_ROLE, OWNER, PLAYER, US } from './guild.ts';

const place: Place = {
  platform: 'discord',
  workspace: { platformId: GUILD, name: guild.name },
  channelId: CHANNEL,
};
const ears: Ears = { userId: US, applicationId: APPLICATION, readsAll: true, place, guild };
const deaf: Ears = { ...ears, readsAll: false };
const direct: Ears = { ...ears, guild: undefined };
const bob = { id: PLAYER, username: 'bob_1', global_name: 'Bob', discriminator: '0', avatar: null };
const us = { id: US, username: 'Dramatis', global_name: null, discriminator: '0', avatar: null, bot: true };

/** A message of Bob's with what a test says of it. */
function message(change: Partial<IncomingMessage> = {}): IncomingMessage {
  return {
    id: '5000',
    channel_id: CHANNEL,
    author: bob,
    content: 'Good evening.',
    timestamp: '2026-11-20T10:00:00.000Z',
    edited_timestamp: null,
    tts: false,
    mention_everyone: false,
    mentions: [],
    mention_roles: [],
    attachments: [],
    embeds: [],
    pinned: false,
    type: MessageType.Default,
    member: { roles: ['21'], nick: null },
    ...change,
  };
}

function lineOf(change: Partial<IncomingMessage>, how = ears) {
  const heard = hear(message(change), how);
  if (heard?.kind !== 'line') throw new Error('no line was heard');
  return heard.line;
}

describe('a line', () => {
  it('is what somebody wrote, under the name that people see here', () => {
    expect(lineOf({})).toEqual({
      place,
      messageId: '5000',
      person: { id: PLAYER, name: 'Bob', permission: 'player', roles: ['21'], isManager: false },
      speaker: undefined,
      text: 'Good evening.',
      isDirect: false,
      repliesTo: undefined,
      attachments: [],
      source: 'proxiable',
    });
    expect(lineOf({ member: { roles: [], nick: 'Sir Bob' } }).person.name).toBe('Sir Bob');
    expect(lineOf({ author: { ...bob, global_name: null } }).person.name).toBe('bob_1');
  });

  it('knows who manages the server', () => {
    expect(lineOf({ member: { roles: ['20'] } }).person.isManager).toBe(true);
    expect(lineOf({ member: { roles: ['22'] } }).person.isManager).toBe(true);
    expect(lineOf({ author: { ...bob, id: OWNER } }).person.isManager).toBe(true);
  });

  it('of a direct conversation is for us, by whoever leads there', () => {
    const line = lineOf({}, direct);
    expect(line).toMatchObject({ isDirect: true, source: 'person', person: { isManager: true, roles: [] } });
  });

  it('has names instead of ids, and us left out', () => {
    const anna = { ...bob, id: '77', global_name: 'Anna', member: { nick: 'Lady Anna', roles: [] } };
    const line = lineOf({
      content: `<@${US}>, ask <@77> and <@!78> of <@&21> in <#${CHANNEL}> <:grin:123> <a:wave:124> </npc talk:99> <t:0> <@${US}>`,
      mentions: [us, anna] as IncomingMessage['mentions'],
    });
    expect(line.text).toBe(
      'ask @Lady Anna and @somebody of @Players in #tavern :grin: :wave: /npc talk 1970-01-01 00:00 UTC',
    );
    expect(line.isDirect).toBe(true);
  });

  it('is for us by a mention of our role, a reply to us, and a reply to an NPC', () => {
    expect(lineOf({ content: `<@&${OUR_ROLE}> hello`, mention_roles: [OUR_ROLE] })).toMatchObject({
      isDirect: true,
      text: 'hello',
    });
    const reply = (answered: Partial<IncomingMessage>) =>
      lineOf({
        type: MessageType.Reply,
        message_reference: { channel_id: CHANNEL, message_id: '4999' },
        referenced_message: message({ id: '4999', ...answered }),
      });
    expect(reply({ author: us })).toMatchObject({ isDirect: true, repliesTo: '4999' });
    expect(
      reply({ author: { ...bob, id: '61' }, webhook_id: '61', application_id: APPLICATION }),
    ).toMatchObject({
      isDirect: true,
      repliesTo: '4999',
    });
    expect(reply({})).toMatchObject({ isDirect: false, repliesTo: '4999' });
  });

  it('names what no NPC can see', () => {
    const file = (filename: string, type?: string) => ({
      id: '1',
      filename,
      size: 1,
      url: '',
      proxy_url: '',
      ...(type === undefined ? {} : { content_type: type }),
    });
    const attachments = [
      file('a.png', 'image/png'),
      file('b.mp4', 'video/mp4'),
      file('c.ogg', 'audio/ogg'),
      file('map.pdf', 'application/pdf'),
    ];
    expect(lineOf({ content: '', attachments }).attachments).toEqual([
      'a picture',
      'a video',
      'a recording',
      'map.pdf',
    ]);
    expect(
      lineOf({ attachments: [file('voice.ogg', 'audio/ogg')], flags: MessageFlags.IsVoiceMessage })
        .attachments,
    ).toEqual(['a voice message']);
    expect(lineOf({ sticker_items: [{ id: '1', name: 'wave', format_type: 1 }] }).attachments).toEqual([
      'the sticker “wave”',
    ]);
    const forwarded = { channel_id: '9', message_id: '8', type: MessageReferenceType.Forward };
    expect(lineOf({ content: '', message_reference: forwarded })).toMatchObject({
      attachments: ['a forwarded message'],
      repliesTo: undefined,
    });
    expect(
      lineOf({ attachments: Array.from({ length: 30 }, () => file('x'.repeat(500))) }).attachments,
    ).toHaveLength(10);
  });
});

describe('what is no line', () => {
  it.each<[string, Partial<IncomingMessage>]>([
    ['our own words', { author: us }],
    ['our own words, were we no bot', { author: { ...us, bot: false } }],
    [
      'an NPC’s words',
      { author: { ...bob, id: '61', bot: true }, webhook_id: '61', application_id: APPLICATION },
    ],
    [
      'our answer to a command',
      {
        author: us,
        webhook_id: APPLICATION,
        application_id: APPLICATION,
        type: MessageType.ChatInputCommand,
      },
    ],
    [
      'what we add to such an answer',
      { author: us, webhook_id: APPLICATION, application_id: APPLICATION, type: MessageType.Reply },
    ],
    ['another bot’s words', { author: { ...bob, bot: true } }],
    ['a webhook of nobody we know', { author: { ...bob, id: '61' }, webhook_id: '61' }],
    ['a system’s message', { type: MessageType.UserJoin }],
    ['a thread’s beginning', { type: MessageType.ThreadCreated }],
  ])('%s', (_, change) => {
    expect(hear(message(change), ears)).toBeUndefined();
    expect(hear(message(change), direct)).toBeUndefined();
  });
});

describe('a proxy', () => {
  const proxied = {
    author: { ...bob, id: '62', username: 'Ysolde', bot: true, global_name: null },
    webhook_id: '62',
  };
  it.each(['466378653216014359', '431544605209788416'])('of %s speaks for a character', (application_id) => {
    expect(lineOf({ ...proxied, application_id })).toMatchObject({
      source: 'proxy',
      person: { id: 'proxy:Ysolde', name: 'Ysolde', isManager: false, roles: [] },
      speaker: { kind: 'character', id: 'proxy:Ysolde', name: 'Ysolde' },
    });
  });
});

describe('without the intent to read messages', () => {
  it('leaves alone what people say among themselves', () => {
    expect(hear(message({ content: '' }), deaf)).toBeUndefined();
  });

  it('says so where the words were for us', () => {
    const answered = message({ author: { ...bob, id: '61' }, webhook_id: '61', application_id: APPLICATION });
    const reply = message({
      content: '',
      type: MessageType.Reply,
      message_reference: { channel_id: CHANNEL, message_id: '4999' },
      referenced_message: answered,
    });
    expect(hear(reply, deaf)).toEqual({ kind: 'unreadable' });
  });

  it('hears what mentions us, and an empty mention with the intent', () => {
    const mention = { content: `<@${US}> who are you?`, mentions: [us] };
    expect(lineOf(mention, deaf)).toMatchObject({ text: 'who are you?', isDirect: true });
    expect(lineOf({ ...mention, content: `<@${US}>` })).toMatchObject({ text: '', isDirect: true });
  });
});

it('hears anything of people that somebody asks to be heard', () => {
  expect(hearAnyway(message(), deaf)).toMatchObject({ text: 'Good evening.', isDirect: true });
  expect(hearAnyway(message({ author: us }), deaf)).toBeUndefined();
  const ofNpc = { author: { ...bob, id: '61' }, webhook_id: '61', application_id: APPLICATION };
  expect(hearAnyway(message(ofNpc), ears)).toBeUndefined();
  expect(
    hearChange(message({ ...ofNpc, edited_timestamp: '2026-11-20T10:05:00.000Z' }), ears),
  ).toBeUndefined();
});

describe('a change', () => {
  const edited = { edited_timestamp: '2026-11-20T10:05:00.000Z' };

  it('has the new words', () => {
    expect(hearChange(message({ ...edited, content: `<@${US}> Good night.` }), ears)).toEqual({
      kind: 'revised',
      change: { place, messageId: '5000', text: 'Good night.' },
    });
  });

  it('that leaves no words takes the line back', () => {
    expect(hearChange(message({ ...edited, content: '' }), ears)).toEqual({ kind: 'emptied' });
    expect(hearChange(message({ ...edited, content: '' }), direct)).toEqual({ kind: 'emptied' });
    expect(hearChange(message({ ...edited, content: '' }), deaf)).toBeUndefined();
  });

  it.each<[string, Parameters<typeof hearChange>[0]]>([
    ['a preview that was unfolded', message()],
    ['a change without words', { id: '5000', author: bob, ...edited }],
    ['one of ours', message({ ...edited, author: us })],
    ['one of an unknown author', { id: '5000', content: 'x', ...edited }],
  ])('is not %s', (_, change) => expect(hearChange(change, ears)).toBeUndefined());
});
