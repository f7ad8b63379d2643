import { randomUUID } from 'node:crypto';
import { systemClock } from '#src/core/clock.ts';
import type { IncomingLine, Person, Place } from '#src/core/front.ts';
import type { ModelRequest } from '#src/core/model.ts';
import { frontOf } from './front.ts';
import { RecordingPlatform } from './recording-platform.ts';
import { RecordingStage } from './recording-stage.ts';
import { type Script, ScriptedModel } from './scripted-model.ts';
import type { Table } from './table.ts';

export const inn: Place = {
  platform: 'discord',
  workspace: { platformId: 'guild', name: 'The Guild' },
  channelId: 'inn',
};

const nobody = { permission: 'player', roles: [], isManager: false } as const;
export const owner: Person = { ...nobody, id: 'owner', name: 'Odile', isManager: true };
export const ann: Person = { ...nobody, id: 'ann', name: 'Ann' };
export const ben: Person = { ...nobody, id: 'ben', name: 'Ben' };

/** The front desk as a chat platform meets it: people with roles, channels that several read. */
export async function openDesk(table: Table, ...scripts: (Script | ((request: ModelRequest) => Script))[]) {
  const model = new ScriptedModel(scripts);
  const desk = frontOf(table, { model, clock: systemClock, adminIds: ['root'] });
  const platform = new RecordingPlatform('discord');
  await desk.front.join(platform);
  const workspace = await table.store.openWorkspace({
    platform: 'discord',
    platformId: 'guild',
    name: 'The Guild',
  });
  const campaign = table.store.campaign((await table.store.campaignOf(workspace.id, inn.channelId)).id);
  const stage = new RecordingStage();
  /** Runs a command and gives back what it told the channel or the asker. */
  const run = async (
    command: string,
    options: Readonly<Record<string, string>> = {},
    by: Person = owner,
    on: RecordingStage = stage,
    place: Place = inn,
  ) => {
    const told = on.told.length;
    const call = { place, callId: randomUUID(), person: by, speaker: undefined, command, options };
    await desk.front.run(call, on);
    return on.told.slice(told).join('\n');
  };
  /** A line as people say it among themselves, unless `parts` say otherwise. */
  const lineOf = (messageId: string, text: string, parts: Partial<IncomingLine> = {}): IncomingLine => ({
    ...{ place: inn, messageId, person: ann, speaker: undefined, text, isDirect: false },
    ...{ repliesTo: undefined, attachments: [], source: 'person' },
    ...parts,
  });
  const hear = (messageId: string, text: string, parts: Partial<IncomingLine> = {}) =>
    desk.front.hear(lineOf(messageId, text, parts), stage);
  const lineId = (messageId: string) => `discord:guild:inn:${messageId}`;
  /** An NPC of this campaign. */
  const addNpc = async (name: string) => {
    const npc = await campaign.npcs.add({
      id: `npc-of-inn-${name}`,
      persona: (await table.addNpc(name)).persona,
      status: 'kept',
      cast: undefined,
      sourceFile: undefined,
      reason: 'drafted',
      by: 'test',
    });
    if (npc === undefined) throw new Error(`the name ${name} is taken`);
    return npc;
  };
  /** An NPC of this campaign that stands in the inn. */
  const bringIn = async (name: string) => {
    const npc = await addNpc(name);
    const scene = await campaign.scenes.open(inn.channelId);
    await campaign.scenes.enter(scene.id, npc.id);
    return npc;
  };
  const transcript = async () => {
    const scene = await campaign.scenes.current(inn.channelId);
    const lines = scene === undefined ? [] : await campaign.lines.recent(scene.id, 100);
    // An edit may have left nothing of a line.
    return lines.filter(({ text, state }) => text !== '' || state === 'speaking');
  };
  return { ...desk, model, platform, campaign, stage, run, hear, lineId, addNpc, bringIn, transcript };
}
