import type { Layout } from './layout.ts';
import { rarityOf, worthOf } from './postings.ts';
import type { Question } from './question.ts';
import { subjectsOf, synonymsOf } from './related.ts';
import type { Shelf } from './shelf.ts';
import { cachedStem } from './words.ts';

/** How well another word stands for the one that was asked, itself 1: from one that every line holds to the rarest. */
const SYNONYM = 0.2;
const RARE_SYNONYM = 0.8;
const SUBJECT = 0.4;
/** What is left of a word one turn further on. */
const FADING = 0.7;
const SLOW_FADING = 0.88;
const TOPIC_FADING = 0.9;
/** Words that frame a question more than they say what it is about. */
const FRAME_WEIGHT = 0.4;
const FRAME_WORDS = new Set(
  `kind type sort name many much often describe mention say discuss share recent tell think feel get go make take have thing
   new use different event activity way good one two three accord someone person plan want remember know happen become`
    .split(/\s+/u)
    .map(cachedStem),
);

/** Where the question's words are held: each a share of all its words, weighed by how rare they are. */
interface WordColumns {
  /** In the line or near it. */
  readonly near: Float32Array;
  /** In the line or before it. */
  readonly before: Float32Array;
  /** In the line or further around it. */
  readonly wide: Float32Array;
  /** In what the named speaker said around the line. */
  readonly topicOfSpeaker: Float32Array;
  /** In the line, by BM25. */
  readonly words: Float32Array;
  /** In the line at all. */
  readonly held: Float32Array;
  /** In the line at all, each word counting the same. */
  readonly heldEvenly: Float32Array;
}

/** Weighs lines by the words that they share with a question, one word after another. */
export class WordEvidence {
  readonly #columns: WordColumns;
  /** BM25 in which words that frame a question count like others. */
  plain = new Float32Array(0);
  sessionScores = new Float64Array(0);
  sessionsHeld = new Float64Array(0);

  constructor(columns: WordColumns) {
    this.#columns = columns;
  }

  weigh({ terms, named }: Question, shelf: Shelf): void {
    const { layout } = shelf;
    const count = layout.count;
    this.plain = new Float32Array(count);
    this.sessionScores = new Float64Array(layout.sessionCount);
    this.sessionsHeld = new Float64Array(layout.sessionCount);
    const rarities = terms.map(({ stem }) => shelf.words.rarity(stem));
    const weights = terms.map(
      ({ stem }, at) => (rarities[at] ?? 0) * (FRAME_WORDS.has(stem) ? FRAME_WEIGHT : 1),
    );
    const allRarity = sum(rarities) || 1;
    const allWeight = sum(weights) || 1;
    const [name] = named;
    const isNamed = named.size === 1 && name !== undefined ? placesOf(name, layout) : undefined;
    const rarest = rarityOf(1, shelf.size);
    const strength = new Float32Array(count);
    const scratch = { fast: new Float32Array(count), slow: new Float32Array(count) };
    for (const [at, { stem }] of terms.entries()) {
      const rarity = (rarities[at] ?? 0) / allRarity;
      const weight = (weights[at] ?? 0) / allWeight;
      strength.fill(0);
      let isHeld = false;
      for (const subject of subjectsOf(stem))
        shelf.subjects.each(subject, (slot) => {
          strength[layout.places[slot] ?? 0] = SUBJECT;
          isHeld = true;
        });
      for (const synonym of synonymsOf(stem)) {
        const worth = SYNONYM + (RARE_SYNONYM - SYNONYM) * (shelf.words.rarity(synonym) / rarest);
        shelf.words.each(synonym, (slot) => {
          const place = layout.places[slot] ?? 0;
          if (worth > (strength[place] ?? 0)) strength[place] = worth;
          isHeld = true;
        });
      }
      this.#weighExact(stem, shelf, { rarity, weight, evenly: 1 / terms.length, strength });
      if (!isHeld && shelf.words.holders(stem) === 0) continue;
      this.#spread(strength, layout, weight, scratch);
      if (isNamed !== undefined)
        this.#spreadOfSpeaker(strength, layout, weight, { isNamed, spread: scratch.slow });
    }
  }

