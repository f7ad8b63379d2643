import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { placeOf } from '#src/adapters/slack/place.ts';
import { ResponseUrl } from '#src/adapters/slack/response-url.ts';
import { type Asker, type InPlace, SlackStage } from '#src/adapters/slack/slack-stage.ts';
import { AskerUnreachable, Refusal } from '#src/core/errors.ts';
import { notice } from '#src/core/view.ts';
import type { SlackPerson } from '../../../support/slack/slack-person.ts';
import type { Channel } from '../../../support/slack/world.ts';
import { type OpenTeam, openTeam, quietFront, recordingLog, stageTools } from './open-team.ts';

let open: OpenTeam;
let mira: SlackPerson;
let tom: SlackPerson;
let tavern: Channel;
beforeEach(async () => {
  open = await openTeam();
  mira = open.slack.person(open.world, 'Mira');
  tom = open.slack.person(open.world, 'Tom');
  tavern = open.slack.channel(open.world, 'tavern', { members: [mira] });
});
afterEach(() => open[Symbol.asyncDispose]());

interface Here {
  readonly channel?: Channel;
  readonly threadTs?: string;
  readonly asker?: Asker;
  readonly inPlace?: InPlace;
  readonly tools?: ReturnType<typeof stageTools>;
}
function stage({ channel = tavern, threadTs, asker, inPlace, tools = stageTools() }: Here = {}) {
  const directWith = channel.id.startsWith('D') ? mira.id : undefined;
  const home = { teamId: open.team.id, teamName: open.team.name, directWith };
  const spot = { channel: channel.id, threadTs };
  return new SlackStage(tools, { team: open.team, place: placeOf(home, spot), spot, asker, inPlace });
}
const hello = notice('plain', 'Hello');
const alone = (person: SlackPerson): Asker => ({ id: person.id, responseUrl: undefined });
const texts = (person: SlackPerson, channel: Channel) => person.sees(channel).map(({ text }) => text);

describe('what is told', () => {
  it('to everyone stands in the channel, or in its thread', async () => {
    const root = mira.says(tavern, 'A thread').ts;
    await stage().tell(hello, 'everyone');
    await stage({ threadTs: root }).tell(hello, 'everyone');
    expect(mira.sees(tavern).slice(1)).toMatchObject([{ text: 'Hello' }, { text: 'Hello', threadTs: root }]);
  });

  it('to the asker is seen by them alone', async () => {
    const both = open.slack.channel(open.world, 'both', { members: [mira, tom] });
    await stage({ channel: both, asker: alone(mira) }).tell(hello, 'asker');
    expect(mira.sees(both)).toMatchObject([{ text: 'Hello', isEphemeral: true }]);
    expect(tom.sees(both)).toEqual([]);
  });

  it('to an asker in a direct conversation stays there', async () => {
    await stage({ channel: mira.dm, asker: alone(mira) }).tell(hello, 'asker');
    expect(mira.sees(mira.dm)).toMatchObject([{ text: 'Hello', isEphemeral: false }]);
  });

  it('to an asker whom nothing reaches is told to nobody', async () => {
    await expect(stage({ asker: alone(tom) }).tell(hello, 'asker')).rejects.toBeInstanceOf(AskerUnreachable);
    expect(texts(mira, tavern)).toEqual([]);
  });

  it('to an asker of whom Slack only could not take it just now is a failure, not their absence', async () => {
    open.slack.disturb(({ method }) =>
      method === 'chat.postEphemeral' ? { error: 'fatal_error' } : undefined,
    );
    const telling = stage({ asker: alone(mira) }).tell(hello, 'asker');
    await expect(telling).rejects.toMatchObject({ name: 'SlackFault', code: 'fatal_error' });
  });

  it('where nobody asked goes to all who read there', async () => {
    await stage().tell(hello, 'asker');
    expect(mira.sees(tavern)).toMatchObject([{ text: 'Hello', isEphemeral: false }]);
  });

  it('in place replaces the message once; where that is gone it is posted', async () => {
    const ts = await open.team.api.post({
      channel: tavern.id,
      threadTs: undefined,
      text: 'Page 1',
      blocks: [],
    });
    const here = stage({ asker: alone(mira), inPlace: { kind: 'message', ts } });
    await here.tell(notice('plain', 'Page 2'), 'everyone');
    await here.tell(notice('plain', 'More'), 'everyone');
    expect(texts(mira, tavern)).toEqual(['Page 2', 'More']);
    const gone = stage({ asker: alone(mira), inPlace: { kind: 'message', ts: '1.000001' } });
    await gone.tell(notice('plain', 'Page 3'), 'everyone');
    expect(texts(mira, tavern)).toEqual(['Page 2', 'More', 'Page 3']);
  });

  it('in place can be shown anew later, as long as it stands', async () => {
    const ts = await open.team.api.post({
      channel: tavern.id,
      threadTs: undefined,
      text: 'Page 1',
      blocks: [],
    });
    const pressed = stage({ asker: alone(mira), inPlace: { kind: 'message', ts } });
    await pressed.tell(notice('plain', 'Page 2'), 'everyone');
    await pressed.tell(notice('plain', 'More'), 'everyone');
    expect(await pressed.refresh(notice('plain', 'Page 3'))).toBe(true);
    expect(await pressed.refresh(notice('plain', 'Page 4'))).toBe(true);
    expect(texts(mira, tavern)).toEqual(['Page 4', 'More']);
    const gone = stage({ asker: alone(mira), inPlace: { kind: 'message', ts: '1.000001' } });
    for (const nowhere of [gone, stage({ asker: alone(mira) })])
      expect(await nowhere.refresh(notice('plain', 'Page 5'))).toBe(false);
    expect(texts(mira, tavern)).toEqual(['Page 4', 'More']);
  });

  it('in place is not what is only said beside it', async () => {
    const page = { channel: tavern.id, threadTs: undefined, text: 'Page 1', blocks: [] };
    const ts = await open.team.api.post(page);
    const here = stage({ asker: alone(mira), inPlace: { kind: 'message', ts } });
    await here.tell(notice('hint', 'By the way.'), 'everyone');
    await here.tell(notice('plain', 'Page 2'), 'everyone');
    expect(texts(mira, tavern)).toEqual(['Page 2', expect.stringContaining('By the way.')]);
  });

  it('has buttons for actions of any length', async () => {
    const shelved: string[] = [];
    const front = quietFront({
      shelve: async (_place, action) => {
        shelved.push(action.label);
        return 'code';
      },
    });
    const long = { label: 'Long', command: 'npc create', options: { notes: 'x'.repeat(3000) } };
    const short = { label: 'Short', command: 'npc list', options: {} };
    await stage({ tools: stageTools(front) }).tell({ ...hello, actions: [long, short] }, 'everyone');
    expect(shelved).toEqual(['Long']);
    expect(mira.sees(tavern)).toMatchObject([{ buttons: ['Long', 'Short'] }]);
    expect(open.slack.journal.violations).toEqual([]);
  });
});

