import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { boltLogger } from '#src/adapters/slack/bolt-log.ts';
import { placeOf } from '#src/adapters/slack/place.ts';
import { SlackPlatform } from '#src/adapters/slack/slack-platform.ts';
import { SlackStage } from '#src/adapters/slack/slack-stage.ts';
import { SlackTeams } from '#src/adapters/slack/slack-teams.ts';
import { systemClock } from '#src/core/clock.ts';
import { Refusal } from '#src/core/errors.ts';
import type { Installation, InstallationStore } from '#src/core/store.ts';
import { notice } from '#src/core/view.ts';
import type { SlackPerson } from '../../../support/slack/slack-person.ts';
import type { Channel } from '../../../support/slack/world.ts';
import { type OpenTeam, openTeam, recordingLog, stageTools } from './open-team.ts';

let open: OpenTeam;
let mira: SlackPerson;
let tavern: Channel;
let kept: Map<string, Installation | 'sealed otherwise'>;
let logged: string[];
beforeEach(async () => {
  open = await openTeam();
  mira = open.slack.person(open.world, 'Mira');
  tavern = open.slack.channel(open.world, 'tavern', { members: [mira] });
  logged = [];
  kept = new Map([
    [
      open.world.id,
      {
        platform: 'slack',
        teamId: open.world.id,
        teamName: 'Salt Docks',
        botToken: open.world.token,
        botId: 'B0',
        botUserId: open.world.bot.id,
        scopes: [],
        installedAtInMs: 0,
      },
    ],
  ]);
});
afterEach(() => open[Symbol.asyncDispose]());

const installations: InstallationStore = {
  save: async (installation) => void kept.set(installation.teamId, installation),
  byTeam: async (_platform, teamId) => {
    const found = kept.get(teamId);
    if (found === 'sealed otherwise') throw new Refusal('Another SECRET_KEY sealed it.');
    return found;
  },
  remove: async (_platform, teamId) => void kept.delete(teamId),
  teams: async () => [...kept.keys()],
};
function openTeams(only?: ConstructorParameters<typeof SlackTeams>[0]['only']) {
  const log = recordingLog(logged);
  const { apiUrl } = open.slack;
  return new SlackTeams({
    only,
    installations,
    apiUrl,
    clock: systemClock,
    log,
    boltLogger: boltLogger(log),
  });
}
const platformOf = (teams: SlackTeams) => new SlackPlatform(teams, stageTools());
const home = () => ({ teamId: open.world.id, teamName: 'Salt Docks', directWith: undefined });
const place = (threadTs?: string) => placeOf(home(), { channel: tavern.id, threadTs });

describe('workspaces', () => {
  it('are there while the app is installed, and not otherwise', async () => {
    const teams = openTeams();
    expect((await teams.byId(open.world.id))?.name).toBe('Salt Docks');
    expect(await teams.byId('T9')).toBeUndefined();
    await teams.remove(open.world.id);
    expect(await teams.byId(open.world.id)).toBeUndefined();
    expect(kept.size).toBe(0);
  });

  it('that are none of ours are told of once, and nothing is done for them', async () => {
    const owner = {
      teamId: open.world.id,
      teamName: 'Salt Docks',
      botUserId: open.world.bot.id,
      botName: 'dramatis',
      botId: 'B0',
      scopes: [],
    };
    const teams = openTeams({ owner, token: open.world.token });
    expect((await teams.byId(open.world.id))?.name).toBe('Salt Docks');
    expect(await teams.byId('T9')).toBeUndefined();
    expect(await teams.byId('T9')).toBeUndefined();
    expect(logged).toEqual([expect.stringMatching(/^warn: The Slack app is not installed .*"teamId":"T9"/)]);
    await teams.remove('T9');
    expect(logged).toHaveLength(1);
    await teams.remove(open.world.id);
    expect(logged.at(-1)).toContain('was removed from its workspace');
  });

  it('whose token cannot be read are named in the log, and hinder no others', async () => {
    kept.set('T9', 'sealed otherwise');
    const teams = openTeams();
    expect(await teams.byId('T9')).toBeUndefined();
    expect(logged.join()).toContain('cannot be read');
    expect(await teams.byId(open.world.id)).toBeDefined();
  });
});

