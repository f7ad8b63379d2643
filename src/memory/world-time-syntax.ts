import { shown } from '#src/core/command-options.ts';
import { Refusal } from '#src/core/errors.ts';
import {
  LAST_DAY,
  MINUTES_PER_DAY,
  minuteOfDay,
  PARTS_OF_DAY,
  type PartOfDay,
  type WorldMinute,
  wakingDayOf,
  worldDayOf,
} from '#src/core/world-time.ts';
import { NUMBER_WORDS, numberIn, ORDINAL_WORDS } from './number-words.ts';

const OTHER_NAMES: Readonly<Record<string, PartOfDay>> = {
  daybreak: 'dawn',
  sunrise: 'dawn',
  midday: 'noon',
  dusk: 'evening',
  sunset: 'evening',
  nightfall: 'night',
};
const PART = `(?<part>${[...Object.keys(PARTS_OF_DAY), ...Object.keys(OTHER_NAMES)].join('|')})`;
const CLOCK = '(?<hour>\\d{1,2})(?:[:.](?<minute>\\d{2}))?(?: ?(?<half>am|pm))?';
const TIME = `(?:at |in the |the |around )?(?:${PART}|${CLOCK})`;
const DAY = `(?:on )?(?:the )?(?:day (?<day>-?\\d{1,7})|(?<ordinal>${ORDINAL_WORDS}|\\d{1,7}(?:st|nd|rd|th)) day)`;
const DAY_AND_TIME = new RegExp(`^${DAY}(?:[, ]+${TIME})?$`, 'u');
const TIME_AND_DAY = new RegExp(`^${TIME}(?: of|,)? ${DAY}$`, 'u');
const TIME_ALONE = new RegExp(`^${TIME}$`, 'u');

const DAY_BEFORE = new RegExp(
  `^(?<before>today|yesterday|(?:the )?day before yesterday)(?:[, ]+${TIME})?$`,
  'u',
);
const PART_BEFORE = new RegExp(`^(?<before>this|last) ${PART}$`, 'u');
/** How many days before this one. */
const DAYS_BEFORE: Readonly<Record<string, number>> = { today: 0, this: 0, yesterday: 1, last: 1 };

const NEXT_PART = new RegExp(
  `^(?:until |till |to )?(?:the |this |that )?(?<next>next |following )?${PART}$`,
  'u',
);
const NEXT_DAY = new RegExp(`^(?:until )?(?:the )?(?:next day|following day|tomorrow)(?: ${PART})?$`, 'u');
const AMOUNT = new RegExp(
  `(?:(?<half>half an? )|(?<count>\\d{1,7}|${NUMBER_WORDS}|an?) ?)(?<unit>minutes?|mins?|hours?|hrs?|h|days?|d|nights?|weeks?|w)(?:,? and |, | |,)?`,
  'uy',
);
const UNITS: Readonly<Record<string, number>> = {
  m: 1,
  h: 60,
  d: MINUTES_PER_DAY,
  n: MINUTES_PER_DAY,
  w: 7 * MINUTES_PER_DAY,
};

/**
 * The time that a game master sets: "day 3, evening", "day 3 18:30", "evening", "last night", "3 days ago". What is left
 * out of it is as it was: the day, or the time of day.
 * @param now undefined where no time was kept so far: then it is day 1, and morning.
 * @throws Refusal where it cannot be read.
 */
export function readWorldTime(typed: string, now: WorldMinute | undefined): WorldMinute {
  const text = plain(typed);
  const found = DAY_AND_TIME.exec(text) ?? TIME_AND_DAY.exec(text) ?? TIME_ALONE.exec(text);
  const before = found === null && now !== undefined ? timeBefore(text, now) : undefined;
  if (before !== undefined) return withinDays(before);
  const given = found?.groups;
  // "3" alone could be either.
  if (given === undefined || isBareNumber(given))
    throw new Refusal(
      `“${shown(typed)}” is no time that I can read. Give a day, a time of day, or both: day 3, evening; day 3 18:30; midnight.`,
    );
  const named = given.day ?? given.ordinal;
  const day = named === undefined ? (now === undefined ? 1 : worldDayOf(now)) : numberIn(named);
  const minute = minuteGiven(given, typed);
  const otherwise = now === undefined ? PARTS_OF_DAY.morning : minuteOfDay(now);
  return withinDays(day * MINUTES_PER_DAY + (minute ?? otherwise));
}

/**
 * The time to which a game master moves on: "8 hours", "2 days and 4 hours", "evening", "next morning", "tomorrow evening".
 * "Next" is of the next day, as "tomorrow" is: at dawn, the next morning is not this one.
 * @throws Refusal where it cannot be read, or is no later than now.
 */
