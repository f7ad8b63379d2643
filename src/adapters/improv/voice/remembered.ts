import type { RecalledLine, SeenLine } from '#src/core/model.ts';
import { nameKey } from '#src/core/names.ts';
import { confided } from './confidence.ts';
import { capitalise, sentences, tidy } from './english.ts';
import { speechIn } from './hearing.ts';
import type { Mind } from './reply.ts';
import { parts } from './statements.ts';
import { type When, whenRecalled, whenSaid } from './when.ts';
import { wordsOf } from './words.ts';

/** So many lines of the scene are gone through for what somebody said. */
const GONE_THROUGH_IN_LINES = 100;
/** What is longer is a paragraph, and sounds read out. In characters. */
const LONGEST_TOLD = 160;
/** A memory with more sentences is a tale: what follows is not looked at. */
const MOST_SENTENCES = 20;

/** Whose word it is: the game master's, the asker's, somebody else's, its own, or nobody's: it was there. */
export type Source = 'gm' | 'asker' | 'other' | 'own' | 'seen';

/** A sentence or two that somebody said, or that it saw. */
export interface Remembered extends When {
  readonly source: Source;
  /** Who said it; empty where nobody did. */
  readonly speaker: string;
  /** Whom it was said to; empty where that was the one who remembers it, or nobody knows. */
  readonly to: string;
  /** The one who remembers it was called by name. */
  readonly isToMe: boolean;
  /** Whole sentences, as they were said. */
  readonly text: string;
  /** Where it stands among all that is remembered, the oldest first. */
  readonly order: number;
  /** Said by itself in this scene: it has that in mind anyway. */
  readonly isOwnHere: boolean;
  /** Said by somebody who is known to be no player. */
  readonly isNpc: boolean;
  /** Told in confidence by the one who asks now. */
  readonly isConfided: boolean;
  /** Stems of what it is about, and of who said it. */
  readonly stems: ReadonlySet<string>;
}

/** A line as somebody remembers it, before it is taken apart. */
interface Said extends Pick<RecalledLine, 'speaker' | 'text' | 'kind'> {
  readonly when: When;
  readonly isGm: boolean;
  readonly isOwnHere: boolean;
  readonly isNpc: boolean;
  /** Who answered it, where that was not the one who remembers it. */
  readonly answeredBy: string;
}

/** Looked into once for each answer. */
const gathered = new WeakMap<Mind, readonly Remembered[]>();

/**
 * Everything that this mind could tell of what was said and seen, the most fitting first. What somebody told it in
 * confidence is theirs: nobody else is told.
 */
export function everythingRemembered(mind: Mind): readonly Remembered[] {
  const known = gathered.get(mind) ?? gather(mind);
  gathered.set(mind, known);
  return known;
}

function gather(mind: Mind): readonly Remembered[] {
  const { task, ear } = mind;
  const { transcript, memories = [], summaries = [], now } = task;
  const recalled = [...new Map([...memories, ...summaries].map((line) => [line.id, line])).values()];
  const ids = new Set(recalled.map(({ id }) => id));
  const before = transcript.slice(0, -1);
  const npcs = new Set(
    transcript.filter(({ speakerKind }) => speakerKind === 'npc').map(({ speaker }) => speaker),
  );
  const whens = whenSaid(before, transcript.at(-1));
  const older: readonly Said[] = recalled.map((line) => ({
    ...line,
    when: whenRecalled(line, now),
    isGm: line.speaker === '',
    isOwnHere: false,
    isNpc: npcs.has(line.speaker),
    answeredBy: '',
  }));
  const fresh: readonly Said[] = before
    .map((line, index) => ({ line, when: whens[index], answeredBy: answererOf(before[index + 1]) }))
    .slice(-GONE_THROUGH_IN_LINES)
    .flatMap(({ line: { id, speaker, speakerKind, text, isOwn }, when, answeredBy }) =>
      when === undefined || ids.has(id)
        ? []
        : [
            {
              speaker,
              text,
              when,
              isGm: speakerKind === 'gm',
              isOwnHere: isOwn,
              isNpc: speakerKind === 'npc',
              answeredBy,
            },
          ],
    );
  const inTime = [...older.toSorted(byTime(recalled)), ...fresh];
  const secret = confided(inTime, ear);
  const order = new Map(inTime.map((said, index) => [said, index]));
  return [...older, ...fresh.toReversed()].flatMap((said) =>
    partsOf(said).flatMap((part) => {
      const source = sourceOf({ ...said, ...part }, mind);
      const isConfided = said.kind === 'summary' ? ear.asksForSecrecy(part.text) : secret.has(said);
      if (source === undefined || (isConfided && source === 'other')) return [];
      return sentencesOf({ ...said, ...part }, source, mind).map((sentence) => ({
        ...said.when,
        ...sentence,
        // What a player's character does is seen, and nobody's word.
        source: sentence.speaker === '' && source !== 'gm' ? 'seen' : source,
        order: order.get(said) ?? 0,
        isOwnHere: said.isOwnHere,
        isNpc: said.isNpc,
        isConfided,
        stems: ear.meaning(`${sentence.text} ${sentence.speaker}`),
      }));
    }),
  );
}

