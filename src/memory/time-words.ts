import { NUMBER_WORDS, numberIn, ORDINAL_WORDS } from './number-words.ts';

/** A part of somebody's day, or all of it. */
export type DayPart = 'day' | 'morning' | 'afternoon' | 'evening' | 'night';

/** When something was, seen from something else. */
export type Relation = 'before' | 'after' | 'since' | 'during';

/** A time as a question's words put it. */
export type TimeWords = {
  /** As they stand in the question: "last night". */
  readonly words: string;
} & (
  | {
      /** So many days ago, 0 for today: a span of days, the earliest first. */
      readonly kind: 'ago';
      readonly fromDays: number;
      readonly untilDays: number;
      /** It was given in weeks, months or years. */
      readonly isInWeeks?: true;
      /** It was the last one of the calendar: "last month". */
      readonly last?: 'month' | 'year';
      readonly part: DayPart;
      /** Before that time or after it; at that time where left out. */
      readonly relation?: Relation;
    }
  | { readonly kind: 'hours ago'; readonly hours: number }
  | {
      readonly kind: 'on day';
      readonly day: number;
      readonly part: DayPart;
      readonly relation?: Relation;
    }
  /** The evening of play before this one. */
  | { readonly kind: 'last time' }
  | {
      readonly kind: 'event';
      /** What happened: "the fire". */
      readonly event: string;
      readonly relation: Relation;
      /** The day before or after it, or a part of that. */
      readonly part?: DayPart;
    }
);

const PART = 'morning|afternoon|evening|night';
const COUNT = `\\d{1,4}|${NUMBER_WORDS}|an?|a couple of|a few|several|some`;
const RELATION = '(?:(?<relation>before|until|after|since) )?';
/** What happened: words up to the end of their clause, or to the next thing that it is seen from. */
const WHOSE = '(?:the|our|your|my|his|her|their|that|this|these|those)';
const RELATIONS = '(?:before|until|after|since|during|while|when)';
const EVENT = `(?<event>(?:${WHOSE}|we|they|he|she|I|you|it|\\p{Lu}[\\p{L}'’-]*) (?:(?! ${RELATIONS}\\b)[^,.;:?!]){1,80})`;
const ENDS = '(?=\\s*(?:[,.;:?!]|$))';

/** Spans of days ago that have no number; they are wide, since nobody counts so exactly. */
const WIDE: Readonly<Record<string, readonly [fromDays: number, untilDays: number]>> = {
  'this week': [6, 0],
  'last week': [10, 3],
  'last month': [45, 14],
  'last year': [545, 180],
};
const FEW = [5, 2] as const;

type Groups = Readonly<Record<string, string | undefined>>;
type Reader = (groups: Groups, words: string, before: string) => TimeWords | undefined;

/** "How long until the eclipse?" asks for the eclipse, and not for what was said before it. */
const ASKS_HOW_LONG =
  /\bhow (?:long|soon|far off|much (?:time|longer)|many (?:minutes|hours|days|nights|weeks|months|years))\b[^,.;:?!]*$/iu;

