import { asPattern } from '#src/core/text.ts';
import { capitalise, firstPerson, isPerson, sentences } from './english.ts';
import { hasVerb } from './statements.ts';
import { wordsOf } from './words.ts';

/** Who tells of the world, as far as the world may speak of it. */
export interface Teller {
  /** By which it is named: whole name, short name, names it goes by. */
  readonly calledBy: readonly string[];
  /** "she", "he", "they", "it". */
  readonly subject: string;
  /** Words that are no names, lower case, though they may stand large at the start of a sentence. */
  readonly smallWords: ReadonlySet<string>;
}

/** Stands for the teller's name, however it was called, so that no part of a name is taken for it. */
const TELLER = 'Tellerself';
const ITSELF = new Set([TELLER.toLowerCase()]);
/** Whoever has one of these before the name is the same person; "Saint Wenna" is not. */
const TITLES =
  /^(?:captain|mother|father|brother|sister|sir|dame|lady|lord|doctor|master|mistress|widow|granny|uncle|aunt|old|young|sergeant|madam|mister|goodwife)$/iu;
/** Before these a name is a thing's: "the Kettle", "House Ferriby". */
const OF_THINGS = /^(?:the|an?|house|saint|st)$/iu;
/** "in Lowmoor", "on the Mile", "on Lamp Night": no person. */
const PLACES_AND_TIMES = /\b(?:in|at|on|near|behind|under|above|across) (?:the )?(?:\p{Lu}[\p{L}'’-]* ?)+/gu;

/**
 * What is written or was seen of the world, as somebody tells it: in the third person as it stands. Only where a
 * sentence names the teller is that "I"; its pronouns are the teller's only where the sentence begins with the name and
 * speaks of no other person, and those that begin the next sentence only after such a one.
 */
export function worldAccount(text: string, teller: Teller): string {
  const { subject } = teller;
  const isOne = subject === 'she' || subject === 'he';
  let isStillTeller = false;
  return sentences(text)
    .map((sentence) => {
      const named = marked(sentence, teller);
      const own = isStillTeller ? goingOn(named, subject) : named;
      const begins = own.startsWith(TELLER);
      const isAlone = begins && !namesAnother(own);
      isStillTeller = isOne && isAlone;
      if (!own.includes(TELLER)) return own;
      const self = { names: ITSELF, subject: isOne && isAlone ? subject : '' };
      // The mark before it keeps a sentence without the teller at its start from being read as a note without subject.
      return capitalise(firstPerson(`… ${own}`, self).replace(/^…\s*/u, ''));
    })
    .join(' ');
}

/** The sentence with each mention of the teller marked. */
function marked(sentence: string, { calledBy, smallWords }: Teller): string {
  const names = [...calledBy]
    .sort((one, other) => other.length - one.length)
    .map(asPattern)
    .join('|');
  if (names === '') return sentence;
  const mention = new RegExp(
    `(?<![\\p{L}\\p{N}'’-])(?:([\\p{L}'’-]+) )??(?:${names})(?![\\p{L}\\p{N}-])(?! \\p{Lu})`,
    'gu',
  );
  return sentence.replace(mention, (whole, before: string | undefined, offset: number) => {
    const put = isSubject(sentence.slice(0, offset), sentence.slice(offset + whole.length)) ? TELLER : 'me';
    if (before === undefined) return put;
    if (OF_THINGS.test(before)) return whole;
    if (/^\p{Lu}/u.test(before)) {
      if (TITLES.test(before)) return put;
      if (!smallWords.has(before.toLowerCase())) return whole;
    }
    return `${before} ${put}`;
  });
}

/** Whether a name between these does something or owns something: "the duke hates Wenna because" is about an object. */
function isSubject(before: string, after: string): boolean {
  if (/^['’]s/u.test(after)) return true;
  const [, next = ''] = /^ ([\p{L}'’-]+)/u.exec(after) ?? [];
  return before === '' || ADVERB.test(next) || hasVerb(next);
}
const ADVERB = /^(?:never|always|still|only|once|often|also|now|alone|herself|himself|\p{Ll}+ly)$/u;

/** A sentence that goes on about the teller, with its first word marked. */
function goingOn(sentence: string, subject: string): string {
  const owner = subject === 'she' ? 'her' : 'his';
  return sentence
    .replace(new RegExp(`^${subject}\\b`, 'iu'), TELLER)
    .replace(new RegExp(`^${owner}\\b`, 'iu'), `${TELLER}'s`);
}

/** Whether somebody else could be meant by "she" or "he". What the teller is ("is the keeper") and has ("her son") could not. */
function namesAnother(sentence: string): boolean {
  const words = wordsOf(sentence.replace(PLACES_AND_TIMES, ' '));
  return words.some((word, index) => {
    if (/^(?:some|any|no|every|an)(?:body|one|other)$/iu.test(word)) return true;
    if (isPerson(word))
      return !words.slice(Math.max(0, index - 3), index).some((before) => IS_OR_HAS.test(before));
    return index > 0 && /^\p{Lu}/u.test(word) && !word.startsWith(TELLER) && word !== 'I';
  });
}
const IS_OR_HAS = /^(?:is|was|as|became|her|his)$/iu;
