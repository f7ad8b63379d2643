import { describe, expect, it } from 'vitest';
import { formatCost, formatCount, formatDuration, formatShare } from '#src/stats/format.ts';

describe('formatDuration', () => {
  it.each([
    [0, '0.0 ms'],
    [0.412, '0.4 ms'],
    [9.94, '9.9 ms'],
    [9.96, '10 ms'],
    [412.4, '412 ms'],
    [999.4, '999 ms'],
    [999.6, '1.0 s'],
    [3_249, '3.2 s'],
    [59_949, '59.9 s'],
    [59_951, '1 min 0 s'],
    [125_000, '2 min 5 s'],
    [3_599_499, '59 min 59 s'],
    [3_599_500, '1 h 0 min'],
    [11_520_000, '3 h 12 min'],
    [86_399_000, '23 h 59 min'],
    [187_200_000, '2 d 4 h'],
  ])('%d ms is %s', (durationInMs, text) => expect(formatDuration(durationInMs)).toBe(text));
});

describe('formatCost', () => {
  it.each([
    [0, '$0'],
    [99, '<$0.0001'],
    [100, '$0.0001'],
    [12_345, '$0.0123'],
    [999_949, '$0.9999'],
    [999_950, '$1.00'],
    [1_204_500_000, '$1,204.50'],
  ])('%d millionths are %s', (costInMicroUsd, text) => expect(formatCost(costInMicroUsd)).toBe(text));
});

it('groups the digits of counts', () => expect(formatCount(1_234_567)).toBe('1,234,567'));

it('gives shares of something, and none of nothing', () => {
  expect(formatShare(2, 3)).toBe('67 %');
  expect(formatShare(0, 0)).toBe('–');
});
