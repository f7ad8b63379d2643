import { describe, expect, test } from 'vitest';
import { seeded } from '#src/adapters/improv/random.ts';

const draw = (seed: string) => {
  const random = seeded(seed);
  return Array.from({ length: 20 }, () => random.next());
};

describe('seeded', () => {
  test('gives the same choices for the same seed and others for another', () => {
    expect(draw('tide')).toEqual(draw('tide'));
    expect(draw('tide')).not.toEqual(draw('tidf'));
  });

  test('spreads evenly over whole numbers, both ends included', () => {
    const random = seeded('even');
    const counts = [0, 0, 0, 0];
    for (let index = 0; index < 4000; index += 1) {
      const value = random.integer(2, 5) - 2;
      counts[value] = (counts[value] ?? 0) + 1;
    }
    expect(Math.min(...counts)).toBeGreaterThan(900);
    expect(counts.length).toBe(4);
  });

  test('weighs, and never takes what weighs nothing', () => {
    const random = seeded('weigh');
    const picks = Array.from({ length: 500 }, () =>
      random.weighted(['no', 'some', 'much'], (each) => ({ no: 0, some: 1, much: 9 })[each] ?? 0),
    );
    expect(picks).not.toContain('no');
    expect(picks.filter((each) => each === 'much').length).toBeGreaterThan(400);
  });

  test('shuffles without losing anything and leaves its input alone', () => {
    const items = [1, 2, 3, 4, 5, 6, 7, 8];
    const shuffled = seeded('deck').shuffle(items);
    expect(items).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(shuffled).not.toEqual(items);
    expect([...shuffled].sort()).toEqual(items);
  });

  test('has nothing to pick from nothing', () => {
    expect(() => seeded('x').pick([])).toThrow(RangeError);
    expect(() => seeded('x').weighted([1], () => 0)).toThrow(RangeError);
    expect(seeded('x').chance(0)).toBe(false);
    expect(seeded('x').chance(1)).toBe(true);
  });
});
