import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Cache, LARGEST_CACHED_IN_BYTES } from '#src/core/cache.ts';

/** What every cache does. @param open an empty one. */
export function cacheContract(name: string, open: () => Promise<Cache>): void {
  describe(name, () => {
    let cache: Cache;
    beforeEach(async () => {
      cache = await open();
    });
    afterEach(() => cache.close());

    const bytes = (...values: number[]) => Uint8Array.from(values);
    const read = async (...keys: string[]) =>
      (await cache.get(keys)).map((value) => (value === undefined ? undefined : [...value]));

    test('gives back what was kept, in the order of the keys', async () => {
      await cache.set([
        { key: 'a', value: bytes(1, 0, 255) },
        { key: 'b', value: bytes() },
      ]);
      expect(await read('b', 'missing', 'a', 'a')).toEqual([[], undefined, [1, 0, 255], [1, 0, 255]]);
    });

    test('keeps the newest value of a key', async () => {
      await cache.set([{ key: 'a', value: bytes(1) }]);
      await cache.set([
        { key: 'a', value: bytes(2) },
        { key: 'a', value: bytes(3) },
      ]);
      expect(await read('a')).toEqual([[3]]);
    });

    test('takes any bytes under any key', async () => {
      const entries = fc.uniqueArray(fc.record({ key: fc.string(), value: fc.uint8Array() }), {
        selector: ({ key }) => key.toWellFormed(),
        maxLength: 20,
      });
      await fc.assert(
        fc.asyncProperty(entries, async (given) => {
          await cache.set(given);
          expect(await read(...given.map(({ key }) => key))).toEqual(given.map(({ value }) => [...value]));
        }),
        { numRuns: 30 },
      );
    });

    test('keeps the bytes that a view shows and no others', async () => {
      await cache.set([{ key: 'a', value: new Uint8Array(bytes(9, 1, 2, 9).buffer, 1, 2) }]);
      expect(await read('a')).toEqual([[1, 2]]);
    });

    test('keeps nothing that is too large, and not what was there before either', async () => {
      await cache.set([{ key: 'a', value: bytes(1) }]);
      await cache.set([
        { key: 'a', value: new Uint8Array(LARGEST_CACHED_IN_BYTES + 1) },
        { key: 'b', value: new Uint8Array(LARGEST_CACHED_IN_BYTES) },
      ]);
      const [a, b] = await cache.get(['a', 'b']);
      expect(a).toBeUndefined();
      expect(b?.byteLength).toBe(LARGEST_CACHED_IN_BYTES);
    });

    test('takes nothing and is asked for nothing', async () => {
      await cache.set([]);
      expect(await cache.get([])).toEqual([]);
    });
  });
}
