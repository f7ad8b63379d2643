import type { Usage } from './entities.ts';
import type { ModelFailureKind } from './errors.ts';
import type { Origin } from './model.ts';

/** What is timed, in the order in which it is shown. */
export const TIMED_STAGES = [
  'queue wait',
  'planning',
  'drafting',
  'first token',
  'whole reply',
  'weighing',
  'folding',
  'rephrasing',
  'embedding wait',
  'embedding',
] as const;
export type TimedStage = (typeof TIMED_STAGES)[number];

/** What models report of their calls. Nothing here may throw or take its time: it stands in the way of a reply. */
export interface Meter {
  record(stage: TimedStage, durationInMs: number): void;
  recordError(kind: ModelFailureKind): void;
  recordUsage(usage: Usage, origin: Origin): void;
}
