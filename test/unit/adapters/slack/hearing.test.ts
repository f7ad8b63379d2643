import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CommandDesk } from '#src/adapters/slack/command-desk.ts';
import { Greeter } from '#src/adapters/slack/greeter.ts';
import { Hearing } from '#src/adapters/slack/hearing.ts';
import type { SlackMessageEvent } from '#src/adapters/slack/message-events.ts';
import { Refusal } from '#src/core/errors.ts';
import type { IncomingCall, IncomingLine, Place, RevisedLine } from '#src/core/front.ts';
import type { SlackPerson } from '../../../support/slack/slack-person.ts';
import type { Channel } from '../../../support/slack/world.ts';
import { type OpenTeam, openTeam, quietFront, stageTools } from './open-team.ts';

let open: OpenTeam;
let mira: SlackPerson;
let tom: SlackPerson;
let tavern: Channel;
let lines: IncomingLine[];
let calls: IncomingCall[];
let revised: RevisedLine[];
let retracted: string[];
/** Where something was taken back. */
let places: Place[];
let greeted: number;
let hearing: Hearing;
let greeter: Greeter;
beforeEach(async () => {
  open = await openTeam();
  mira = open.slack.person(open.world, 'Mira');
  tom = open.slack.person(open.world, 'Tom');
  tavern = open.slack.channel(open.world, 'tavern', { members: [mira, tom] });
  [lines, calls, revised, retracted, places, greeted] = [[], [], [], [], [], 0];
  const tools = stageTools(
    quietFront({
      hear: async (line) => void lines.push(line),
      run: async (call) => void calls.push(call),
      revise: async (change) => void revised.push(change),
      retract: async ({ place, messageId }) => {
        places.push(place);
        retracted.push(messageId);
      },
      greet: async () => {
        greeted += 1;
      },
    }),
  );
  hearing = new Hearing(tools, new CommandDesk(tools));
  greeter = new Greeter(tools);
});
afterEach(() => open[Symbol.asyncDispose]());

let stamps = 0;
function said(text: string, change: SlackMessageEvent = {}): SlackMessageEvent {
  stamps += 1;
  return { channel: tavern.id, channel_type: 'channel', user: mira.id, ts: `17.${stamps}`, text, ...change };
}
const takeIn = (event: SlackMessageEvent) => hearing.takeIn(open.team, event);
const mention = (text: string) => `<@${open.world.bot.id}> ${text}`;

describe('a line', () => {
  it('has names for ids, and says by itself who spoke where', async () => {
    const event = said(`<@${tom.id}> &amp; I go in`);
    await takeIn(event);
    expect(lines).toEqual([
      {
        place: {
          platform: 'slack',
          workspace: { platformId: open.world.id, name: 'Salt Docks' },
          channelId: tavern.id,
        },
        messageId: event.ts,
        person: { id: mira.id, name: 'Mira', permission: 'player', roles: [], isManager: false },
        speaker: undefined,
        text: '@Tom & I go in',
        isDirect: false,
        repliesTo: undefined,
        attachments: [],
        source: 'person',
      },
    ]);
  });

  it('is heard once, as a mention and as a message', async () => {
    const event = said(mention('hello'));
    await Promise.all([takeIn(event), takeIn({ ...event, type: 'app_mention' })]);
    expect(lines).toMatchObject([{ text: 'hello', isDirect: true }]);
  });

  it('comes after those before it in its channel, though more has to be looked up for them', async () => {
    open.slack.disturb(({ method }, index) =>
      method === 'users.info' && index < 2 ? { delayInMs: 150 } : undefined,
    );
    await Promise.all([takeIn(said('first')), takeIn(said('second', { user: tom.id }))]);
    expect(lines.map(({ text }) => text)).toEqual(['first', 'second']);
  });

  it('in an aside is heard where it mentions us alone', async () => {
    const root = mira.says(tavern, 'Just us.').ts;
    await takeIn(said('psst', { thread_ts: root, parent_user_id: mira.id }));
    expect(lines).toEqual([]);
    await takeIn(said(mention('psst'), { thread_ts: root, parent_user_id: mira.id }));
    expect(lines).toMatchObject([
      { text: 'psst', isDirect: true, repliesTo: root, place: { channelId: tavern.id } },
    ]);
  });

  it('under a message of ours is said to us, in the scene of the channel', async () => {
    const root = await open.team.api.post({
      channel: tavern.id,
      threadTs: undefined,
      text: 'Hello',
      blocks: [],
    });
    await takeIn(said('And then?', { thread_ts: root, parent_user_id: open.world.bot.id }));
    expect(lines).toMatchObject([{ isDirect: true, repliesTo: root, place: { channelId: tavern.id } }]);
  });

  it('in a direct conversation is said to us, in a workspace of its own', async () => {
    await takeIn(said('Hello', { channel: mira.dm.id, channel_type: 'im' }));
    expect(lines).toMatchObject([
      {
        isDirect: true,
        person: { isManager: true },
        place: { workspace: { platformId: `${open.world.id}:dm:${mira.id}` } },
      },
    ]);
  });

  it('that is changed or deleted is so by its own id', async () => {
    const before = said('Hello');
    const message = { ...before, text: mention('Hello again') };
    await takeIn({ subtype: 'message_changed', channel: tavern.id, message, previous_message: before });
    expect(revised).toMatchObject([{ messageId: before.ts, text: 'Hello again' }]);
    await takeIn({
      subtype: 'message_deleted',
      channel: tavern.id,
      deleted_ts: before.ts ?? '',
      previous_message: before,
    });
    expect(retracted).toEqual([before.ts]);
  });

  it('in a direct conversation that was deleted is so, though Slack does not say whose it was', async () => {
    await takeIn({ subtype: 'message_deleted', channel: mira.dm.id, deleted_ts: '17.9' });
    expect(retracted).toEqual(['17.9']);
    expect(places).toMatchObject([{ workspace: { platformId: `${open.world.id}:dm:${mira.id}` } }]);
  });
});

