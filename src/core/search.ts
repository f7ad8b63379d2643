import type { MemoryUnit } from './memory.ts';

/** What the search of the long tiers and of lore finds: a line in long-term memory, what stands in place of lines, a passage. */
export type SearchKind = 'line' | 'memory' | 'passage';

/** The tiers that are searched; the others lie in memory whole. */
export type LongTier = 'long-term' | 'semantic';

/** Names what can be found. */
export interface SearchKey {
  readonly campaignId: string;
  readonly kind: SearchKind;
  /** As in the store. */
  readonly id: string;
}

/**
 * Who finds it. `everyone` finds lore that is for every NPC; what has no reader is found only where nobody in particular
 * asks.
 */
export type SearchReader = { readonly npcId: string; readonly tier: LongTier | 'lore' } | 'everyone';

/** What can be found, by the text that it has. */
export interface SearchText extends SearchKey {
  readonly text: string;
}

/** What can be found, as it is in the store now. */
export interface SearchEntry extends SearchText {
  /** None of a line that is in nobody's long tiers: nobody finds it here, its vector alone is kept. */
  readonly readers: readonly SearchReader[];
}

/** Whether anybody finds it: a passage without readers is found where nobody in particular asks. */
export function isFound({ kind, readers }: SearchEntry): boolean {
  return kind === 'passage' || readers.length > 0;
}

/** An entry with its vector; undefined where it has none yet: it is found by its words. */
export interface EmbeddedEntry extends SearchEntry {
  readonly vector: Float32Array | undefined;
}

export interface SearchQuery {
  readonly campaignId: string;
  readonly what: 'memories' | 'lore';
  /** Whose; undefined: anybody's, for the game master. */
  readonly npcId: string | undefined;
  /** Of memories, both where left out. */
  readonly tiers?: readonly LongTier[];
  /** The telling words of what is asked, in small letters. */
  readonly words: readonly string[];
  /** What is asked, as the vectors of the entries are made; undefined: it goes by words alone. */
  readonly vector: Float32Array | undefined;
  readonly limit: number;
}

export interface SearchHit {
  readonly kind: SearchKind;
  readonly id: string;
  /** Higher is better; comparable within one search only. */
  readonly score: number;
  /** How alike the vectors are, from -1 to 1; undefined where that was not looked at. */
  readonly likeness: number | undefined;
}

/**
 * Finds what lies in the long tiers and in lore. It is derived from the store and may be behind it by seconds: whoever
 * asks looks the hits up there, and leaves out what the reader does not hold any more. What a reader may not know is left
 * out before anything is ranked.
 */
export interface LongSearch {
  /** The best, best first; at most `limit`. Rejects where the search cannot be reached. */
  find(query: SearchQuery): Promise<readonly SearchHit[]>;
}

/** A search that is told what there is. Both calls do the same again where they are made again. */
export interface SearchIndex extends LongSearch {
  /** Each takes the place of what was there under its key. */
  put(entries: readonly EmbeddedEntry[]): Promise<void>;
  remove(keys: readonly SearchKey[]): Promise<void>;
}

/** A search that keeps vectors so that they can be had back: none need be made again for another index. */
export interface KeepingSearchIndex extends SearchIndex {
  /** Those that its model made of these very texts, by their places. None of a text that was another when it was told. */
  kept(texts: readonly SearchText[]): Promise<ReadonlyMap<number, Float32Array>>;
}

/** Something that a search index has yet to be told. */
export interface SearchChange {
  readonly key: SearchKey;
  /** Which change of it this is: a later one is not done with when this one is. */
  readonly version: number;
  /** How often telling it has failed. */
  readonly attempts: number;
  /** As it is now; undefined where nobody finds it any more. */
  readonly entry: SearchEntry | undefined;
}

/** For what the indexes are built. */
export interface SearchPurpose {
  /** Whose vectors they have, and which far one it is. */
  readonly name: string;
  /** The lines in the recent tiers are told too, for their vectors. */
  readonly withRecent: boolean;
}

/** What the search indexes have yet to be told. It is written in the transactions that change what can be found. */
export interface SearchOutbox {
  /** The oldest changes that are due. */
  due(options: { readonly limit: number }): Promise<readonly SearchChange[]>;
  /** They were told. */
  done(changes: readonly SearchChange[]): Promise<void>;
  /** They were not, and are due again at that time. */
  failed(changes: readonly SearchChange[], options: { readonly dueAtInMs: number }): Promise<void>;
  /** How many there are, due or not. */
  size(): Promise<number>;
  /**
   * Has everything told anew where the indexes were last built for something else, and remembers for what they are built
   * now.
   * @returns whether that was so.
   */
  rebuildFor(purpose: SearchPurpose): Promise<boolean>;
  /** Whether the indexes are built for this, and not for something else by another process meanwhile. */
  isBuiltFor(purpose: SearchPurpose): Promise<boolean>;
  /** Has everything told anew for this, whatever the indexes were built for, and remembers that until `endAnew`. */
  beginAnew(purpose: SearchPurpose): Promise<void>;
  /** Whether telling everything anew for this was begun and has not ended. */
  isAnewFor(purpose: SearchPurpose): Promise<boolean>;
  endAnew(): Promise<void>;
}

/** What texts mean, by the vectors of a model. */
export interface Meanings {
  /** Of a question; undefined where the model is late or fails. */
  of(text: string): Promise<Float32Array | undefined>;
  /** Those of memories that have been made, by their ids. */
  kept(campaignId: string, memories: readonly MemoryUnit[]): Promise<ReadonlyMap<string, Float32Array>>;
}

/** Asks a search in words. */
export interface TextSearch {
  /** Everything is asked for there, whether or not it lies in memory too. */
  readonly isAlwaysAsked: boolean;
  /** Undefined where vectors are hashed: they say nothing that the words do not say. */
  readonly meanings?: Meanings | undefined;
  find(text: string, query: Omit<SearchQuery, 'words' | 'vector'>): Promise<readonly SearchHit[]>;
}
