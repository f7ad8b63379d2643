import type { Clock } from '#src/core/clock.ts';
import type { HeldMemory, Tier } from '#src/core/memory.ts';
import type { MemoryClock } from '#src/core/memory-settings.ts';
import type { CampaignStore } from '#src/core/store.ts';
import { memoryTime } from './memory-time.ts';
import { TIER_BOUNDS, tierOf } from './tiers.ts';

/** Says in which tiers memories are, by the clock that they go by. */
export class HeldTiers {
  readonly by: MemoryClock;
  readonly #clock: Clock;

  constructor(by: MemoryClock, clock: Clock) {
    this.by = by;
    this.#clock = clock;
  }

  /** Says of an NPC's memories in which tier they are now. */
  async of(store: CampaignStore, npcId: string): Promise<(held: HeldMemory) => Tier> {
    const limit = TIER_BOUNDS['short-term'].entries;
    const newest = await store.memories.idsHeld(npcId, { shelf: 'recent', limit });
    const ranks = new Map(newest.map((id, rank) => [id, rank]));
    const now = await memoryTime(store, this.by, this.#clock);
    return (held) => tierOf(held, ranks.get(held.unit.id) ?? limit, now);
  }

  /** How many of an NPC's memories are in each tier now. */
  async counts(store: CampaignStore, npcId: string): Promise<Readonly<Record<Tier, number>>> {
    const limit = TIER_BOUNDS['short-term'].entries;
    const [newest, counts, tier] = await Promise.all([
      store.memories.held(npcId, { shelf: 'recent', limit }),
      store.memories.counts(npcId),
      this.of(store, npcId),
    ]);
    const inTier = (wanted: Tier) => newest.filter((held) => tier(held) === wanted).length;
    const [working, shortTerm] = [inTier('working'), inTier('short-term')];
    return {
      working,
      'short-term': shortTerm,
      episodic: Math.max(0, counts.recent - working - shortTerm),
      'long-term': counts['long-term'],
      semantic: counts.semantic,
    };
  }
}
