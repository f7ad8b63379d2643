import { distance } from 'fastest-levenshtein';
import { bare } from './english.ts';

const WORD = /[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu;

/** Words as they stand, without marks. */
export function wordsOf(text: string): string[] {
  return text.match(WORD) ?? [];
}

/** The part of a word that its forms share; crude on purpose, the same on both sides of every comparison. */
export function stem(word: string): string {
  const low = bare(word);
  if (low.length <= 3) return low;
  return (
    low
      .replace(/(?:ies|ied)$/u, 'y')
      .replace(/(?<=[a-z]{3})(?:ings?|edly|ed|es|s|er|ers|ly)$/u, '')
      .replace(/([^aeiouls])\1$/u, '$1')
      .replace(/(?<=[a-z]{3})e$/u, '') || low
  );
}

/** Stems of the words that carry meaning. */
export function meaning(text: string, stopwords: ReadonlySet<string>): Set<string> {
  const stems = new Set<string>();
  for (const word of wordsOf(text))
    for (const part of word.includes('-') ? [word, ...word.split('-')] : [word]) {
      const low = bare(part);
      if (low.length > 1 && !stopwords.has(low)) stems.add(stem(low));
    }
  return stems;
}

/** How much of `part` stands in `whole`, 0 to 1. */
export function coverage(part: ReadonlySet<string>, whole: ReadonlySet<string>): number {
  if (part.size === 0) return 0;
  let hits = 0;
  for (const item of part) if (whole.has(item)) hits += 1;
  return hits / part.size;
}

/**
 * The stem of `vocabulary` that a mistyped one stands for: one letter wrong in words of five or more, two from nine.
 */
export function corrected(typed: string, vocabulary: Iterable<string>): string {
  if (typed.length < 4) return typed;
  const allowed = typed.length >= 9 ? 2 : 1;
  let best = typed;
  let bestDistance = allowed + 1;
  for (const known of vocabulary) {
    if (known === typed) return typed;
    // A slip hits the first letter seldom; "fight" is no "night".
    if (known.length < 5 || known[0] !== typed[0] || Math.abs(known.length - typed.length) > allowed)
      continue;
    const letters = distance(typed, known);
    if (letters < bestDistance) {
      best = known;
      bestDistance = letters;
    }
  }
  return best;
}

export function overlaps(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  for (const word of one) if (other.has(word)) return true;
  return false;
}
