import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MessagePort } from '#src/adapters/slack/speech-port.ts';
import { StreamPort } from '#src/adapters/slack/stream-port.ts';
import type { Action } from '#src/core/view.ts';
import type { SlackPerson } from '../../../support/slack/slack-person.ts';
import type { Channel } from '../../../support/slack/world.ts';
import { type OpenTeam, openTeam } from './open-team.ts';

const stop: Action = { label: 'Stop', command: 'stop', options: {} };
const speaking = (text: string) => ({ text, actions: [stop] });
const said = (text: string) => ({ text, actions: [] });

let open: OpenTeam;
let mira: SlackPerson;
let tavern: Channel;
let root: string;
let stopped: number;
let faceless: number;
beforeEach(async () => {
  open = await openTeam();
  mira = open.slack.person(open.world, 'Mira');
  tavern = open.slack.channel(open.world, 'tavern', { members: [mira] });
  root = mira.says(tavern, 'Let us talk in here.').ts;
  stopped = 0;
  faceless = 0;
});
afterEach(() => open[Symbol.asyncDispose]());

function options() {
  return {
    team: open.team,
    npc: { id: 'n1', name: 'Kettle', avatar: '' },
    look: { username: 'Kettle', icon_emoji: ':mage:' },
    channel: tavern.id,
    threadTs: root,
    codeOf: () => 'code',
    onFaceless: () => {
      faceless += 1;
    },
  };
}
function streamPort() {
  const messages = new MessagePort(options());
  const onStopped = () => {
    stopped += 1;
  };
  return new StreamPort({ ...options(), messages, recipient: mira.id, onStopped });
}
const shown = (ts: string) => mira.sees(tavern).find((seen) => seen.ts === ts);
const called = () => open.slack.journal.calls.map(({ method }) => method);
const spotless = () => expect(open.slack.journal).toMatchObject({ violations: [], pings: [] });

describe('a reply as messages', () => {
  it('stands under the NPC’s name, with buttons while it grows', async () => {
    const port = new MessagePort(options());
    const ts = await port.post(speaking('**Mind** <the> stair.'));
    expect(shown(ts)).toMatchObject({ from: 'Kettle', text: '*Mind* <the> stair.', buttons: ['Stop'] });
    await port.edit(ts, said('**Mind** the third stair.'));
    expect(shown(ts)).toMatchObject({ text: '*Mind* the third stair.', buttons: [] });
    spotless();
  });

  it('measures what Slack gets', () => {
    expect(new MessagePort(options()).measure('a & **b**')).toBe('a &amp; *b*'.length);
  });

  it('stands with the name before it where the app may show none, which is said once', async () => {
    open.world.scopes.delete('chat:write.customize');
    const port = new MessagePort(options());
    const first = await port.post(said('By my own name.'));
    expect(shown(first)).toMatchObject({ text: '*Kettle*: By my own name.' });
    await port.post(said('Again.'));
    expect(faceless).toBe(1);
    expect(open.team.canShowFaces).toBe(false);
    // Only the first was tried with a face.
    expect(called().filter((method) => method === 'chat.postMessage')).toHaveLength(3);
  });
});

