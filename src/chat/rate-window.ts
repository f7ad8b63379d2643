/** At most `limit` requests in any stretch of `windowInMs`. */
export interface RateLimit {
  readonly limit: number;
  readonly windowInMs: number;
}

/** The requests of the last stretch of time. Each question takes the same time, however many there were. */
export class RateWindow {
  readonly #limit: number;
  readonly #windowInMs: number;
  /** When each was sent, oldest first; those before `#head` are too old to count. */
  #sentAtInMs: number[] = [];
  #head = 0;

  constructor({ limit, windowInMs }: RateLimit) {
    if (!Number.isInteger(limit) || limit < 1)
      throw new RangeError(`RateWindow: limit must be a whole number of at least 1, got ${limit}`);
    if (!(windowInMs > 0)) throw new RangeError(`RateWindow: windowInMs must be above 0, got ${windowInMs}`);
    this.#limit = limit;
    this.#windowInMs = windowInMs;
  }

  /** How many count at this time. */
  count(nowInMs: number): number {
    while ((this.#sentAtInMs[this.#head] ?? Number.POSITIVE_INFINITY) <= nowInMs - this.#windowInMs)
      this.#head += 1;
    if (this.#head > this.#limit) {
      this.#sentAtInMs = this.#sentAtInMs.slice(this.#head);
      this.#head = 0;
    }
    return this.#sentAtInMs.length - this.#head;
  }

  /** How long until fewer than `cap` count; 0 where that is so already. */
  waitInMs(nowInMs: number, cap = this.#limit): number {
    const count = this.count(nowInMs);
    if (count < cap) return 0;
    const freeing = this.#sentAtInMs[this.#head + count - Math.max(1, cap)] ?? nowInMs;
    return freeing + this.#windowInMs - nowInMs;
  }

  add(nowInMs: number): void {
    this.#sentAtInMs.push(nowInMs);
  }
}
