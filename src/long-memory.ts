import { join } from 'node:path';
import type { Config } from './config.ts';
import type { Clock } from './core/clock.ts';
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
    const onLeftOut = (why: string) => stats.recordError(why);
    return new LongRecall({ search: guarded ?? own, embedder, isAlwaysAsked, onLeftOut });
  };
  let loaded: ReturnType<typeof recall> | undefined;
  const search: TextSearch = {
    isAlwaysAsked,
    find: async (text, query) => {
      loaded ??= recall();
      return (await loaded).find(text, query);
    },
  };
  return {
    memories: search,
    lore: far === undefined && embedder === undefined ? undefined : search,
    async close() {
      clearTimeout(headStart);
      await (await indexing)?.stop();
      await far?.stop();
    },
  };
}

interface Far {
  readonly index: SearchIndex;
  identity(): Promise<string>;
  stop(): Promise<void>;
}

async function openChroma({ chromaUrl, dataDir }: Config, model: string, log: Log): Promise<Far | undefined> {
  if (chromaUrl === undefined) return undefined;
  const { ChromaSearch } = await import('./adapters/chroma/chroma-search.ts');
  if (chromaUrl !== 'local') {
    const index = await ChromaSearch.open({ url: chromaUrl, model });
    return { index, identity: () => index.identity(), stop: async () => {} };
  }
  const { startLocalChroma } = await import('./adapters/chroma/local-chroma.ts');
  const { url, stop } = await startLocalChroma({
    folder: join(dataDir, 'chroma'),
    onEnded: () => log.error('The Chroma server has ended by itself: start anew to have it back'),
  });
  const index = await ChromaSearch.open({ url, model });
  return { index, identity: () => index.identity(), stop };
}
