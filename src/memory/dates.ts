const DAY_IN_MS = 86_400_000;
const MONTHS = 'january february march april may june july august september october november december'.split(
  ' ',
);

/** A stretch of time that a question names; `until` is not in it. */
export interface Period {
  /** As it stands in the question: "20 November". */
  readonly words: string;
  readonly fromInMs: number;
  readonly untilInMs: number;
  readonly grain: 'day' | 'month' | 'year';
}

/** The dates that a question names, and the question's words without them. */
export interface DatesFound {
  readonly periods: readonly Period[];
  readonly rest: string;
}

/** Two of them are words of another kind, too, where they stand in lower case. */
const MONTH_NAMES = MONTHS.map((month) => {
  const initial = month.charAt(0);
  const either =
    month === 'may' || month === 'march' ? initial.toUpperCase() : `[${initial}${initial.toUpperCase()}]`;
  return `${either}${month.slice(1)}`;
}).join('|');
const DAY_MONTH = new RegExp(
  `\\b(\\d{1,2})(?:st|nd|rd|th)?(?: of)? (${MONTH_NAMES})\\b(?:,? (\\d{4}))?`,
  'gu',
);
const MONTH_DAY = new RegExp(
  `\\b(${MONTH_NAMES})(?: (\\d{1,2})(?:st|nd|rd|th)?(?!\\d))?(?:,? (\\d{4}))?`,
  'gu',
);
const YEAR = /\b((?:19|20)\d\d)\b/gu;

/**
 * Finds dates of the calendar: "16 August, 2023", "in May", "in 2023". A day or month without a year is taken in each of
 * the years that `years` gives. What is seen from now ("yesterday") is for `named-times.ts`.
 */
export function datesIn(question: string, years: readonly number[]): DatesFound {
  const periods: Period[] = [];
  let rest = question.replace(DAY_MONTH, (words: string, day: string, month: string, year?: string) => {
    periods.push(...periodsOf(words, { month, day: Number(day), year }, years));
    return ' ';
  });
  rest = rest.replace(MONTH_DAY, (words: string, month: string, day?: string, year?: string) => {
    periods.push(
      ...periodsOf(words, { month, day: day === undefined ? undefined : Number(day), year }, years),
    );
    return ' ';
  });
  rest = rest.replace(YEAR, (year) => {
    if (periods.length === 0)
      periods.push({
        words: year,
        fromInMs: Date.UTC(Number(year), 0),
        untilInMs: Date.UTC(Number(year) + 1, 0),
        grain: 'year',
      });
    return ' ';
  });
  return { periods, rest };
}

interface WrittenDate {
  readonly month: string;
  readonly day: number | undefined;
  readonly year: string | undefined;
}

function periodsOf(
  words: string,
  { month, day, year }: WrittenDate,
  years: readonly number[],
): readonly Period[] {
  const index = MONTHS.indexOf(month.toLowerCase());
  return (year === undefined ? years : [Number(year)]).map((each) =>
    day === undefined
      ? { words, fromInMs: Date.UTC(each, index), untilInMs: Date.UTC(each, index + 1), grain: 'month' }
      : {
          words,
          fromInMs: Date.UTC(each, index, day),
          untilInMs: Date.UTC(each, index, day + 1),
          grain: 'day',
        },
  );
}

/**
 * How well a time fits a period, 0 to 1. People speak of a day on that day or in the days after it, seldom before.
 */
export function fitOf(period: Period, saidAtInMs: number): number {
  if (saidAtInMs >= period.fromInMs && saidAtInMs < period.untilInMs) return 1;
  if (period.grain === 'year') return 0;
  const daysAfter = (saidAtInMs - period.untilInMs) / DAY_IN_MS;
  const daysBefore = (period.fromInMs - saidAtInMs) / DAY_IN_MS;
  if (period.grain === 'month') return daysAfter >= 0 && daysAfter < 14 ? 0.5 : 0;
  if (daysAfter < 9 && daysBefore < 1) return 0.6;
  return daysAfter < 19 && daysBefore < 8 ? 0.2 : 0;
}
