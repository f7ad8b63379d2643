import type { HeldMemory, Tier } from '#src/core/memory.ts';
import { type MemoryTime, timeSince } from './memory-time.ts';

const MINUTE_IN_MS = 60_000;

/** How much each tier holds of one NPC's memories, and for how long by the clock that they go by. */
export const TIER_BOUNDS = {
  working: { entries: 15, inMs: 15 * MINUTE_IN_MS },
  'short-term': { entries: 100, inMs: 60 * MINUTE_IN_MS },
  episodic: { entries: 5_000, days: 7 },
  'long-term': { entries: 10_000, days: 30 },
  semantic: { entries: 50_000 },
} as const;

/**
 * The tier of a memory.
 * @param rank its place among the NPC's recent memories, the newest 0; without meaning on the other shelves.
 */
export function tierOf(
  memory: Pick<HeldMemory, 'shelf' | 'playedAtInMs' | 'unit'>,
  rank: number,
  now: MemoryTime,
): Tier {
  if (memory.shelf !== 'recent') return memory.shelf;
  const age = timeSince(memory, now);
  for (const tier of ['working', 'short-term'] as const) {
    const bounds = TIER_BOUNDS[tier];
    if (rank < bounds.entries && age < bounds.inMs) return tier;
  }
  return 'episodic';
}
