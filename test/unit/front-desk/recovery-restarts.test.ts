import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import { openSqliteStore } from '#src/adapters/sqlite/open-sqlite-store.ts';
import { systemClock } from '#src/core/clock.ts';
import { Refusal } from '#src/core/errors.ts';
import type { Store } from '#src/core/store.ts';
import { Recovery } from '#src/front-desk/recovery.ts';
import { newLine } from '../../contract/store-samples.ts';
import { RecordingPlatform } from '../../support/recording-platform.ts';

let folder: string;
let store: Store | undefined;
let recovery: Recovery;
let discord: RecordingPlatform;
let mark: MockInstance<RecordingPlatform['markBrokenOff']>;
const faults: unknown[] = [];

const open = () => openSqliteStore({ file: join(folder, 'dramatis.db'), clock: systemClock });

/** This process ends, and the next begins: gives what that one finds. */
async function restart() {
  await store?.close();
  const next = await open();
  store = next;
  recovery = new Recovery(next, (error) => faults.push(error));
  const found = await next.recoverLines();
  await recovery.recovered(found);
  return found;
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-recovery-'));
  faults.length = 0;
  discord = new RecordingPlatform('discord');
  mark = vi.spyOn(discord, 'markBrokenOff');
  await breakOff('line', ['one', 'two']);
  await breakOff('never shown', []);
});
afterEach(async () => {
  await store?.close();
  store = undefined;
  await rm(folder, { recursive: true, force: true });
});

/** A process ends in the middle of an NPC's line. */
async function breakOff(id: string, messageIds: readonly string[]) {
  const gone = await open();
  const ref = { platform: 'discord', platformId: 'guild', name: 'The Guild' } as const;
  const workspace = await gone.openWorkspace(ref);
  const campaign = gone.campaign((await gone.campaignOf(workspace.id, 'inn')).id);
  const scene = await campaign.scenes.open('inn');
  const speaker = { kind: 'npc', id: 'npc', name: 'Tilda' } as const;
  const text = messageIds.length === 0 ? '' : 'So I told';
  await campaign.lines.append(newLine(id, scene.id, { speaker, text, state: 'speaking' }));
  for (const messageId of messageIds) await campaign.lines.addPost(id, messageId);
  await gone.close();
}

const marked = () => mark.mock.calls.map(([{ messageIds }]) => messageIds);

describe('a reply that a crash cut off', () => {
  it('is marked once, over all restarts', async () => {
    expect(await restart()).toHaveLength(2);
    await recovery.join(discord);
    expect(marked()).toEqual([['one', 'two']]);
    await breakOff('later', ['three']);
    expect(await restart()).toHaveLength(1);
    await recovery.join(discord);
    expect(await restart()).toEqual([]);
    expect(marked()).toEqual([['one', 'two'], ['three']]);
    expect(faults).toEqual([]);
  });

  it('is marked by the next process where this one did not get to it', async () => {
    await restart();
    expect(await restart()).toHaveLength(1);
    mark.mockRejectedValueOnce(new Error('no connection'));
    await recovery.join(discord);
    expect(faults).toEqual([new Error('no connection')]);
    expect(await restart()).toHaveLength(1);
    await recovery.join(discord);
    expect(discord.brokenOff.map(({ messageIds }) => messageIds)).toEqual([['one', 'two']]);
    expect(await restart()).toEqual([]);
  });

  it('is left alone for good where its place is gone', async () => {
    await restart();
    mark.mockRejectedValueOnce(new Refusal('That channel is gone.'));
    await recovery.join(discord);
    expect(faults).toHaveLength(1);
    expect(await restart()).toEqual([]);
  });
});
