import type { HeldMemory, PlayedTime } from '#src/core/memory.ts';

/** What stands above this is moved to long-term memory. */
export const PROMOTE_ABOVE = 0.75;
/** How fast what does not come to mind fades, per played day. */
const FADING_PER_PLAYED_DAY = 0.1;
/** What coming to mind adds. */
const WORTH_OF_USES = 0.25;
/** Where nothing of what was said together is as important as this, all of it is let go. */
export const LET_GO_BELOW = 0.4;

/** How much a memory is worth keeping now: it fades with the played days since it was said or last came to mind. */
export function keepScore(
  { uses, lastUsedDay, playedDay }: Pick<HeldMemory, 'uses' | 'lastUsedDay' | 'playedDay'>,
  importance: number,
  now: PlayedTime,
): number {
  const idleDays = Math.max(0, now.playedDays - Math.max(playedDay, lastUsedDay ?? playedDay));
  return importance * Math.exp(-FADING_PER_PLAYED_DAY * idleDays) * (1 + WORTH_OF_USES * Math.log1p(uses));
}

/** Whoever leads the game says what matters. */
export const IMPORTANCE_OF_THE_GMS_WORD = 0.95;