export function readLater(typed: string, now: WorldMinute): WorldMinute {
  const text = plain(typed);
  const { next, part } = NEXT_PART.exec(text)?.groups ?? {};
  if (part !== undefined && next === undefined) return withinDays(nextTime(now, minuteOfPart(part)));
  const tomorrow = NEXT_DAY.exec(text);
  if (next !== undefined || tomorrow !== null) {
    const minute = minuteOfPart(part ?? tomorrow?.groups?.part ?? 'morning');
    return withinDays((wakingDayOf(now) + 1) * MINUTES_PER_DAY + minute);
  }
  const amount = passing(text);
  if (amount === undefined)
    throw new Refusal(
      `“${shown(typed)}” does not say how much later. Give a time to pass or the next time of day: 8 hours; 2 days; next morning.`,
    );
  if (amount === 0) throw new Refusal('No time would pass. Give at least a minute: 8 hours; next morning.');
  return withinDays(now + amount);
}

/** "last night", "yesterday evening", "3 days ago", as whoever is awake now says it; undefined where it is none of these. */
function timeBefore(text: string, now: WorldMinute): WorldMinute | undefined {
  // Past midnight it is the night that is not over.
  if (text === 'last night') return (worldDayOf(now) - 1) * MINUTES_PER_DAY + PARTS_OF_DAY.night;
  if (text === 'tonight') return wakingDayOf(now) * MINUTES_PER_DAY + PARTS_OF_DAY.night;
  if (text === 'last week') return now - 7 * MINUTES_PER_DAY;
  const ago = text.endsWith(' ago') ? amountIn(text.slice(0, -' ago'.length)) : undefined;
  if (ago !== undefined) return now - ago;
  const given = (DAY_BEFORE.exec(text) ?? PART_BEFORE.exec(text))?.groups;
  if (given?.before === undefined) return undefined;
  const days = DAYS_BEFORE[given.before] ?? 2;
  const minute = minuteGiven(given, text);
  return minute === undefined
    ? now - days * MINUTES_PER_DAY
    : (wakingDayOf(now) - days) * MINUTES_PER_DAY + minute;
}

/** Whether a text says how much later, as `readLater` reads it. */
export function saysHowMuchLater(typed: string): boolean {
  const text = plain(typed);
  return NEXT_PART.test(text) || NEXT_DAY.test(text) || passing(text) !== undefined;
}

/** "8 hours", "in 8 hours", "8 hours later", "next week". In minutes; undefined where it is none. */
function passing(text: string): number | undefined {
  if (/^(?:the )?(?:next|following) week$/u.test(text)) return 7 * MINUTES_PER_DAY;
  return amountIn(text.replace(/^(?:in|after) /u, '').replace(/ later$/u, ''));
}

/** In minutes; undefined where it is none. */
function amountIn(text: string): number | undefined {
  let sum = 0;
  AMOUNT.lastIndex = 0;
  for (let at = 0; at < text.length; at = AMOUNT.lastIndex) {
    const amount = AMOUNT.exec(text)?.groups;
    if (amount === undefined) return undefined;
    const count = amount.half === undefined ? numberIn(amount.count ?? '') : 0.5;
    sum += count * (UNITS[amount.unit?.charAt(0) ?? ''] ?? Number.NaN);
  }
  return text === '' ? undefined : Math.round(sum);
}

function plain(typed: string): string {
  return typed
    .toLowerCase()
    .replace(/\([^)]*\)$/u, '')
    .replace(/['’]/gu, '')
    .replace(/\s+/gu, ' ')
    .replace(/\s*,\s*/gu, ', ')
    .trim();
}

type Given = Readonly<Record<string, string | undefined>>;

function isBareNumber({ day, ordinal, part, minute, half }: Given): boolean {
  return [day, ordinal, part, minute, half].every((each) => each === undefined);
}

/** In minutes of the day; undefined where no time of day is given. */
function minuteGiven({ part, hour, minute, half }: Given, typed: string): number | undefined {
  if (part !== undefined) return minuteOfPart(part);
  if (hour === undefined) return undefined;
  const [hours, minutes] = [Number(hour), Number(minute ?? '0')];
  const isOnTheClock = minutes < 60 && (half === undefined ? hours < 24 : hours >= 1 && hours <= 12);
  if (!isOnTheClock || (minute === undefined && half === undefined))
    throw new Refusal(
      `“${shown(typed)}” has no time of day that a clock shows. Write it like 18:30, 6 pm or evening.`,
    );
  const hourOfDay = half === undefined ? hours : (hours % 12) + (half === 'pm' ? 12 : 0);
  return hourOfDay * 60 + minutes;
}

function minuteOfPart(name: string): number {
  const part = OTHER_NAMES[name] ?? name;
  return Object.entries(PARTS_OF_DAY).find(([each]) => each === part)?.[1] ?? 0;
}

/** The first time after now at which it is so late. */
function nextTime(now: WorldMinute, minute: number): WorldMinute {
  const day = (worldDayOf(now) - 1) * MINUTES_PER_DAY + minute;
  return day + (Math.floor((now - day) / MINUTES_PER_DAY) + 1) * MINUTES_PER_DAY;
}

function withinDays(time: WorldMinute): WorldMinute {
  const day = worldDayOf(time);
  if (Number.isSafeInteger(time) && Math.abs(day) <= LAST_DAY) return time;
  const last = LAST_DAY.toLocaleString('en');
  throw new Refusal(
    `Days go from -${last} to ${last}. Choose one of these; the campaign’s first day need not be day 1.`,
  );
}