  /** Each line has what it holds itself, or what the lines around it have, faded; nothing crosses a session's start. */
  #spread(
    strength: Float32Array,
    { turns }: Layout,
    weight: number,
    { fast, slow }: { readonly fast: Float32Array; readonly slow: Float32Array },
  ): void {
    const { near, before, wide } = this.#columns;
    const count = strength.length;
    let carried = 0;
    let carriedSlowly = 0;
    for (let place = 0; place < count; place += 1) {
      const own = strength[place] ?? 0;
      const isFirst = turns[place] === 0;
      const faded = isFirst ? 0 : carried * FADING;
      const fadedSlowly = isFirst ? 0 : carriedSlowly * SLOW_FADING;
      carried = own > faded ? own : faded;
      carriedSlowly = own > fadedSlowly ? own : fadedSlowly;
      fast[place] = carried;
      slow[place] = carriedSlowly;
      before[place] = (before[place] ?? 0) + weight * carried;
    }
    carried = 0;
    carriedSlowly = 0;
    for (let place = count - 1; place >= 0; place -= 1) {
      const own = strength[place] ?? 0;
      const faded = carried * FADING;
      const fadedSlowly = carriedSlowly * SLOW_FADING;
      carried = own > faded ? own : faded;
      carriedSlowly = own > fadedSlowly ? own : fadedSlowly;
      const forward = fast[place] ?? 0;
      const forwardSlowly = slow[place] ?? 0;
      near[place] = (near[place] ?? 0) + weight * (forward > carried ? forward : carried);
      wide[place] =
        (wide[place] ?? 0) + weight * (forwardSlowly > carriedSlowly ? forwardSlowly : carriedSlowly);
      if (turns[place] === 0) {
        carried = 0;
        carriedSlowly = 0;
      }
    }
  }

  /** The same, of what one speaker said. */
  #spreadOfSpeaker(
    strength: Float32Array,
    { turns }: Layout,
    weight: number,
    { isNamed, spread }: { readonly isNamed: Uint8Array; readonly spread: Float32Array },
  ): void {
    const { topicOfSpeaker } = this.#columns;
    const count = strength.length;
    let carried = 0;
    for (let place = 0; place < count; place += 1) {
      const own = isNamed[place] === 1 ? (strength[place] ?? 0) : 0;
      const faded = turns[place] === 0 ? 0 : carried * TOPIC_FADING;
      carried = own > faded ? own : faded;
      strength[place] = own;
      spread[place] = carried;
    }
    carried = 0;
    for (let place = count - 1; place >= 0; place -= 1) {
      const own = strength[place] ?? 0;
      const faded = carried * TOPIC_FADING;
      carried = own > faded ? own : faded;
      const forward = spread[place] ?? 0;
      topicOfSpeaker[place] = (topicOfSpeaker[place] ?? 0) + weight * (forward > carried ? forward : carried);
      if (turns[place] === 0) carried = 0;
    }
  }

  #weighExact(
    stem: string,
    shelf: Shelf,
    term: { rarity: number; weight: number; evenly: number; strength: Float32Array },
  ): void {
    const { places, sessions, sessionCount, sessionLengths, meanSessionLength } = shelf.layout;
    const { words, held, heldEvenly } = this.#columns;
    const { plain, sessionScores, sessionsHeld } = this;
    const inSession = new Float64Array(sessionCount);
    shelf.words.each(stem, (slot, worth, times) => {
      const place = places[slot] ?? 0;
      const session = sessions[place] ?? 0;
      term.strength[place] = 1;
      words[place] = (words[place] ?? 0) + worth * term.weight;
      plain[place] = (plain[place] ?? 0) + worth * term.rarity;
      held[place] = (held[place] ?? 0) + term.weight;
      heldEvenly[place] = (heldEvenly[place] ?? 0) + term.evenly;
      inSession[session] = (inSession[session] ?? 0) + times;
    });
    let holding = 0;
    for (const times of inSession) if (times > 0) holding += 1;
    if (holding === 0) return;
    const rarity = rarityOf(holding, sessionCount);
    for (let session = 0; session < sessionCount; session += 1) {
      const times = inSession[session] ?? 0;
      if (times === 0) continue;
      const length = (sessionLengths[session] ?? 0) / meanSessionLength;
      sessionScores[session] = (sessionScores[session] ?? 0) + rarity * worthOf(times, length);
      sessionsHeld[session] = (sessionsHeld[session] ?? 0) + term.rarity;
    }
  }
}

/** 1 where this one speaks, else 0. */
function placesOf(name: string, { speakers, count }: Layout): Uint8Array {
  const places = new Uint8Array(count);
  for (let place = 0; place < count; place += 1) if (speakers[place] === name) places[place] = 1;
  return places;
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