/** In this order: what was read is not read again. */
const PATTERNS: readonly (readonly [RegExp, Reader])[] = [
  [
    /\b(?:the )?(?<part>day|night|evening|morning) before (?:last|yesterday)\b/giu,
    ({ part }, words) => daysAgo(words, 2, part),
  ],
  [
    inCase(
      `\\b[Tt]he (?<part>day|${PART}) (?:(?<relation>before|after|of|when) |that (?=${WHOSE} ))?(?=${WHOSE} )${EVENT}`,
    ),
    ({ part, relation, event = '' }, words) => ({
      ...ofEvent(words, event, relation),
      part: partOf(part),
    }),
  ],
  [
    pattern(`\\b${RELATION}(?:late )?yesterday(?:['’]s)?(?: (?<part>${PART}))?\\b`),
    ({ part, relation }, words) => daysAgo(words, 1, part, relation),
  ],
  [
    pattern(`\\b${RELATION}(?:late )?last (?<part>night|evening)(?:['’]s)?\\b`),
    ({ part, relation }, words) => daysAgo(words, 1, part, relation),
  ],
  [
    pattern(`\\b${RELATION}(?:earlier |late )?(?:(?<day>today|tonight)|this (?<part>${PART}))(?:['’]s)?\\b`),
    ({ day, part, relation }, words) =>
      daysAgo(words, 0, day?.toLowerCase() === 'tonight' ? 'night' : part, relation),
  ],
  [
    pattern(`\\b(?<count>${COUNT}) (?<part>day|${PART})s? (?:ago|earlier|before${ENDS})`),
    ({ count, part }, words) => {
      const days = countIn(count);
      return days === undefined ? daysAgo(words, FEW, part) : daysAgo(words, days, part);
    },
  ],
  [
    pattern(`\\b(?<count>${COUNT}) (?<unit>week|month|year)s? (?:ago|earlier)\\b`),
    ({ count, unit }, words) => {
      const [least, most] = [countIn(count) ?? 2, countIn(count) ?? 5];
      const days = unit?.toLowerCase() === 'week' ? 7 : unit?.toLowerCase() === 'month' ? 30 : 365;
      return weeksAgo(words, [Math.round((most + 0.4) * days), Math.round((least - 0.4) * days)]);
    },
  ],
  [
    pattern(`\\b(?:(?<half>half an)|(?<count>${COUNT})) hours? (?:ago|earlier)\\b`),
    ({ count, half }, words) => ({
      kind: 'hours ago',
      words: words.trim(),
      hours: half === undefined ? (countIn(count) ?? 3) : 0.5,
    }),
  ],
  [
    /\b(?<when>(?:this|last) week|last month|last year)\b/giu,
    ({ when = '' }, words) => {
      const time = weeksAgo(words, WIDE[when.toLowerCase()] ?? [0, 0]);
      if (/month$/iu.test(when)) return { ...time, last: 'month' };
      return /year$/iu.test(when) ? { ...time, last: 'year' } : time;
    },
  ],
  // "The third day of the siege" is counted from something else.
  [
    pattern(
      `\\b${RELATION}(?:(?:on |in )?(?:the )?(?<first>${PART}) of )?(?:on )?(?:day (?<day>-?\\d{1,6})|the (?<ordinal>${ORDINAL_WORDS}|\\d{1,6}(?:st|nd|rd|th)) day)\\b(?! of\\b)(?:,? (?:in the |at )?(?<last>${PART})\\b)?`,
    ),
    ({ relation, first, last, day, ordinal }, words) => ({
      ...{ kind: 'on day', words: words.trim(), day: numberIn((day ?? ordinal ?? '').toLowerCase()) },
      ...{ part: partOf(first ?? last), ...related(relation) },
    }),
  ],
  [pattern(`\\bthe (?<part>day|${PART}) before${ENDS}`), ({ part }, words) => daysAgo(words, 1, part)],
  [
    /\b(?<time>(?:the )?last (?:time|session)\b|when (?:we|i|you|they) last (?:met|spoke|talked|came|were)\b)/giu,
    (_, words) => ({ kind: 'last time', words }),
  ],
  [
    inCase(
      `\\b(?<relation>[Bb]efore|[Uu]ntil|[Aa]fter|[Ss]ince|[Dd]uring|[Ww]hile|[Ww]hen|[Aa]t the time of) ${EVENT}`,
    ),
    ({ relation, event = '' }, words, before) =>
      ASKS_HOW_LONG.test(before) ? undefined : ofEvent(words, event, relation),
  ],
  // Behind "before" a name may stand alone.
  [
    /\b(?<relation>[Bb]efore|[Aa]fter|[Ss]ince|[Dd]uring) (?<event>\p{Lu}[\p{L}'’-]+)/gu,
    ({ relation, event = '' }, words, before) =>
      ASKS_HOW_LONG.test(before) ? undefined : ofEvent(words, event, relation),
  ],
  [/\b(?<word>earlier)\b(?! than)/giu, (_, words) => daysAgo(words, 0)],
];

/** More times than a question names. What was tried in vain counts too: to try may be to search a whole memory. */
const MOST = 6;
/** A longer question is a speech, and what it asks comes at its end. */
const LONGEST_IN_CHARACTERS = 800;

/**
 * The times that a question names, looked for in the end of a long one. Those that `take` makes nothing of stay words like
 * others.
 * @returns the question without those that it took.
 */
export function takeTimeWords(question: string, take: (time: TimeWords) => boolean): string {
  const begin = Math.max(0, question.length - LONGEST_IN_CHARACTERS);
  let rest = question.slice(begin);
  let tried = 0;
  for (const [regex, read] of PATTERNS)
    rest = rest.replace(regex, (words: string, ...others: unknown[]) => {
      const [at, whole, groups] = others.slice(-3);
      if (tried >= MOST || typeof at !== 'number' || typeof whole !== 'string' || !isGroups(groups))
        return words;
      const time = read(groups, words, whole.slice(0, at));
      if (time === undefined) return words;
      tried += 1;
      if (!take(time)) return words;
      // What follows the event in the same clause is about something else.
      return time.kind === 'event'
        ? ` ${words.slice(words.lastIndexOf(time.event) + time.event.length)}`
        : ' ';
    });
  return question.slice(0, begin) + rest;
}

/** What a replacer is given last, where a pattern has named groups. */
function isGroups(value: unknown): value is Groups {
  return typeof value === 'object' && value !== null;
}

function pattern(source: string): RegExp {
  return new RegExp(source, 'giu');
}

/** Names are known by their first letter. */
function inCase(source: string): RegExp {
  return new RegExp(source, 'gu');
}

function daysAgo(
  words: string,
  days: number | readonly [fromDays: number, untilDays: number],
  part?: string,
  relation?: string,
): TimeWords & { readonly kind: 'ago' } {
  const [fromDays, untilDays] = typeof days === 'number' ? [days, days] : days;
  return {
    ...{ kind: 'ago', words: words.trim(), fromDays, untilDays, part: partOf(part) },
    ...related(relation),
  };
}

function weeksAgo(
  words: string,
  days: readonly [fromDays: number, untilDays: number],
): TimeWords & { readonly kind: 'ago' } {
  return { ...daysAgo(words, days), isInWeeks: true };
}

/** Undefined for "a few". */
function countIn(count = 'a'): number | undefined {
  const word = count.toLowerCase();
  if (word === 'a couple of') return 2;
  const number = numberIn(word);
  return Number.isNaN(number) ? undefined : number;
}

function partOf(part: string | undefined): DayPart {
  const lower = part?.toLowerCase();
  return lower === 'morning' || lower === 'afternoon' || lower === 'evening' || lower === 'night'
    ? lower
    : 'day';
}

function related(relation: string | undefined): { readonly relation?: Relation } {
  const found = relationOf(relation);
  return found === undefined ? {} : { relation: found };
}

function relationOf(word: string | undefined): Relation | undefined {
  const lower = word?.toLowerCase();
  switch (lower) {
    case undefined:
      return undefined;
    case 'before':
    case 'until':
      return 'before';
    case 'after':
    case 'since':
      return lower;
    default:
      return 'during';
  }
}

/** An event's words end where the question goes on. */
function ofEvent(words: string, clause: string, relation: string | undefined) {
  const event = clause
    .replace(/ (?:who|whom|what|where|which|how|why|did|do|does|and|but|or)\b.*$/u, '')
    .trim();
  const untilThere = words.slice(0, words.lastIndexOf(clause) + event.length).trim();
  return { kind: 'event', words: untilThere, event, relation: relationOf(relation) ?? 'during' } as const;
}