function byTime(recalled: readonly RecalledLine[]): (one: Said, other: Said) => number {
  const times = new Map(recalled.map(({ text, speaker, saidAtInMs }) => [`${speaker}\n${text}`, saidAtInMs]));
  const timeOf = ({ speaker, text }: Said) => times.get(`${speaker}\n${text}`) ?? 0;
  return (one, other) => timeOf(one) - timeOf(other);
}

/** Whoever answers a line was meant by it. */
function answererOf(next: SeenLine | undefined): string {
  return next?.speakerKind === 'npc' && !next.isOwn ? next.speaker : '';
}

/** The sentences of a line that can be said again. */
function sentencesOf(
  { speaker, text, isGm, isNpc, answeredBy }: Said,
  source: Source,
  { sheet }: Mind,
): readonly Pick<Remembered, 'speaker' | 'text' | 'to' | 'isToMe'>[] {
  const speech = speechIn(text).replace(/^\([^()]*\)\s*/u, '');
  const deed = speech === '' && source !== 'own' ? deedIn(text, isGm ? '' : speaker) : undefined;
  // Of what nobody said to anybody, no sentence is told without the one that it goes on about: "She" is that one's.
  const cut =
    source === 'gm' || source === 'seen' ? parts(deed ?? speech, LONGEST_TOLD) : sentences(deed ?? speech);
  const spoken = cut.slice(0, MOST_SENTENCES);
  const { called } = addressIn(spoken[0] ?? '', sheet.names);
  const calledMe = wordsOf(called).some((word) => sheet.ownNames.has(word.toLowerCase()));
  const to = calledMe ? '' : called === '' ? answeredBy : called;
  const isQuoting = source === 'own' ? /["“]/u.test(text) : /[:,] ["“]/u.test(text);
  // A quotation in what somebody said is somebody else's word, and so is what an NPC told of others.
  if (isQuoting || ((source === 'own' || isNpc) && TELLS_OF_OTHERS.test(text))) return [];
  return tellable(spoken, sheet.names).map((told) =>
    deed === undefined
      ? { speaker, text: told, to, isToMe: calledMe }
      : { speaker: '', text: told, to: '', isToMe: false },
  );
}

const TELLS_OF_OTHERS = /\b(?:you|\p{Lu}\p{L}+) (?:told|promised|gave|brought|paid|lent) (?:me|to)\b/iu;

/** "*slaps Odo*" as what was seen: "Mira slaps Odo". Undefined where it does not say what was done. */
function deedIn(text: string, speaker: string): string | undefined {
  const deed = text.replace(/\*/gu, '').trim();
  if (speaker === '') return deed;
  if (wordsOf(deed)[0] === wordsOf(speaker)[0]) return deed;
  return /^\p{Ll}\p{L}*s\b/u.test(deed) ? `${speaker} ${deed}` : undefined;
}

