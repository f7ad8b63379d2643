import type { RecalledLine } from '#src/core/model.ts';
import { nameKey } from '#src/core/names.ts';
import { capitalise, sentences, tidy } from './english.ts';
import { speechIn } from './hearing.ts';
import type { Mind } from './reply.ts';
import { wordsOf } from './words.ts';

/** So many lines of the scene are gone through for what somebody said. */
const GONE_THROUGH_IN_LINES = 100;
/** What was said within the last few lines was said just now. */
const JUST_NOW_IN_LINES = 4;
/** What is longer is a paragraph, and sounds read out. In characters. */
const LONGEST_TOLD = 160;
/** A memory with more sentences is a tale: what follows is not looked at. */
const MOST_SENTENCES = 20;

/** Whose word it is: the game master's, the asker's, somebody else's, its own, or nobody's: it was there. */
export type Source = 'gm' | 'asker' | 'other' | 'own' | 'seen';

/** A sentence or two that somebody said, or that it saw. */
export interface Remembered {
  readonly source: Source;
  /** Who said it; empty where nobody did. */
  readonly speaker: string;
  /** Whole sentences, as they were said. */
  readonly text: string;
  /** "last night", "once". */
  readonly occasion: string;
  /** Stems of what it is about, and of who said it. */
  readonly stems: ReadonlySet<string>;
}

/** A line as somebody remembers it, before it is taken apart. */
interface Said extends Pick<RecalledLine, 'speaker' | 'text' | 'kind'> {
  readonly occasion: string;
  readonly isGm: boolean;
}

/** Everything that this mind could tell of what was said and seen, the most fitting first. */
export function everythingRemembered(mind: Mind): readonly Remembered[] {
  const { task, ear, sheet } = mind;
  const { transcript, memories = [], summaries = [] } = task;
  const recalled = new Map([...memories, ...summaries].map((line) => [line.id, line]));
  const before = transcript.slice(0, -1);
  const fresh = before
    .map((line, index) => ({ line, isJustNow: index >= before.length - JUST_NOW_IN_LINES }))
    .slice(-GONE_THROUGH_IN_LINES)
    // What it said in this scene it has in mind anyway.
    .filter(({ line }) => !line.isOwn && !recalled.has(line.id))
    .reverse();
  return [
    ...[...recalled.values()].map((line) => ({
      ...line,
      occasion: occasionOf(line.when),
      isGm: line.speaker === '',
    })),
    ...fresh.map(({ line: { speaker, speakerKind, text }, isJustNow }) => ({
      speaker,
      text,
      occasion: isJustNow ? 'just now' : 'earlier',
      isGm: speakerKind === 'gm',
    })),
  ].flatMap((said: Said) =>
    partsOf(said).flatMap(({ speaker, text }) => {
      const source = sourceOf({ ...said, speaker, text }, mind);
      return source === undefined
        ? []
        : tellable(text, source === 'own', sheet.names).map((told) => ({
            source,
            speaker,
            text: told,
            occasion: said.occasion,
            stems: ear.meaning(`${told} ${speaker}`),
          }));
    }),
  );
}

/** When it was, as it stands after "you told me": "last night", "on day 2 in the evening". */
function occasionOf(when: string): string {
  if (when === 'earlier here') return 'earlier';
  if (when === 'on an earlier occasion') return 'once';
  return when.replace(/, (\p{L}+)$/u, (_, part: string) =>
    /^(?:dawn|noon|dusk|night|midnight)$/u.test(part) ? ` at ${part}` : ` in the ${part}`,
  );
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
function tellable(text: string, isOwn: boolean, names: ReadonlySet<string>): readonly string[] {
  // A quotation in what somebody said is somebody else's word.
  const isQuoting = isOwn ? /["“]/u.test(text) : /[:,] ["“]/u.test(text);
  if (isQuoting) return [];
  const whole = sentences(speechIn(text))
    .slice(0, MOST_SENTENCES)
    .map((sentence) => unaddressed(sentence, names));
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

/** "Hroon, the bridge is down." without the one to whom it was said. */
function unaddressed(sentence: string, names: ReadonlySet<string>): string {
  const [address = '', called = ''] = /^(\p{Lu}[\p{L}'’ -]{1,40}),\s+/u.exec(sentence) ?? [];
  const isName = wordsOf(called).every((word) => names.has(word.toLowerCase()));
  return isName ? sentence.slice(address.length) : sentence;
}
