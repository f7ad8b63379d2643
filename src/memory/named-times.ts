import type { MemoryUnit } from '#src/core/memory.ts';
import {
  type GameTime,
  MINUTES_PER_DAY,
  minuteOfDay,
  PARTS_OF_DAY,
  type WorldMinute,
  wakingDayOf,
  worldTimeText,
} from '#src/core/world-time.ts';
import { eveningAt, eveningsOf } from './evenings.ts';
import { findEvent, type Happening, isMomentOf, orderOf } from './events.ts';
import type { Shelf } from './shelf.ts';
import { type DayPart, type Relation, type TimeWords, takeTimeWords } from './time-words.ts';

/** What is asked about a time's surroundings, however far from it: closer to it counts for more. */
const FAR = 0.6;
/** After midnight "last night" is this night, and may be the one before. */
const PERHAPS = 0.6;
const NEAR_IN_MINUTES = MINUTES_PER_DAY;
const NEAR_IN_MS = 6 * 60 * 60_000;
/** What was said within an hour of so many hours ago. */
const ABOUT = 0.4;
/** A question is read so far. */
const LONGEST_QUESTION = 2_000;

/**
 * "What did you hear last night?" asks for what was said then, and neither for who heard it nor for the word. Whoever
 * said or did something is still asked for.
 */
const SAYS_ONLY_THAT_IT_ASKS =
  /\b(?:(?:you|I|we) )?(?:ever )?(?:hear|heard|see|saw|seen|learn|learn(?:ed|t)|noticed?|witness(?:ed)?|remember|recall)\b(?: of| about)?|\b(?:happen(?:s|ed)?|comes?|came|(?:go|goes|went|going) on|said|told|tell)\b(?: of| about)?/giu;

/** A time that a question names, as it is for those who hold some memories. */
export interface NamedTime {
  /** As it stands in the question: "last night". */
  readonly words: string;
  /** How well a memory fits it, 0 to 1. */
  fit(unit: MemoryUnit): number;
}

/** A stretch of time; `until` is not in it. */
interface Span {
  readonly from: number;
  readonly until: number;
  readonly fit?: number;
}

/**
 * Finds the times that a question names, by in-world time where it is kept, else by the evenings of play. Words that name
 * none here stay in `rest`.
 */
export function namedTimes(
  question: string,
  now: GameTime,
  shelf: Shelf,
): { readonly rest: string; readonly times: readonly NamedTime[] } {
  const times: NamedTime[] = [];
  const resolve = resolver(now, shelf);
  const rest = takeTimeWords(question.slice(0, LONGEST_QUESTION), (asked) => {
    const fit = resolve(asked);
    if (fit !== undefined) times.push({ words: asked.words, fit });
    return fit !== undefined;
  });
  return { rest: times.length === 0 ? rest : rest.replace(SAYS_ONLY_THAT_IT_ASKS, ' '), times };
}

/** Why a memory was found by a time: "last night (day 2, night)". */
export function reasonOf({ words }: NamedTime, { worldMinute, saidAtInMs }: MemoryUnit): string {
  const when =
    worldMinute === undefined ? new Date(saidAtInMs).toLocaleDateString('sv') : worldTimeText(worldMinute);
  return `${words} (${when})`;
}

type Fit = NamedTime['fit'];
type Spans = () => readonly Span[];

const NEVER: Spans = () => [];

const DAYS_AWAY: Readonly<Record<Relation, number>> = { before: 1, during: 0, after: -1, since: -1 };

