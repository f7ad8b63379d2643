import type { Usage } from '#src/core/entities.ts';
import type { ModelFailureKind } from '#src/core/errors.ts';
import type { Meter, TimedStage } from '#src/core/meter.ts';
import type { Origin } from '#src/core/model.ts';

/** A meter that keeps what it was told. */
export class RecordingMeter implements Meter {
  readonly durations: { readonly stage: TimedStage; readonly durationInMs: number }[] = [];
  readonly errors: ModelFailureKind[] = [];
  readonly usages: { readonly usage: Usage; readonly origin: Origin }[] = [];

  get stages(): TimedStage[] {
    return this.durations.map(({ stage }) => stage);
  }

  record(stage: TimedStage, durationInMs: number): void {
    this.durations.push({ stage, durationInMs });
  }

  recordError(kind: ModelFailureKind): void {
    this.errors.push(kind);
  }

  recordUsage(usage: Usage, origin: Origin): void {
    this.usages.push({ usage, origin });
  }
}
