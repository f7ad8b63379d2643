import type { HeldMemory } from '#src/core/memory.ts';
import { USUAL_MEMORY_SETTINGS } from '#src/core/memory-settings.ts';
import { idleDays, type MemoryTime } from './memory-time.ts';

/** What coming to mind adds. */
const WORTH_OF_USES = 0.25;
/** Where nothing of what was said together is as important as this, all of it is let go. */
export const LET_GO_BELOW = 0.4;

/** How much a memory is worth keeping now: it fades with the days since it was said or last came to mind. */
export function keepScore(
  held: Pick<HeldMemory, 'uses' | 'lastUsedDay' | 'lastUsedAtInMs' | 'playedDay' | 'unit'>,
  importance: number,
  now: MemoryTime,
  decayPerDay: number = USUAL_MEMORY_SETTINGS.decayPerDay,
): number {
  const left = Math.exp(-decayPerDay * idleDays(held, now));
  return importance * left * (1 + WORTH_OF_USES * Math.log1p(held.uses));
}

/** Whoever leads the game says what matters. */
export const IMPORTANCE_OF_THE_GMS_WORD = 0.95;
