import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HASHED_DIMENSIONS, hashedVector, vectorOf } from '#src/memory/hashed-vectors.ts';
import { knownWord } from '#src/memory/lexicon.ts';
import { plainWords } from '#src/memory/words.ts';

function likeness(one: string, other: string): number {
  const [a, b] = [hashedVector(one), hashedVector(other)];
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}

test('the same text is the same vector, of length 1 unless it has no words', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const vector = hashedVector(text);
      expect(vector).toHaveLength(HASHED_DIMENSIONS);
      expect(hashedVector(text)).toEqual(vector);
      const length = Math.sqrt(likeness(text, text));
      expect(Math.abs(length - (vector.some((value) => value !== 0) ? 1 : 0))).toBeLessThan(1e-5);
    }),
  );
  expect(hashedVector('…🔔').every((value) => value === 0)).toBe(true);
});

test('what is written alike is alike', () => {
  expect(likeness('shepherd', 'sheppherd')).toBeGreaterThan(0.4);
  expect(likeness('The bells rang at the tower', 'bell towers')).toBeGreaterThan(0.3);
  expect(Math.abs(likeness('shepherd', 'lighthouse'))).toBeLessThan(0.25);
});

test('vectors stay what they were when they were stored', () => {
  const [at, value] = [...hashedVector('bell').entries()].find(([, each]) => each > 0) ?? [];
  expect([at, value?.toFixed(4)]).toMatchInlineSnapshot(`
    [
      83,
      "0.3780",
    ]
  `);
});

test('words that are known make the same vector', () => {
  const text = 'The old smith of Tor owes the bell-ringer 40 crowns, and she is owed an oath';
  const vector = vectorOf(plainWords(text).map(knownWord), new Float32Array(HASHED_DIMENSIONS).fill(7));
  expect(vector).toEqual(hashedVector(text));
});

test('only so much of a long text is looked at', () => {
  const long = `${'bell '.repeat(400)}`;
  expect(hashedVector(`${long} wolf`)).toEqual(hashedVector(long));
});
