import { plainWords } from './words.ts';

/** The dimensions of the embedded vectors. */
export const HASHED_DIMENSIONS = 384;
const MOST_WORDS = 400;

/**
 * The embedded vector of a text, or of its words where they are known: its words and the runs of three and four letters in them, hashed with signs onto
 * 384 dimensions, of length 1 (all zero where a text has no words). The same text gives the same vector everywhere.
 */
export function hashedVector(text: string | readonly string[]): Float32Array {
  const vector = new Float32Array(HASHED_DIMENSIONS);
  const words = typeof text === 'string' ? plainWords(text) : text;
  const count = Math.min(words.length, MOST_WORDS);
  for (let index = 0; index < count; index += 1) addWord(vector, words[index] ?? '');
  let squares = 0;
  for (const value of vector) squares += value * value;
  if (squares === 0) return vector;
  const scale = 1 / Math.sqrt(squares);
  for (let index = 0; index < HASHED_DIMENSIONS; index += 1) vector[index] = (vector[index] ?? 0) * scale;
  return vector;
}

function addWord(vector: Float32Array, word: string): void {
  // Long words say more than short ones: most of the short are "the" and "and".
  const weight = word.length > 3 ? 1 : 0.3;
  let whole = WHOLE;
  for (let start = 0; start < word.length; start += 1) {
    whole = hashed(whole, word.charCodeAt(start));
    if (start + 3 > word.length) continue;
    let run = hashed(
      hashed(hashed(RUN, word.charCodeAt(start)), word.charCodeAt(start + 1)),
      word.charCodeAt(start + 2),
    );
    add(vector, run, weight / 2);
    if (start + 4 > word.length) continue;
    run = hashed(run, word.charCodeAt(start + 3));
    add(vector, run, weight / 2);
  }
  add(vector, whole, weight);
}

/** FNV-1a, a character at a time, from one start for words and another for runs of letters in them. */
const WHOLE = 0x811c9dc5 ^ 0x9e37;
const RUN = 0x811c9dc5;

function hashed(hash: number, character: number): number {
  return Math.imul(hash ^ character, 0x01000193);
}

function add(vector: Float32Array, hash: number, weight: number): void {
  let mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  mixed ^= mixed >>> 13;
  const at = (mixed >>> 1) % HASHED_DIMENSIONS;
  vector[at] = (vector[at] ?? 0) + ((mixed & 1) === 0 ? weight : -weight);
}
