/**
 * In-world time: minutes since the start of day 0, in a world whose days have 24 hours and no names. The game master keeps
 * it or leaves it; it moves when they say so. Days below 1 were before the game began.
 */
export type WorldMinute = number;

/** What time it is for a campaign. */
export interface GameTime {
  /** Milliseconds since the epoch. */
  readonly atInMs: number;
  /** Undefined where the game master does not keep it. */
  readonly worldMinute?: WorldMinute | undefined;
}

export const MINUTES_PER_DAY = 24 * 60;
/** Days are from minus this to this. */
export const LAST_DAY = 99_999;

/** When parts of the day begin that a game master may set, in minutes of the day. Midnight ends its day. */
export const PARTS_OF_DAY = {
  dawn: 6 * 60,
  morning: 8 * 60,
  noon: 12 * 60,
  afternoon: 15 * 60,
  evening: 18 * 60,
  night: 21 * 60,
  midnight: MINUTES_PER_DAY,
} as const;
export type PartOfDay = keyof typeof PARTS_OF_DAY;

/** What each time of the day is called, from when on. In minutes of the day. */
const CALLED: readonly (readonly [from: number, name: string])[] = [
  [PARTS_OF_DAY.night, 'night'],
  [PARTS_OF_DAY.evening, 'evening'],
  [13 * 60, 'afternoon'],
  [PARTS_OF_DAY.noon, 'noon'],
  [PARTS_OF_DAY.morning, 'morning'],
  [5 * 60, 'dawn'],
  [0, 'before dawn'],
];

export function worldDayOf(time: WorldMinute): number {
  return Math.floor(time / MINUTES_PER_DAY);
}

/** The day of somebody who is awake: it begins at dawn, and the night after it is still its own. */
export function wakingDayOf(time: WorldMinute): number {
  return worldDayOf(time - PARTS_OF_DAY.dawn);
}

/** From 0 to 1439. */
export function minuteOfDay(time: WorldMinute): number {
  return time - worldDayOf(time) * MINUTES_PER_DAY;
}

/** "morning", "before dawn". */
export function partOfDay(time: WorldMinute): string {
  const minute = minuteOfDay(time);
  return CALLED.find(([from]) => minute >= from)?.[1] ?? 'night';
}

/** "day 2, night": as exact as people speak of it. */
export function worldTimeText(time: WorldMinute): string {
  return `day ${worldDayOf(time)}, ${partOfDay(time)}`;
}

/** "18:30". */
export function worldClockText(time: WorldMinute): string {
  const minute = Math.floor(minuteOfDay(time));
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}