describe('Slack, as the inside uses it', () => {
  it('has a stage in any place of a workspace that it is installed in', async () => {
    const platform = platformOf(openTeams());
    const root = mira.says(tavern, 'A thread').ts;
    await (await platform.stageAt(place(root))).tell(notice('plain', 'Hello'), 'everyone');
    expect(mira.sees(tavern).at(-1)).toMatchObject({ text: 'Hello', threadTs: root });
    const elsewhere = placeOf({ ...home(), teamId: 'T9' }, { channel: 'C9', threadTs: undefined });
    await expect(platform.stageAt(elsewhere)).rejects.toThrow(/no longer installed/);
  });

  it('writes to people it has met', async () => {
    const teams = openTeams();
    const platform = platformOf(teams);
    await expect(platform.directPlace(mira.id)).rejects.toBeInstanceOf(Refusal);
    const team = await teams.byId(open.world.id);
    if (team === undefined) throw new Error('not installed');
    teams.met(mira.id, team);
    const direct = await platform.directPlace(mira.id);
    expect(direct).toMatchObject({
      workspace: { platformId: `${open.world.id}:dm:${mira.id}` },
      channelId: mira.dm.id,
    });
  });

  it('marks what a crash cut off, also in a message that is still being streamed', async () => {
    const root = mira.says(tavern, 'A thread').ts;
    const stream = {
      channel: tavern.id,
      threadTs: root,
      recipient: mira.id,
      recipientTeam: open.world.id,
      look: { username: 'Kettle' },
      markdown: 'Mind the',
    };
    const streamed = await open.team.api.startStream(stream);
    const posted = await open.team.api.post({
      channel: tavern.id,
      threadTs: undefined,
      text: 'Mind',
      blocks: [],
      look: { username: 'Kettle' },
    });
    const platform = platformOf(openTeams());
    const broken = {
      npcName: 'Kettle',
      npcId: 'n1',
      text: 'Mind the',
      notice: notice('trouble', 'It was cut off.'),
    };
    for (const messageId of [streamed, posted, '1.000001']) {
      await platform.markBrokenOff({ ...broken, place: place(), messageIds: [messageId] });
    }
    const textOf = (ts: string) => mira.sees(tavern).find((seen) => seen.ts === ts)?.text;
    expect(textOf(streamed)).toBe('Mind the — (broken off)');
    expect(textOf(posted)).toBe('Mind the — (broken off)');
    // Of a message that somebody deleted nothing is left to mark.
    expect(mira.sees(tavern).filter(({ text }) => text.includes('It was cut off.'))).toHaveLength(3);
  });

  it('marks a reply in a thread of the channel’s scene there, and tells of it there', async () => {
    const root = mira.says(tavern, 'A thread').ts;
    const posts: string[] = [];
    const spot = { channel: tavern.id, threadTs: root };
    const tools = stageTools();
    const { team } = open;
    const stage = new SlackStage(tools, { team, place: place(), spot, asker: undefined });
    const output = await stage.speak({
      npc: { id: 'n1', name: 'Kettle', avatar: '' },
      lineId: 'line',
      actions: [],
      posted: (messageId) => posts.push(messageId),
    });
    output.append('Mind the');
    await output.end({ state: 'said' });
    const [messageId = ''] = posts;
    expect(messageId).toMatch(new RegExp(`^${root}/`));
    await platformOf(openTeams()).markBrokenOff({
      place: place(),
      messageIds: [messageId],
      npcName: 'Kettle',
      npcId: 'n1',
      text: 'Mind the',
      notice: notice('trouble', 'It was cut off.'),
    });
    expect(mira.sees(tavern).slice(1)).toMatchObject([
      { text: 'Mind the — (broken off)', threadTs: root },
      { text: expect.stringContaining('It was cut off.'), threadTs: root },
    ]);
  });
});