describe('a streamed reply', () => {
  it('is appended to, and is stopped at its end', async () => {
    const port = streamPort();
    const ts = await port.post(speaking('Mind the'));
    await port.edit(ts, speaking('Mind the third stair'));
    await port.edit(ts, said('Mind the third stair.'));
    expect(shown(ts)).toMatchObject({ from: 'Kettle', text: 'Mind the third stair.' });
    expect(called()).toEqual([
      'chat.startStream',
      'conversations.replies',
      'chat.appendStream',
      'chat.appendStream',
      'chat.stopStream',
    ]);
    spotless();
  });

  it('shows whether names survive it, once', async () => {
    const port = streamPort();
    for (const text of ['One.', 'Two.']) {
      const ts = await port.post(speaking(text));
      await port.edit(ts, said(text));
    }
    expect(open.team.streaming).toBe('works');
    expect(called().filter((method) => method === 'conversations.replies')).toHaveLength(1);
  });

  it('is no more where names do not survive it', async () => {
    open.slack.settings.streamsKeepNames = false;
    const port = streamPort();
    const ts = await port.post(speaking('One.'));
    await port.edit(ts, said('One, two.'));
    expect(open.team.streaming).toBe('refused');
    await port.post(speaking('Three.'));
    const inThread = mira.sees(tavern).filter(({ threadTs }) => threadTs === root);
    expect(inThread.map(({ from, text }) => `${from}: ${text}`)).toEqual([
      'Kettle: One, two.',
      'Kettle: Three.',
    ]);
    expect(called().filter((method) => method === 'chat.startStream')).toHaveLength(1);
  });

  it('is posted and edited for good where Slack does not stream', async () => {
    open.slack.settings.streaming = 'off';
    const port = streamPort();
    const ts = await port.post(speaking('Mind'));
    await port.edit(ts, said('Mind the stair.'));
    expect(shown(ts)).toMatchObject({ from: 'Kettle', text: 'Mind the stair.' });
    await port.post(speaking('Again.'));
    expect(called().filter((method) => method === 'chat.startStream')).toHaveLength(1);
  });

  it('is posted where there were too many streams in a minute, and streams again later', async () => {
    open.slack.disturb(({ method }) =>
      method === 'chat.startStream' ? { status: 429, retryAfterInS: 30 } : undefined,
    );
    const port = streamPort();
    expect(shown(await port.post(speaking('Mind.')))).toMatchObject({ from: 'Kettle', text: 'Mind.' });
    expect(open.team.streaming).toBe('untried');
  });

  it('goes on by edits where its text did not only grow', async () => {
    const port = streamPort();
    const ts = await port.post(speaking('**Mi**'));
    await port.edit(ts, speaking('**Mind**'));
    await port.edit(ts, said('**Mind** the stair.'));
    expect(shown(ts)).toMatchObject({ text: '*Mind* the stair.' });
    spotless();
  });

  it('is finished by an edit where Slack has ended it', async () => {
    const port = streamPort();
    const ts = await port.post(speaking('Mind'));
    open.slack.clock.advance(6 * 60_000);
    await port.edit(ts, said('Mind the stair.'));
    expect(shown(ts)).toMatchObject({ text: 'Mind the stair.' });
    expect(stopped).toBe(0);
  });

  it('that a person stopped is stopped here too', async () => {
    const port = streamPort();
    const ts = await port.post(speaking('Mind'));
    mira.stopsStream(streaming(ts));
    await port.edit(ts, speaking('Mind the'));
    expect(stopped).toBe(1);
    await port.edit(ts, said('Mind the (stopped)'));
    expect(shown(ts)).toMatchObject({ text: 'Mind the (stopped)' });
    expect(stopped).toBe(1);
  });

  it('is tried again where Slack wanted a pause, without a word twice', async () => {
    const port = streamPort();
    const ts = await port.post(speaking('Mind'));
    open.slack.disturb(({ method }) =>
      method === 'chat.stopStream' ? { status: 429, retryAfterInS: 1 } : undefined,
    );
    await expect(port.edit(ts, said('Mind the stair.'))).rejects.toMatchObject({ name: 'RateLimited' });
    open.slack.disturb(undefined);
    await port.edit(ts, said('Mind the stair.'));
    expect(shown(ts)).toMatchObject({ text: 'Mind the stair.' });
  });
});

describe('a streamed reply of which Slack did not say what it took', () => {
  it('is put right by an edit, with no word twice', async () => {
    const port = streamPort();
    const ts = await port.post(speaking('One.'));
    let lost = 0;
    open.slack.disturb(({ method }) => {
      if (method !== 'chat.appendStream') return undefined;
      lost += 1;
      return { breaksAfter: true };
    });
    await port.edit(ts, speaking('One. Two.'));
    open.slack.disturb(undefined);
    await port.edit(ts, speaking('One. Two. Three.'));
    await port.edit(ts, said('One. Two. Three. Four.'));
    expect(lost).toBe(1);
    expect(shown(ts)).toMatchObject({ from: 'Kettle', text: 'One. Two. Three. Four.', buttons: [] });
    expect(called().filter((method) => method === 'chat.appendStream')).toHaveLength(1);
    spotless();
  });

  it('is not appended to again where it could not be stopped either', async () => {
    const port = streamPort();
    const ts = await port.post(speaking('One.'));
    open.slack.disturb(({ method }) =>
      ['chat.appendStream', 'chat.stopStream'].includes(method) ? { breaks: true } : undefined,
    );
    await expect(port.edit(ts, speaking('One. Two.'))).rejects.toThrow();
    open.slack.disturb(undefined);
    await port.edit(ts, said('One. Two. Three.'));
    expect(shown(ts)).toMatchObject({ text: 'One. Two. Three.' });
    expect(called().filter((method) => method === 'chat.appendStream')).toHaveLength(1);
  });
});

describe('too many requests', () => {
  it.each([
    ['chat.update', true],
    ['chat.postMessage', false],
  ])('of %s concern the whole workspace: %s', async (method, isGlobal) => {
    const message = { text: 'x', blocks: [] };
    const ts = await open.team.api.post({ ...message, channel: tavern.id, threadTs: undefined });
    open.slack.disturb(() => ({ status: 429, retryAfterInS: 3 }));
    const asking =
      method === 'chat.update'
        ? open.team.api.update(tavern.id, ts, message)
        : open.team.api.post({ ...message, channel: tavern.id, threadTs: undefined });
    await expect(asking).rejects.toMatchObject({ name: 'RateLimited', retryAfterInMs: 3000, isGlobal });
  });
});

function streaming(ts: string) {
  const seen = shown(ts);
  if (seen === undefined) throw new Error('the message is not there');
  return seen.message;
}
