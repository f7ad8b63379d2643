import { LayeredCache } from '#src/cache/layered-cache.ts';
import { MemoryCache } from '#src/cache/memory-cache.ts';
import { cacheContract } from './cache.ts';

const ROOM_IN_BYTES = 16_777_216;

cacheContract('a cache in this process', async () => new MemoryCache({ largestInBytes: ROOM_IN_BYTES }));

cacheContract(
  'a cache before another',
  async () =>
    new LayeredCache(
      new MemoryCache({ largestInBytes: ROOM_IN_BYTES }),
      new MemoryCache({ largestInBytes: ROOM_IN_BYTES }),
    ),
);
