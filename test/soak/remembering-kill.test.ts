import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ChromaSearch } from '#src/adapters/chroma/chroma-search.ts';
import { startLocalChroma } from '#src/adapters/chroma/local-chroma.ts';
import { openSqliteStore } from '#src/adapters/sqlite/open-sqlite-store.ts';
import type { CampaignStore, Store } from '#src/core/store.ts';
import { Consolidator } from '#src/memory/consolidate.ts';
import { SearchIndexer } from '#src/search/search-indexer.ts';
import { chromaLauncher, chromaMissing, startChroma } from '../support/servers/chroma.ts';
import type { RunningServer } from '../support/servers/server-process.ts';
import { fateOf, promiseOf, SMALL_BOUNDS, tokenOf } from './remembering-fates.ts';
import type { WriterTask } from './remembering-writer.ts';
import { findable, holdAnswers, holdChroma, holdOwnSearch } from './search-truth.ts';

/** The full number belongs to the soak run; every test run does a slice of it. */
const KILLS = process.env.SOAK === 'full' ? 100 : 5;
const PATIENCE = { timeout: KILLS * 90_000 };
const WRITER = fileURLToPath(new URL('./remembering-writer.ts', import.meta.url));
/** Below what an NPC may have pinned, with what comes after the last id that was read. */
const LONGEST_RUN_IN_IDS = 400;
/** So much lies between two runs: what could not be told while Chroma was away is due again. */
const STEP_IN_MS = 10 * 60_000;
const ASKED_FOR = 12;
const MOST_LATE_IN_MS = 30;

const missing = await chromaMissing();

