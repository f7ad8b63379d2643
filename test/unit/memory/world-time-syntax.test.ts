import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Refusal } from '#src/core/errors.ts';
import {
  LAST_DAY,
  MINUTES_PER_DAY,
  minuteOfDay,
  wakingDayOf,
  worldClockText,
  worldDayOf,
  worldTimeText,
} from '#src/core/world-time.ts';
import { readLater, readWorldTime } from '#src/memory/world-time-syntax.ts';

const at = (day: number, hour = 0, minute = 0) => (day * 24 + hour) * 60 + minute;
const now = at(3, 20);
const anyTime = fc.integer({ min: -LAST_DAY * MINUTES_PER_DAY, max: LAST_DAY * MINUTES_PER_DAY });

describe('in-world time', () => {
  test.each([
    [at(2, 0), 'day 2, before dawn'],
    [at(2, 5), 'day 2, dawn'],
    [at(2, 8), 'day 2, morning'],
    [at(2, 12, 59), 'day 2, noon'],
    [at(2, 13), 'day 2, afternoon'],
    [at(2, 18), 'day 2, evening'],
    [at(2, 21), 'day 2, night'],
    [at(-2, 23, 59), 'day -2, night'],
  ])('%i is %s', (time, text) => expect(worldTimeText(time)).toBe(text));

  test('has days that begin at midnight, and days that begin at dawn', () => {
    expect([worldDayOf(at(3, 2)), wakingDayOf(at(3, 2)), wakingDayOf(at(3, 6))]).toEqual([3, 2, 3]);
    expect([worldDayOf(-1), minuteOfDay(-1), worldClockText(-1)]).toEqual([-1, 1439, '23:59']);
  });
});

