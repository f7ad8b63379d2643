import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { EmbeddingBatcher } from '#src/models/embedding-batcher.ts';
import { ScriptedEmbedder } from '../../support/scripted-embedder.ts';

const never = new AbortController().signal;
let inner: ScriptedEmbedder;
let batcher: EmbeddingBatcher;
const waits: number[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  inner = new ScriptedEmbedder();
  waits.length = 0;
  batcher = new EmbeddingBatcher({ embedder: inner, onWaited: (durationInMs) => waits.push(durationInMs) });
});
afterEach(() => {
  vi.useRealTimers();
});

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `text ${index}`);

describe('a batch', () => {
  test('holds what is asked for within ten milliseconds', async () => {
    const first = batcher.embed(['bell'], never);
    await vi.advanceTimersByTimeAsync(9);
    const second = batcher.embed(['toll', 'ferry'], never);
    expect(inner.calls).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(inner.calls).toEqual([['bell', 'toll', 'ferry']]);
    expect(await first).toEqual([inner.vectorOf('bell')]);
    expect(await second).toEqual([inner.vectorOf('toll'), inner.vectorOf('ferry')]);
    expect(waits.map(Math.round)).toEqual([10, 1, 1]);
    expect(batcher.figures()).toEqual({ batches: 1, items: 3, largest: 3 });
    expect(batcher.dimensions).toBe(4);
  });

  test('leaves at once when it is full', async () => {
    const all = batcher.embed(numbered(70), never);
    expect(inner.calls.map(({ length }) => length)).toEqual([32, 32]);
    await vi.advanceTimersByTimeAsync(10);
    expect(inner.calls.map(({ length }) => length)).toEqual([32, 32, 6]);
    expect(await all).toEqual(numbered(70).map((text) => inner.vectorOf(text)));
    expect(batcher.figures()).toEqual({ batches: 3, items: 70, largest: 32 });
  });

  test('holds each text once, also what is under way in another', async () => {
    const gate = Promise.withResolvers<void>();
    inner.gate = gate.promise;
    const first = batcher.embed(['bell', 'bell', 'toll'], never);
    const second = batcher.embed(['bell'], never);
    await vi.advanceTimersByTimeAsync(10);
    const third = batcher.embed(['toll'], never);
    await vi.advanceTimersByTimeAsync(10);
    expect(inner.calls).toEqual([['bell', 'toll']]);
    gate.resolve();
    const [bell, toll] = [inner.vectorOf('bell'), inner.vectorOf('toll')];
    expect(await Promise.all([first, second, third])).toEqual([[bell, bell, toll], [bell], [toll]]);
    // Nothing is kept.
    const again = batcher.embed(['bell'], never);
    await vi.advanceTimersByTimeAsync(10);
    await again;
    expect(inner.calls).toHaveLength(2);
  });

  test('that fails fails for those who wait for it alone, and the next is asked anew', async () => {
    inner.fault = new Error('away');
    const failing = expect(
      Promise.allSettled([batcher.embed(['bell'], never), batcher.embed(['toll'], never)]),
    ).resolves.toMatchObject([{ reason: { message: 'away' } }, { reason: { message: 'away' } }]);
    await vi.advanceTimersByTimeAsync(10);
    await failing;
    inner.fault = undefined;
    const again = batcher.embed(['bell'], never);
    await vi.advanceTimersByTimeAsync(10);
    expect(await again).toEqual([inner.vectorOf('bell')]);
  });

  test('is not made where nothing is asked for', async () => {
    expect(await batcher.embed([], never)).toEqual([]);
    await vi.advanceTimersByTimeAsync(20);
    expect(inner.calls).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('that brings too few vectors fails', async () => {
    vi.spyOn(inner, 'embed').mockResolvedValue([inner.vectorOf('bell')]);
    const failing = expect(batcher.embed(['bell', 'toll'], never)).rejects.toMatchObject({
      kind: 'malformed',
    });
    await vi.advanceTimersByTimeAsync(10);
    await failing;
  });
});

describe('who leaves', () => {
  const aborted = { kind: 'aborted' };

  test('does not hurt the others', async () => {
    const gate = Promise.withResolvers<void>();
    inner.gate = gate.promise;
    const leaving = new AbortController();
    const left = expect(batcher.embed(['bell', 'toll'], leaving.signal)).rejects.toMatchObject(aborted);
    const staying = batcher.embed(['toll'], never);
    await vi.advanceTimersByTimeAsync(10);
    leaving.abort();
    await left;
    expect(inner.signals[0]?.aborted).toBe(false);
    gate.resolve();
    expect(await staying).toEqual([inner.vectorOf('toll')]);
  });

  test('takes along what nobody else wants, before it is asked for', async () => {
    const leaving = new AbortController();
    const left = expect(batcher.embed(['bell', 'toll'], leaving.signal)).rejects.toMatchObject(aborted);
    const staying = batcher.embed(['toll'], never);
    leaving.abort();
    await left;
    await vi.advanceTimersByTimeAsync(10);
    await staying;
    expect(inner.calls).toEqual([['toll']]);
  });

  test('last ends the batch, and whoever comes then gets another', async () => {
    inner.gate = Promise.withResolvers<void>().promise;
    const leaving = new AbortController();
    const left = expect(
      Promise.allSettled([batcher.embed(['bell'], leaving.signal), batcher.embed(['toll'], leaving.signal)]),
    ).resolves.toMatchObject([{ reason: aborted }, { reason: aborted }]);
    await vi.advanceTimersByTimeAsync(10);
    leaving.abort();
    await left;
    expect(inner.signals[0]?.aborted).toBe(true);
    inner.gate = Promise.resolve();
    const again = batcher.embed(['bell'], never);
    await vi.advanceTimersByTimeAsync(10);
    expect(await again).toEqual([inner.vectorOf('bell')]);
  });

  test('alone leaves no timer behind', async () => {
    const leaving = new AbortController();
    const left = expect(batcher.embed(['bell'], leaving.signal)).rejects.toMatchObject(aborted);
    leaving.abort();
    await left;
    expect(vi.getTimerCount()).toBe(0);
    await expect(batcher.embed(['bell'], leaving.signal)).rejects.toMatchObject(aborted);
    expect(vi.getTimerCount()).toBe(0);
  });
});
