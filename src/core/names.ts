import { closest, distance } from 'fastest-levenshtein';
import { clip, withoutActingCharacters } from './text.ts';

/** The longest name of an NPC, in characters: it labels lines, and Discord takes 80 for a webhook's name. */
export const MAX_NAME_IN_CHARACTERS = 60;

/** A name that labels lines and does nothing else: one line, no colon or bracket, of bounded length; may be empty. */
export function labelName(text: string): string {
  const plain = withoutActingCharacters(text)
    .replace(/[\s:[\]]+/gu, ' ')
    .trim();
  return clip(plain, MAX_NAME_IN_CHARACTERS);
}

/** The form in which names are compared: without case, surrounding or repeated space, and composed alike. */
export function nameKey(name: string): string {
  return name.normalize('NFKC').trim().replace(/\s+/gu, ' ').toLocaleLowerCase('en');
}

/**
 * The candidate that somebody most likely meant, or undefined where none is near: at most a third of the letters
 * (and no fewer than two) may differ. A candidate one of whose words equals the typed name counts as nearest.
 */
export function nearestName(typed: string, candidates: readonly string[]): string | undefined {
  const key = nameKey(typed);
  if (key === '' || candidates.length === 0) return undefined;
  const byWord = candidates.find((candidate) => nameKey(candidate).split(' ').includes(key));
  if (byWord !== undefined) return byWord;
  const spellings = new Map<string, string>();
  for (const candidate of candidates) {
    spellings.set(nameKey(candidate), candidate);
    for (const word of nameKey(candidate).split(' '))
      if (!spellings.has(word)) spellings.set(word, candidate);
  }
  const nearest = closest(key, [...spellings.keys()]);
  return distance(key, nearest) <= Math.max(2, Math.floor(key.length / 3))
    ? spellings.get(nearest)
    : undefined;
}