describe('readWorldTime', () => {
  test.each([
    ['day 3, evening', at(3, 18)],
    ['Day 3 18:30', at(3, 18, 30)],
    ['  day 3 ,  18:30 ', at(3, 18, 30)],
    ['on day 12 at 6:05 am', at(12, 6, 5)],
    ['day 3, 12 am', at(3)],
    ['day 3, 12pm', at(3, 12)],
    ['day 3 in the morning', at(3, 8)],
    ['the evening of day 3', at(3, 18)],
    ['night, day 4', at(4, 21)],
    ['the third day, noon', at(3, 12)],
    ['22nd day', at(22, 20)],
    ['day 5', at(5, 20)],
    ['day -4, dawn', at(-4, 6)],
    ['evening', at(3, 18)],
    ['sunset', at(3, 18)],
    ['18:30', at(3, 18, 30)],
    // It ends its day.
    ['midnight', at(4)],
    ['day 3, midnight', at(4)],
    ['day 3, 18:30 (evening)', at(3, 18, 30)],
    ['last night', at(2, 21)],
    ['Last Evening', at(2, 18)],
    ['yesterday', at(2, 20)],
    ['yesterday, morning', at(2, 8)],
    ['yesterday at noon', at(2, 12)],
    ['yesterday, 18:30', at(2, 18, 30)],
    ['the day before yesterday', at(1, 20)],
    ['this morning', at(3, 8)],
    ['today', at(3, 20)],
    ['tonight', at(3, 21)],
    ['3 days ago', at(0, 20)],
    ['half an hour ago', at(3, 19, 30)],
    ['a week ago', at(-4, 20)],
    ['last week', at(-4, 20)],
  ])('%s', (typed, time) => expect(readWorldTime(typed, now)).toBe(time));

  test('means the night that is not over by “last night” past midnight, and the day before it by “yesterday”', () => {
    expect(readWorldTime('last night', at(4, 2))).toBe(at(3, 21));
    expect(readWorldTime('yesterday evening', at(4, 2))).toBe(at(2, 18));
    expect(readWorldTime('this evening', at(4, 2))).toBe(at(3, 18));
  });

  test.each(['last night', 'yesterday', '3 days ago'])('reads no “%s” where no time is kept', (typed) => {
    expect(() => readWorldTime(typed, undefined)).toThrow(/is no time that I can read/u);
  });

  test('begins with the morning of day 1', () => {
    expect(readWorldTime('day 2', undefined)).toBe(at(2, 8));
    expect(readWorldTime('noon', undefined)).toBe(at(1, 12));
  });

  test.each([
    '',
    '3',
    'three',
    'last',
    'long ago',
    'next yesterday',
    'day',
    'day three hundred',
    'day 3 evening 18:30',
    'day 3.5',
  ])('refuses “%s” and says how it is written', (typed) => {
    expect(() => readWorldTime(typed, now)).toThrow(/is no time that I can read\. Give a day/u);
  });

  test.each(['day 3, 25:00', 'day 3, 18:60', 'day 3, 13 pm', 'day 3, 0 am', 'day 3 18'])(
    'refuses “%s”: no clock shows it',
    (typed) => expect(() => readWorldTime(typed, now)).toThrow(/no time of day that a clock shows/u),
  );

  test('refuses days beyond its bounds', () => {
    expect(() => readWorldTime('day 100000', now)).toThrow(/Days go from -99,999 to 99,999/u);
    expect(() => readWorldTime('day -99999999', now)).toThrow(Refusal);
    expect(readWorldTime('day -99999', now)).toBe(at(-99_999, 20));
  });

  test('reads back every time as it is shown', () => {
    fc.assert(
      fc.property(anyTime, anyTime, (time, other) => {
        expect(readWorldTime(`day ${worldDayOf(time)}, ${worldClockText(time)}`, other)).toBe(time);
      }),
    );
  });

  test('is a time within bounds or one sentence with what to do, whatever is typed', () => {
    const words = ['day', '3', '-1', 'evening', 'midnight', '18:30', '6 pm', 'of', ',', 'next', 'hours', 'a'];
    const anything = fc.oneof(
      fc.string({ maxLength: 60 }),
      fc.array(fc.constantFrom(...words), { maxLength: 6 }).map((some) => some.join(' ')),
    );
    fc.assert(
      fc.property(anything, anyTime, (typed, time) => {
        for (const read of [() => readWorldTime(typed, time), () => readLater(typed, time)])
          try {
            const found = read();
            expect(Number.isSafeInteger(found)).toBe(true);
            expect(Math.abs(worldDayOf(found))).toBeLessThanOrEqual(LAST_DAY);
          } catch (error) {
            expect(error).toBeInstanceOf(Refusal);
          }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('readLater', () => {
  test.each([
    ['8 hours', at(4, 4)],
    ['2 days', at(5, 20)],
    ['a day', at(4, 20)],
    ['an hour', at(3, 21)],
    ['half an hour', at(3, 20, 30)],
    ['half a day', at(4, 8)],
    ['90 minutes', at(3, 21, 30)],
    ['three weeks', at(24, 20)],
    ['next week', at(10, 20)],
    ['the following week', at(10, 20)],
    ['in 8 hours', at(4, 4)],
    ['2 days later', at(5, 20)],
    ['1 day, 4 hours and 5 minutes', at(5, 0, 5)],
    ['1d4h', at(5, 0)],
    ['next morning', at(4, 8)],
    ['the next morning', at(4, 8)],
    ['until dawn', at(4, 6)],
    ['night', at(3, 21)],
    ['midnight', at(4)],
    ['evening', at(4, 18)],
    ['tomorrow', at(4, 8)],
    ['the next day', at(4, 8)],
    ['tomorrow evening', at(4, 18)],
  ])('%s', (typed, time) => expect(readLater(typed, now)).toBe(time));

  test('the next part of a day is of the next day, the part alone the first that comes', () => {
    expect(readLater('next morning', at(3, 6))).toBe(at(4, 8));
    expect(readLater('the next evening', at(3, 15))).toBe(at(4, 18));
    expect(readLater('the following night', at(3, 20))).toBe(at(4, 21));
    expect(readLater('morning', at(3, 6))).toBe(at(3, 8));
    expect(readLater('until evening', at(3, 15))).toBe(at(3, 18));
  });

  test('after midnight, tomorrow is the day after the coming one’s dawn', () => {
    expect(readLater('next morning', at(4, 2))).toBe(at(4, 8));
    expect(readLater('tomorrow', at(4, 2))).toBe(at(4, 8));
    expect(readLater('evening', at(4, 18))).toBe(at(5, 18));
  });

  test.each(['', 'soon', '-2 hours', '2', 'hours', '2 fortnights', '8 hours ago', 'day 4'])(
    'refuses “%s”',
    (typed) => expect(() => readLater(typed, now)).toThrow(/does not say how much later/u),
  );

  test('refuses that no time passes, or more than there is', () => {
    expect(() => readLater('0 hours', now)).toThrow(/No time would pass/u);
    expect(() => readLater('9999999 days', now)).toThrow(/Days go from/u);
  });

  test('is always later', () => {
    const typed = fc.constantFrom('a minute', 'next dawn', 'midnight', 'noon', 'tomorrow', 'half an hour');
    const inside = fc.integer({ min: -1_000_000, max: 1_000_000 });
    fc.assert(fc.property(typed, inside, (later, time) => readLater(later, time) > time));
  });
});
