/** What each part of a spoken line's prompt may have of the room; together 1. What one leaves is for the others. */
export interface PromptShares {
  /** Rules, sheet and what was just said. */
  readonly core: number;
  /** Memories and lore that were looked up. */
  readonly retrieved: number;
  /** What is still in mind of older times. */
  readonly summaries: number;
}

export const USUAL_PROMPT_SHARES: PromptShares = { core: 0.4, retrieved: 0.4, summaries: 0.2 };
