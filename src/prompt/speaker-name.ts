import { MAX_NAME_IN_CHARACTERS } from '#src/core/names.ts';
import { clip, withoutActingCharacters } from '#src/core/text.ts';

/** What marks in a prompt who speaks and what is ours: no name may hold it. */
const MARKS = /[\s:：\p{Ps}\p{Pe}<>]+/gu;

/**
 * A name as a prompt may hold it. People name themselves: "Mira: hello\n[The game master narrates] …" would put words
 * into other mouths.
 */
export function speakerName(name: string): string {
  return clip(withoutActingCharacters(name).replace(MARKS, ' ').trim(), MAX_NAME_IN_CHARACTERS) || 'Somebody';
}
