import { expect, it } from 'vitest';
import { checkedShares, roomForRetrieved, roomForSummaries, SHARES } from '#src/prompt/layers.ts';

it('gives 0.4 to the core, 0.4 to what is retrieved, 0.2 to summaries', () => {
  expect(SHARES).toEqual({ core: 0.4, retrieved: 0.4, summaries: 0.2 });
});

it.each([
  [{ core: 0.5, retrieved: 0.4, summaries: 0.2 }],
  [{ core: 0.4, retrieved: 0.4, summaries: 0.1 }],
  [{ core: 1.2, retrieved: -0.4, summaries: 0.2 }],
  [{ core: Number.NaN, retrieved: 0.4, summaries: 0.2 }],
])('refuses shares that are not of one whole: %j', (shares) => {
  expect(() => checkedShares(shares)).toThrow('give three that are not below 0 and add up to 1');
});

it('keeps no more free for what is retrieved than that may take', () => {
  expect(roomForRetrieved(5_000)).toBe(2_000);
  expect(roomForRetrieved(100_000)).toBe(4_000);
});

it('gives summaries their share, a third of what a long sheet leaves, or nothing', () => {
  expect(roomForSummaries(5_000, 4_000)).toBe(1_000);
  expect(roomForSummaries(5_000, 900)).toBeCloseTo(300);
  expect(roomForSummaries(5_000, -1)).toBe(0);
});
