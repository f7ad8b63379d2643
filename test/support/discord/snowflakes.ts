import type { Clock } from '#src/core/clock.ts';

/** Discord counts from the first second of 2015. */
const EPOCH_IN_MS = 1_420_070_400_000;
const TIME_SHIFT = 22n;

/** Ids as Discord makes them: they grow, and carry the time at which they were made. */
export class Snowflakes {
  readonly #clock: Clock;
  #last = 0n;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  next(): string {
    const now = BigInt(this.#clock.now() - EPOCH_IN_MS) << TIME_SHIFT;
    this.#last = now > this.#last ? now : this.#last + 1n;
    return String(this.#last);
  }
}

/** Which shard of so many gets what happens in a guild. */
export function shardOf(guildId: string, shardCount: number): number {
  return Number((BigInt(guildId) >> TIME_SHIFT) % BigInt(shardCount));
}
