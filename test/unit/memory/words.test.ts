import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stem } from '#src/memory/stem.ts';
import { contentOf, plainWords } from '#src/memory/words.ts';

describe('words', () => {
  test.each([
    ["Mira's bell, DON’T ring it", ['mira', 'bell', "don't", 'ring', 'it']],
    ['Zürich, Ærø, naïve', ['zurich', 'ærø', 'naive']],
    ['🔔 at 7:30 — 12th day', ['at', '7', '30', '12th', 'day']],
    ['鐘楼へ', ['鐘', '楼', 'へ']],
    ['', []],
  ])('of %j', (text, words) => {
    expect(plainWords(text)).toEqual(words);
  });

  test('are bounded, each and together', () => {
    expect(plainWords('x'.repeat(100_000))).toEqual(['x'.repeat(40)]);
    expect(plainWords('ring '.repeat(100_000)).length).toBeLessThanOrEqual(4_000);
  });

  test('are the same whether or not others beside them are beyond ASCII', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii', maxLength: 200 }), (text) => {
        expect(plainWords(`${text} —`)).toEqual(plainWords(text));
      }),
    );
    expect(plainWords(`Mira's "o'er" x''s ${'y'.repeat(39)}'s —`)).toEqual(
      plainWords(`Mira's "o'er" x''s ${'y'.repeat(39)}'s`),
    );
  });

  test('that say nothing are left out', () => {
    expect(contentOf(plainWords('What did you do with the bells?')).map((word) => word.stem)).toEqual([
      'bell',
    ]);
  });
});

describe('stems', () => {
  // Forms of one word each; the first three lines after the examples of Porter's own vocabulary.
  test.each([
    ['caresses', 'caress'],
    ['ponies', 'pony'],
    ['hopping', 'hop'],
    ['hoping', 'hope'],
    ['relational', 'relate'],
    ['agreed', 'agree'],
    ['quickly', 'quick'],
    ['generously', 'generous'],
    ['promises', 'promised'],
    ['decisiveness', 'decisive'],
    ['electricity', 'electrical'],
    ['adoption', 'adopt'],
    ['controlling', 'control'],
    ['geologists', 'geologist'],
    ['went', 'going'],
    ['bought', 'buying'],
    ['wolves', 'wolf'],
    ['children', 'child'],
    ['horsemen', 'horseman'],
    ['slew', 'slaying'],
  ])('%s and %s are one', (one, other) => {
    expect(stem(one)).toBe(stem(other));
  });

  test.each([
    ['news', 'new'],
    ['general', 'generous'],
    ['university', 'united'],
    ['sing', 'song'],
    ['bed', 'be'],
    ['specimen', 'speciman'],
    ['omen', 'oman'],
  ])('%s and %s are two', (one, other) => {
    expect(stem(one)).not.toBe(stem(other));
  });

  test('are never empty', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{1,14}$/u), (word) => {
        const found = stem(word);
        expect(found.length).toBeGreaterThan(0);
        expect(found).toMatch(/^[a-z]+$/u);
      }),
    );
  });

  test('other scripts and numbers stay as they are', () => {
    for (const word of ['鐘', 'колокол', '1423', 'ærø']) expect(stem(word)).toBe(word);
  });
});
