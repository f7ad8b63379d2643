import type { MemoryUnit } from '#src/core/memory.ts';
import type { TextSearch } from '#src/core/search.ts';
import type { CampaignStore } from '#src/core/store.ts';
import type { RecallIndex } from './recall-index.ts';

/** Of the long tiers, what is ranked together with what lies in memory. */
export const MOST_FOUND = 50;

/**
 * What the long tiers hold that answers a question and is not in the index. The search may be behind: what is not held
 * any more is left out here.
 * @param npcId undefined: of everybody.
 */
export async function foundBeyond(
  store: CampaignStore,
  npcId: string | undefined,
  query: string,
  options: { readonly search: TextSearch; readonly index: RecallIndex },
): Promise<readonly MemoryUnit[]> {
  const { search, index } = options;
  const { campaignId, memories } = store;
  const found = await search.find(query, { campaignId, what: 'memories', npcId, limit: MOST_FOUND });
  const ids = found.map(({ id }) => id).filter((id) => !index.has(id));
  if (ids.length === 0) return [];
  if (npcId !== undefined) return unitsHeld(store, npcId, ids);
  // Each as the first of its holders has it.
  const holders = await memories.holders(ids);
  const byHolder = Map.groupBy(ids, (id) => holders.get(id)?.[0]?.npcId);
  const units = await Promise.all(
    [...byHolder].map(async ([holder, own]) => (holder === undefined ? [] : unitsHeld(store, holder, own))),
  );
  return units.flat();
}

async function unitsHeld(
  { memories }: CampaignStore,
  npcId: string,
  ids: readonly string[],
): Promise<readonly MemoryUnit[]> {
  return (await memories.heldAmong(npcId, ids)).map(({ unit }) => unit);
}
