import type { MemoryUnit } from '#src/core/memory.ts';
import { wakingDayOf } from '#src/core/world-time.ts';
import { type Evening, eveningAt } from './evenings.ts';
import { alsoTelling, happening, mayBeStillToCome } from './event-words.ts';
import type { Shelf } from './shelf.ts';
import { cachedStem, contentOf, plainWords } from './words.ts';

/** An event with more words than these is a story, and no memory has them all. */
const MOST_WORDS = 6;
/** Told of as weightily at more times than these it is no event, but something that is always there: "the king". */
const MOST_TIMES = 4;
/** An event is talked of for long: its own time is the first at which it is told of about as weightily as ever. */
const SHARE_OF_HEAVIEST = 0.5;
/** What is narrated is happening, unless what people speak of weighs so much more: all that is narrated are campfires. */
const SPOKEN_OUTWEIGHS = 2;
/** "Before you go" says nothing of what happened, "before we left the mill" does. */
const FEWEST_BEHIND_A_PRONOUN = 2;
const PRONOUN = /^(?:we|they|he|she|I|you|it)\b/iu;
const OF_A_SYNONYM = 0.5;
/** What was said so soon before or after is of the same moment. */
const MOMENT_IN_MS = 30 * 60_000;
const MOMENT_IN_MINUTES = 60;
const RELATION = /\b(?:before|until|after|since|during|while|when)\b/iu;
const RELATED_TO = new RegExp(`${RELATION.source}[^,.;:?!]*$`, 'iu');
const LONGEST_RELATION = 60;
/** A summary has what somebody said between quotation marks: `Mira: "It rains."` */
const SAID_BY_SOMEBODY = /: "[^"]*"/gu;
/** What is told of in more memories is always there, and to read them all would hold up everybody. */
const MOST_TELLINGS = 128;
/** Words are looked for so far into a memory. */
const LONGEST_READ_IN_CHARACTERS = 1_000;
const SENTENCES = /[^.!?…]+[.!?…]*/gu;

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

interface Weighed {
  readonly unit: MemoryUnit;
  /** How much speaks for it that the event happens there, from 0 to 1. */
  readonly weight: number;
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
  const tellings = tellingsOf(stems, shelf);
  const least = SHARE_OF_HEAVIEST * heaviest(tellings);
  const weighty = tellings.filter(({ weight }) => weight >= least);
  const times = [...byTime(weighty, evenings).values()];
  if (times.length === 0 || times.length > MOST_TIMES) return undefined;
  const own = times.reduce((one, other) => (isBefore(other[0], one[0]) ? other : one));
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

/**
 * The memories that tell of an event: they have all of its words, and neither ask nor place something else by it. Who
 * speaks of it may speak of it at any time; what is narrated is happening: where there is any, mostly only that counts.
 */
function tellingsOf(stems: readonly string[], shelf: Shelf): readonly Weighed[] {
  const holding = holdingAll(stems, shelf);
  const narrated = holding.filter(({ unit }) => unit.speaker === '');
  if (narrated.length > MOST_TELLINGS) return [];
  const words = new Set(stems.flatMap((stem) => [stem, ...alsoTelling(stem)]));
  const weigh = (telling: Telling) => weighed(telling, words);
  const narrating = narrated.filter(({ unit }) => isNarrated(unit, words)).map(weigh);
  if (holding.length > MOST_TELLINGS) return narrating;
  const heard = narrating.length === 0 ? holding : holding.filter(({ unit }) => unit.speaker !== '');
  const told = heard.filter(({ unit }) => isTold(unit, words) && !isStillToCome(unit, words)).map(weigh);
  return heaviest(told) > SPOKEN_OUTWEIGHS * heaviest(narrating) ? told : narrating;
}

function heaviest(tellings: readonly Weighed[]): number {
  return tellings.reduce((most, { weight }) => Math.max(most, weight), 0);
}

function weighed({ unit, strength }: Telling, words: ReadonlySet<string>): Weighed {
  const text = unit.text.slice(0, LONGEST_READ_IN_CHARACTERS);
  return { unit, weight: strength * happening(text, beforeFirst(text, words) ?? '') };
}

/** The memories that have all of the words, without questions and the game master's word, which is no event. */
function holdingAll(stems: readonly string[], shelf: Shelf): readonly Telling[] {
  const { units, places, endsAsking, count } = shelf.layout;
  const least = new Float32Array(count).fill(1);
  for (const stem of stems) {
    const found = new Float32Array(count);
    for (const synonym of alsoTelling(stem))
      shelf.words.each(synonym, (slot) => {
        found[places[slot] ?? 0] = OF_A_SYNONYM;
      });
    shelf.words.each(stem, (slot) => {
      found[places[slot] ?? 0] = 1;
    });
    for (let place = 0; place < count; place += 1)
      least[place] = Math.min(least[place] ?? 0, found[place] ?? 0);
  }
  return units.flatMap((unit, place) => {
    const strength = least[place] ?? 0;
    return strength === 0 || endsAsking[place] === 1 || unit.kind === 'gm' ? [] : [{ unit, strength }];
  });
}

/** A summary narrates what was narrated, but for the words that it says somebody said. */
function isNarrated({ text, kind }: MemoryUnit, words: ReadonlySet<string>): boolean {
  if (kind !== 'summary') return isTold({ text }, words);
  const narrated = text.replaceAll(SAID_BY_SOMEBODY, ' ');
  return beforeFirst(narrated, words) !== undefined && isTold({ text: narrated }, words);
}

/** "Since the fire nobody sleeps" is said after it, and not of it. */
function isTold({ text }: Pick<MemoryUnit, 'text'>, words: ReadonlySet<string>): boolean {
  // Most lines have no such word, and to stem all of theirs takes long.
  return !RELATION.test(text) || !RELATED_TO.test(beforeFirst(text, words)?.slice(-LONGEST_RELATION) ?? '');
}

/** Whether it is told of as what is not yet. */
function isStillToCome({ text }: MemoryUnit, words: ReadonlySet<string>): boolean {
  if (!mayBeStillToCome(text)) return false;
  const sentences = text.slice(0, LONGEST_READ_IN_CHARACTERS).match(SENTENCES) ?? [];
  return sentences.filter((sentence) => beforeFirst(sentence, words) !== undefined).every(mayBeStillToCome);
}

/** What stands before the first of some words; undefined where none of them is, or only far into the text. */
function beforeFirst(text: string, words: ReadonlySet<string>): string | undefined {
  for (const { 0: word, index } of text.slice(0, LONGEST_READ_IN_CHARACTERS).matchAll(/[\p{L}\p{N}]+/gu))
    if (words.has(cachedStem(word.toLowerCase()))) return text.slice(0, index);
  return undefined;
}

/** By in-world day where there is one, else by evening of play. */
function byTime(
  tellings: readonly Weighed[],
  evenings: () => readonly Evening[],
): ReadonlyMap<string, readonly Weighed[]> {
  return Map.groupBy(tellings, ({ unit: { worldMinute, saidAtInMs } }) =>
    worldMinute === undefined
      ? `evening ${eveningAt(evenings(), saidAtInMs)}`
      : `day ${wakingDayOf(worldMinute)}`,
  );
}

function isBefore(one: Weighed | undefined, other: Weighed | undefined): boolean {
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
