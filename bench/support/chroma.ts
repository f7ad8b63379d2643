import { ChromaSearch } from '#src/adapters/chroma/chroma-search.ts';
import { systemClock } from '#src/core/clock.ts';
import type { SearchHit, TextSearch } from '#src/core/search.ts';
import type { CampaignStore, Store } from '#src/core/store.ts';
import { contentOf, plainWords } from '#src/memory/words.ts';
import { GuardedSearch } from '#src/search/guarded-search.ts';
import { HASHED_MODEL } from '#src/search/hashed-model.ts';
import { hashedVectorInSpace } from '#src/search/hashed-space.ts';
import { LongRecall } from '#src/search/long-recall.ts';
import { SearchIndexer } from '#src/search/search-indexer.ts';
import { startChroma } from '../../test/support/servers/chroma.ts';

/** As many as a turn asks for. */
const FOUND = 50;

/** A Chroma server of one's own, empty, with the product's search over it. */
export interface ChromaBench extends AsyncDisposable {
  /** What keepers of memories ask. */
  readonly recall: TextSearch;
  /** Tells Chroma all that waits for it. */
  tell(store: Store): Promise<void>;
  /** The query that a recall makes, and nothing around it. */
  queryAlone(campaignId: string, npcId: string, text: string): Promise<readonly SearchHit[]>;
}

const nothingKept = { kept: async () => new Map<number, Float32Array>() };

export async function openChromaBench(): Promise<ChromaBench> {
  const server = await startChroma();
  const far = await ChromaSearch.open({ url: server.url, model: HASHED_MODEL });
  const fail = (error: unknown) => {
    throw error;
  };
  const failing = { find: () => Promise.reject(new Error('Chroma did not answer.')) };
  const search = new GuardedSearch({ far, own: failing, clock: systemClock, onAway: fail, onBack: () => {} });
  return {
    recall: new LongRecall({ search, own: nothingKept, isAlwaysAsked: true, onLeftOut: fail }),
    async tell(store) {
      const indexer = new SearchIndexer({
        ...{ outbox: store.searchOutbox, locks: store.locks, own: store.searchIndex(HASHED_MODEL) },
        ...{ far: { index: far, identity: () => far.identity() }, clock: systemClock, onFault: fail },
      });
      await indexer.drain();
      if ((await store.searchOutbox.size()) > 0) throw new Error('Chroma was not told everything.');
    },
    queryAlone(campaignId, npcId, text) {
      const plain = plainWords(text);
      const words = contentOf(plain).map((word) => word.plain);
      const query = { campaignId, what: 'memories', npcId, limit: FOUND } as const;
      return far.find({ ...query, words, vector: hashedVectorInSpace(plain) });
    },
    [Symbol.asyncDispose]: () => server.stop(),
  };
}

/** A memory in a long tier: the game master's word. */
export async function remember(
  campaign: CampaignStore,
  npcId: string,
  id: string,
  text: string,
): Promise<void> {
  const word = { importance: 0.9, isPinned: false, by: 'bench', inPlaceOf: undefined };
  await campaign.memories.tell(npcId, { id, text, ...word });
}
