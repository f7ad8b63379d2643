import type { RecalledLine, SeenLine } from '#src/core/model.ts';

/** What was said within the last few lines was said just now. */
const JUST_NOW_IN_LINES = 4;

type Part = 'morning' | 'afternoon' | 'night';

/** When something was said or seen. */
export interface When {
  /** As it stands after "you told me": "last night", "just now". */
  readonly occasion: string;
  /** Days since then, as somebody counts them who is awake; undefined where nobody does. */
  readonly daysAgo: number | undefined;
  readonly part: Part | undefined;
  /** Before time last passed: all since then is one talk. */
  readonly isBefore: boolean;
}

const SAME_TALK = { daysAgo: 0, part: undefined, isBefore: false } as const;

/** When a line was that came back to mind. */
export function whenRecalled({ when }: Pick<RecalledLine, 'when'>, now: string | undefined): When {
  if (when === 'earlier here') return { ...SAME_TALK, occasion: 'earlier' };
  if (when === 'on an earlier occasion')
    return { occasion: 'once', daysAgo: undefined, part: undefined, isBefore: true };
  const occasion = when.replace(/, (\p{L}+)$/u, (_, part: string) =>
    /^(?:dawn|noon|dusk|night|midnight)$/u.test(part) ? ` at ${part}` : ` in the ${part}`,
  );
  const day = dayIn(when);
  const today = dayIn(now);
  const daysAgo =
    day === undefined
      ? daysBefore(when)
      : today === undefined
        ? undefined
        : wakingDay(now, today) - wakingDay(when, day);
  const part = day === undefined ? partNamed(when) : partOf(when);
  return { occasion, daysAgo, part, isBefore: true };
}

/**
 * When each of these lines was, seen from the end: nothing before the world's clock moved, or the players came back, is
 * "just now".
 * @param lines oldest first, without the one to answer.
 */
export function whenSaid(
  lines: readonly SeenLine[],
  answered: Pick<SeenLine, 'mark' | 'time'> | undefined,
): readonly When[] {
  const now = answered?.time;
  const today = dayIn(now);
  const all = answered === undefined ? lines : [...lines, answered];
  let breaks = 0;
  const latestFirst = lines.toReversed().map((line, index): When => {
    const next = all[lines.length - index];
    if (next !== undefined && hasPassed(line, next)) breaks += 1;
    if (breaks === 0) return { ...SAME_TALK, occasion: index < JUST_NOW_IN_LINES ? 'just now' : 'earlier' };
    const day = dayIn(line.time);
    if (day === undefined || today === undefined)
      return {
        occasion: breaks === 1 ? 'last time' : 'once',
        daysAgo: undefined,
        part: undefined,
        isBefore: true,
      };
    const daysAgo = wakingDay(now, today) - wakingDay(line.time, day);
    const part = partOf(line.time ?? '');
    return { occasion: occasionOf(daysAgo, part, partOf(now ?? '')), daysAgo, part, isBefore: true };
  });
  return latestFirst.reverse();
}

/** That time is kept from now on, or no longer, does not mean that any has passed. */
function hasPassed(line: Pick<SeenLine, 'time'>, next: Pick<SeenLine, 'mark' | 'time'>): boolean {
  return next.mark !== undefined && (line.time === undefined) === (next.time === undefined);
}

function occasionOf(daysAgo: number, part: Part, partNow: Part): string {
  // The world's time was set back.
  if (daysAgo < 0) return 'once';
  if (daysAgo === 0)
    return part !== partNow ? `this ${part}` : part === 'night' ? 'earlier tonight' : 'earlier today';
  if (daysAgo === 1) return part === 'night' ? 'last night' : `yesterday ${part}`;
  const count = NUMBERS[daysAgo - 1] ?? String(daysAgo);
  return `${count} ${part === 'night' ? 'nights' : 'days'} ago`;
}

