import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { Clock } from '#src/core/clock.ts';
import type { Usage } from '#src/core/entities.ts';
import { type Meter, TIMED_STAGES, type TimedStage } from '#src/core/meter.ts';

/** Microseconds. Ten minutes is more than any call to a model may last; what is longer counts as ten minutes. */
const LONGEST_IN_MICROSECONDS = 600_000_000;
/** Two significant digits: a percentile is off by at most 1 %, and a stage takes about 25 kB. */
const HISTOGRAM = { lowest: 1, highest: LONGEST_IN_MICROSECONDS, figures: 2 };

/** Names beyond these are counted together, so that what servers send cannot fill the memory. */
const MODELS_KEPT = 64;
const ERROR_KINDS_KEPT = 32;
const REST = 'others';

export interface CacheFigures {
  readonly hits: number;
  readonly misses: number;
  /** What it holds now. */
  readonly entries: number;
}

export interface PermitFigures {
  readonly held: number;
  readonly limit: number;
  readonly waiting: number;
}

/** Work that is gathered and done together. */
export interface BatchFigures {
  readonly batches: number;
  /** In all batches together. */
  readonly items: number;
  /** Items in the largest. */
  readonly largest: number;
}

/** Plain data: what `admin stats` shows and a metrics page can serve. */
export interface StatsReport {
  readonly uptimeInMs: number;
  /** Stages in which something was recorded. */
  readonly stages: readonly StageFigures[];
  readonly models: readonly ModelFigures[];
  readonly errors: readonly { readonly kind: string; readonly count: number }[];
  readonly caches: readonly (CacheFigures & { readonly name: string })[];
  readonly permits: readonly (PermitFigures & { readonly name: string })[];
  /** Those of which there was one. */
  readonly batches: readonly (BatchFigures & { readonly name: string })[];
}

export interface StageFigures {
  readonly stage: TimedStage;
  readonly count: number;
  readonly p50InMs: number;
  readonly p95InMs: number;
  readonly p99InMs: number;
}

export interface ModelFigures {
  readonly model: string;
  readonly calls: number;
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  readonly costInMicroUsd: number;
}

/** The process's meter: latency, tokens, cost and errors since its start, in memory that does not grow. */
export class Stats implements Meter {
  readonly #clock: Clock;
  readonly #startedAtInMs: number;
  readonly #stages = new Map<TimedStage, RecordableHistogram>();
  readonly #models = new Map<string, ModelFigures>();
  readonly #errors = new Map<string, number>();
  readonly #caches = new Map<string, () => CacheFigures>();
  readonly #permits = new Map<string, () => PermitFigures>();
  readonly #batches = new Map<string, () => BatchFigures>();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedAtInMs = clock.now();
  }

  /** One operation. A duration that is not a number above zero (a clock set back) counts as the shortest. */
  record(stage: TimedStage, durationInMs: number): void {
    let histogram = this.#stages.get(stage);
    if (histogram === undefined) {
      histogram = createHistogram(HISTOGRAM);
      this.#stages.set(stage, histogram);
    }
    const microseconds = durationInMs > 0 ? Math.round(durationInMs * 1000) : 1;
    histogram.record(Math.min(Math.max(microseconds, 1), LONGEST_IN_MICROSECONDS));
  }

  recordError(kind: string): void {
    const key = keyWithin(this.#errors, kind, ERROR_KINDS_KEPT);
    this.#errors.set(key, (this.#errors.get(key) ?? 0) + 1);
  }

  recordUsage(usage: Usage): void {
    const model = keyWithin(this.#models, usage.model, MODELS_KEPT);
    const before = this.#models.get(model);
    this.#models.set(model, {
      model,
      calls: (before?.calls ?? 0) + 1,
      inputTokens: (before?.inputTokens ?? 0) + usage.inputTokens,
      cachedInputTokens: (before?.cachedInputTokens ?? 0) + usage.cachedInputTokens,
      outputTokens: (before?.outputTokens ?? 0) + usage.outputTokens,
      costInMicroUsd: (before?.costInMicroUsd ?? 0) + usage.costInMicroUsd,
    });
  }

  /** A cache that is asked for its figures with each report. The same name again takes the place of the first. */
  addCacheSource(name: string, read: () => CacheFigures): void {
    this.#caches.set(name, read);
  }

  /** A pool of permits that is asked with each report. The same name again takes the place of the first. */
  addPermitSource(name: string, read: () => PermitFigures): void {
    this.#permits.set(name, read);
  }

  /** Work in batches that is asked with each report. The same name again takes the place of the first. */
  addBatchSource(name: string, read: () => BatchFigures): void {
    this.#batches.set(name, read);
  }

  report(): StatsReport {
    return {
      uptimeInMs: Math.max(0, this.#clock.now() - this.#startedAtInMs),
      stages: TIMED_STAGES.flatMap((stage) => {
        const histogram = this.#stages.get(stage);
        return histogram === undefined ? [] : [stageFigures(stage, histogram)];
      }),
      models: [...this.#models.values()].sort(
        (a, b) => b.costInMicroUsd - a.costInMicroUsd || b.calls - a.calls,
      ),
      errors: [...this.#errors].map(([kind, count]) => ({ kind, count })).sort((a, b) => b.count - a.count),
      caches: [...this.#caches].map(([name, read]) => ({ name, ...read() })),
      permits: [...this.#permits].map(([name, read]) => ({ name, ...read() })),
      batches: [...this.#batches]
        .map(([name, read]) => ({ name, ...read() }))
        .filter(({ batches }) => batches > 0),
    };
  }
}

function stageFigures(stage: TimedStage, histogram: RecordableHistogram): StageFigures {
  const inMs = (percent: number) => histogram.percentile(percent) / 1000;
  return { stage, count: histogram.count, p50InMs: inMs(50), p95InMs: inMs(95), p99InMs: inMs(99) };
}

/** `key` where it is known or there is room for it, else the name under which the rest is counted. */
function keyWithin(map: ReadonlyMap<string, unknown>, key: string, limit: number): string {
  return map.has(key) || map.size < limit ? key : REST;
}
