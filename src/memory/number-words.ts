const WORDS: ReadonlyMap<string, number> = new Map(
  'one two three four five six seven eight nine ten eleven twelve'
    .split(' ')
    .map((word, index) => [word, index + 1]),
);
const ORDINALS: ReadonlyMap<string, number> = new Map(
  'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth'
    .split(' ')
    .map((word, index) => [word, index + 1]),
);

/** Number words, as part of a regular expression. */
export const NUMBER_WORDS = [...WORDS.keys()].join('|');
export const ORDINAL_WORDS = [...ORDINALS.keys()].join('|');

/** "3", "three", "third", "3rd", "a"; NaN for anything else. */
export function numberIn(word: string): number {
  if (word === 'a' || word === 'an') return 1;
  return WORDS.get(word) ?? ORDINALS.get(word) ?? Number(word.replace(/(?:st|nd|rd|th)$/u, '') || Number.NaN);
}

/** "two"; from 13 on "13". */
export function numberWord(value: number): string {
  return [...WORDS.keys()][value - 1] ?? String(value);
}
