import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeText } from '#src/adapters/discord/escape.ts';
import { pieces } from '#src/adapters/discord/pieces.ts';

describe('pieces', () => {
  it('leaves whole what fits, and one empty piece of nothing', () => {
    expect(pieces('Well *met*.', escapeText, 200)).toEqual(['Well \\*met\\*.']);
    expect(pieces('', escapeText, 200)).toEqual(['']);
  });

  it('cuts behind sentences, and no cut makes a mark act', () => {
    for (const mark of ['# no heading', '- no list', '1. no list']) {
      const text = `${'a'.repeat(150)}. ${mark} ${'b'.repeat(140)}.`;
      const [first = '', second = ''] = pieces(text, escapeText, 152);
      expect(first).toBe(`${'a'.repeat(150)}.`);
      expect(second).toMatch(/^(?:\\#|\\-|1\\\.) no/u);
    }
  });

  it('stays within the limit and loses no word', () => {
    const text = fc.array(fc.stringMatching(/^[a-z*_#.\n -]{0,40}$/u), { maxLength: 60 });
    fc.assert(
      fc.property(text, fc.integer({ min: 101, max: 400 }), (parts, limit) => {
        const cut = pieces(parts.join(' '), escapeText, limit);
        for (const piece of cut) expect(piece.length).toBeLessThanOrEqual(limit);
        const letters = (shown: string) => shown.replace(/[^a-z]/gu, '');
        expect(letters(cut.join(''))).toBe(letters(parts.join(' ')));
      }),
    );
  });
});
