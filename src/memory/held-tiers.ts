import type { HeldMemory, Tier } from '#src/core/memory.ts';
import type { CampaignStore } from '#src/core/store.ts';
import { TIER_BOUNDS, tierOf } from './tiers.ts';

/** Says of an NPC's memories in which tier they are now. */
export async function tiersOf(store: CampaignStore, npcId: string): Promise<(held: HeldMemory) => Tier> {
  const limit = TIER_BOUNDS['short-term'].entries;
  const newest = await store.memories.idsHeld(npcId, { shelf: 'recent', limit });
  const ranks = new Map(newest.map((id, rank) => [id, rank]));
  const now = await store.consolidation.played();
  return (held) => tierOf(held, ranks.get(held.unit.id) ?? limit, now);
}

/** How many of an NPC's memories are in each tier now. */
export async function tierCounts(
  store: CampaignStore,
  npcId: string,
): Promise<Readonly<Record<Tier, number>>> {
  const limit = TIER_BOUNDS['short-term'].entries;
  const [newest, counts, tier] = await Promise.all([
    store.memories.held(npcId, { shelf: 'recent', limit }),
    store.memories.counts(npcId),
    tiersOf(store, npcId),
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
