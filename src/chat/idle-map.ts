/** Below this many nothing is looked through. */
const MOST_UNSEEN = 1000;

/**
 * Values by key, of which those that have become idle are forgotten: looked through only each time as many again have
 * come, so that a key costs the same however many there are.
 */
export class IdleMap<V> {
  readonly #values = new Map<string, V>();
  readonly #isIdle: (value: V) => boolean;
  #sweepAtSize = MOST_UNSEEN;

  constructor(isIdle: (value: V) => boolean) {
    this.#isIdle = isIdle;
  }

  get size(): number {
    return this.#values.size;
  }

  get(key: string): V | undefined {
    return this.#values.get(key);
  }

  set(key: string, value: V): void {
    if (this.#values.size >= this.#sweepAtSize) {
      for (const [known, old] of this.#values) if (this.#isIdle(old)) this.#values.delete(known);
      this.#sweepAtSize = Math.max(MOST_UNSEEN, this.#values.size * 2);
    }
    this.#values.set(key, value);
  }
}
