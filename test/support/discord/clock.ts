import type { Clock } from '#src/core/clock.ts';

/** Real time that a test can set forward: tokens expire without anybody waiting. */
export class SettableClock implements Clock {
  #aheadInMs = 0;

  /** Bound: it is handed on alone. */
  readonly now = (): number => Date.now() + this.#aheadInMs;

  advance(durationInMs: number): void {
    this.#aheadInMs += durationInMs;
  }
}
