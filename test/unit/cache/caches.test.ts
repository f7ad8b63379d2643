import { expect, test } from 'vitest';
import { LayeredCache } from '#src/cache/layered-cache.ts';
import { MemoryCache } from '#src/cache/memory-cache.ts';

const value = (size: number) => new Uint8Array(size).fill(7);

test('a cache in memory lets go of what was not used for longest', async () => {
  const cache = new MemoryCache({ largestInBytes: 4_000 });
  for (const key of ['a', 'b', 'c']) await cache.set([{ key, value: value(1_000) }]);
  await cache.get(['a']);
  await cache.set([{ key: 'd', value: value(1_000) }]);
  expect((await cache.get(['a', 'b', 'c', 'd'])).map((found) => found?.length)).toEqual([
    ...[1_000, undefined, 1_000, 1_000],
  ]);
  expect(cache.size).toBe(3);
});

test('what is found in the far cache is kept in the near one', async () => {
  const near = new MemoryCache({ largestInBytes: 10_000 });
  const far = new MemoryCache({ largestInBytes: 10_000 });
  const cache = new LayeredCache(near, far);
  await far.set([{ key: 'a', value: value(3) }]);
  expect((await cache.get(['b', 'a'])).map((found) => found?.length)).toEqual([undefined, 3]);
  await far.close();
  expect((await cache.get(['a']))[0]?.length).toBe(3);
  await cache.set([{ key: 'b', value: value(2) }]);
  expect([near.size, far.size]).toEqual([2, 1]);
});
