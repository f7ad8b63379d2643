import { inOneSentence, sentences, uncontracted } from './english.ts';
import type { Act } from './hearing.ts';
import { sentenceKey } from './recollection.ts';
import type { Remembered, Source } from './remembered.ts';
import type { Mind } from './reply.ts';
import type { Moment } from './speech-schema.ts';
import type { Telling } from './telling.ts';
import { wordsOf } from './words.ts';

const TOLD_AS: Readonly<Record<Source, Moment>> = {
  gm: 'rememberWord',
  asker: 'rememberYours',
  other: 'rememberTheirs',
  own: 'rememberOwn',
  seen: 'rememberSeen',
};

/** Tells one memory: what was said in the words of who said it, the rest as its own account. Was it said? */
export function tell(telling: Telling, memory: Remembered): boolean {
  const { source, text, occasion } = memory;
  const { mind } = telling;
  if (source === 'gm' || source === 'seen') {
    if (source === 'seen' && /\b(?:you|your|we|us|our|I|me|my|mine)\b/iu.test(text)) return false;
    const { sheet } = mind;
    const { told, clause } =
      source === 'gm'
        ? sheet.account(addressed(text))
        : sheet.ofTheWorld(toTheAsker(text, telling.line.speaker));
    const isSaid = sentences(told).some((sentence) => mind.memory.said.has(sentenceKey(sentence)));
    const again: readonly Moment[] = isSaid ? ['retold', 'alreadyTold'] : [];
    if (
      telling.say([TOLD_AS[source], ...again], { fact: told, clause, part: inOneSentence(told, sheet.names) })
    )
      return true;
    // It was there, and a word of it is a secret's: to know nothing of it would be a lie.
    return !mind.discretion.allows(told) && telling.say(['evade']);
  }
  if (!isToAnother(memory))
    return telling.say([TOLD_AS[source]], { quote: text, occasion, speaker: memory.speaker });
  const speaker = source === 'asker' ? 'you' : memory.speaker;
  return telling.say(['rememberToOther'], { quote: text, occasion, speaker, other: memory.to });
}

/** "The guard slaps Mira." to Mira herself; where her name does something, it stays. */
function toTheAsker(seen: string, asker: string): string {
  const [first = ''] = wordsOf(asker);
  return first === '' ? seen : seen.replace(new RegExp(`(?<=\\p{Ll} )${first}(?=[.,;!])`, 'u'), 'you');
}

/** "I owe you three crowns", said to somebody else. */
export function isToAnother({ source, to, text }: Remembered): boolean {
  return source !== 'own' && to !== '' && /\byou(?:rs?)?\b/iu.test(text);
}

/** A note to the NPC itself as its own: "You owe the miller" → "I owe the miller". */
export function addressed(note: string): string {
  return note
    .replace(/^(?:remembers? |knows? )?that /iu, '')
    .replace(/\byou are\b/giu, 'I am')
    .replace(/\byourself\b/giu, 'myself')
    .replace(/\byours\b/giu, 'mine')
    .replace(/\byour\b/giu, 'my')
    .replace(/(?<=^|[,;] |\b(?:and|that|but|because|if|when|where) )you\b/giu, 'I')
    .replace(/\byou\b/giu, 'me');
}

/** Not where somebody only asked, gave an order, or said hello. */
export function saysSomething(
  { source, text }: Pick<Remembered, 'source' | 'text'>,
  { ear, sheet }: Mind,
): boolean {
  if (source === 'gm') return true;
  const { act, isQuestion } = ear.hear(text, 'character', sheet.ownNames);
  return !isQuestion && !SAYS_NOTHING.has(act);
}

const SAYS_NOTHING = new Set<Act>(['question', 'order', 'greeting', 'farewell', 'thanks']);

/** Whether somebody only said that they know nothing. */
export function isShrug(
  { source, text }: Pick<Remembered, 'source' | 'text'>,
  { hollow }: Pick<Mind, 'hollow'>,
): boolean {
  if (source === 'gm') return false;
  const plain = uncontracted(text).toLowerCase();
  return sentences(plain).every((sentence) => hollow.some((part) => sentence.includes(part)));
}
