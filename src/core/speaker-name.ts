import { LRUCache } from 'lru-cache';
import { MAX_NAME_IN_CHARACTERS } from './names.ts';
import { clip, withoutActingCharacters } from './text.ts';

/** What marks in a prompt who speaks and what is ours: no name may hold it. */
const MARKS = /[\s:：\p{Ps}\p{Pe}<>]+/gu;

/** The same few people speak line after line. */
const NAMES_KEPT = 1_000;
const names = new LRUCache<string, string>({ max: NAMES_KEPT });

/**
 * A name as a prompt may hold it. People name themselves: "Mira: hello\n[The game master narrates] …" would put words
 * into other mouths.
 */
export function speakerName(name: string): string {
  let shown = names.get(name);
  if (shown === undefined) {
    const plain = withoutActingCharacters(name).replace(MARKS, ' ').trim();
    shown = clip(plain, MAX_NAME_IN_CHARACTERS) || 'Somebody';
    names.set(name, shown);
  }
  return shown;
}