/** Who speaks in a summary stands before what they said: "Mira: The bell is cracked. Odo: It was sold." */
const SPEAKER_IN_SUMMARY = /(?:^|(?<=[.!?…]["”’)]* ))(\p{Lu}[\p{L} '’-]{0,40}): /gu;

function partsOf({ kind, speaker, text }: Said): readonly Pick<Said, 'speaker' | 'text'>[] {
  if (kind !== 'summary') return [{ speaker, text }];
  const [start = '', ...named] = text.split(SPEAKER_IN_SUMMARY);
  const parts = [{ speaker, text: start }];
  for (let at = 0; at < named.length; at += 2)
    parts.push({ speaker: named[at] ?? '', text: named[at + 1] ?? '' });
  return parts;
}

/** Undefined where nobody knows who said it. */
function sourceOf(
  { kind, speaker, text, isGm }: Said,
  { task, ear, sheet }: Pick<Mind, 'task' | 'ear' | 'sheet'>,
): Source | undefined {
  if (kind === 'gm') return 'gm';
  const asked = task.transcript.at(-1);
  if (kind === undefined && isGm) {
    if (ear.hear(text, 'gm', sheet.ownNames).act === 'narration') return 'seen';
    return asked?.speakerKind === 'gm' ? 'asker' : undefined;
  }
  if (speaker === '') return 'seen';
  if (nameKey(speaker) === nameKey(task.persona.name)) return 'own';
  return asked !== undefined && nameKey(asked.speaker) === nameKey(speaker) ? 'asker' : 'other';
}

/** Plain words and marks alone: no markup, no mention, no address, no quotation inside another. */
const PLAIN = /^[\p{L}\p{N}'’(][\p{L}\p{M}\p{N} ,.;:!?'’()&%–—-]*$/u;
/** What goes on about the one before: "Liss sold it. She needed the coin." */
const GOES_ON = /^(?:it|he|she|they|that|this|there)\b/iu;

/** The sentences that can be said again, each with the next where that only goes on. */
function tellable(spoken: readonly string[], names: ReadonlySet<string>): readonly string[] {
  const whole = spoken.map((sentence) => {
    const { before, after } = addressIn(sentence, names);
    return sentence.slice(before, after);
  });
  return whole.flatMap((sentence, index) => {
    if (sentence.includes('?') || !PLAIN.test(sentence) || wordsOf(sentence).length < 3) return [];
    const next = whole[index + 1] ?? '';
    const both = `${sentence} ${next}`;
    const goesOn =
      GOES_ON.test(next) && !next.includes('?') && PLAIN.test(next) && both.length <= LONGEST_TOLD;
    const told = goesOn ? both : sentence;
    return told.length <= LONGEST_TOLD ? [capitalise(tidy(told))] : [];
  });
}

/** Whom a sentence calls by name, and where what it says to them begins and ends: "Hroon, the bridge is down." */
function addressIn(
  sentence: string,
  names: ReadonlySet<string>,
): { readonly called: string; readonly before: number; readonly after: number } {
  const isName = (called: string) =>
    wordsOf(called).every((word) => names.has(word.toLowerCase()) || word === 'and');
  const isCalling = (called: string, said: string) =>
    NAME.test(called) && !NOBODY.test(called) && TO_SOMEBODY.test(said);
  const [opening = '', first = ''] = OPENING.exec(sentence) ?? [];
  const said = sentence.slice(opening.length);
  if (first !== '' && (isName(first) || isCalling(first, said)))
    return { called: first, before: opening.length, after: sentence.length };
  const [close = '', last = ''] = CLOSING.exec(sentence) ?? [];
  if (last !== '' && isName(last)) return { called: last, before: 0, after: sentence.length - close.length };
  const [bare = ''] = /^\p{Lu}[\p{L}'’-]* (?=(?:I|you|your|my|we|please|here)\b)/u.exec(sentence) ?? [];
  return bare !== '' && isName(bare)
    ? { called: bare.trim(), before: bare.length, after: sentence.length }
    : { called: '', before: 0, after: sentence.length };
}

const OPENING = /^(?:(?:oh|well|please|hey|hello|and|now),? )?(\p{Lu}[\p{L}'’ -]{1,40}),\s+/iu;
const CLOSING = /,\s+(\p{Lu}[\p{L}'’ -]{1,40})[.!]*$/u;
const NAME = /^\p{Lu}[\p{L}'’-]*(?: \p{Lu}[\p{L}'’-]*){0,2}$/u;
const TO_SOMEBODY = /\b(?:you|your|yours)\b/iu;
/** What stands before a comma, and is nobody. */
const NOBODY =
  /\b(?:today|tonight|tomorrow|yesterday|now|then|well|no|yes|aye|nay|so|but|and|if|when|once|still|one|in|on|at|for|first|here|there|sorry|thanks?|please|friends?|all|everyone|everybody|night|evening|morning|day|I|we|you|the|a|an|my|your|this|that|of|as|to)\b/iu;