function resolver(now: GameTime, shelf: Shelf): (asked: TimeWords) => Fit | undefined {
  const { worldMinute: worldNow } = now;
  const evenings = once(() => eveningsOf(shelf.layout.units));
  /** So many evenings of play before another. Where all goes by in-world time, nobody asks. */
  const played = (from: number, until: number, seenFromInMs = now.atInMs) =>
    once(() => {
      const evening = eveningAt(evenings(), seenFromInMs);
      return evenings()
        .slice(Math.max(0, evening - from), Math.max(0, evening - until + 1))
        .map(({ fromInMs, untilInMs }): Span => ({ from: fromInMs, until: untilInMs + 1 }));
    });

  const byPlay =
    (evening: Spans, relation?: Relation): Fit =>
    ({ saidAtInMs, kind }) =>
      // The game master's word is no event.
      worldNow !== undefined && kind === 'gm' ? 0 : fitIn(evening(), saidAtInMs, relation, NEAR_IN_MS);

  /** What has in-world time goes by that; what was said before it was kept, by the evening of play. */
  const fitOf = (world: readonly Span[], evening: Spans, relation?: Relation): Fit | undefined => {
    if (world.length === 0 && evening().length === 0) return undefined;
    const fitPlayed = byPlay(evening, relation);
    return (unit) =>
      worldNow === undefined || unit.worldMinute === undefined
        ? fitPlayed(unit)
        : fitIn(world, unit.worldMinute, relation, NEAR_IN_MINUTES);
  };

  const happenings = new Map<string, Happening | undefined>();
  /** Each is searched for once, however often a question names it. */
  const happeningOf = (event: string): Happening | undefined => {
    if (!happenings.has(event)) happenings.set(event, findEvent(event, shelf, evenings));
    return happenings.get(event);
  };

  const aroundEvent = (asked: TimeWords & { readonly kind: 'event' }): Fit | undefined => {
    const happening = happeningOf(asked.event);
    if (happening === undefined) return undefined;
    const { part, relation } = asked;
    if (part === undefined) return (unit) => fitAround(happening, unit, relation);
    const away = DAYS_AWAY[relation];
    const { from, until } = happening.world ?? { from: undefined, until: undefined };
    const at = away < 0 ? until : from;
    if (at !== undefined && worldNow !== undefined)
      return fitOf([spanOf(wakingDayOf(at) - away, part)], NEVER);
    // It was before in-world time was kept: what has one since stands to it by the order of play alone.
    const evening = played(away, away, happening.fromInMs);
    return evening().length === 0 ? undefined : byPlay(evening);
  };

  return (asked) => {
    switch (asked.kind) {
      case 'ago': {
        const { fromDays, untilDays, part, relation } = asked;
        const world = worldNow === undefined ? [] : daysAgo(worldNow, fromDays, untilDays, part);
        // Evenings stand for days, but seven of them for no week: many a group plays once in one.
        return fitOf(world, asked.isInWeeks === true ? NEVER : played(fromDays, untilDays), relation);
      }
      case 'hours ago': {
        const minutes = asked.hours * 60;
        const about = Math.max(30, minutes * ABOUT);
        const at = worldNow ?? 0;
        const span = { from: at - minutes - about, until: at - minutes + about };
        return fitOf(worldNow === undefined ? [] : [span], played(0, 0));
      }
      case 'on day':
        return worldNow === undefined
          ? undefined
          : fitOf(onDay(asked.day, asked.part), NEVER, asked.relation);
      case 'last time': {
        const evening = played(1, 1);
        return evening().length === 0 ? undefined : byPlay(evening);
      }
      case 'event':
        return aroundEvent(asked);
    }
  };
}

/** Worked out when it is first asked for. */
function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** A part of the day that begins with a dawn. */
function spanOf(wakingDay: number, part: DayPart): Span {
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

function daysAgo(now: WorldMinute, from: number, until: number, part: DayPart): readonly Span[] {
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
function onDay(day: number, part: DayPart): readonly Span[] {
  if (part !== 'day') return [spanOf(day, part)];
  const from = day * MINUTES_PER_DAY;
  const until = from + MINUTES_PER_DAY;
  return [
    { from, until },
    { from: until, until: until + PARTS_OF_DAY.dawn, fit: PERHAPS },
  ];
}

function fitIn(spans: readonly Span[], time: number, relation: Relation | undefined, near: number): number {
  let best = 0;
  for (const { from, until, fit = 1 } of spans) {
    if (relation === 'before') best = Math.max(best, time < from ? closeness(from - time, near) : 0);
    else if (relation === 'since') best = Math.max(best, time >= from ? closeness(time - from, near) : 0);
    else if (relation === 'after') best = Math.max(best, time >= until ? closeness(time - until, near) : 0);
    else if (time >= from && time < until) best = Math.max(best, fit);
  }
  return best;
}

/** Before or after what happened, or while it did. */
function fitAround(happening: Happening, unit: MemoryUnit, relation: Relation): number {
  if (relation === 'during') return isMomentOf(happening, unit) ? 1 : 0;
  const { after, worldMinutes, ms } = orderOf(happening, unit);
  if (after === 0 || after > 0 === (relation === 'before')) return 0;
  return worldMinutes === undefined || worldMinutes === 0
    ? closeness(ms, NEAR_IN_MS)
    : closeness(worldMinutes, NEAR_IN_MINUTES);
}

function closeness(distance: number, near: number): number {
  return FAR + (1 - FAR) * Math.exp(-distance / near);
}
