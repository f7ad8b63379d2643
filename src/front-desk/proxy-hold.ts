import { LRUCache } from 'lru-cache';
import type { Clock } from '#src/core/clock.ts';
import { within } from '#src/core/clock.ts';

/** So long a line waits that a proxy may be about to replace: they take about a second. */
export const PROXY_HOLD_IN_MS = 1500;
/** Whoever said so many lines in a row that nothing replaced uses no proxy, and is not kept waiting. */
const LINES_TO_TRUST = 3;
/** A line that is deleted so soon after it was said was replaced by a proxy. */
const REPLACED_WITHIN_IN_MS = 10_000;
const MAX_PEOPLE = 10_000;

/** Who uses a proxy, and so whose lines are held until it is seen whether one replaces them. */
export class ProxyHold {
  readonly #clock: Clock;
  /** By person: lines in a row that nothing replaced, or that one was replaced once. */
  readonly #people = new LRUCache<string, number | 'replaced'>({ max: MAX_PEOPLE });
  /** What ends each hold. */
  readonly #holds = new Set<() => void>();
  #isClosed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Waits while a line may still be replaced.
   * @param line.ended resolves when it was deleted.
   */
  async hold(
    personId: string,
    line: { readonly arrivedAtInMs: number; readonly isRetracted: boolean; readonly ended: Promise<void> },
  ): Promise<void> {
    const known = this.#people.get(personId) ?? 0;
    if (known !== 'replaced' && known >= LINES_TO_TRUST) return;
    const leftInMs = line.arrivedAtInMs + PROXY_HOLD_IN_MS - this.#clock.now();
    if (leftInMs > 0 && !line.isRetracted && !this.#isClosed) await this.#wait(leftInMs, line.ended);
    if (line.isRetracted) this.#people.set(personId, 'replaced');
    else if (known !== 'replaced') this.#people.set(personId, known + 1);
  }

  /** A line that had been taken in was deleted: where that came soon, by a proxy. */
  deleted(personId: string, saidAtInMs: number): void {
    if (this.#clock.now() - saidAtInMs < REPLACED_WITHIN_IN_MS) this.#people.set(personId, 'replaced');
  }

  /** Nothing is held any more. */
  close(): void {
    this.#isClosed = true;
    for (const end of this.#holds) end();
  }

  async #wait(forInMs: number, ended: Promise<void>): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#holds.add(resolve);
    void ended.then(resolve);
    await within(forInMs, promise);
    this.#holds.delete(resolve);
  }
}
