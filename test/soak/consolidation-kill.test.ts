import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openSqliteStore } from '#src/adapters/sqlite/open-sqlite-store.ts';
import { systemClock } from '#src/core/clock.ts';
import { Consolidator } from '#src/memory/consolidate.ts';
import { fateOf, SMALL_BOUNDS } from '../integration/store-kill-fates.ts';

/** The full number belongs to the soak run; every test run does a slice of it. */
const KILLS = process.env.SOAK === 'full' ? 100 : 5;
const WRITER = fileURLToPath(new URL('../integration/store-kill-writer.ts', import.meta.url));

/** Writes and consolidates until so many lines were acknowledged, and is killed then. Gives their ids. */
async function writeUntilKilled(file: string, prefix: string, killAfter: number): Promise<readonly string[]> {
  const writer = spawn(process.execPath, [WRITER, file, prefix, '1000000', 'rest'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit: Promise<unknown[]> = once(writer, 'exit');
  const ids: string[] = [];
  for await (const id of createInterface({ input: writer.stdout })) {
    ids.push(id);
    if (ids.length === killAfter) writer.kill('SIGKILL');
  }
  const [, signal] = await exit;
  expect(signal).toBe('SIGKILL');
  return ids;
}

/** Each line of a witness, where it lies, and in how many summaries of this witness it is. */
const HOLDINGS = `select lines.id as id, standing, line_witnesses.npc_id as npc, count(memory_holders.memory_id) as summaries
  from line_witnesses
  join lines on lines.campaign_id = line_witnesses.campaign_id
    and lines.scene_id = line_witnesses.scene_id and lines.seq = line_witnesses.seq
  left join memory_sources on memory_sources.campaign_id = lines.campaign_id
    and memory_sources.kind = 'line' and memory_sources.source_id = lines.id
  left join memory_holders on memory_holders.campaign_id = lines.campaign_id
    and memory_holders.memory_id = memory_sources.memory_id and memory_holders.npc_id = line_witnesses.npc_id
  group by lines.id, line_witnesses.npc_id`;

it(`loses and doubles no memory, over ${KILLS} kills while memories are consolidated`, {
  timeout: KILLS * 20_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dramatis-rest-'));
  const file = join(folder, 'dramatis.db');
  try {
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const prefix = `run ${kill}`;
      const ids = await writeUntilKilled(file, prefix, Math.ceil(2000 ** Math.random()));
      const database = new DatabaseSync(file);
      expect(database.prepare('pragma integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
      expect(database.prepare('pragma foreign_key_check').all()).toEqual([]);
      const held = database.prepare(HOLDINGS).all();
      database.close();
      // A summary stands for what is folded, one for each line, and for nothing else.
      expect(held.filter(({ standing, summaries }) => summaries !== (standing === 'folded' ? 1 : 0))).toEqual(
        [],
      );
      const own = held.filter(({ npc }) => npc === `npc of ${prefix}`).map(({ id }) => id);
      expect(own).toHaveLength(new Set(own).size);
      const kept = new Set(own);
      expect(ids.filter((id) => !kept.has(id))).toEqual([]);

      const store = await openSqliteStore({ file, clock: systemClock });
      await store.recoverLines();
      const workspace = await store.openWorkspace({
        platform: 'terminal',
        platformId: 'local',
        name: 'Table',
      });
      const campaign = store.campaign((await store.campaignOf(workspace.id, 'table')).id);
      const consolidator = new Consolidator({ clock: systemClock, judge: undefined, bounds: SMALL_BOUNDS });
      const origin = { workspaceId: workspace.id, campaignId: campaign.campaignId };
      const { signal } = new AbortController();
      await consolidator.run(campaign, origin, signal);
      const again = await consolidator.run(campaign, origin, signal);
      expect(again).toMatchObject({ weighed: 0, promoted: 0, summaries: 0, letGo: 0 });
      // Everything that stands is still held, by itself or in a summary.
      const { memories } = campaign;
      const npcId = `npc of ${prefix}`;
      const sources = new Set<string>();
      for (const { unit } of await memories.held(npcId, { shelf: 'semantic', limit: 1_000_000 }))
        for (const source of await memories.sources(unit.id))
          if (source.kind === 'line') sources.add(source.id);
      const lines = new Set((await memories.heldAmong(npcId, ids)).map(({ unit }) => unit.id));
      const gone = ids.filter((id) => fateOf(id) !== 'retracted' && !lines.has(id) && !sources.has(id));
      expect(gone).toEqual([]);
      await store.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
