import type { HeldMemory, PlayedTime, Tier } from '#src/core/memory.ts';

const MINUTE_IN_MS = 60_000;

/** How much each tier holds of one NPC's memories, and for how long by played time. */
export const TIER_BOUNDS = {
  working: { entries: 15, playedInMs: 15 * MINUTE_IN_MS },
  'short-term': { entries: 100, playedInMs: 60 * MINUTE_IN_MS },
  episodic: { entries: 5_000, playedDays: 7 },
  'long-term': { entries: 10_000, playedDays: 30 },
  semantic: { entries: 50_000 },
} as const;

/** Played time since something was said; a clock that went back makes it no less than 0. */
export function playedSince(
  { playedAtInMs, playedDay }: Pick<HeldMemory, 'playedAtInMs' | 'playedDay'>,
  now: PlayedTime,
): PlayedTime {
  return {
    playedInMs: Math.max(0, now.playedInMs - playedAtInMs),
    playedDays: Math.max(0, now.playedDays - playedDay),
  };
}

/**
 * The tier of a memory.
 * @param rank its place among the NPC's recent memories, the newest 0; without meaning on the other shelves.
 */
export function tierOf(
  memory: Pick<HeldMemory, 'shelf' | 'playedAtInMs' | 'playedDay'>,
  rank: number,
  now: PlayedTime,
): Tier {
  if (memory.shelf !== 'recent') return memory.shelf;
  const { playedInMs } = playedSince(memory, now);
  for (const tier of ['working', 'short-term'] as const) {
    const bounds = TIER_BOUNDS[tier];
    if (rank < bounds.entries && playedInMs < bounds.playedInMs) return tier;
  }
  return 'episodic';
}
