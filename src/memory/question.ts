import { type Cue, cuesAskedFor } from './cues.ts';
import { datesIn, type Period } from './dates.ts';
import type { NamedTime } from './named-times.ts';
import { cachedStem, contentOf, isStopWord, plainWords, type Word } from './words.ts';

/** What a question asks for, as far as its words say. */
export interface Question {
  /** What it is about: its words without stop words, speakers' names and dates, each stem once. */
  readonly terms: readonly Word[];
  /** The speakers that it names. */
  readonly named: ReadonlySet<string>;
  /** Of several named, whose doing or saying it asks about. */
  readonly lead: string | undefined;
  /** The speakers of whose things it asks: "Mira's tattoo". */
  readonly owners: ReadonlySet<string>;
  /** The words of the names in it. */
  readonly nameWords: readonly string[];
  readonly periods: readonly Period[];
  /** What it names beside dates: "last night". */
  readonly times: readonly NamedTime[];
  readonly cues: ReadonlySet<Cue>;
}

export interface Known {
  readonly speakers: Iterable<string>;
  readonly years: readonly number[];
  readonly askedBy?: string;
  readonly askedOf?: string;
  /** The times that were taken out of the question. */
  readonly times?: readonly NamedTime[];
}

const FIRST_PERSON = new Set(['i', 'my', 'mine', "i'm", "i've", "i'd", "i'll"]);
const SECOND_PERSON = new Set(['you', 'your', 'yours', "you're", "you've", "you'd", "you'll"]);
const BEFORE_OBJECTS = new Set(['to', 'with', 'for', 'from', 'about', 'by', 'at', 'on', 'of', 'and']);
/** To whom something is done is not who tells of it: "What did we promise Tom?" */
const DONE_TO_SOMEBODY = new Set(
  `promise swear vow pledge owe give offer lend pay sell bring teach show tell ask send hand grant
   attack kill murder stab hit strike slap wound rob cheat betray poison save rescue arrest hunt`
    .split(/\s+/u)
    .map(cachedStem),
);
/** "What did we swear to you?" */
const BEFORE_RECEIVERS = new Set(['to', 'for', 'with', 'from', 'over', 'against']);
/** They stand between a verb and a name: "promise the old Tom". */
const BEFORE_NAMES = new Set(['the', 'old', 'young', 'poor', 'master', 'mistress', 'good']);

/** Reads a question. Never fails: what it does not understand are words to look for. */
export function understand(query: string, known: Known): Question {
  const speakersOf = new Map<string, string[]>();
  const asked = query.slice(0, LONGEST_QUESTION);
  for (const speaker of new Set(known.speakers))
    for (const plain of nameWordsOf(speaker, asked))
      speakersOf.set(plain, [...(speakersOf.get(plain) ?? []), speaker]);
  const { periods, rest } = datesIn(asked, known.years);
  const words = plainWords(rest);
  const named = new Set<string>();
  let lead: string | undefined;
  const owners = new Set<string>();
  const possessed = new Set(
    [...rest.toLowerCase().matchAll(/([\p{L}\p{N}]+)['’]s\b/gu)].map(
      ([, word = '']) => plainWords(word)[0] ?? '',
    ),
  );
  const receivers = new Set<string>();
  for (const [index, word] of words.entries()) {
    const meant = speakersOf.get(word) ?? pronounced(word, known);
    const object = possessed.has(word) || BEFORE_OBJECTS.has(words[index - 1] ?? '');
    const receives = !possessed.has(word) && isDoneTo(words, index, speakersOf);
    for (const speaker of meant) {
      if (receives) {
        if (speakersOf.has(word)) receivers.add(speaker);
        continue;
      }
      named.add(speaker);
      if (possessed.has(word)) owners.add(speaker);
      if (!object) lead ??= speaker;
    }
  }
  const terms = new Map<string, Word>();
  for (const word of contentOf(words))
    if (!(speakersOf.get(word.plain) ?? []).some((each) => !receivers.has(each))) terms.set(word.stem, word);
  return {
    terms: [...terms.values()].slice(0, MOST_TERMS),
    named,
    lead: lead ?? [...named][0],
    owners,
    nameWords: [...speakersOf]
      .filter(([, speakers]) => speakers.some((each) => named.has(each)))
      .map(([word]) => word),
    periods,
    times: known.times ?? [],
    cues: new Set(cuesAskedFor(asked)),
  };
}

/** A question longer than this many characters is read so far. */
const LONGEST_QUESTION = 2_000;
/** Terms beyond these are let go: a question that long is a speech, and its time must stay bounded. */
const MOST_TERMS = 48;

/** The words by which a question names a speaker. Names that are also stop words ("Will") have to stand as names. */
function nameWordsOf(speaker: string, asked: string): readonly string[] {
  const words = plainWords(speaker);
  const content = contentOf(words).map(({ plain }) => plain);
  if (content.length > 0) return content;
  const asNames = new Set(
    [...asked.matchAll(/(?<=\S\s)\p{Lu}\p{L}*/gu)].flatMap(([name]) => plainWords(name)),
  );
  return words.filter((word) => asNames.has(word));
}

/** Whether something is done to whoever a word names: it stands behind what is done. */
function isDoneTo(
  words: readonly string[],
  index: number,
  speakersOf: ReadonlyMap<string, unknown>,
): boolean {
  let at = index - 1;
  while (BEFORE_NAMES.has(words[at] ?? '') || speakersOf.has(words[at] ?? '')) at -= 1;
  const before = words[at];
  if (before === undefined) return false;
  const isVerb = DONE_TO_SOMEBODY.has(cachedStem(before));
  if (words[index] === 'you') return isVerb || BEFORE_RECEIVERS.has(before) || !isStopWord(before);
  return isVerb;
}

function pronounced(word: string, { askedBy, askedOf }: Known): readonly string[] {
  if (askedBy !== undefined && FIRST_PERSON.has(word)) return [askedBy];
  if (askedOf !== undefined && SECOND_PERSON.has(word)) return [askedOf];
  return [];
}
