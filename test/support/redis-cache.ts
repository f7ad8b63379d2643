import { RedisCache } from '#src/adapters/redis/redis-cache.ts';

/** A cache on a server that is there, connected. */
export async function openRedisCache(url: string): Promise<RedisCache> {
  let missed = 0;
  const cache = await RedisCache.open({
    url,
    onAway: (error) => {
      throw new Error('Redis is away', { cause: error });
    },
    onBack: () => undefined,
    onMissed: () => {
      missed += 1;
    },
  });
  // Until a look-up is no longer missed for want of a connection.
  for (let before = -1; before !== missed; ) {
    before = missed;
    await cache.get(['connected']);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return cache;
}
