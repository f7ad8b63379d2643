import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteStore } from '#src/adapters/sqlite/open-sqlite-store.ts';
import { systemClock } from '#src/core/clock.ts';
import { newLine } from '../contract/store-samples.ts';
import { fateOf, promisedOf } from './store-kill-fates.ts';

const KILLS = 8;
const WRITER = fileURLToPath(new URL('./store-kill-writer.ts', import.meta.url));

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-kill-'));
  file = join(folder, 'dramatis.db');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs a writer and gives the ids it printed, and how it ended. With `killAfter` it is killed at that many ids. */
async function write(prefix: string, count: number, killAfter = Number.POSITIVE_INFINITY) {
  const writer = spawn(process.execPath, [WRITER, file, prefix, `${count}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit: Promise<unknown[]> = once(writer, 'exit');
  const ids: string[] = [];
  for await (const id of createInterface({ input: writer.stdout })) {
    ids.push(id);
    if (ids.length === killAfter) writer.kill('SIGKILL');
  }
  const [code, signal] = await exit;
  return { ids, code, signal };
}

async function transcript() {
  const store = await openSqliteStore({ file, clock: systemClock });
  const recovered = await store.recoverLines();
  const workspace = await store.openWorkspace({ platform: 'terminal', platformId: 'local', name: 'Table' });
  const campaign = store.campaign((await store.campaignOf(workspace.id, 'table')).id);
  const scene = await campaign.scenes.open('table');
  return { store, recovered, campaign, scene };
}

describe('a store whose process is killed', () => {
  it(`has every acknowledged line once, over ${KILLS} kills at random moments`, async () => {
    const promised: string[] = [];
    for (let kill = 1; kill <= KILLS; kill++) {
      // The first moments are the likeliest ones, the last lie thousands of lines in.
      const killAfter = Math.ceil(3000 ** Math.random());
      const { ids, signal } = await write(`run ${kill}`, 1_000_000, killAfter);
      expect(signal).toBe('SIGKILL');
      expect(ids.length).toBeGreaterThanOrEqual(killAfter);
      promised.push(...ids);

      const database = new DatabaseSync(file);
      expect(database.prepare('pragma integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
      expect(database.prepare('pragma foreign_key_check').all()).toEqual([]);
      const rows = database.prepare('select id, seq, state from lines order by seq').all();
      database.close();
      expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, index) => index + 1));
      const times = new Map(rows.map(({ id }) => [id, 0]));
      for (const { id } of rows) times.set(id, (times.get(id) ?? 0) + 1);
      expect(
        promised.filter((id) => times.get(id) !== 1),
        `killed after ${killAfter} lines`,
      ).toEqual([]);
      // Eight writers: what was not promised yet is at most what each had in hand.
      const unspoken = rows.filter(({ state }) => state === 'speaking').length;
      expect(unspoken).toBeLessThanOrEqual(8);

      const { store, recovered, campaign, scene } = await transcript();
      expect(recovered).toHaveLength(unspoken);
      // The platform delivers the last ones again: they are known, and stand as they were left.
      for (const id of ids.slice(-20))
        expect(await campaign.lines.append(newLine(id, scene.id))).toMatchObject({
          isNew: false,
          line: promisedOf(id),
        });
      const remembered = new Map(
        (await campaign.memories.of(`npc of run ${kill}`, { limit: 1_000_000 })).map(({ id, text }) => [
          id,
          text,
        ]),
      );
      for (const id of ids) expect(remembered.get(id) ?? '', id).toBe(promisedOf(id).text);
      await store.close();
    }
  });

  it('takes the lines of two processes that write at once', async () => {
    const count = 1500;
    const writers = await Promise.all([write('one', count), write('two', count)]);
    expect(writers.map(({ code }) => code)).toEqual([0, 0]);
    const { store, campaign, scene } = await transcript();
    const lines = await campaign.lines.recent(scene.id, 10 * count);
    const database = new DatabaseSync(file);
    const places = database.prepare('select seq from lines order by seq').all();
    database.close();
    expect(places.map(({ seq }) => seq)).toEqual(Array.from({ length: 2 * count }, (_, index) => index + 1));
    const ids = writers.flatMap((writer) => writer.ids).filter((id) => fateOf(id) !== 'retracted');
    expect(new Set(lines.map(({ id }) => id))).toEqual(new Set(ids));
    await store.close();
  });
});
