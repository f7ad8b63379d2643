import { beforeEach, describe, expect, test } from 'vitest';
import { CachedEmbedder } from '#src/cache/cached-embedder.ts';
import { MemoryCache } from '#src/cache/memory-cache.ts';
import type { Cache } from '#src/core/cache.ts';
import { ScriptedEmbedder } from '../../support/scripted-embedder.ts';

const never = new AbortController().signal;
let cache: Cache;
let inner: ScriptedEmbedder;

beforeEach(() => {
  cache = new MemoryCache({ largestInBytes: 1_000_000 });
  inner = new ScriptedEmbedder();
});

describe('vectors that are kept', () => {
  test('are not asked for again, and are the same', async () => {
    const cached = new CachedEmbedder(inner, cache);
    const first = await cached.embed(['bell', 'toll'], never);
    const second = await cached.embed(['toll', 'ferry', 'bell'], never);
    expect(inner.calls).toEqual([['bell', 'toll'], ['ferry']]);
    expect(second).toEqual([first[1], inner.vectorOf('ferry'), first[0]]);
    expect(second[0]).toBeInstanceOf(Float32Array);
    expect(cached.figures()).toEqual({ hits: 2, misses: 3 });
  });

  test('are found by another process, once its model has shown that they are its own', async () => {
    await new CachedEmbedder(inner, cache).embed(['bell', 'toll', 'ferry'], never);
    const other = new ScriptedEmbedder();
    const cached = new CachedEmbedder(other, cache);
    await cached.embed(['bell', 'toll'], never);
    await cached.embed(['ferry'], never);
    expect(other.calls).toEqual([['bell']]);
  });

  test('are those of one model', async () => {
    await new CachedEmbedder(inner, cache).embed(['bell'], never);
    const other = new ScriptedEmbedder({ name: 'other' });
    const cached = new CachedEmbedder(other, cache);
    await cached.embed(['toll'], never);
    await cached.embed(['bell'], never);
    expect(other.calls).toEqual([['toll'], ['bell']]);
  });

  test('are asked for anew where the model by that name gives other dimensions now', async () => {
    await new CachedEmbedder(inner, cache).embed(['bell', 'toll', 'ferry'], never);
    const other = new ScriptedEmbedder({ dimensions: 8 });
    const cached = new CachedEmbedder(other, cache);
    const vectors = await cached.embed(['bell', 'toll'], never);
    expect(vectors.map(({ length }) => length)).toEqual([8, 8]);
    expect(vectors).toEqual([other.vectorOf('bell'), other.vectorOf('toll')]);
    expect((await cached.embed(['ferry', 'toll'], never)).map(({ length }) => length)).toEqual([8, 8]);
    expect(other.calls).toEqual([['bell'], ['toll'], ['ferry']]);
  });

  test.each([
    ['no bytes', new Uint8Array(0)],
    ['half a number', new Uint8Array(15)],
    ['what is no number', new Uint8Array(new Float32Array([Number.NaN, 1, 1, 1]).buffer)],
  ])('are passed over where they are broken: %s', async (_name, value) => {
    const cached = new CachedEmbedder(inner, {
      get: async (keys) => keys.map(() => value),
      set: async () => undefined,
      close: async () => undefined,
    });
    await cached.embed(['toll'], never);
    expect(await cached.embed(['bell'], never)).toEqual([inner.vectorOf('bell')]);
  });

  test('stand for nothing where the model fails', async () => {
    const cached = new CachedEmbedder(inner, cache);
    inner.fault = new Error('away');
    await expect(cached.embed(['bell'], never)).rejects.toThrow('away');
    inner.fault = undefined;
    expect(await cached.embed(['bell'], never)).toHaveLength(1);
    expect(await cached.embed([], never)).toEqual([]);
  });
});
