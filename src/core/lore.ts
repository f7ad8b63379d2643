/** Who may know what a document says. Everyone: every NPC of the campaign, and whoever asks. */
export type LoreAudience =
  | { readonly kind: 'everyone' }
  | { readonly kind: 'npcs'; readonly npcIds: readonly string[] }
  | { readonly kind: 'gm' };

/** Something the campaign's world is written down in. */
export interface LoreDocument {
  readonly id: string;
  readonly title: string;
  readonly audience: LoreAudience;
  readonly passageCount: number;
  readonly sizeInCharacters: number;
  /** Display name of who added it last. */
  readonly by: string;
  readonly changedAtInMs: number;
}

/** A part of a document that is found and shown by itself. */
export interface LorePassage {
  /** Derives from its document and what it says: a passage that an edit leaves alone keeps it. */
  readonly id: string;
  readonly documentId: string;
  readonly title: string;
  /** Where in its document it stands, as headings: "The salt docks › The toll". May be empty. */
  readonly heading: string;
  readonly text: string;
  /** Order in its document, from 0. */
  readonly seq: number;
  /** Words of which one must be said for it to come up; empty: it is found by what it says. */
  readonly keys: readonly string[];
  /** With keys: one of these must be said too. Empty: none needs to. */
  readonly secondaryKeys: readonly string[];
}

/** A passage on its way into the store. */
export type NewPassage = Pick<LorePassage, 'heading' | 'text' | 'keys' | 'secondaryKeys'>;

/** A passage that was found, best first. */
export interface LoreHit {
  readonly passage: LorePassage;
  /** Higher is better; comparable within one search only. Keyed passages have the score of the word that called them: 1. */
  readonly score: number;
  /** Why it was found: "words: toll, ferry", "called by: tunnel". */
  readonly reasons: readonly string[];
}

/** How much of a campaign's lore is found. */
export interface LoreSettings {
  /** At most so many passages are found. */
  readonly limit: number;
  /**
   * A passage is found where it is at least so like what is asked for, from 0 to 1: by the share of the telling words
   * that it holds, or by how close the vectors lie.
   */
  readonly leastSimilarity: number;
}

export const USUAL_LORE_SETTINGS: LoreSettings = { limit: 10, leastSimilarity: 0.5 };
