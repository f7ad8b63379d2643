import type { Line } from '#src/core/entities.ts';
import type { MemoryUnit } from '#src/core/memory.ts';
import {
  MINUTES_PER_DAY,
  minuteOfDay,
  PARTS_OF_DAY,
  type WorldMinute,
  wakingDayOf,
  worldTimeText,
} from '#src/core/world-time.ts';
import { numberWord } from '#src/memory/number-words.ts';

/** What was said in the same scene is part of the same occasion for so long. */
const OCCASION_IN_MS = 6 * 60 * 60_000;
const OCCASION_IN_MINUTES = 3 * 60;

type Heard = Pick<Line, 'sceneId' | 'createdAtInMs' | 'worldMinute'>;

/** When a memory was, as somebody says it who answers a line: "last night", "earlier here". */
export function whenItWas(unit: MemoryUnit, heard: Heard): string {
  const { worldMinute: then } = unit;
  const { worldMinute: now } = heard;
  if (then === undefined || now === undefined) return occasionOf(unit, heard);
  // The world's time was set back.
  if (then > now) return `on ${worldTimeText(then)}`;
  const days = wakingDayOf(now) - wakingDayOf(then);
  const isHere = unit.session === heard.sceneId && now - then <= OCCASION_IN_MINUTES;
  if (days === 0) return isHere ? 'earlier here' : earlierToday(then, now);
  const part = partOf(then);
  if (days === 1) return part === 'night' ? 'last night' : `yesterday ${part}`;
  return `${numberWord(days)} ${part === 'night' ? 'nights' : 'days'} ago`;
}

/** The same in words that stay true: what hardly changes in a prompt is to stay the same. */
export function onWhichDay(unit: MemoryUnit, heard: Heard): string {
  return unit.worldMinute === undefined ? occasionOf(unit, heard) : `on ${worldTimeText(unit.worldMinute)}`;
}

function occasionOf({ session, saidAtInMs }: MemoryUnit, { sceneId, createdAtInMs }: Heard): string {
  const isSame = session === sceneId && createdAtInMs - saidAtInMs < OCCASION_IN_MS;
  return isSame ? 'earlier here' : 'on an earlier occasion';
}

function earlierToday(then: WorldMinute, now: WorldMinute): string {
  const part = partOf(then);
  if (part === 'night') return 'earlier tonight';
  return part === partOf(now) ? 'earlier today' : `this ${part}`;
}

/** Of a day that begins at dawn. */
function partOf(time: WorldMinute): 'morning' | 'afternoon' | 'night' {
  const { dawn, noon, evening } = PARTS_OF_DAY;
  const sinceDawn = minuteOfDay(time - dawn + MINUTES_PER_DAY);
  if (sinceDawn < noon - dawn) return 'morning';
  return sinceDawn < evening - dawn ? 'afternoon' : 'night';
}
