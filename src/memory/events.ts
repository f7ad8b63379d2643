import type { MemoryUnit } from '#src/core/memory.ts';
import { wakingDayOf } from '#src/core/world-time.ts';
import { type Evening, eveningAt } from './evenings.ts';
import { synonymsOf } from './related.ts';
import type { Shelf } from './shelf.ts';
import { cachedStem, contentOf, plainWords } from './words.ts';

/** An event with more words than these is a story, and no memory has them all. */
const MOST_WORDS = 6;
/** Told of at more times than these it is no event, but something that is always there: "the king". */
const MOST_TIMES = 4;
/** An event is talked of for long: its own time is the first that has such a share of what the fullest has. */
const SHARE_OF_FULLEST = 1 / 3;
/** "Before you go" says nothing of what happened, "before we left the mill" does. */
const FEWEST_BEHIND_A_PRONOUN = 2;
const PRONOUN = /^(?:we|they|he|she|I|you|it)\b/iu;
const OF_A_SYNONYM = 0.5;
/** What was said so soon before or after is of the same moment. */
const MOMENT_IN_MS = 30 * 60_000;
const MOMENT_IN_MINUTES = 60;
const RELATED_TO = /\b(?:before|until|after|since|during|while|when)\b[^,.;:?!]*$/iu;

/** Something that happened, as somebody remembers it. */
export interface Happening {
  readonly fromInMs: number;
  readonly untilInMs: number;
  /** Undefined where it was not kept. `until` is in it. */
  readonly world: { readonly from: number; readonly until: number } | undefined;
}

interface Telling {
  readonly unit: MemoryUnit;
  /** How well it has the event's words. */
  readonly strength: number;
}

/**
 * Finds when something happened, among what one holder remembers; undefined where that is not sure.
 * @param evenings those of all that the holder remembers.
 */
export function findEvent(
  words: string,
  shelf: Shelf,
  evenings: () => readonly Evening[],
): Happening | undefined {
  const stems = [...new Set(contentOf(plainWords(words)).map(({ stem }) => stem))];
  const fewest = PRONOUN.test(words) ? FEWEST_BEHIND_A_PRONOUN : 1;
  if (stems.length < fewest || stems.length > MOST_WORDS) return undefined;
  const told = tellingsOf(stems, shelf);
  // Who speaks of it may speak of it at any time; what is narrated is happening.
  const narrated = told.filter(({ unit }) => unit.speaker === '' && unit.kind === undefined);
  const tellings = narrated.length === 0 ? told : narrated;
  const times = [...byTime(tellings, evenings).values()];
  if (times.length === 0 || times.length > MOST_TIMES) return undefined;
  const weightOf = (each: readonly Telling[]) => each.reduce((sum, { strength }) => sum + strength, 0);
  const fullest = Math.max(...times.map(weightOf));
  const own = times
    .filter((each) => weightOf(each) >= SHARE_OF_FULLEST * fullest)
    .reduce((one, other) => (isBefore(other[0], one[0]) ? other : one));
  return happeningOf(own.map(({ unit }) => unit));
}

/**
 * Where a memory stands to what happened: by in-world time where both have it, and by the order in which it was played
 * where that is missing or the same.
 */
export function orderOf(
  { fromInMs, untilInMs, world }: Happening,
  { saidAtInMs, worldMinute }: MemoryUnit,
): { readonly after: -1 | 0 | 1; readonly worldMinutes: number | undefined; readonly ms: number } {
  const ms = Math.max(fromInMs - saidAtInMs, saidAtInMs - untilInMs, 0);
  const played = saidAtInMs < fromInMs ? -1 : saidAtInMs > untilInMs ? 1 : 0;
  if (world === undefined || worldMinute === undefined) return { after: played, worldMinutes: undefined, ms };
  const worldMinutes = Math.max(world.from - worldMinute, worldMinute - world.until, 0);
  if (worldMinutes === 0) return { after: played, worldMinutes, ms };
  return { after: worldMinute < world.from ? -1 : 1, worldMinutes, ms };
}

export function isMomentOf(happening: Happening, unit: MemoryUnit): boolean {
  const { worldMinutes, ms } = orderOf(happening, unit);
  return worldMinutes === undefined ? ms <= MOMENT_IN_MS : worldMinutes <= MOMENT_IN_MINUTES;
}

/** The memories that have all of the words, and neither ask nor place something else by the event. */
function tellingsOf(stems: readonly string[], shelf: Shelf): readonly Telling[] {
  const { units, places, endsAsking } = shelf.layout;
  const strengths = stems.map((stem) => {
    const found = new Map<number, number>();
    for (const synonym of synonymsOf(stem))
      shelf.words.each(synonym, (slot) => found.set(places[slot] ?? 0, OF_A_SYNONYM));
    shelf.words.each(stem, (slot) => found.set(places[slot] ?? 0, 1));
    return found;
  });
  const [first = new Map<number, number>(), ...others] = strengths.sort(
    (one, other) => one.size - other.size,
  );
  const tellings: Telling[] = [];
  for (const [place, strength] of first) {
    const unit = units[place];
    const all = others.map((found) => found.get(place) ?? 0);
    if (unit === undefined || all.includes(0) || endsAsking[place] === 1) continue;
    if (isSeenFromElsewhere(unit.text, stems)) continue;
    tellings.push({ unit, strength: Math.min(strength, ...all) });
  }
  return tellings;
}

/** "Since the fire nobody sleeps": said after it, and not of it. */
function isSeenFromElsewhere(text: string, stems: readonly string[]): boolean {
  for (const { 0: word, index } of text.matchAll(/[\p{L}\p{N}]+/gu))
    if (stems.includes(cachedStem(word.toLowerCase())))
      return RELATED_TO.test(text.slice(Math.max(0, index - LONGEST_RELATION), index));
  return false;
}

const LONGEST_RELATION = 60;

/** By in-world day where there is one, else by evening of play. */
function byTime(
  tellings: readonly Telling[],
  evenings: () => readonly Evening[],
): ReadonlyMap<string, readonly Telling[]> {
  return Map.groupBy(tellings, ({ unit: { worldMinute, saidAtInMs } }) =>
    worldMinute === undefined
      ? `evening ${eveningAt(evenings(), saidAtInMs)}`
      : `day ${wakingDayOf(worldMinute)}`,
  );
}

function isBefore(one: Telling | undefined, other: Telling | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  return orderOf(happeningOf([other.unit]), one.unit).after < 0;
}

function happeningOf(units: readonly MemoryUnit[]): Happening {
  const said = units.map(({ saidAtInMs }) => saidAtInMs);
  const world = units.map(({ worldMinute }) => worldMinute).filter((time) => time !== undefined);
  return {
    fromInMs: Math.min(...said),
    untilInMs: Math.max(...said),
    world: world.length < units.length ? undefined : { from: Math.min(...world), until: Math.max(...world) },
  };
}
