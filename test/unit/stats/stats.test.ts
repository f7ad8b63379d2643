import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Usage } from '#src/core/entities.ts';
import { TIMED_STAGES } from '#src/core/meter.ts';
import { Stats } from '#src/stats/stats.ts';

const still = { now: () => 0 };
const usage = (change: Partial<Usage> = {}): Usage => ({
  model: 'big',
  purpose: 'speak',
  inputTokens: 100,
  cachedInputTokens: 40,
  outputTokens: 10,
  costInMicroUsd: 7,
  ...change,
});

describe('stages', () => {
  it('are there once something was recorded, in the order of a reply', () => {
    const stats = new Stats(still);
    for (const stage of [...TIMED_STAGES].reverse()) if (stage !== 'planning') stats.record(stage, 1);
    const recorded = TIMED_STAGES.filter((stage) => stage !== 'planning');
    expect(stats.report().stages.map(({ stage }) => stage)).toEqual(recorded);
  });

  it('give percentiles within 1 % of the exact ones', () => {
    const duration = fc.double({ min: 0.001, max: 600_000, noNaN: true });
    fc.assert(
      fc.property(fc.array(duration, { minLength: 1, maxLength: 400 }), (durations) => {
        const stats = new Stats(still);
        for (const durationInMs of durations) stats.record('drafting', durationInMs);
        const [figures] = stats.report().stages;
        const sorted = durations.toSorted((a, b) => a - b);
        for (const [percent, value] of [
          [50, figures?.p50InMs],
          [95, figures?.p95InMs],
          [99, figures?.p99InMs],
        ] as const) {
          // The histogram takes the nearest rank.
          const exact =
            sorted[Math.max(1, Math.floor((percent / 100) * sorted.length + 0.5)) - 1] ?? Number.NaN;
          // Half a microsecond is lost to rounding.
          expect(Math.abs((value ?? Number.NaN) - exact)).toBeLessThanOrEqual(exact * 0.01 + 0.000501);
        }
        expect(figures?.count).toBe(durations.length);
      }),
    );
  });

  it('take what no clock should give', () => {
    const stats = new Stats(still);
    for (const odd of [0, -5, Number.NaN, 0.0001]) stats.record('planning', odd);
    expect(stats.report().stages[0]).toMatchObject({ count: 4, p99InMs: 0.001 });
    for (const odd of [1e9, Number.POSITIVE_INFINITY]) stats.record('queue wait', odd);
    expect(stats.report().stages[0]?.count).toBe(2);
    expect(stats.report().stages[0]?.p50InMs).toBeCloseTo(600_000, -4);
  });
});

describe('models', () => {
  it('are summed by name, the dearest first', () => {
    const stats = new Stats(still);
    stats.recordUsage(usage());
    stats.recordUsage(usage({ purpose: 'draft', cachedInputTokens: 0, costInMicroUsd: 13 }));
    stats.recordUsage(usage({ model: 'free', costInMicroUsd: 0 }));
    stats.recordUsage(usage({ model: 'dear', costInMicroUsd: 900 }));
    stats.recordUsage(usage({ model: 'free often', costInMicroUsd: 0 }));
    stats.recordUsage(usage({ model: 'free often', costInMicroUsd: 0 }));
    const { models } = stats.report();
    expect(models.map(({ model }) => model)).toEqual(['dear', 'big', 'free often', 'free']);
    expect(models[1]).toEqual({
      model: 'big',
      calls: 2,
      inputTokens: 200,
      cachedInputTokens: 40,
      outputTokens: 20,
      costInMicroUsd: 20,
    });
  });

  it('are counted together where there are too many', () => {
    const stats = new Stats(still);
    for (let index = 0; index < 1000; index += 1) stats.recordUsage(usage({ model: `model ${index}` }));
    const { models } = stats.report();
    expect(models).toHaveLength(65);
    expect(models.find(({ model }) => model === 'others')?.calls).toBe(1000 - 64);
  });
});

describe('errors', () => {
  it('are counted by kind, the most frequent first', () => {
    const stats = new Stats(still);
    for (const kind of ['timeout', 'empty', 'timeout']) stats.recordError(kind);
    expect(stats.report().errors).toEqual([
      { kind: 'timeout', count: 2 },
      { kind: 'empty', count: 1 },
    ]);
  });

  it('are counted together where there are too many kinds', () => {
    const stats = new Stats(still);
    for (let index = 0; index < 100; index += 1) stats.recordError(`kind ${index}`);
    expect(stats.report().errors).toHaveLength(33);
    expect(stats.report().errors[0]).toEqual({ kind: 'others', count: 68 });
  });
});

it('tells how long it has been up, and nothing absurd when the clock is set back', () => {
  let now = 5_000;
  const stats = new Stats({ now: () => now });
  now = 12_500;
  expect(stats.report().uptimeInMs).toBe(7_500);
  now = 0;
  expect(stats.report().uptimeInMs).toBe(0);
});

it('asks its sources anew for each report', () => {
  const stats = new Stats(still);
  let hits = 1;
  stats.addCacheSource('personas', () => ({ hits: 0, misses: 0, entries: 0 }));
  stats.addCacheSource('personas', () => ({ hits, misses: 2, entries: 3 }));
  stats.addPermitSource('models', () => ({ held: 4, limit: 32, waiting: 5 }));
  expect(stats.report().caches).toEqual([{ name: 'personas', hits: 1, misses: 2, entries: 3 }]);
  hits = 9;
  expect(stats.report().caches[0]?.hits).toBe(9);
  expect(stats.report().permits).toEqual([{ name: 'models', held: 4, limit: 32, waiting: 5 }]);
});
