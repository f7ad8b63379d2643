import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { breakRows, clipToWidth, displayWidth, pad } from '#src/adapters/terminal/text-layout.ts';

describe('displayWidth', () => {
  it.each([
    ['', 0],
    ['Tilda', 5],
    ['Amélie', 6],
    ['Ame\u0301lie', 6],
    ['東京', 4],
    ['한글', 4],
    ['ｆｕ', 4],
    ['ｱ', 1],
    ['🌊', 2],
    ['👩‍👩‍👧', 2],
    ['🇫🇷', 2],
    ['\u001b[1mbold\u001b[22m', 4],
  ])('%j takes %i columns', (text, width) => expect(displayWidth(text)).toBe(width));
});

describe('breakRows', () => {
  it.each([
    ['one two three', 7, ['one two', 'three']],
    ['one two three', 8, ['one two', 'three']],
    ['a longerthanrow b', 6, ['a', 'longer', 'thanro', 'w b']],
    ['one\ntwo', 20, ['one', 'two']],
    ['one\n\ntwo', 20, ['one', '', 'two']],
    ['東京は大きい', 4, ['東京', 'は大', 'きい']],
    ['hi 🌊🌊 sea', 5, ['hi', '🌊🌊', 'sea']],
    ['', 5, ['']],
    ['ends  ', 10, ['ends  ']],
  ])('breaks %j at %i', (text, width, rows) => expect(breakRows(text, width)).toEqual(rows));

  it('begins later rows with the indent', () =>
    expect(breakRows('Tilda: good evening to you', 13, '  ')).toEqual([
      'Tilda: good',
      '  evening to',
      '  you',
    ]));
  it('does not loop where nothing fits', () => expect(breakRows('東京', 1, '  ')).toEqual(['東', '  京']));

  const words = fc.array(fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom('🌊', '東京', 'docks')));
  const texts = words.map((each) => each.join(' '));
  it('keeps to the width and loses nothing but space', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 4, max: 40 }), (text, width) => {
        const rows = breakRows(text, width, '  ');
        for (const row of rows) expect(displayWidth(row.trimEnd())).toBeLessThanOrEqual(width);
        expect(rows.join('').replace(/\s/gu, '')).toBe(text.replace(/\s/gu, ''));
      }),
    );
  });
  it('can go on from its last row alone', () => {
    const ascii = fc.array(fc.stringMatching(/^[a-z]{1,9}$/u)).map((each) => each.join(' '));
    fc.assert(
      fc.property(ascii, ascii, fc.integer({ min: 10, max: 40 }), (head, tail, width) => {
        const before = breakRows(head, width, '  ');
        const after = breakRows((before.at(-1) ?? '') + tail, width, '  ');
        expect([...before.slice(0, -1), ...after]).toEqual(breakRows(head + tail, width, '  '));
      }),
    );
  });
});

describe('clipToWidth', () => {
  it('leaves what fits', () => expect(clipToWidth('Tilda', 5)).toBe('Tilda'));
  it('cuts with an ellipsis', () => expect(clipToWidth('Tilda Marsh', 7)).toBe('Tilda…'));
  it('never cuts a wide character in two', () => expect(clipToWidth('🌊🌊🌊', 4)).toBe('🌊…'));
});

describe('pad', () => {
  it('fills up on either side by columns', () => {
    expect(pad('東', 4, 'left')).toBe('東  ');
    expect(pad('7', 3, 'right')).toBe('  7');
    expect(pad('long', 2, 'right')).toBe('long');
  });
});
