import type { OpenAiServer } from './adapters/openai/openai-server.ts';
import { CachedEmbedder } from './cache/cached-embedder.ts';
import { LayeredCache } from './cache/layered-cache.ts';
import { MemoryCache } from './cache/memory-cache.ts';
import type { Config } from './config.ts';
import type { Cache } from './core/cache.ts';
import type { Embedder } from './core/embedding.ts';
import type { Log } from './core/log.ts';
import type { ModelProfile } from './core/model.ts';
import { EmbeddingBatcher } from './models/embedding-batcher.ts';
import { costInMicroUsd } from './models/metered-model.ts';
import type { PermitPool } from './models/permit-pool.ts';
import { PooledEmbedder } from './models/pooled-embedder.ts';
import type { Stats } from './stats/stats.ts';

/** Some 10,000 vectors of 1,536 numbers. */
const CACHE_IN_BYTES = 67_108_864;

export interface Embeddings {
  readonly embedder: Embedder;
  close(): Promise<void>;
}

/** The embeddings of a model on the configured server: from the cache, else in batches, each with a permit. */
export async function openEmbeddings(options: {
  readonly model: string;
  readonly prices: ModelProfile['pricePerMillionInUsd'];
  readonly server: OpenAiServer;
  readonly config: Config;
  readonly pool: PermitPool;
  readonly stats: Stats;
  readonly log: Log;
}): Promise<Embeddings> {
  const { model, prices, server, config, pool, stats, log } = options;
  const { OpenAiEmbedder } = await import('./adapters/openai/openai-embedder.ts');
  const onUsage = (inputTokens = 0) => {
    const tokens = { inputTokens, cachedInputTokens: 0, outputTokens: 0 };
    const cost = costInMicroUsd(tokens, prices);
    stats.recordUsage({ model, purpose: 'embedding', ...tokens, costInMicroUsd: cost });
  };
  const asked = new PooledEmbedder(new OpenAiEmbedder({ name: model, server, onUsage }), pool, stats);
  const batcher = new EmbeddingBatcher({
    embedder: asked,
    onWaited: (durationInMs) => stats.record('embedding wait', durationInMs),
  });
  const near = new MemoryCache({ largestInBytes: CACHE_IN_BYTES });
  const cache = await openCache(near, config, stats, log);
  const embedder = new CachedEmbedder(batcher, cache);
  stats.addCacheSource('embeddings', () => ({ ...embedder.figures(), entries: near.size }));
  stats.addBatchSource('embeddings', () => batcher.figures());
  return { embedder, close: () => cache.close() };
}

async function openCache(near: MemoryCache, config: Config, stats: Stats, log: Log): Promise<Cache> {
  const { redisUrl: url, cacheBackend } = config;
  if (url === undefined || cacheBackend === 'memory') return near;
  const { RedisCache } = await import('./adapters/redis/redis-cache.ts');
  const far = await RedisCache.open({
    url,
    onAway: (error) => log.warn('Redis is away: vectors are kept in this process alone', {}, error),
    onBack: () => log.warn('Redis is back'),
    onMissed: () => stats.recordError('cache away'),
  });
  return new LayeredCache(near, far);
}