describe('a line in a thread that Slack does not tell of', () => {
  const repliesFail = () =>
    open.slack.disturb(({ method }) =>
      method === 'conversations.replies' ? { error: 'fatal_error' } : undefined,
    );

  it('is heard by nobody, and asked for again', async () => {
    const root = mira.says(tavern, 'A thread').ts;
    repliesFail();
    await takeIn(said(mention('Psst'), { thread_ts: root, parent_user_id: open.world.bot.id }));
    expect(lines).toEqual([]);
    expect(mira.sees(tavern).at(-1)).toMatchObject({
      isEphemeral: true,
      threadTs: root,
      text: expect.stringContaining('Say it again'),
    });
    expect(tom.sees(tavern).map(({ text }) => text)).toEqual(['A thread']);
  });

  it('is changed and taken back wherever it may have been heard', async () => {
    const root = mira.says(tavern, 'A thread').ts;
    const before = said('Hello', { thread_ts: root });
    repliesFail();
    const about = { channel: tavern.id, previous_message: before };
    await takeIn({ ...about, subtype: 'message_changed', message: { ...before, text: 'Hello again' } });
    const both = [`${tavern.id}/${root}`, tavern.id];
    expect(revised.map(({ place }) => place.channelId)).toEqual(both);
    await takeIn({ ...about, subtype: 'message_deleted', deleted_ts: before.ts ?? '' });
    expect(places.map(({ channelId }) => channelId)).toEqual(both);
  });
});

describe('a message that somebody points at', () => {
  const pointedAt = (channel: string, person: SlackPerson) => {
    const found = hearing.pointedAt(open.team, said('A private word', { channel, user: person.id }));
    if (found === undefined) throw new Error('nobody said it');
    return found;
  };

  it('is said where they are, by the one who said it', async () => {
    await hearing.say(open.team, pointedAt(mira.dm.id, mira), mira.id);
    expect(lines).toMatchObject([
      {
        person: { id: mira.id, isManager: true },
        place: { workspace: { platformId: `${open.world.id}:dm:${mira.id}` } },
      },
    ]);
  });

  it('between other people is said to nobody', async () => {
    const theirs = open.slack.channel(open.world, '', { members: [mira, tom], kind: 'im', withoutBot: true });
    await expect(hearing.say(open.team, pointedAt(theirs.id, mira), tom.id)).rejects.toBeInstanceOf(Refusal);
    expect(lines).toEqual([]);
  });
});

describe('a mention that begins with a command', () => {
  it('runs it, and is no line', async () => {
    const event = said(mention('npc talk Kettle'));
    await takeIn(event);
    expect(lines).toEqual([]);
    expect(calls).toMatchObject([{ command: 'npc talk', options: { npc: 'Kettle' }, callId: event.ts }]);
  });

  it('asks behind a button for what it lacks', async () => {
    await takeIn(said(mention('npc talk')));
    expect(calls).toEqual([]);
    expect(mira.sees(tavern)).toMatchObject([{ isEphemeral: true, buttons: ['Fill in'] }]);
    expect(mira.sees(tavern)[0]?.text).toContain('@Dramatis npc talk');
  });
});

describe('greeting', () => {
  it('is done where nothing was ever said, once', async () => {
    await greeter.greet(open.team, mira.dm.id, mira.id);
    await greeter.greet(open.team, mira.dm.id, mira.id);
    expect(greeted).toBe(1);
    tom.says(tom.dm, 'Hello');
    await greeter.greet(open.team, tom.dm.id, tom.id);
    expect(greeted).toBe(1);
  });
});
