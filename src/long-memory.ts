import { join } from 'node:path';
import type { Config } from './config.ts';
import { type Clock, within } from './core/clock.ts';
import type { Embedder } from './core/embedding.ts';
import type { Log } from './core/log.ts';
import type { SearchIndex, TextSearch } from './core/search.ts';
import type { Store } from './core/store.ts';
import { GuardedSearch } from './search/guarded-search.ts';
import { HASHED_MODEL } from './search/hashed-model.ts';
import type { SearchIndexer } from './search/search-indexer.ts';
import type { Stats } from './stats/stats.ts';

/** Nobody waits for a prompt because what is told in the background is being loaded. */
const HEAD_START_IN_MS = 1_000;
const LAST_WORDS_IN_MS = 1_000;

export interface LongMemory {
  /** For memories in the long tiers. */
  readonly memories: TextSearch;
  /** For lore; undefined where nothing would be found there that its words do not find. */
  readonly lore: TextSearch | undefined;
  close(): Promise<void>;
}

/**
 * The search of the long tiers and of lore: Chroma where it is configured, with the database behind it, else the database
 * alone; and what keeps both up to date.
 * @throws Refusal where the Chroma server of the npm package was asked for and cannot run here.
 */
export async function openLongMemory(options: {
  readonly config: Config;
  readonly store: Store;
  readonly embedder: Embedder | undefined;
  readonly stats: Stats;
  readonly clock: Clock;
  readonly log: Log;
  readonly onFault: (error: unknown, doing: string) => void;
}): Promise<LongMemory> {
  const { config, store, embedder, stats, clock, log, onFault } = options;
  const model = embedder?.name ?? HASHED_MODEL;
  const own = store.searchIndex(model);
  const far = await openChroma(config, model, log);
  const guarded =
    far &&
    new GuardedSearch({
      far: far.index,
      own,
      clock,
      onAway: (error) => log.warn('Chroma is away: the database answers in its place', {}, error),
      onBack: () => log.warn('Chroma is back'),
    });
  if (guarded !== undefined) stats.addCacheSource('asked of Chroma', () => guarded.figures());
  let indexing: Promise<SearchIndexer | undefined> = Promise.resolve(undefined);
  const headStart = setTimeout(() => {
    indexing = startIndexer().catch((error: unknown) => {
      onFault(error, 'starting to tell the search what has changed');
      return undefined;
    });
  }, HEAD_START_IN_MS).unref();
  const startIndexer = async () => {
    const { SearchIndexer } = await import('./search/search-indexer.ts');
    const indexer = new SearchIndexer({
      ...{ outbox: store.searchOutbox, locks: store.locks, own, far, embedder, clock },
      onFault: (error, doing) => {
        stats.recordError('search not told');
        onFault(error, doing);
      },
    });
    indexer.start();
    return indexer;
  };
  const isAlwaysAsked = far !== undefined;
  const recall = async () => {
    const { LongRecall } = await import('./search/long-recall.ts');
    const onLeftOut = (why: string, error: unknown) => {
      stats.recordError(why);
      if (error !== undefined)
        log.warn('The model for vectors is late or fails: what is asked goes by its words', {}, error);
    };
    return new LongRecall({ search: guarded ?? own, own, embedder, isAlwaysAsked, onLeftOut });
  };
  let loading: ReturnType<typeof recall> | undefined;
  const loaded = () => {
    loading ??= recall();
    return loading;
  };
  const search: TextSearch = {
    isAlwaysAsked,
    find: async (text, query) => (await loaded()).find(text, query),
    meanings:
      embedder === undefined
        ? undefined
        : {
            of: async (text) => (await loaded()).meaningOf(text),
            kept: async (campaignId, memories) => (await loaded()).keptMeanings(campaignId, memories),
          },
  };
  return {
    memories: search,
    lore: far === undefined && embedder === undefined ? undefined : search,
    async close() {
      clearTimeout(headStart);
      const ended = (await indexing)?.stop() ?? Promise.resolve();
      // What is being told may end in order; a server that does not answer is not waited for.
      await within(LAST_WORDS_IN_MS, ended);
      await far?.stop();
      await ended;
    },
  };
}

interface Far {
  readonly index: SearchIndex;
  identity(): Promise<string>;
  /** Takes away all that it was ever told. */
  empty(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Chroma, where it is configured.
 * @throws Refusal where the server of the npm package was asked for and cannot run here.
 */
export async function openChroma(
  { chromaUrl, dataDir }: Config,
  model: string,
  log: Log,
): Promise<Far | undefined> {
  if (chromaUrl === undefined) return undefined;
  const { ChromaSearch } = await import('./adapters/chroma/chroma-search.ts');
  if (chromaUrl !== 'local') {
    const index = await ChromaSearch.open({ url: chromaUrl, model });
    const stop = async () => index.close();
    return { index, identity: () => index.identity(), empty: () => index.empty(), stop };
  }
  const { startLocalChroma } = await import('./adapters/chroma/local-chroma.ts');
  const server = await startLocalChroma({
    folder: join(dataDir, 'chroma'),
    onEnded: () => log.error('The Chroma server has ended by itself: start anew to have it back'),
  });
  const index = await ChromaSearch.open({ url: server.url, model });
  const stop = async () => {
    index.close();
    await server.stop();
  };
  return { index, identity: () => index.identity(), empty: () => index.empty(), stop };
}