const NUMBERS = 'one two three four five six seven eight nine ten eleven twelve'.split(' ');

/** "day 3, evening" */
function dayIn(time: string | undefined): number | undefined {
  const day = /\bday (-?\d+)/u.exec(time ?? '')?.[1];
  return day === undefined ? undefined : Number(day);
}

/** What is before dawn belongs to the night before. */
function wakingDay(time: string | undefined, day: number): number {
  return time?.endsWith('before dawn') === true ? day - 1 : day;
}

function partOf(time: string): Part {
  if (/(?:noon|afternoon)$/u.test(time)) return 'afternoon';
  return /(?:morning|(?<!before )dawn)$/u.test(time) ? 'morning' : 'night';
}

function partNamed(text: string): Part | undefined {
  if (/\bmorning\b/iu.test(text)) return 'morning';
  if (/\bafternoon\b/iu.test(text)) return 'afternoon';
  return /\b(?:nights?|evenings?|tonight)\b/iu.test(text) ? 'night' : undefined;
}

/** "last night" was one day ago. */
function daysBefore(when: string): number | undefined {
  if (/\b(?:last (?:night|evening)|yesterday)\b/iu.test(when)) return 1;
  const [, count = ''] = /\b(\p{L}+|\d+) (?:nights?|evenings?|days?) ago\b/iu.exec(when) ?? [];
  if (count === '')
    return /\b(?:today|tonight|this (?:morning|afternoon|evening))\b/iu.test(when) ? 0 : undefined;
  if (/^an?$/iu.test(count)) return 1;
  const named = NUMBERS.indexOf(count.toLowerCase()) + 1;
  return named > 0 ? named : Number.isNaN(Number(count)) ? undefined : Number(count);
}

/** A time that somebody asks about. */
export interface Then {
  /** The words that name it. */
  readonly words: string;
  /** Undefined for any before now: "the other day". */
  readonly daysAgo: number | undefined;
  readonly part: Part | undefined;
  /** It names the last time that they met as much as a day: where nothing was then, the time before is meant. */
  readonly isLoose: boolean;
  /** "Our first evening". */
  readonly isFirst: boolean;
}

const THEN =
  /\b(?:(?<!\b(?:the|every|that|a|its) )(?:last|yesterday|this) (?:night|evening|morning|afternoon)(?! of\b)|yesterday|(?:\p{L}+|\d+) (?:nights?|evenings?|days?) ago|(?:on )?day -?\d+|earlier (?:today|tonight)|today|tonight|(?:the )?last (?:time|session)(?: we (?:met|spoke|talked|were here))?|the other (?:day|night|evening)|(?:our|that|the|your) (?:very )?(?:first|last) (?:evening|night|meeting|talk|day)(?! of\b)|when we (?:first |last )?(?:met|spoke|talked))\b/iu;

/** The time that a question names, seen from `now`. */
export function thenIn(question: string, now: string | undefined): Then | undefined {
  const words = THEN.exec(question)?.[0];
  if (words === undefined) return undefined;
  const day = dayIn(words.toLowerCase());
  const today = dayIn(now);
  const isDay = day !== undefined;
  const daysAgo = isDay ? (today === undefined ? undefined : wakingDay(now, today) - day) : daysBefore(words);
  return {
    words,
    daysAgo,
    part: isDay ? undefined : partNamed(daysAgo === undefined ? '' : words),
    isFirst: daysAgo === undefined && /\bfirst\b/iu.test(words),
    isLoose: daysAgo === undefined || /^(?:last|yesterday)/iu.test(words),
  };
}

/** Whether something was at the time that is asked about. */
export function wasThen(when: When, { daysAgo, part }: Then): boolean {
  if (daysAgo === undefined) return when.isBefore;
  if (when.daysAgo === undefined) return daysAgo > 0;
  return when.daysAgo === daysAgo && (part === undefined || when.part === undefined || when.part === part);
}
