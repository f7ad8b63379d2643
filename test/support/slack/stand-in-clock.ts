import type { Clock } from '#src/core/clock.ts';

interface Alarm {
  readonly dueAtInMs: number;
  readonly ring: () => void;
}

/** Real time that a test may put forward: what falls due meanwhile happens at once. */
export class StandInClock implements Clock {
  #aheadInMs = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #alarms = new Set<Alarm>();

  now(): number {
    return Date.now() + this.#aheadInMs;
  }

  advance(byInMs: number): void {
    this.#aheadInMs += byInMs;
    this.#ringDue();
  }

  /** Calls back once; gives what cancels it. */
  after(delayInMs: number, ring: () => void): () => void {
    const alarm = { dueAtInMs: this.now() + delayInMs, ring };
    this.#alarms.add(alarm);
    this.#wind();
    return () => {
      this.#alarms.delete(alarm);
      this.#wind();
    };
  }

  close(): void {
    this.#alarms.clear();
    clearTimeout(this.#timer);
  }

  #ringDue(): void {
    const due = [...this.#alarms]
      .filter(({ dueAtInMs }) => dueAtInMs <= this.now())
      .sort((one, other) => one.dueAtInMs - other.dueAtInMs);
    for (const alarm of due) this.#alarms.delete(alarm);
    for (const alarm of due) alarm.ring();
    this.#wind();
  }

  #wind(): void {
    clearTimeout(this.#timer);
    if (this.#alarms.size === 0) return;
    const nextAtInMs = Math.min(...[...this.#alarms].map(({ dueAtInMs }) => dueAtInMs));
    this.#timer = setTimeout(() => this.#ringDue(), Math.max(0, nextAtInMs - this.now()));
    this.#timer.unref();
  }
}
