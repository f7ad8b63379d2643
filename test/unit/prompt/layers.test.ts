import { expect, it } from 'vitest';
import { USUAL_PROMPT_SHARES } from '#src/core/prompt-shares.ts';
import { roomForSummaries } from '#src/prompt/layers.ts';

it('gives 0.4 to the core, 0.4 to what is retrieved, 0.2 to summaries', () => {
  expect(USUAL_PROMPT_SHARES).toEqual({ core: 0.4, retrieved: 0.4, summaries: 0.2 });
});

it('gives summaries their share, a third of what a long sheet leaves, or nothing', () => {
  expect(roomForSummaries(5_000, 4_000, USUAL_PROMPT_SHARES)).toBe(1_000);
  expect(roomForSummaries(5_000, 900, USUAL_PROMPT_SHARES)).toBeCloseTo(300);
  expect(roomForSummaries(5_000, -1, USUAL_PROMPT_SHARES)).toBe(0);
});

it('gives nothing to what has no share', () => {
  expect(roomForSummaries(5_000, 4_000, { core: 1, retrieved: 0, summaries: 0 })).toBe(0);
  expect(roomForSummaries(5_000, 900, { core: 0.8, retrieved: 0, summaries: 0.2 })).toBe(900);
});
