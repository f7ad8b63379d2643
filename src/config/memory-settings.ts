import { MEMORY_CLOCKS } from '#src/core/memory-settings.ts';
import type { PromptShares } from '#src/core/prompt-shares.ts';
import { decimalIn, oneOf, read, Wrong } from './reading.ts';

/** Where decimal fractions are added up, they are off by less than this. */
const ROUNDING = 1e-9;
/** Enough to see what a sum is off by. */
const DIGITS_SHOWN = 12;

export const memoryClock = read((text) => oneOf(MEMORY_CLOCKS, text, 'no clock of memory'));

/** Three shares of one whole, in the order in which a prompt is filled. */
export const promptShares = read((text): PromptShares => {
  const parts = text.split(',').map((part) => decimalIn(part.trim()));
  const [core, retrieved, summaries] = parts;
  if (core === undefined || retrieved === undefined || summaries === undefined || parts.length > 3)
    throw new Wrong('is not three numbers with commas between them: write three like 0.4,0.4,0.2');
  if (Math.min(core, retrieved, summaries) < 0)
    throw new Wrong('has a share below 0: write three numbers from 0 that add up to 1, such as 0.4,0.4,0.2');
  const sum = core + retrieved + summaries;
  if (Math.abs(sum - 1) > ROUNDING)
    throw new Wrong(
      `adds up to ${Number(sum.toPrecision(DIGITS_SHOWN))}, but the shares are of one whole: write three numbers that add up to 1, such as 0.4,0.4,0.2`,
    );
  return { core, retrieved, summaries };
});
