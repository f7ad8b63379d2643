import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Choice, fitSoftmax, scoresOf } from '../../../bench/support/softmax.ts';

const FEATURES = 3;
/** The third feature is the same in every row. */
const rows = fc
  .array(fc.tuple(fc.double({ min: -2, max: 2, noNaN: true }), fc.double({ min: -2, max: 2, noNaN: true })), {
    minLength: 2,
    maxLength: 6,
  })
  .map((each) => Float32Array.from(each.flatMap(([one, other]) => [one, other, 1])));
const choices = fc.array(
  rows.map((values): Choice => ({ rows: values, wanted: [0] })),
  { minLength: 1, maxLength: 6 },
);

/** The loss by the letter of its definition. */
function lossOf(given: readonly Choice[], weights: Float64Array<ArrayBuffer>, l2: number): number {
  const spread = Array.from({ length: FEATURES }, (_, at) => {
    const values = given.flatMap((each) => [...each.rows].filter((_value, index) => index % FEATURES === at));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  });
  const held = weights.reduce((sum, weight, at) => sum + (weight * (spread[at] ?? 0)) ** 2, 0);
  const losses = given.map((each) => {
    const powers = [...scoresOf(each, weights)].map(Math.exp);
    return -Math.log((powers[0] ?? 0) / powers.reduce((sum, power) => sum + power, 0));
  });
  return losses.reduce((sum, loss) => sum + loss, 0) / given.length + (l2 * held) / 2;
}

describe('weights of a softmax', () => {
  test('are the best there are: any step from them is for the worse', () => {
    fc.assert(
      fc.property(choices, fc.integer({ min: 0, max: 1 }), fc.constantFrom(-0.05, 0.05), (given, at, by) => {
        const weights = fitSoftmax(given, FEATURES, 0.1);
        const aside = weights.map((weight, index) => (index === at ? weight + by : weight));
        expect(lossOf(given, weights, 0.1)).toBeLessThanOrEqual(lossOf(given, aside, 0.1) + 1e-6);
      }),
      { numRuns: 100 },
    );
  });

  test('put what is wanted first where a feature tells it', () => {
    const told: readonly Choice[] = [
      { rows: Float32Array.from([0, 5, 1, 1, 4, 1, 0, 6, 1]), wanted: [1] },
      { rows: Float32Array.from([1, 7, 1, 0, 5, 1]), wanted: [0] },
    ];
    const weights = fitSoftmax(told, FEATURES, 0.01);
    expect(scoresOf(told[0] ?? { rows: new Float32Array(), wanted: [] }, weights)[1]).toBeGreaterThan(0);
    expect(weights[0]).toBeGreaterThan(1);
    expect(weights[2]).toBeCloseTo(0);
  });

  test('are the smaller, the more they are held small', () => {
    const told: readonly Choice[] = [{ rows: Float32Array.from([1, 0, 1, 0, 0, 1]), wanted: [0] }];
    const [loose, tight] = [fitSoftmax(told, FEATURES, 0.01), fitSoftmax(told, FEATURES, 1)];
    expect(loose[0]).toBeGreaterThan(2 * (tight[0] ?? 0));
    expect(tight[0]).toBeGreaterThan(0);
  });
});
