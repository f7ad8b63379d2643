import type { Clock } from '#src/core/clock.ts';
import type { HeldMemory, PlayedTime } from '#src/core/memory.ts';
import type { MemoryClock } from '#src/core/memory-settings.ts';
import type { MemoryMark } from '#src/core/memory-store.ts';
import type { CampaignStore } from '#src/core/store.ts';

const DAY_IN_MS = 24 * 60 * 60_000;

/** Time as it passes: its days are dates (UTC), like those that are played. */
export interface WallTime {
  readonly wallInMs: number;
}

/** Now, by the clock that a campaign's memories go by. */
export type MemoryTime = PlayedTime | WallTime;

export async function memoryTime(
  { consolidation }: Pick<CampaignStore, 'consolidation'>,
  by: MemoryClock,
  clock: Clock,
): Promise<MemoryTime> {
  return by === 'wall' ? { wallInMs: clock.now() } : consolidation.played();
}

/** Time since something was said, in milliseconds; a clock that went back makes it no less than 0. */
export function timeSince(
  { playedAtInMs, unit }: Pick<HeldMemory, 'playedAtInMs' | 'unit'>,
  now: MemoryTime,
): number {
  return Math.max(0, 'wallInMs' in now ? now.wallInMs - unit.saidAtInMs : now.playedInMs - playedAtInMs);
}

/** Days since something was said or last came to mind. */
export function idleDays(
  held: Pick<HeldMemory, 'playedDay' | 'lastUsedDay' | 'lastUsedAtInMs' | 'unit'>,
  now: MemoryTime,
): number {
  if ('wallInMs' in now) {
    const { unit, lastUsedAtInMs = unit.saidAtInMs } = held;
    return Math.max(0, dateOf(now.wallInMs) - dateOf(Math.max(unit.saidAtInMs, lastUsedAtInMs)));
  }
  const { playedDay, lastUsedDay = playedDay } = held;
  return Math.max(0, now.playedDays - Math.max(playedDay, lastUsedDay));
}

/**
 * Before this lies what was said more than so many days ago, today being the first of them. What was said lies in the
 * order of played days, whichever clock its age goes by.
 */
export async function markDaysAgo(
  { consolidation }: Pick<CampaignStore, 'consolidation'>,
  days: number,
  now: MemoryTime,
): Promise<MemoryMark> {
  const firstKept =
    'wallInMs' in now
      ? (await consolidation.playedDaysBefore(now.wallInMs - (days - 1) * DAY_IN_MS)) + 1
      : now.playedDays - days + 1;
  return { playedDay: firstKept, saidAtInMs: -1, seq: 0 };
}

/** Whether a place lies behind another. */
export function isAfter(one: MemoryMark, other: MemoryMark): boolean {
  return (one.playedDay - other.playedDay || one.saidAtInMs - other.saidAtInMs || one.seq - other.seq) > 0;
}

/** Days since the epoch (UTC). */
export function dateOf(timeInMs: number): number {
  return Math.floor(timeInMs / DAY_IN_MS);
}
