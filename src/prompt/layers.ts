import type { PromptShares } from '#src/core/prompt-shares.ts';

/*
 * The layers of a spoken line's prompt. Where it is too full, the last one gives way first:
 * - ESSENTIAL: rules, sheet, the line to answer and the closing words. A sheet is shortened where not even the fewest
 *   lines fit beside it.
 * - HIGH: the newest lines, never fewer than `FEWEST_LINES_IN_TOKENS` holds. What leaves is folded, and left to memory.
 * - MEDIUM: memories and lore, the most fitting first.
 * - LOW: what is still in mind of older times, the newest first; and what of the scene was folded, in what that leaves.
 * Of `PromptShares`, `core` is for the first two.
 */

/** However long a sheet is, so much of the transcript finds room beside it and the line that is answered. */
export const FEWEST_LINES_IN_TOKENS = 800;

/** Twelve memories and ten passages at their longest come to this: what is kept free beyond it would stay empty. */
const MOST_RETRIEVED_IN_TOKENS = 4_000;

/**
 * What is kept free for memories and lore. It does not depend on how many there are, so that the transcript begins at the
 * same line from turn to turn.
 */
export function roomForRetrieved(budgetInTokens: number, { retrieved }: PromptShares): number {
  return Math.min(retrieved * budgetInTokens, MOST_RETRIEVED_IN_TOKENS);
}

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
