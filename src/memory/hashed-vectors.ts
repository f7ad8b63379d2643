import { plainWords } from './words.ts';

/** The dimensions of the embedded vectors. */
export const HASHED_DIMENSIONS = 384;
const MOST_WORDS = 400;

/**
 * What a word adds to a vector, in this order, the whole word last: each number is a dimension × 2, and 1 more where it
 * is taken away.
 */
export type Prints = readonly number[];

/**
 * The embedded vector of a text, or of its words where they are known: its words and the runs of three and four letters
 * in them, hashed with signs onto 384 dimensions, of length 1 (all zero where a text has no words). The same text gives
 * the same vector everywhere.
 */
export function hashedVector(text: string | readonly string[]): Float32Array {
  const words = typeof text === 'string' ? plainWords(text) : text;
  const printed = words.slice(0, MOST_WORDS).map((word) => ({ prints: printsOf(word) }));
  return vectorOf(printed, new Float32Array(HASHED_DIMENSIONS));
}

/** Writes the vector of words over another one. */
export function vectorOf(words: readonly { readonly prints: Prints }[], vector: Float32Array): Float32Array {
  vector.fill(0);
  for (const [index, { prints }] of words.entries()) {
    if (index === MOST_WORDS) break;
    addWord(vector, prints);
  }
  let squares = 0;
  for (let index = 0; index < vector.length; index += 1) squares += (vector[index] ?? 0) ** 2;
  if (squares === 0) return vector;
  const scale = 1 / Math.sqrt(squares);
  for (let index = 0; index < vector.length; index += 1) vector[index] = (vector[index] ?? 0) * scale;
  return vector;
}

function addWord(vector: Float32Array, prints: Prints): void {
  const last = prints.length - 1;
  // Long words say more than short ones: most of the short are "the" and "and".
  const weight = last > MOST_RUNS_OF_A_SHORT_WORD ? 1 : 0.3;
  for (let index = 0; index <= last; index += 1) {
    const print = prints[index] ?? 0;
    const worth = index === last ? weight : weight / 2;
    const at = print >> 1;
    vector[at] = (vector[at] ?? 0) + ((print & 1) === 0 ? worth : -worth);
  }
}

/** A word of three letters has one run, of four letters three. */
const MOST_RUNS_OF_A_SHORT_WORD = 1;

/** The prints of one word. */
export function printsOf(word: string): Prints {
  const prints: number[] = [];
  let whole = WHOLE;
  for (let start = 0; start < word.length; start += 1) {
    whole = hashed(whole, word.charCodeAt(start));
    if (start + 3 > word.length) continue;
    let run = hashed(
      hashed(hashed(RUN, word.charCodeAt(start)), word.charCodeAt(start + 1)),
      word.charCodeAt(start + 2),
    );
    prints.push(printOf(run));
    if (start + 4 > word.length) continue;
    run = hashed(run, word.charCodeAt(start + 3));
    prints.push(printOf(run));
  }
  prints.push(printOf(whole));
  return prints;
}

/** FNV-1a, a character at a time, from one start for words and another for runs of letters in them. */
const WHOLE = 0x811c9dc5 ^ 0x9e37;
const RUN = 0x811c9dc5;

function hashed(hash: number, character: number): number {
  return Math.imul(hash ^ character, 0x01000193);
}

function printOf(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  mixed ^= mixed >>> 13;
  return ((mixed >>> 1) % HASHED_DIMENSIONS) * 2 + (mixed & 1);
}
