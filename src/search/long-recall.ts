import type { Embedder } from '#src/core/embedding.ts';
import type { LongSearch, SearchHit, SearchQuery, TextSearch } from '#src/core/search.ts';
import { contentOf, plainWords } from '#src/memory/words.ts';
import { hashedVectorInSpace } from './hashed-space.ts';

/** A turn waits two seconds for all that it looks up. */
const EMBEDDING_LIMIT_IN_MS = 800;
const LONGEST_TEXT_IN_CHARACTERS = 2_000;

export interface LongRecallOptions {
  readonly search: LongSearch;
  /** Undefined: vectors are hashed. */
  readonly embedder?: Embedder | undefined;
  /** Everything is asked for there, whether or not it lies in memory too. */
  readonly isAlwaysAsked: boolean;
  /** Counts a question that had to go by its words alone. */
  readonly onLeftOut: (why: 'embedding late or failed') => void;
}

/** Turns a text into what a search is asked with. */
export class LongRecall implements TextSearch {
  readonly isAlwaysAsked: boolean;
  readonly #options: LongRecallOptions;

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

  async #vectorOf(text: string, words: readonly string[]): Promise<Float32Array | undefined> {
    const { embedder, isAlwaysAsked, onLeftOut } = this.#options;
    // The store has no hashed vectors to hold another against.
    if (embedder === undefined) return isAlwaysAsked ? hashedVectorInSpace(words) : undefined;
    try {
      return (await embedder.embed([text], AbortSignal.timeout(EMBEDDING_LIMIT_IN_MS)))[0];
    } catch {
      onLeftOut('embedding late or failed');
      return undefined;
    }
  }
}