/** Runs a writer until it has printed so many ids, and kills it. */
async function writeUntilKilled(
  task: WriterTask,
  killAfter: number,
  onId: (id: string) => void = () => undefined,
): Promise<{ readonly ids: readonly string[]; readonly localUrl: string | undefined }> {
  const writer = spawn(process.execPath, [WRITER, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit: Promise<unknown[]> = once(writer, 'exit');
  const ids: string[] = [];
  let localUrl: string | undefined;
  for await (const printed of createInterface({ input: writer.stdout })) {
    if (printed.startsWith('http:')) {
      localUrl = printed;
      continue;
    }
    ids.push(printed);
    onId(printed);
    // Not always where something was just printed.
    if (ids.length === killAfter) setTimeout(() => writer.kill('SIGKILL'), Math.random() * MOST_LATE_IN_MS);
  }
  expect(await exit).toEqual([null, 'SIGKILL']);
  return { ids, localUrl };
}

/** The first moments are the likeliest ones, in every other run at least; the last lie hundreds of memories in. */
function anyMoment(kill: number): number {
  return Math.ceil(kill % 2 === 0 ? LONGEST_RUN_IN_IDS ** Math.random() : 150 * Math.random());
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

/** Holds what lies in the file against what was promised: each thing once, as it was promised. */
function holdPromises(file: string, ids: readonly string[]): void {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    expect(database.prepare('pragma integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
    expect(database.prepare('pragma foreign_key_check').all()).toEqual([]);
    // A summary stands for what is folded, one for each line, and for nothing else.
    const wrong = database
      .prepare(HOLDINGS)
      .all()
      .filter(({ standing, summaries }) => summaries !== (standing === 'folded' ? 1 : 0));
    expect(wrong).toEqual([]);
    const queries = {
      line: 'select text from lines where id = ?',
      memory: `select text from memories join memory_holders on memory_holders.campaign_id = memories.campaign_id
        and memory_id = id where id = ?`,
      document: `select text from lore_passages join lore_documents on lore_documents.campaign_id = lore_passages.campaign_id
        and lore_documents.id = document_id where title = ? order by seq`,
      nothing: 'select title as text from lore_documents where title = ?',
    };
    for (const id of ids) {
      const { kind, texts } = promiseOf(id);
      const kept = database.prepare(queries[kind]).all(id);
      expect(
        kept.map(({ text }) => text),
        `${id}: ${fateOf(id)}`,
      ).toEqual(texts);
    }
  } finally {
    database.close();
  }
}

/** The lines that stand and that the NPC can still be reminded of, by themselves or in a summary. */
async function remembered({ memories }: CampaignStore, npcId: string, ids: readonly string[]) {
  const found = new Set((await memories.heldAmong(npcId, ids)).map(({ unit }) => unit.id));
  for (const { unit } of await memories.held(npcId, { shelf: 'semantic', limit: 1_000_000 }))
    for (const source of await memories.sources(unit.id)) if (source.kind === 'line') found.add(source.id);
  return found;
}

/**
 * What a restart after a kill does, held against the truth in the tables: nothing that was promised is lost or there
 * twice, and the search, once it has been told, holds exactly what can be found.
 */
async function holdAfterKill(
  { file, prefix, aheadInMs }: WriterTask,
  ids: readonly string[],
  far: { readonly index: ChromaSearch; readonly url: string } | undefined,
): Promise<void> {
  holdPromises(file, ids);
  const clock = { now: () => Date.now() + aheadInMs + STEP_IN_MS / 2 };
  const store = await openSqliteStore({ file, clock });
  try {
    await store.recoverLines();
    const token = tokenOf(`${prefix}-`).slice(0, -1);
    const holdSearch = async () => {
      await drained(store, clock, far?.index);
      const truth = findable(file);
      holdOwnSearch(file, truth);
      if (far !== undefined) await holdChroma(far.url, truth, token);
      const asked = [...truth.values()].filter(({ text }) => text.includes(token)).slice(0, ASKED_FOR);
      await holdAnswers(store.searchIndex('hashed'), asked);
      if (far !== undefined) await holdAnswers(far.index, asked);
    };
    await holdSearch();

    const workspace = await store.openWorkspace({ platform: 'terminal', platformId: 'local', name: 'Table' });
    const campaign = store.campaign((await store.campaignOf(workspace.id, 'table')).id);
    const consolidator = new Consolidator({ clock, judge: undefined, bounds: SMALL_BOUNDS });
    const origin = { workspaceId: workspace.id, campaignId: campaign.campaignId };
    const { signal } = new AbortController();
    await consolidator.run(campaign, origin, signal);
    const again = await consolidator.run(campaign, origin, signal);
    expect(again).toMatchObject({ weighed: 0, promoted: 0, summaries: 0, letGo: 0 });
    const lines = ids.filter((id) => {
      const fate = fateOf(id);
      return promiseOf(id).kind === 'line' && fate !== 'retracted' && fate !== 'pinned and forgotten';
    });
    const held = await remembered(campaign, `npc of ${prefix}`, ids);
    expect(lines.filter((id) => !held.has(id))).toEqual([]);
    await holdSearch();
  } finally {
    await store.close();
  }
}

/** Tells the search all that it has yet to be told. */
async function drained(
  store: Store,
  clock: { now(): number },
  chroma: ChromaSearch | undefined,
): Promise<void> {
  const faults: unknown[] = [];
  const own = store.searchIndex('hashed');
  const indexer = new SearchIndexer({
    ...{ outbox: store.searchOutbox, locks: store.locks, own, clock },
    far: chroma && { index: chroma, identity: () => chroma.identity() },
    onFault: (error) => faults.push(error),
  });
  await indexer.drain();
  expect(faults).toEqual([]);
  expect(await store.searchOutbox.size()).toBe(0);
}

describe(`kill -9 ${KILLS} times while memories are written, consolidated and told to the search`, () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dramatis-remember-'));
    file = join(folder, 'dramatis.db');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const taskOf = (kill: number): WriterTask => ({
    file,
    prefix: `run ${kill}`,
    aheadInMs: kill * STEP_IN_MS,
  });

  it('loses and doubles nothing in the database', PATIENCE, async () => {
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const task = taskOf(kill);
      const { ids } = await writeUntilKilled(task, anyMoment(kill));
      await holdAfterKill(task, ids, undefined);
    }
  });

  describe.skipIf(missing)(`with Chroma (${missing ?? 'brought'})`, () => {
    let server: RunningServer;
    beforeAll(async () => {
      server = await startChroma();
    });
    afterAll(() => server?.stop());

    it('leaves a server with what the database says, also where that is killed too', PATIENCE, async () => {
      const index = await ChromaSearch.open({ url: server.url, model: 'hashed' });
      for (let kill = 1; kill <= KILLS; kill += 1) {
        const task = { ...taskOf(kill), chromaUrl: server.url };
        const killAfter = anyMoment(kill);
        const serverDiesAt = kill % 3 === 0 ? undefined : Math.ceil(killAfter * Math.random());
        let restarted = Promise.resolve();
        const { ids } = await writeUntilKilled(task, killAfter, (id) => {
          if (Number(id.slice(id.lastIndexOf('-') + 1)) === serverDiesAt) restarted = server.crash();
        });
        await restarted;
        await holdAfterKill(task, ids, { index, url: server.url });
      }
    });

    it('brings down a server of its own with it, whose data the next start takes up', PATIENCE, async () => {
      const localChroma = { folder: join(folder, 'chroma'), launcher: await chromaLauncher() };
      for (let kill = 1; kill <= KILLS; kill += 1) {
        const task = { ...taskOf(kill), localChroma };
        const { ids, localUrl } = await writeUntilKilled(task, anyMoment(kill));
        // At once: the one before may still be ending.
        const { url, stop } = await startLocalChroma({ ...localChroma, onEnded: () => undefined });
        const index = await ChromaSearch.open({ url, model: 'hashed' });
        await holdAfterKill(task, ids, { index, url });
        await vi.waitFor(() => expect(fetch(localUrl ?? '')).rejects.toThrow('fetch failed'), {
          timeout: 10_000,
          interval: 50,
        });
        await stop();
      }
    });
  });
});
