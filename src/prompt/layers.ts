import type { PromptShares } from '#src/core/prompt-shares.ts';

/*
 * The layers of a spoken line's prompt. Where it is too full, the last one gives way first:
 * - ESSENTIAL: rules, sheet, the line to answer and the closing words (`essentials.ts`). A sheet is shortened where not
 *   even the fewest lines fit beside it, and further where it would leave the line to answer no room.
 * - HIGH: the newest lines, never fewer than `FEWEST_LINES_IN_TOKENS` holds. What leaves is folded, and left to memory.
 * - MEDIUM: memories and lore, the most fitting first.
 * - LOW: what is still in mind of older times, the newest first; and what of the scene was folded, in what that leaves:
 *   half of it at least.
 * Of `PromptShares`, `core` is for the first two. It is what the others leave of the whole: that no more than their shares
 * is kept free for them is all that it asks for, so that nothing reads it here. What the others do not take is for more
 * lines, but for the little by which the talk may grow before it begins elsewhere.
 */

/** However long a sheet is, so much of the transcript finds room beside it and the line that is answered. */
export const FEWEST_LINES_IN_TOKENS = 800;
/** Of the budget: left free where lines begin anew, so that they begin there for some turns. */
export const SHARE_TO_GROW = 0.1;
/** Of the budget: where more lies idle, older lines return. */
export const MOST_IDLE_SHARE = 0.15;

/** At most so many memories are told. */
export const MOST_MEMORIES = 12;
/** The gist of a long tale is enough, of a memory as of a passage. */
export const MOST_OF_A_MEMORY_IN_CHARACTERS = 600;

/**
 * The most that summaries may take. It does not depend on the lines, so that the same ones stand there from turn to turn.
 * @param spareInTokens what a sheet leaves of the budget beside the fewest lines.
 */
export function roomForSummaries(
  budgetInTokens: number,
  spareInTokens: number,
  { retrieved, summaries }: PromptShares,
): number {
  if (summaries === 0) return 0;
  const theirPart = summaries / (summaries + retrieved);
  return Math.max(0, Math.min(summaries * budgetInTokens, theirPart * spareInTokens));
}
