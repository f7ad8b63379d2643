import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { systemClock } from '#src/core/clock.ts';
import { TIMED_STAGES } from '#src/core/meter.ts';
import { Stats } from '#src/stats/stats.ts';
import type { BenchOptions, Bounds, Metrics } from './support/benchmark.ts';
import { median, percentile } from './support/statistics.ts';
import { millisecondsOf } from './support/timing.ts';

/** What measuring costs: recording one operation, reporting over 10,000 of them, and the memory that they take. */
export async function run({ progress }: BenchOptions): Promise<Metrics> {
  const durations = Float64Array.from(
    { length: OPERATIONS },
    (_, index) => ((index * 7919) % 30_000) + 0.137,
  );

  progress('memory …');
  const memoryMb = memoryOf(durations);

  progress('recording …');
  const recording = batches(() => {
    const stats = new Stats(systemClock);
    return millisecondsOf(() => recordAll(stats, durations));
  }).map((milliseconds) => (milliseconds * 1000) / OPERATIONS);

  progress('reporting …');
  const stats = new Stats(systemClock);
  recordAll(stats, durations);
  const reporting = batches(() => millisecondsOf(() => stats.report()));

  return {
    recordMicroseconds: median(recording),
    recordP95Microseconds: percentile(recording, 95),
    reportMs: median(reporting),
    reportP95Ms: percentile(reporting, 95),
    memoryMb,
  };
}

export const bounds: Bounds = {
  recordMicroseconds: { atMost: 1 },
  reportMs: { atMost: 1 },
  memoryMb: { atMost: 1 },
};

const OPERATIONS = 10_000;
const WARM_UP = 20;
const BATCHES = 100;
/** One meter is lost in the noise of a process's memory; this many are not. */
const METERS = 40;

function batches(measure: () => number): readonly number[] {
  for (let index = 0; index < WARM_UP; index += 1) measure();
  return Array.from({ length: BATCHES }, measure);
}

/** Operations as they come: spread over the stages, every third with its tokens, every tenth a failure. */
function recordAll(stats: Stats, durations: Float64Array): void {
  for (const [index, duration] of durations.entries()) {
    const stage = TIMED_STAGES[index % TIMED_STAGES.length];
    if (stage !== undefined) stats.record(stage, duration);
    if (index % 10 === 0) stats.recordError('timeout');
    if (index % 3 === 0)
      stats.recordUsage({
        model: 'measured',
        purpose: 'speak',
        inputTokens: 1200,
        cachedInputTokens: 1024,
        outputTokens: 80,
        costInMicroUsd: 420,
      });
  }
}

/** Megabytes that one meter holds after its operations, heap and the histograms' own memory together. */
function memoryOf(durations: Float64Array): number {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function')
    throw new TypeError('This Node does not let a benchmark collect garbage.');
  const residentBytes = () => {
    collect();
    return process.memoryUsage.rss();
  };
  recordAll(new Stats(systemClock), durations);
  const before = residentBytes();
  const meters = Array.from({ length: METERS }, () => {
    const stats = new Stats(systemClock);
    recordAll(stats, durations);
    return stats;
  });
  const held = residentBytes() - before;
  return held / meters.length / 1024 / 1024;
}
