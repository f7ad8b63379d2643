import type { MemoryUnit } from '#src/core/memory.ts';
import { type GameTime, MINUTES_PER_DAY, wakingDayOf, worldTimeText } from '#src/core/world-time.ts';
import { eveningAt, eveningsOf } from './evenings.ts';
import { findEvent, type Happening, isMomentOf, orderOf } from './events.ts';
import type { Shelf } from './shelf.ts';
import { closeness, datesAgo, daysAgo, fitIn, lastOf, onDay, type Span, spanOf } from './time-spans.ts';
import { type Relation, type TimeWords, takeTimeWords } from './time-words.ts';
import { contentOf, plainWords } from './words.ts';

const NEAR_IN_MINUTES = MINUTES_PER_DAY;
const NEAR_IN_MS = 6 * 60 * 60_000;
/** What was said within an hour of so many hours ago. */
const ABOUT = 0.4;
/** From so many days on, nobody counts evenings of play: "seven days ago" is of the calendar. */
const BY_CALENDAR_FROM_DAYS = 5;
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

export interface NamedTimes {
  /** The question without the times, also those that nobody remembers; but what may be an event stays to be searched for. */
  readonly rest: string;
  readonly times: readonly NamedTime[];
  /** The words of those from which nothing can be remembered: "last night" on the first evening. */
  readonly unknown: readonly string[];
}

/**
 * Finds the times that a question names, by in-world time where it is kept, else by the evenings of play, and weeks by the
 * calendar.
 */
export function namedTimes(question: string, now: GameTime, shelf: Shelf): NamedTimes {
  const times: NamedTime[] = [];
  const unknown: string[] = [];
  const events: string[] = [];
  const resolve = resolver(now, shelf);
  const rest = takeTimeWords(question.slice(0, LONGEST_QUESTION), (asked) => {
    const fit = resolve(asked);
    if (fit !== undefined) times.push({ words: asked.words, fit });
    else if (asked.kind !== 'event') unknown.push(asked.words);
    // "What happens when the moon rises?" names no time.
    else if (asked.relation !== 'during') events.push(asked.words);
    return fit !== undefined || asked.kind !== 'event';
  });
  // "Who asked after the ferry?" may name none either; "what happened after the siege?" does.
  for (const words of events) if (!asksForMore(rest.replace(words, ' '))) unknown.push(words);
  return { rest: times.length + unknown.length > 0 ? withoutAsking(rest) : rest, times, unknown };
}

function withoutAsking(rest: string): string {
  return rest.replace(SAYS_ONLY_THAT_IT_ASKS, ' ');
}

function asksForMore(rest: string): boolean {
  return contentOf(plainWords(withoutAsking(rest))).length > 0;
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

  /** What of some stretches of the calendar anything was said in. */
  const playedIn = (spans: readonly Span[]) =>
    spans.filter(({ from, until }) =>
      evenings().some(({ fromInMs, untilInMs }) => untilInMs >= from && fromInMs < until),
    );

  const daysOrEvenings = (fromDays: number, untilDays: number): Spans => {
    if (worldNow !== undefined || untilDays < BY_CALENDAR_FROM_DAYS) return played(fromDays, untilDays);
    const days = playedIn([datesAgo(now.atInMs, fromDays, untilDays)]);
    return days.length > 0 ? () => days : played(fromDays, untilDays);
  };

  /** When in-world time began to be kept. */
  const keptFrom = once(() =>
    shelf.layout.units.reduce<Pick<MemoryUnit, 'saidAtInMs' | 'worldMinute'>>(
      (first, unit) => (unit.worldMinute !== undefined && unit.saidAtInMs < first.saidAtInMs ? unit : first),
      { saidAtInMs: Number.POSITIVE_INFINITY },
    ),
  );
  /** What was said before time was kept was before all of a span, where the first that has a time was. */
  const isBeforeIt = ({ saidAtInMs }: MemoryUnit, world: readonly Span[]) => {
    const { worldMinute, saidAtInMs: keptFromInMs } = keptFrom();
    if (worldMinute === undefined || saidAtInMs > keptFromInMs) return false;
    return world.every(({ from }) => worldMinute < from);
  };

  const byPlay =
    (evening: Spans, relation?: Relation): Fit =>
    ({ saidAtInMs, kind }) =>
      // The game master's word is no event.
      worldNow !== undefined && kind === 'gm' ? 0 : fitIn(evening(), saidAtInMs, relation, NEAR_IN_MS);

  /** What has in-world time goes by that; what was said before it was kept, by the evening of play. */
  const fitOf = (world: readonly Span[], evening: Spans, relation?: Relation): Fit | undefined => {
    if (world.length === 0 && evening().length === 0) return undefined;
    const fitPlayed = byPlay(evening, relation);
    return (unit) => {
      if (worldNow !== undefined && unit.worldMinute !== undefined)
        return fitIn(world, unit.worldMinute, relation, NEAR_IN_MINUTES);
      const isOlder = relation === undefined && world.length > 0 && isBeforeIt(unit, world);
      return isOlder ? 0 : fitPlayed(unit);
    };
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
        if (asked.isInWeeks !== true) return fitOf(world, daysOrEvenings(fromDays, untilDays), relation);
        // In-world weeks are others than those of the calendar.
        if (worldNow !== undefined) return fitOf(world, NEVER, relation);
        const spans = [datesAgo(now.atInMs, fromDays, untilDays), ...lastOf(asked.last, now.atInMs)];
        return fitOf(
          [],
          once(() => playedIn(spans)),
          relation,
        );
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

/** Before or after what happened, or while it did. */
function fitAround(happening: Happening, unit: MemoryUnit, relation: Relation): number {
  if (relation === 'during') return isMomentOf(happening, unit) ? 1 : 0;
  const { after, worldMinutes, ms } = orderOf(happening, unit);
  if (after === 0 || after > 0 === (relation === 'before')) return 0;
  return worldMinutes === undefined || worldMinutes === 0
    ? closeness(ms, NEAR_IN_MS)
    : closeness(worldMinutes, NEAR_IN_MINUTES);
}
