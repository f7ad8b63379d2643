import { contentOf, plainWords } from './words.ts';

/** One word that two texts share is a name, or chance. */
const FEWEST_SHARED = 2;
const SHARE_OF_SHORTER = 0.5;

/** Whether two texts may say the same: they share telling words, and at least half of the shorter one's. */
export function saidAlike(one: string, other: string): boolean {
  const [first, second] = [stemsOf(one), stemsOf(other)];
  const shared = [...first].filter((stem) => second.has(stem)).length;
  const shorter = Math.min(first.size, second.size);
  return shared >= Math.min(FEWEST_SHARED, first.size) && shared > 0 && shared >= SHARE_OF_SHORTER * shorter;
}

/** The telling words of a text, by their stems. */
export function stemsOf(text: string): ReadonlySet<string> {
  return new Set(contentOf(plainWords(text)).map(({ stem }) => stem));
}
