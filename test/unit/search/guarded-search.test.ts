import { expect, test, vi } from 'vitest';
import type { SearchQuery } from '#src/core/search.ts';
import { GuardedSearch } from '#src/search/guarded-search.ts';
import { LongRecall } from '#src/search/long-recall.ts';
import { TestClock } from '../../contract/store-samples.ts';
import { RecordingSearch } from '../../support/recording-search.ts';
import { ScriptedEmbedder } from '../../support/scripted-embedder.ts';

const query: SearchQuery = {
  ...{ campaignId: 'c1', what: 'memories', npcId: 'wren', words: ['bell'], limit: 5 },
  vector: Float32Array.of(1),
};

function guarded() {
  const [far, own, clock] = [new RecordingSearch(), new RecordingSearch(), new TestClock()];
  far.hits = [{ kind: 'memory', id: 'far', score: 1, likeness: 1 }];
  own.hits = [{ kind: 'memory', id: 'own', score: 1, likeness: undefined }];
  const [onAway, onBack] = [vi.fn(), vi.fn()];
  return { far, own, clock, onAway, onBack, search: new GuardedSearch({ far, own, clock, onAway, onBack }) };
}

test('the far search is asked each time, and the store while it is away', async () => {
  const { far, own, clock, onAway, onBack, search } = guarded();
  expect(await search.find(query)).toBe(far.hits);
  far.fault = new Error('away');
  expect(await search.find(query)).toBe(own.hits);
  far.fault = undefined;
  // Not at once again.
  expect(await search.find(query)).toBe(own.hits);
  expect(far.queries).toHaveLength(2);
  clock.time += 2_000;
  expect(await search.find(query)).toBe(far.hits);
  expect([onAway.mock.calls.length, onBack.mock.calls.length]).toEqual([1, 1]);
  expect(search.figures()).toEqual({ hits: 2, misses: 2, entries: 0 });
});

test('a far search that stays away is tried less and less often, and told of once', async () => {
  const { far, clock, onAway, search } = guarded();
  far.fault = new Error('away');
  for (let second = 0; second < 600; second += 1) {
    await search.find(query);
    clock.time += 1_000;
  }
  expect(far.queries.length).toBeGreaterThan(8);
  expect(far.queries.length).toBeLessThan(20);
  expect(onAway).toHaveBeenCalledTimes(1);
});

test('a far search is tried again soon, though the clock was set back', async () => {
  const { far, clock, search } = guarded();
  far.fault = new Error('away');
  await search.find(query);
  far.fault = undefined;
  clock.time -= 86_400_000;
  expect(await search.find(query)).toBe(far.hits);
});

test('without a vector the store is asked', async () => {
  const { far, own, search } = guarded();
  expect(await search.find({ ...query, vector: undefined })).toBe(own.hits);
  expect(far.queries).toEqual([]);
});

const own = { kept: async () => new Map<number, Float32Array>() };
const asked = { campaignId: 'c1', what: 'memories', npcId: 'wren', limit: 5 } as const;

test('a text is asked for by its telling words and its vector', async () => {
  const [search, embedder, onLeftOut] = [new RecordingSearch(), new ScriptedEmbedder(), vi.fn()];
  const recall = new LongRecall({ search, own, embedder, isAlwaysAsked: true, onLeftOut });
  await recall.find('What of the old Bell?', asked);
  expect(search.queries).toEqual([
    { ...asked, words: ['old', 'bell'], vector: embedder.vectorOf('What of the old Bell?') },
  ]);
  expect(await recall.find(' \n', asked)).toEqual([]);
  expect(search.queries).toHaveLength(1);
  embedder.fault = new Error('away');
  await recall.find('bell', asked);
  expect(search.queries[1]).toEqual({ ...asked, words: ['bell'], vector: undefined });
  await recall.find('tower', asked);
  embedder.fault = undefined;
  await recall.find('gate', asked);
  embedder.fault = new Error('away again');
  await recall.find('wall', asked);
  // The first of several in a row says why.
  const why = 'embedding late or failed';
  expect(onLeftOut.mock.calls).toEqual([
    [why, new Error('away')],
    [why, undefined],
    [why, new Error('away again')],
  ]);
});

test('without a model its vector is hashed, where somebody holds it against others', async () => {
  const search = new RecordingSearch();
  const recall = (isAlwaysAsked: boolean) =>
    new LongRecall({ search, own, isAlwaysAsked, onLeftOut: vi.fn() });
  await recall(true).find('The bell.', asked);
  await recall(false).find('The bell.', asked);
  await recall(true).find('…', asked);
  expect(search.queries.map(({ vector }) => vector?.length)).toEqual([384, undefined, 384]);
  expect(Math.hypot(...(search.queries[2]?.vector ?? []))).toBe(1);
});