describe('a thread for a scene', () => {
  it('begins with a message that names it, and has a stage of its own', async () => {
    const { channelId, stage: inside } = await stage({ asker: alone(mira) }).openThread('The *Gull* <!here>');
    await inside.tell(hello, 'everyone');
    const [root, told] = mira.sees(tavern);
    expect(root?.text).toBe('The *Gull* <!here>');
    expect(channelId).toBe(`${tavern.id}/${root?.ts}`);
    expect(told).toMatchObject({ text: 'Hello', threadTs: root?.ts });
    await expect(inside.openThread('Another')).rejects.toBeInstanceOf(Refusal);
    expect(open.slack.journal.pings).toEqual([]);
  });
});

describe('the way back to the asker', () => {
  it('is used five times at most, and not after half an hour', async () => {
    let received = 0;
    let status = 200;
    const server = createServer((_request, response) => {
      received += 1;
      response.writeHead(status).end('ok');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    let now = 0;
    const clock = { now: () => now };
    const how = { threadTs: undefined, replacesOriginal: false };
    const message = { text: 'x', blocks: [] };
    const logged: string[] = [];
    const wayBack = () => new ResponseUrl(address, clock, recordingLog(logged));
    const often = wayBack();
    for (let use = 0; use < 5; use += 1) expect(await often.send(message, how)).toBe(true);
    expect(await often.send(message, how)).toBe(false);
    const late = wayBack();
    now = 30 * 60_000;
    expect(await late.send(message, how)).toBe(false);
    expect(received).toBe(5);
    expect(logged).toEqual([]);
    now = 0;
    status = 404;
    expect(await wayBack().send(message, how)).toBe(false);
    expect(logged).toEqual([]);
    status = 500;
    expect(await wayBack().send(message, how)).toBe(false);
    expect(logged).toEqual([expect.stringMatching(/^warn: Slack did not take .*"status":500/)]);
    server.close();
    server.closeAllConnections();
    expect(await wayBack().send(message, how)).toBe(false);
    expect(logged.at(-1)).toContain('Slack was not reached');
  });
});
