import { LRUCache } from 'lru-cache';
import type { Clock } from '#src/core/clock.ts';
import type { Origin } from '#src/core/model.ts';

/** A model that comes and goes is told of once in so long. */
const QUIET_IN_MS = 10 * 60 * 1000;
const MAX_CAMPAIGNS = 10_000;

/** Whether a fall to another model is worth telling the GMs of a campaign, and with it the model's return. */
export class FallNews {
  readonly #clock: Clock;
  /** By campaign: when a fall was told, and whether its end is still to be told. */
  readonly #told = new LRUCache<string, { readonly atInMs: number; isOpen: boolean }>({ max: MAX_CAMPAIGNS });

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A model fell. True where the GMs are to be told. */
  fell({ campaignId }: Origin): boolean {
    const now = this.#clock.now();
    const last = this.#told.get(campaignId);
    if (last !== undefined && now - last.atInMs < QUIET_IN_MS) return false;
    this.#told.set(campaignId, { atInMs: now, isOpen: true });
    return true;
  }

  /** It answers again. True where its fall was told. */
  recovered({ campaignId }: Origin): boolean {
    const last = this.#told.get(campaignId);
    const wasOpen = last?.isOpen === true;
    if (last !== undefined) last.isOpen = false;
    return wasOpen;
  }
}
