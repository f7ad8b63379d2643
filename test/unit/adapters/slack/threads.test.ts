import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sceneRoot, ThreadBook, ThreadUnknown } from '#src/adapters/slack/threads.ts';
import { personIn, whereabouts } from '#src/adapters/slack/where.ts';
import type { SlackPerson } from '../../../support/slack/slack-person.ts';
import type { Channel } from '../../../support/slack/world.ts';
import { type OpenTeam, openTeam } from './open-team.ts';

let open: OpenTeam;
let mira: SlackPerson;
let tavern: Channel;
beforeEach(async () => {
  open = await openTeam();
  mira = open.slack.person(open.world, 'Mira');
  tavern = open.slack.channel(open.world, 'tavern', { members: [mira] });
});
afterEach(() => open[Symbol.asyncDispose]());

const post = (threadTs?: string) =>
  open.team.api.post({ channel: tavern.id, threadTs, text: 'Hello', blocks: [] });
const at = (threads: ThreadBook, threadTs: string) =>
  whereabouts(open.team, threads, { channel: tavern.id, userId: mira.id, threadTs });

describe('a thread', () => {
  it('that was opened for a scene has it, also after a restart', async () => {
    const threadTs = await open.team.api.post({
      ...sceneRoot('The Gull'),
      channel: tavern.id,
      threadTs: undefined,
    });
    expect(await at(new ThreadBook(), threadTs)).toMatchObject({
      thread: 'scene',
      place: { channelId: `${tavern.id}/${threadTs}`, parentId: tavern.id },
    });
  });

  it('under a message of ours goes on with the scene of the channel, in the thread', async () => {
    const threadTs = await post();
    expect(await at(new ThreadBook(), threadTs)).toMatchObject({
      thread: 'joined',
      place: { channelId: tavern.id },
      spot: { channel: tavern.id, threadTs },
    });
  });

  it('of people among themselves is an aside, until something of ours stands in it', async () => {
    const { ts } = mira.says(tavern, 'Just us.');
    const threads = new ThreadBook();
    expect(await at(threads, ts)).toMatchObject({ thread: 'aside' });
    threads.joined(open.team, tavern.id, ts);
    expect(await at(threads, ts)).toMatchObject({ thread: 'joined' });
    await post(ts);
    expect(await at(new ThreadBook(), ts)).toMatchObject({ thread: 'joined' });
  });

  it('is looked up once', async () => {
    const threadTs = await post();
    const threads = new ThreadBook();
    await at(threads, threadTs);
    await at(threads, threadTs);
    const lookUps = open.slack.journal.calls.filter(({ method }) => method === 'conversations.replies');
    expect(lookUps).toHaveLength(1);
  });

  it('of one workspace says nothing of another’s', async () => {
    const { ts } = mira.says(tavern, 'Just us.');
    const threads = new ThreadBook();
    threads.opened({ id: 'T9' }, tavern.id, ts);
    expect(await at(threads, ts)).toMatchObject({ thread: 'aside' });
    threads.joined({ id: 'T9' }, tavern.id, ts);
    expect(await at(threads, ts)).toMatchObject({ thread: 'aside' });
  });

  it('that Slack does not tell of is never guessed at, and asked for again', async () => {
    const threadTs = await post();
    const threads = new ThreadBook();
    open.slack.disturb(() => ({ error: 'fatal_error' }));
    await expect(at(threads, threadTs)).rejects.toBeInstanceOf(ThreadUnknown);
    open.slack.disturb(undefined);
    expect(await at(threads, threadTs)).toMatchObject({ thread: 'joined' });
  });
});

describe('a person', () => {
  it('manages what Slack says, and always their own direct conversation', async () => {
    const gwen = open.slack.person(open.world, 'Gwen', { isAdmin: true });
    const threads = new ThreadBook();
    const channel = await whereabouts(open.team, threads, {
      channel: tavern.id,
      userId: mira.id,
      threadTs: undefined,
    });
    expect(await personIn(open.team, channel.place, mira.id)).toEqual({
      id: mira.id,
      name: 'Mira',
      permission: 'player',
      roles: [],
      isManager: false,
    });
    expect(await personIn(open.team, channel.place, gwen.id)).toMatchObject({ isManager: true });
    const direct = await whereabouts(open.team, threads, {
      channel: mira.dm.id,
      userId: mira.id,
      threadTs: undefined,
    });
    expect(direct.place.workspace.platformId).toBe(`${open.world.id}:dm:${mira.id}`);
    expect(await personIn(open.team, direct.place, mira.id)).toMatchObject({ isManager: true });
    const tom = open.slack.person(open.world, 'Tom');
    expect(await personIn(open.team, direct.place, tom.id)).toMatchObject({ isManager: false });
  });
});
