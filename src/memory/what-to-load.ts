import type { MemoryUnit } from '#src/core/memory.ts';
import { MOST_PINNED } from '#src/core/memory-store.ts';
import type { CampaignStore } from '#src/core/store.ts';

/** Stands for everybody of a campaign, where otherwise an NPC's id does: no id has control characters. */
export const EVERYBODY = '\u0000';

/** The newest memories of one NPC in the recent tiers that are searched: the episodic tier's bound. */
const MOST_RECENT = 5_000;
/** The newest of each of the long tiers that are searched with them. */
const MOST_OF_A_LONG_TIER = 2_500;
const MOST_OF_ONE = MOST_RECENT + 2 * MOST_OF_A_LONG_TIER + MOST_PINNED;
/** The newest lines and summaries of a campaign that are searched when a GM asks who knows. */
const MOST_LINES_OF_ALL = 20_000;
const MOST_SUMMARIES_OF_ALL = 5_000;
const MOST_OF_ALL = MOST_LINES_OF_ALL + MOST_SUMMARIES_OF_ALL;

/** So many a holder's index may hold at once. */
export function mostOf(holder: string): number {
  return holder === EVERYBODY ? MOST_OF_ALL : MOST_OF_ONE;
}

/**
 * What of a holder's memories is searched in memory: the recent tiers, what is pinned, and the newest of the long tiers.
 * The oldest come first.
 */
export async function unitsToLoad(
  { memories }: CampaignStore,
  holder: string,
): Promise<{ readonly units: readonly MemoryUnit[]; readonly isPart: boolean }> {
  if (holder === EVERYBODY) {
    const [lines, summaries] = await Promise.all([
      memories.all({ limit: MOST_LINES_OF_ALL }),
      memories.semanticOfAll({ limit: MOST_SUMMARIES_OF_ALL }),
    ]);
    const isPart = lines.length === MOST_LINES_OF_ALL || summaries.length === MOST_SUMMARIES_OF_ALL;
    return { units: [...lines, ...summaries].reverse(), isPart };
  }
  const [recent, long] = await Promise.all([
    memories.of(holder, { limit: MOST_RECENT }),
    memories.long(holder, { limit: MOST_OF_A_LONG_TIER }),
  ]);
  const isPart = (['long-term', 'semantic'] as const).some(
    (tier) => long.filter((unit) => unit.tier === tier).length >= MOST_OF_A_LONG_TIER,
  );
  return { units: [...recent, ...long].reverse(), isPart };
}
