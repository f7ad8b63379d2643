import { openSqliteStore } from './adapters/sqlite/open-sqlite-store.ts';
import { connectModels } from './app.ts';
import type { Config } from './config.ts';
import type { Clock } from './core/clock.ts';
import type { Log } from './core/log.ts';
import { openChroma } from './long-memory.ts';
import { PermitPool } from './models/permit-pool.ts';
import { HASHED_MODEL } from './search/hashed-model.ts';
import type { ReindexOptions } from './search/reindex.ts';
import { Stats } from './stats/stats.ts';

type Parts = Pick<ReindexOptions, 'outbox' | 'locks' | 'own' | 'far' | 'embedder'>;

/** What the search is built of, as a game has it, without a game. */
export async function openSearchParts(options: {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
}): Promise<Parts & { close(): Promise<void> }> {
  const { clock, log } = options;
  // Nobody speaks.
  const config = { ...options.config, chatModel: undefined, smallModel: undefined };
  const pool = new PermitPool({ limit: config.maxConcurrentModelCalls });
  const store = await openSqliteStore({ file: config.databaseFile, clock });
  const servers = await connectModels(config, { pool, stats: new Stats(clock), log });
  const { embedder } = servers;
  const model = embedder?.name ?? HASHED_MODEL;
  const far = await openChroma(config, model, log);
  return {
    ...{ outbox: store.searchOutbox, locks: store.locks, own: store.searchIndex(model) },
    ...{ far, embedder },
    close: async () => {
      await far?.stop();
      await servers.close();
      await store.close();
    },
  };
}
