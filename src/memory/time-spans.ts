import {
  MINUTES_PER_DAY,
  minuteOfDay,
  PARTS_OF_DAY,
  type WorldMinute,
  wakingDayOf,
} from '#src/core/world-time.ts';
import type { DayPart, Relation } from './time-words.ts';

/** What is asked about a time's surroundings, however far from it: closer to it counts for more. */
const FAR = 0.6;
/** After midnight "last night" is this night, and may be the one before. */
const PERHAPS = 0.6;
const DAY_IN_MS = 24 * 60 * 60_000;

/** A stretch of time; `until` is not in it. */
export interface Span {
  readonly from: number;
  readonly until: number;
  readonly fit?: number;
}

/** A part of the day that begins with a dawn. */
export function spanOf(wakingDay: number, part: DayPart): Span {
  const day = wakingDay * MINUTES_PER_DAY;
  const dawn = day + PARTS_OF_DAY.dawn;
  const evening = day + PARTS_OF_DAY.evening;
  switch (part) {
    case 'day':
      return { from: dawn, until: dawn + MINUTES_PER_DAY };
    case 'morning':
      return { from: dawn, until: day + PARTS_OF_DAY.noon };
    case 'afternoon':
      return { from: day + PARTS_OF_DAY.noon, until: evening };
    case 'evening':
      return { from: evening, until: day + MINUTES_PER_DAY };
    case 'night':
      return { from: evening, until: dawn + MINUTES_PER_DAY };
  }
}

/** So many days of 24 hours ago, at about that time of the day. */
export function datesAgo(nowInMs: number, fromDays: number, untilDays: number): Span {
  return { from: nowInMs - (fromDays + 0.5) * DAY_IN_MS, until: nowInMs - (untilDays - 0.5) * DAY_IN_MS };
}

/** The last month or year of the calendar. */
export function lastOf(unit: 'month' | 'year' | undefined, nowInMs: number): readonly Span[] {
  if (unit === undefined) return [];
  const now = new Date(nowInMs);
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()];
  return unit === 'year'
    ? [{ from: Date.UTC(year - 1, 0), until: Date.UTC(year, 0) }]
    : [{ from: Date.UTC(year, month - 1), until: Date.UTC(year, month) }];
}

/** A span of in-world days, or a part of each, seen from now. */
export function daysAgo(now: WorldMinute, from: number, until: number, part: DayPart): readonly Span[] {
  const today = wakingDayOf(now);
  const asked = { from: spanOf(today - from, part).from, until: spanOf(today - until, part).until };
  // Whoever is awake after midnight may mean by "last" what ended with it.
  const isAfterMidnight = minuteOfDay(now) < PARTS_OF_DAY.dawn;
  if (!isAfterMidnight || from !== 1 || until !== 1) return [asked];
  const thisNight = spanOf(today, part);
  const ended = { from: thisNight.from, until: Math.min(thisNight.until, (today + 1) * MINUTES_PER_DAY) };
  return part === 'night' || part === 'evening'
    ? [ended, { ...asked, fit: PERHAPS }]
    : [asked, { ...ended, fit: PERHAPS }];
}

/** A day as it is counted, from midnight; its night goes on until dawn. */
export function onDay(day: number, part: DayPart): readonly Span[] {
  if (part !== 'day') return [spanOf(day, part)];
  const from = day * MINUTES_PER_DAY;
  const until = from + MINUTES_PER_DAY;
  return [
    { from, until },
    { from: until, until: until + PARTS_OF_DAY.dawn, fit: PERHAPS },
  ];
}

/**
 * How well a time fits one of some spans, 0 to 1: within it, or on that side of it.
 * @param near at this distance it counts for much less than close to it.
 */
export function fitIn(
  spans: readonly Span[],
  time: number,
  relation: Relation | undefined,
  near: number,
): number {
  let best = 0;
  for (const { from, until, fit = 1 } of spans) {
    if (relation === 'before') best = Math.max(best, time < from ? closeness(from - time, near) : 0);
    else if (relation === 'since') best = Math.max(best, time >= from ? closeness(time - from, near) : 0);
    else if (relation === 'after') best = Math.max(best, time >= until ? closeness(time - until, near) : 0);
    else if (time >= from && time < until) best = Math.max(best, fit);
  }
  return best;
}

/** From `FAR` to 1. */
export function closeness(distance: number, near: number): number {
  return FAR + (1 - FAR) * Math.exp(-distance / near);
}
