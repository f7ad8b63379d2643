import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainLine, plainText } from '#src/adapters/terminal/plain-text.ts';

describe('plainText', () => {
  it.each([
    ['\u001b[31mred\u001b[0m', 'red'],
    ['\u001b]0;owned\u0007title', 'title'],
    ['a\u001bcb', 'ab'],
    ['a\u0007\u0008\u009bKb', 'ab'],
    ['over\rwritten', 'over\nwritten'],
    ['a\tb', 'a b'],
    ['one\r\ntwo\nthree', 'one\ntwo\nthree'],
    ['\u202egnp.exe\u2069', 'gnp.exe'],
    ['zero\u200bwidth\ufeff', 'zerowidth'],
    ['\ud800', '\ufffd'],
    ['👩‍👧 é', '👩‍👧 é'],
  ])('%j is shown as %j', (text, shown) => expect(plainText(text)).toBe(shown));

  it('lets nothing through that a terminal obeys', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(plainText(`\u001b[${text}`)).not.toMatch(
          /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/u,
        );
      }),
    );
  });
});

describe('plainLine', () => {
  it('stays on one line', () => expect(plainLine(' Tilda\r\n  Marsh\t ')).toBe('Tilda Marsh'));
});
