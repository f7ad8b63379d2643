import { describe, expect, test } from 'vitest';
import { tokenCounter } from '#src/models/tokens.ts';

describe('tokenCounter', () => {
  test('estimates four characters a token', async () => {
    const count = await tokenCounter({ tokenizer: 'estimate' });
    expect(['', 'abc', 'Mind the step.'].map(count)).toEqual([0, 1, 4]);
  });

  test.each(['o200k_base', 'cl100k_base'] as const)('counts as %s does', async (tokenizer) => {
    const count = await tokenCounter({ tokenizer });
    expect(count('Mind the step.')).toBe(4);
    expect(count('Mind the step.')).toBe(4);
    expect(count('')).toBe(0);
    expect(await tokenCounter({ tokenizer })).toBe(count);
  });

  test('takes special tokens for the text that they are', async () => {
    const count = await tokenCounter({ tokenizer: 'o200k_base' });
    expect(count('<|endoftext|>')).toBeGreaterThan(3);
  });

  test('counts long runs without spaces in slices, at most a token a slice off', async () => {
    const count = await tokenCounter({ tokenizer: 'o200k_base' });
    // Eight letters a token; unsliced, this takes seconds.
    expect(Math.abs(count('a'.repeat(100_000)) - 12_500)).toBeLessThanOrEqual(100);
    const prose = 'The tide waits for nobody, least of all for the harbour master. ';
    const one = count(prose);
    expect(Math.abs(count(prose.repeat(500)) - one * 500)).toBeLessThanOrEqual(one * 500 * 0.08);
  });
});
