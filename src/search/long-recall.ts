import type { Embedder } from '#src/core/embedding.ts';
import type { MemoryUnit } from '#src/core/memory.ts';
import type { KeepingSearchIndex, LongSearch, SearchHit, SearchQuery, TextSearch } from '#src/core/search.ts';
import { contentOf, plainWords } from '#src/memory/words.ts';
import { hashedVectorInSpace } from './hashed-space.ts';

/** A turn waits two seconds for all that it looks up. */
const EMBEDDING_LIMIT_IN_MS = 800;
const LONGEST_TEXT_IN_CHARACTERS = 2_000;

export interface LongRecallOptions {
  readonly search: LongSearch;
  /** The store's own index, which keeps the vectors. */
  readonly own: Pick<KeepingSearchIndex, 'kept'>;
  /** Undefined: vectors are hashed. */
  readonly embedder?: Embedder | undefined;
  /** Everything is asked for there, whether or not it lies in memory too. */
  readonly isAlwaysAsked: boolean;
  /**
   * Counts a question that had to go by its words alone.
   * @param error why, for the first of several in a row.
   */
  readonly onLeftOut: (why: 'embedding late or failed', error: unknown) => void;
}

/** Turns a text into what a search is asked with. */
export class LongRecall implements TextSearch {
  readonly isAlwaysAsked: boolean;
  readonly #options: LongRecallOptions;
  /** What is being embedded: a question is asked here and of what lies in memory at once. */
  readonly #underWay = new Map<string, Promise<Float32Array | undefined>>();
  #isFailing = false;

  constructor(options: LongRecallOptions) {
    this.#options = options;
    this.isAlwaysAsked = options.isAlwaysAsked;
  }

  async find(text: string, query: Omit<SearchQuery, 'words' | 'vector'>): Promise<readonly SearchHit[]> {
    const asked = text.slice(-LONGEST_TEXT_IN_CHARACTERS);
    if (asked.trim() === '') return [];
    const plain = plainWords(asked);
    const words = contentOf(plain).map((word) => word.plain);
    return this.#options.search.find({ ...query, words, vector: await this.#vectorOf(asked, plain) });
  }

  /** As `Meanings.of`; nothing where vectors are hashed. */
  async meaningOf(text: string): Promise<Float32Array | undefined> {
    const asked = text.slice(-LONGEST_TEXT_IN_CHARACTERS);
    if (asked.trim() === '') return undefined;
    const underWay = this.#underWay.get(asked) ?? this.#embed(asked);
    this.#underWay.set(asked, underWay);
    return underWay.finally(() => this.#underWay.delete(asked));
  }

  /** As `Meanings.kept`. */
  async keptMeanings(
    campaignId: string,
    memories: readonly MemoryUnit[],
  ): Promise<ReadonlyMap<string, Float32Array>> {
    const texts = memories.map(({ id, kind, text }) => ({
      campaignId,
      kind: kind === undefined ? ('line' as const) : ('memory' as const),
      ...{ id, text },
    }));
    const kept = await this.#options.own.kept(texts);
    return new Map([...kept].map(([at, vector]) => [memories[at]?.id ?? '', vector]));
  }

  async #vectorOf(text: string, words: readonly string[]): Promise<Float32Array | undefined> {
    const { embedder, isAlwaysAsked } = this.#options;
    // The store has no hashed vectors to hold another against.
    if (embedder === undefined) return isAlwaysAsked ? hashedVectorInSpace(words) : undefined;
    return this.meaningOf(text);
  }

  async #embed(text: string): Promise<Float32Array | undefined> {
    const { embedder, onLeftOut } = this.#options;
    try {
      const vectors = await embedder?.embed([text], AbortSignal.timeout(EMBEDDING_LIMIT_IN_MS));
      this.#isFailing = false;
      return vectors?.[0];
    } catch (error) {
      onLeftOut('embedding late or failed', this.#isFailing ? undefined : error);
      this.#isFailing = true;
      return undefined;
    }
  }
}
