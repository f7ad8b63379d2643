/**
 * Remembers, consolidates and tells the search, all at once and without end, until it is killed. Prints the id of
 * whatever it did once that was promised; where it runs a Chroma of its own, first that one's address.
 */
import { writeSync } from 'node:fs';
import { setImmediate as nextTask } from 'node:timers/promises';
import { ChromaSearch } from '#src/adapters/chroma/chroma-search.ts';
import { startLocalChroma } from '#src/adapters/chroma/local-chroma.ts';
import { openSqliteStore } from '#src/adapters/sqlite/open-sqlite-store.ts';
import { Consolidator } from '#src/memory/consolidate.ts';
import { SearchIndexer } from '#src/search/search-indexer.ts';
import { addNpc, newNpc } from '../contract/store-samples.ts';
import { fulfil, SMALL_BOUNDS } from './remembering-fates.ts';

export interface WriterTask {
  readonly file: string;
  readonly prefix: string;
  /** Added to the system's clock. */
  readonly aheadInMs: number;
  readonly chromaUrl?: string | undefined;
  readonly localChroma?: { readonly folder: string; readonly launcher: readonly string[] } | undefined;
}

const AT_ONCE = 4;
/** So many turns of the event loop the next telling of the search is waited for. */
const MOST_TURNS = 300;

const task: WriterTask = JSON.parse(process.argv[2] ?? '');
const { file, prefix, aheadInMs, localChroma } = task;
const clock = { now: () => Date.now() + aheadInMs };
const store = await openSqliteStore({ file, clock });
const workspace = await store.openWorkspace({ platform: 'terminal', platformId: 'local', name: 'Table' });
const campaign = store.campaign((await store.campaignOf(workspace.id, 'table')).id);
const scene = await campaign.scenes.open('table');
const npcId = `npc of ${prefix}`;
await addNpc(campaign, newNpc(npcId));

const local = localChroma && (await startLocalChroma({ ...localChroma, onEnded: () => undefined }));
if (local !== undefined) writeSync(1, `${local.url}\n`);
const url = local?.url ?? task.chromaUrl;
const chroma = url === undefined ? undefined : await ChromaSearch.open({ url, model: 'hashed' });

const indexer = new SearchIndexer({
  ...{ outbox: store.searchOutbox, locks: store.locks, own: store.searchIndex('hashed'), clock },
  far: chroma && { index: chroma, identity: () => chroma.identity() },
  // Chroma is killed at times, too.
  onFault: () => undefined,
});
// What comes first takes longest: nobody should be killed before anything is told.
await indexer.drain();

let next = 0;
async function remember(): Promise<void> {
  for (;;) {
    const id = `${prefix}-${++next}`;
    await fulfil(campaign, { id, sceneId: scene.id, npcId, told });
    writeSync(1, `${id}\n`);
  }
}

/** What changes is then known to the search already, or not. */
async function told(): Promise<void> {
  if (Math.random() < 0.5) return;
  const before = indexer.figures().told;
  for (let turns = 0; turns < MOST_TURNS && indexer.figures().told === before; turns += 1) await nextTask();
}

async function consolidate(): Promise<void> {
  const consolidator = new Consolidator({ clock, judge: undefined, bounds: SMALL_BOUNDS });
  const origin = { workspaceId: workspace.id, campaignId: campaign.campaignId };
  const { signal } = new AbortController();
  for (;;) {
    await consolidator.run(campaign, origin, signal);
    // A run that finds nothing to do lets nobody else have a turn.
    await nextTask();
  }
}

async function tellTheSearch(): Promise<void> {
  for (;;) {
    await indexer.drain();
    await nextTask();
  }
}

await Promise.all([...Array.from({ length: AT_ONCE }, remember), consolidate(), tellTheSearch()]);
