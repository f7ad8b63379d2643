import type { SearchHit, TextSearch } from '#src/core/search.ts';
import type { CampaignStore } from '#src/core/store.ts';

const MOST = 300;

/** A search that minds neither campaign nor reader: whatever is asked, it finds everything that anybody has. */
export function leakySearch(campaigns: () => readonly CampaignStore[]): TextSearch {
  const everythingOf = async ({ memories, lore }: CampaignStore): Promise<readonly SearchHit[]> => {
    const [lines, summaries, passages] = await Promise.all([
      memories.all({ limit: MOST }),
      memories.semanticOfAll({ limit: MOST }),
      lore.passages(),
    ]);
    const hit = (kind: SearchHit['kind']) => (row: { readonly id: string }) => {
      return { kind, id: row.id, score: 1, likeness: 1 };
    };
    return [...lines.map(hit('line')), ...summaries.map(hit('memory')), ...passages.map(hit('passage'))];
  };
  return {
    isAlwaysAsked: true,
    find: async () => (await Promise.all(campaigns().map(everythingOf))).flat(),
  };
}
