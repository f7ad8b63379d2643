import type { GameTime } from '#src/core/world-time.ts';
import { datesIn } from './dates.ts';
import { type NamedTime, namedTimes } from './named-times.ts';
import type { Shelf } from './shelf.ts';
import { mayNameTime } from './time-hint.ts';

/** The times that a question names, dates among them, as they are for those who hold some memories. */
export interface AskedTimes {
  /** What else it asks for. */
  readonly rest: string;
  /** Those from which something is remembered. */
  readonly known: readonly NamedTime[];
  /** The words of those from which nothing is: "last night" on the first evening. */
  readonly unknown: readonly string[];
}

/** Reads every memory on the shelf: for whoever asks why nothing was found, and not for each turn. */
export function askedTimes(question: string, now: GameTime, shelf: Shelf): AskedTimes {
  const named = mayNameTime(question)
    ? namedTimes(question, now, shelf)
    : { rest: question, times: [], unknown: [] };
  const { periods, rest } = datesIn(named.rest, shelf.years);
  const dates = periods.map(
    ({ words, fromInMs, untilInMs }): NamedTime => ({
      words,
      // A search takes what was said soon after a day for its talk; what somebody knows of the day was said on it.
      fit: ({ saidAtInMs }) => (saidAtInMs >= fromInMs && saidAtInMs < untilInMs ? 1 : 0),
    }),
  );
  const times = [...named.times, ...dates];
  const { units } = shelf.layout;
  const known = times.filter((time) => units.some((unit) => time.fit(unit) > 0));
  // A date without a year is of each year in which anything was said.
  const knownWords = new Set(known.map(({ words }) => words));
  const without = times.filter(({ words }) => !knownWords.has(words)).map(({ words }) => words);
  return { rest, known, unknown: [...new Set([...named.unknown, ...without])] };
}
