import { stem } from './stem.ts';
import { SYNONYMS_OF } from './synonyms.ts';
import { SUBJECTS_OF } from './thesaurus.ts';

const synonyms = byStem(SYNONYMS_OF, stem);
const subjects = byStem(SUBJECTS_OF, String);

/** The stems of words that mean about the same. */
export function synonymsOf(stemmed: string): readonly string[] {
  return synonyms.get(stemmed) ?? [];
}

/** The subjects that a stem belongs to, as keys of an index. */
export function subjectsOf(stemmed: string): readonly string[] {
  return subjects.get(stemmed) ?? [];
}

function byStem<Value>(
  ofWords: ReadonlyMap<string, readonly Value[]>,
  keyOf: (value: Value) => string,
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  for (const [word, values] of ofWords) {
    const key = stem(word);
    const keys = found.get(key) ?? new Set();
    for (const value of values) keys.add(keyOf(value));
    keys.delete(key);
    found.set(key, keys);
  }
  return new Map([...found].map(([key, keys]) => [key, [...keys]]));
}
