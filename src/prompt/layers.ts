/**
 * The layers of a spoken line's prompt. Where it is too full, the last one gives way first:
 * - ESSENTIAL: rules, sheet, the line to answer and the closing words. A sheet is shortened where not even the fewest
 *   lines fit beside it.
 * - HIGH: the newest lines, never fewer than `FEWEST_LINES_IN_TOKENS` holds. What leaves is left to memory.
 * - MEDIUM: memories and lore, the most fitting first.
 * - LOW: what is still in mind of older times, the newest first.
 */
export interface Shares {
  /** ESSENTIAL and HIGH. */
  readonly core: number;
  /** MEDIUM. */
  readonly retrieved: number;
  /** LOW. */
  readonly summaries: number;
}

/** However long a sheet is, so much of the transcript finds room beside it and the line that is answered. */
export const FEWEST_LINES_IN_TOKENS = 800;

/** Twelve memories and ten passages at their longest come to this: what is kept free beyond it would stay empty. */
const MOST_RETRIEVED_IN_TOKENS = 4_000;

/** What each may have of the budget. What one leaves is for the others. */
export const SHARES: Shares = checkedShares({ core: 0.4, retrieved: 0.4, summaries: 0.2 });

/** @throws RangeError unless they are shares of one whole. */
export function checkedShares(shares: Shares): Shares {
  const parts = [shares.core, shares.retrieved, shares.summaries];
  const sum = parts.reduce((whole, part) => whole + part, 0);
  if (parts.every((part) => part >= 0) && Math.abs(sum - 1) < 1e-9) return shares;
  throw new RangeError(
    `The shares of a prompt are ${parts.join(', ')}: give three that are not below 0 and add up to 1.`,
  );
}

/**
 * What is kept free for memories and lore. It does not depend on how many there are, so that the transcript begins at the
 * same line from turn to turn.
 */
export function roomForRetrieved(budgetInTokens: number): number {
  return Math.min(SHARES.retrieved * budgetInTokens, MOST_RETRIEVED_IN_TOKENS);
}

/**
 * The most that summaries may take. It does not depend on the lines, so that the same ones stand there from turn to turn.
 * @param spareInTokens what a sheet leaves of the budget beside the fewest lines.
 */
export function roomForSummaries(budgetInTokens: number, spareInTokens: number): number {
  const { retrieved, summaries } = SHARES;
  const theirPart = summaries / (summaries + retrieved);
  return Math.max(0, Math.min(summaries * budgetInTokens, theirPart * spareInTokens));
}
