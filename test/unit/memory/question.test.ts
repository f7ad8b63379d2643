import { describe, expect, test } from 'vitest';
import { datesIn, fitOf } from '#src/memory/dates.ts';
import { understand } from '#src/memory/question.ts';

const known = { speakers: ['Mira Voss', 'Old Tom', 'Will'], years: [2025, 2026] };

describe('a question', () => {
  test('is about its words, not about names, dates or stop words', () => {
    const { terms } = understand('What promises did Mira make to the smugglers on 3 May 2026?', known);
    expect(terms.map(({ stem }) => stem)).toEqual(['promis', 'make', 'smuggler']);
  });

  test('names speakers by any word of their names', () => {
    expect([...understand('Did Voss or tom ring it?', known).named]).toEqual(['Mira Voss', 'Old Tom']);
    expect([...understand('Was it Will?', known).named]).toEqual(['Will']);
    expect([...understand('Will it ring? I will see.', known).named]).toEqual([]);
  });

  test.each([
    ["What did Tom say about Mira's sword?", 'Old Tom'],
    ["What does Mira's brother say, and Tom?", 'Mira Voss'],
    ['What was given to Mira by Tom?', 'Mira Voss'],
    ['Who knows?', undefined],
  ])('%s: of the named, it asks after %s', (query, lead) => {
    expect(understand(query, known).lead).toBe(lead);
  });

  test.each([
    // What was done to somebody is told by others.
    ['What did we promise you?', []],
    ['What did the party promise Old Tom?', []],
    ['What do we owe the old Tom?', []],
    ['Who attacked Tom?', []],
    ['What did we swear to you?', []],
    ['Who visited you?', []],
    ['What did Mira give me?', ['Mira Voss']],
    ['What did I promise you?', ['Wren']],
    ['What did Mira tell Tom?', ['Mira Voss']],
    // What somebody does, has or is may be told by themselves.
    ['What do you want?', ['Old Tom']],
    ['What happened to your brother?', ['Old Tom']],
    ['What have you promised?', ['Old Tom']],
    ['What happened to Tom?', ['Old Tom']],
    ["Who robbed Tom's house?", ['Old Tom']],
    ['And you?', ['Old Tom']],
  ])('%s names %j as speakers', (query, named) => {
    const asked = { ...known, askedBy: 'Wren', askedOf: 'Old Tom' };
    expect([...understand(query, asked).named]).toEqual(named);
  });

  test('has the name of whom something is done to among its words', () => {
    const stems = (query: string) => understand(query, known).terms.map(({ stem }) => stem);
    expect(stems('What did we promise Voss?')).toEqual(['promis', 'voss']);
    expect(stems('What did Mira promise Tom?')).toEqual(['promis', 'tom']);
    expect(stems('What does Tom promise?')).toEqual(['promis']);
  });

  test('says whose things it asks about', () => {
    expect([...understand('What does Mira’s tattoo mean to Tom?', known).owners]).toEqual(['Mira Voss']);
  });

  test.each([
    ['When did the bell ring?', ['time', 'past']],
    ['How many wolves are there?', ['number']],
    ['Which city was it?', ['place', 'title', 'past']],
    ['Why?', ['reason']],
    ['What do we owe her?', ['bargain']],
    ['Who gives it?', ['gift']],
    ['What does it look like?', ['liking', 'looks']],
    ['What is the reward?', ['money']],
    ['What are they planning?', ['plan']],
    ['How does it feel?', ['feeling']],
    ['What does she prefer?', ['liking']],
  ])('%s asks for %j', (query, cues) => {
    expect([...understand(query, known).cues]).toEqual(cues);
  });

  test('is read no further than a question can be long', () => {
    expect(understand(`${'bell '.repeat(500)} wolf`, known).terms.map(({ plain }) => plain)).toEqual([
      'bell',
    ]);
  });

  test('has no more terms than can be weighed', () => {
    const words = Array.from({ length: 3_000 }, (_, index) => `q${index}`).join(' ');
    expect(understand(words, known).terms.length).toBeLessThanOrEqual(48);
  });
});

describe('dates', () => {
  const daysOf = (text: string) =>
    datesIn(text, [2025, 2026]).periods.map(({ fromInMs, untilInMs, grain }) => [
      grain,
      new Date(fromInMs).toISOString().slice(0, 10),
      new Date(untilInMs).toISOString().slice(0, 10),
    ]);

  test.each([
    ['on 16 August, 2025?', [['day', '2025-08-16', '2025-08-17']]],
    ['on August 16th, 2025?', [['day', '2025-08-16', '2025-08-17']]],
    ['in February 2026?', [['month', '2026-02-01', '2026-03-01']]],
    ['the year 2025', [['year', '2025-01-01', '2026-01-01']]],
    [
      'in May',
      [
        ['month', '2025-05-01', '2025-06-01'],
        ['month', '2026-05-01', '2026-06-01'],
      ],
    ],
    ['may they march?', []],
    ['room 2300', []],
  ])('%s', (text, periods) => {
    expect(daysOf(text)).toEqual(periods);
  });

  test('are those of the calendar alone', () => {
    expect(daysOf('last night, yesterday and last week')).toEqual([]);
  });

  test('fit what was said then, less what was said soon after, hardly what was said before', () => {
    const [day] = datesIn('on 16 August 2025', []).periods;
    if (day === undefined) throw new Error('no day');
    const fitOn = (date: number) => fitOf(day, Date.UTC(2025, 7, date, 20));
    expect(fitOn(16)).toBe(1);
    expect(fitOn(20)).toBeLessThan(fitOn(16));
    expect(fitOn(12)).toBeLessThan(fitOn(20));
    expect(fitOn(12)).toBeGreaterThan(0);
    expect(fitOf(day, Date.UTC(2026, 7, 16))).toBe(0);
    expect(fitOf(day, Number.NaN)).toBe(0);
  });
});
