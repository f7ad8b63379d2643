import type { LoreHit, LorePassage } from '#src/core/lore.ts';
import { Postings } from '#src/memory/postings.ts';
import { synonymsOf } from '#src/memory/related.ts';
import { contentOf, plainWords, type Word } from '#src/memory/words.ts';

/** How well another word stands for the one that was asked: itself 1. */
const SYNONYM = 0.7;
/** A word that no passage has says little about which one is meant: what is left of its weight. */
const UNKNOWN = 0.25;
/** Of what decides between passages that hold as much: how often and how densely they have the words (BM25). */
const SHARE_OF_DENSITY = 0.1;

/** The passages of a campaign, found by their words and what means the same. */
export class LoreIndex {
  readonly #words = new Postings();
  readonly #passages: LorePassage[] = [];
  /** What each passage holds of the text that is asked for, and how densely; all 0 between two searches. */
  #held = new Float64Array(0);
  #dense = new Float64Array(0);
  #best = new Float64Array(0);

  /** Adds a passage; its document's title and its heading count as its words. */
  add(passage: LorePassage): void {
    const counts = new Map<string, number>();
    for (const { stem } of wordsOf(`${passage.title}. ${passage.heading}. ${passage.text}`))
      counts.set(stem, (counts.get(stem) ?? 0) + 1);
    this.#words.add(this.#passages.length, counts);
    this.#passages.push(passage);
  }

  /**
   * The passages that hold enough of what a text asks for, best first. The score is the share of the text's telling words
   * that a passage has, from 0 to 1, each weighed by how few passages have it: "What is the toll?" is held whole by
   * whatever speaks of a toll.
   * @param options.among only passages for which this holds are looked at.
   */
  find(
    asked: string,
    options: {
      readonly limit: number;
      readonly leastSimilarity: number;
      readonly among: (passage: LorePassage) => boolean;
    },
  ): readonly LoreHit[] {
    const terms = new Map(wordsOf(asked).map((word) => [word.stem, word]));
    const weighed = [...terms.values()].map((word) => ({ word, weight: this.#weightOf(word.stem) }));
    const whole = weighed.reduce((sum, { weight }) => sum + weight, 0);
    if (whole === 0) return [];
    const touched = this.#weigh(weighed);
    const hits: { readonly slot: number; readonly score: number; readonly order: number }[] = [];
    for (const slot of touched) {
      const score = (this.#held[slot] ?? 0) / whole;
      const order = score + (SHARE_OF_DENSITY * (this.#dense[slot] ?? 0)) / whole;
      this.#held[slot] = 0;
      this.#dense[slot] = 0;
      const passage = this.#passages[slot];
      if (score >= options.leastSimilarity && passage !== undefined && options.among(passage))
        hits.push({ slot, score, order });
    }
    return hits
      .sort((a, b) => b.order - a.order || a.slot - b.slot)
      .slice(0, options.limit)
      .flatMap(({ slot, score }) => {
        const passage = this.#passages[slot];
        return passage === undefined ? [] : [hit(terms, passage, score)];
      });
  }

  /** Adds up what each passage holds. @returns the slots of those that hold anything. */
  #weigh(terms: readonly { readonly word: Word; readonly weight: number }[]): ReadonlySet<number> {
    const size = this.#passages.length;
    if (this.#held.length < size) {
      this.#held = new Float64Array(size);
      this.#dense = new Float64Array(size);
      this.#best = new Float64Array(size);
    }
    const touched = new Set<number>();
    for (const { word, weight } of terms) {
      const reached: number[] = [];
      const reach = (stem: string, strength: number) =>
        this.#words.each(stem, (slot, worth) => {
          if ((this.#best[slot] ?? 0) >= strength) return;
          if (this.#best[slot] === 0) reached.push(slot);
          this.#best[slot] = strength;
          this.#dense[slot] = (this.#dense[slot] ?? 0) + weight * strength * worth;
        });
      reach(word.stem, 1);
      for (const synonym of synonymsOf(word.stem)) reach(synonym, SYNONYM);
      for (const slot of reached) {
        this.#held[slot] = (this.#held[slot] ?? 0) + weight * (this.#best[slot] ?? 0);
        this.#best[slot] = 0;
        touched.add(slot);
      }
    }
    return touched;
  }

  #weightOf(stem: string): number {
    const holders = this.#words.holders(stem);
    const rarity = Math.log(1 + this.#passages.length / Math.max(holders, 1));
    const isUnknown = holders === 0 && synonymsOf(stem).every((each) => this.#words.holders(each) === 0);
    return isUnknown ? UNKNOWN * rarity : rarity;
  }
}

function hit(terms: ReadonlyMap<string, Word>, passage: LorePassage, score: number): LoreHit {
  return {
    passage,
    score,
    // A turn tells nobody why.
    get reasons() {
      return reasonsFor(terms, passage);
    },
  };
}

function wordsOf(text: string): readonly Word[] {
  return contentOf(plainWords(text));
}

/** Why a passage was found, in words for people. */
function reasonsFor(
  terms: ReadonlyMap<string, Word>,
  { title, heading, text }: LorePassage,
): readonly string[] {
  const asked = new Set([...terms.keys()].flatMap((stem) => synonymsOf(stem)));
  const same = new Set<string>();
  const alike = new Set<string>();
  for (const { plain, stem } of wordsOf(`${title}. ${heading}. ${text}`))
    if (terms.has(stem)) same.add(plain);
    else if (asked.has(stem)) alike.add(plain);
  return [
    ...(same.size === 0 ? [] : [`words: ${[...same].join(', ')}`]),
    ...(alike.size === 0 ? [] : [`like the words: ${[...alike].join(', ')}`]),
  ];
}
