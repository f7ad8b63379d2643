import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Mark, openAfter } from '#src/chat/open-marks.ts';
import { firstPart, splitText, type TextLimits } from '#src/chat/split-text.ts';

const plain = (maxLength: number): TextLimits => ({ maxLength, measure: (text) => text.length });

/** A platform that writes some characters longer than they are. */
const escaping = (maxLength: number): TextLimits => ({
  maxLength,
  measure: (text) => text.replace(/[&<>]/gu, '&amp;').length,
});

/** A platform on which less text may take more room. */
const uneven = (maxLength: number): TextLimits => ({
  maxLength,
  measure: (text) => text.length + (text.length % 2) * 50,
});

const limits = fc.oneof(
  fc.integer({ min: 100, max: 300 }).map(uneven),
  fc.integer({ min: 100, max: 300 }).map(plain),
  fc.integer({ min: 100, max: 300 }).map(escaping),
);

const ZALGO = `H${'\u0301'.repeat(700)}`;
const bits = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('salt', 'docks', 'Tilda', 'a', '12.5', 'x'.repeat(90)) },
  { weight: 3, arbitrary: fc.constantFrom('. ', '! ', '? ', '…\n', '.\n\n', '." ', ', ') },
  { weight: 6, arbitrary: fc.constantFrom(' ', ' ', '\n', '  ') },
  {
    weight: 4,
    arbitrary: fc.constantFrom('*', '**', '***', '_', '__', '~~', '||', '`', '``', '```', '\n```js\n'),
  },
  { weight: 2, arbitrary: fc.constantFrom('&', '<', '>', '<@123>', '\\', '\\*', 'https://a.b/_c_*d') },
  { weight: 2, arbitrary: fc.constantFrom('👩‍👩‍👧‍👦', '🇩🇪', 'é', '你好。', '\u200F', ZALGO) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }) },
);
const anyText = fc.array(bits, { maxLength: 120 }).map((all) => all.join(''));

/** What reads: without space and without what may be markup. */
const words = (text: string) => text.replace(/[\s*_~|`]/gu, '');

describe('splitText', () => {
  it('leaves a text that fits as it is', () => {
    expect(splitText('  The docks are quiet.\n', plain(100))).toEqual(['The docks are quiet.']);
    expect(splitText('', plain(100))).toEqual([]);
    expect(splitText(' \n ', plain(100))).toEqual([]);
  });

  it('loses nothing, adds nothing but markup, and keeps every part within the limit', () => {
    fc.assert(
      fc.property(anyText, limits, (text, limit) => {
        const parts = splitText(text, limit);
        let rest = text.trimEnd();
        let open: readonly Mark[] = [];
        for (const part of parts) {
          expect(limit.measure(part)).toBeLessThanOrEqual(limit.maxLength);
          expect(part.trim()).not.toBe('');
          expect(part.isWellFormed()).toBe(true);
          const first = firstPart(rest, limit, open);
          const source = rest.slice(0, first.end);
          // A block of code opens again with the name of its language.
          expect(words(part)).toBe(words(open.map(({ opening }) => opening).join('')) + words(source));
          rest = rest.slice(source.length);
          open = first.open;
        }
        expect(rest.trim()).toBe('');
      }),
      { numRuns: 1000 },
    );
  });

  it('cuts no character that consists of several', () => {
    const faces = fc.array(fc.constantFrom('👩‍👩‍👧‍👦', '🇩🇪', '👍🏽', 'é', 'ç̂', '한', 'x', '🏴‍☠️', '👨‍🚀'), {
      minLength: 30,
      maxLength: 150,
    });
    const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
    const characters = (text: string) => [...segmenter.segment(text)].map(({ segment }) => segment);
    fc.assert(
      fc.property(faces, fc.integer({ min: 100, max: 140 }), (all, maxLength) => {
        const text = all.join('');
        const parts = splitText(text, plain(maxLength));
        expect(parts.flatMap(characters)).toEqual(characters(text));
      }),
    );
  });

  it('splits a word of 4,000 characters, and a character of 4,000 marks', () => {
    const word = splitText('w'.repeat(4000), plain(2000));
    expect(word.map(({ length }) => length)).toEqual([2000, 2000]);
    const mark = splitText(`Z${'\u0301'.repeat(3999)}`, plain(2000));
    expect(mark.map(({ length }) => length)).toEqual([2000, 2000]);
    const pairs = splitText('𝔘'.repeat(4000), plain(1999));
    expect(pairs.every((part) => part.isWellFormed() && part.length <= 1999)).toBe(true);
    expect(pairs.join('')).toBe('𝔘'.repeat(4000));
  });

  it('cuts behind the last sentence that fits', () => {
    const first = `${'The tide is out. '.repeat(5)}Mira said “Go!”`;
    const text = `${first} ${'And so they went on and on along the shore. '.repeat(3)}`;
    expect(splitText(text, plain(110))[0]).toBe(first);
  });

  it('cuts behind a line before it cuts inside a sentence', () => {
    const line = 'one line without any end and with many words in it, as long as that';
    expect(
      splitText(`${line}\nand another one that goes on and on until there is no more room`, plain(100)),
    ).toEqual([line, 'and another one that goes on and on until there is no more room']);
  });

  it('cuts between words where a sentence is too long', () => {
    const parts = splitText('word '.repeat(100), plain(100));
    for (const part of parts) expect(part).toMatch(/^word(?: word)*$/u);
  });

  it('leaves no part nearly empty for the sake of a sentence', () => {
    const [part = ''] = splitText(`Ah. ${'on and '.repeat(60)}`, plain(200));
    expect(part.length).toBeGreaterThan(150);
  });

  it('knows sentences that are followed by no space', () => {
    const sentence = '今晚码头很安静。';
    const [part = ''] = splitText(sentence.repeat(30), plain(100));
    expect(part).toBe(sentence.repeat(12));
  });

  it.each([
    ['bold', '**', '**'],
    ['italic', '*', '*'],
    ['italic by underscores', '_', '_'],
    ['underlined', '__', '__'],
    ['struck', '~~', '~~'],
    ['a spoiler', '||', '||'],
    ['code', '`', '`'],
    ['bold and italic', '***', '***'],
    ['code with a backtick in it', '``', '``'],
    ['a block of code', '```js\n', '\n```'],
  ])('closes %s at a cut and opens it again', (_, opening, closing) => {
    const inside = 'The salt is in the cellar under the old mill. '.repeat(6).trimEnd();
    const parts = splitText(
      `She whispers: ${opening === '```js\n' ? '\n' : ''}${opening}${inside}${closing}`,
      plain(120),
    );
    expect(parts.length).toBeGreaterThan(2);
    for (const part of parts.slice(1)) expect(part.startsWith(opening)).toBe(true);
    for (const part of parts) expect(part.endsWith(closing)).toBe(true);
    for (const part of parts) expect(openAfter(part, [])).toEqual([]);
  });

  it('closes nested markup from the inside out', () => {
    const inside = 'The salt is in the cellar under the old mill. '.repeat(4).trimEnd();
    const [first = '', second = ''] = splitText(`||**_${inside}_**||`, plain(120));
    expect(first).toMatch(/^\|\|\*\*_The .+\._\*\*\|\|$/u);
    expect(second).toMatch(/^\|\|\*\*_The .+_\*\*\|\|$/u);
  });

  it('closes at a cut only what really goes on', () => {
    const [first = '', second = ''] = splitText(`*${'w'.repeat(60)}\n*${'v'.repeat(60)}`, plain(100));
    expect(first).toBe(`*${'w'.repeat(60)}*`);
    // The second star opens nothing anew, and closes nothing either: it is text.
    expect(second).toBe(`**${'v'.repeat(60)}*`);
  });

  it('begins a block of code where there is room for some of it', () => {
    const before = 'The salt is in the cellar under the old mill, and nobody knows of it.';
    const code = `\`\`\`js\nlet salt = ${'1'.repeat(60)};\n\`\`\``;
    expect(splitText(`${before}\n${code}`, plain(100))).toEqual([before, code]);
  });

  it('does not open again what is closed right behind the cut', () => {
    const bold = `**${'w'.repeat(96)}**`;
    const code = `\`\`\`\n${'w'.repeat(92)}\n\`\`\``;
    expect(splitText(`${bold}${'v'.repeat(50)}`, plain(100))).toEqual([bold, 'v'.repeat(50)]);
    expect(splitText(`${code}\nmore ${'v'.repeat(50)}`, plain(100))).toEqual([
      code,
      `more ${'v'.repeat(50)}`,
    ]);
  });

  it.each([
    ['sums', '5 * 3 = 15 and 2 * 4'],
    ['names', 'a snake_case_name here'],
    ['list items', '* one\n* two'],
    ['rows of stars', '*****\nnext'],
    ['escaped marks', '\\*not bold\\* \\`nor code'],
    ['addresses', 'see https://example.org/_a_b*c for it'],
    ['marks in code', '`a * b ** c _` is'],
    ['a single bar', 'a | b'],
  ])('takes %s for text', (_, text) => {
    expect(splitText(text, plain(100))).toEqual([text]);
  });

  it('looks at each character a bounded number of times, whatever the text', () => {
    const size = 200_000;
    const hostile = [
      '`',
      '*',
      '*a',
      '_a ',
      '||',
      '\n',
      ' ',
      '\\',
      '~~x',
      '```\n',
      'a',
      '.',
      '. ',
      'https://',
      '👨‍👩‍👧',
      '\u0301',
    ];
    for (const bit of hostile) {
      const text = bit.repeat(Math.ceil(size / bit.length));
      let measured = 0;
      splitText(`x${text}x`, {
        maxLength: 2000,
        measure: (part) => {
          measured += part.length;
          return part.length;
        },
      });
      expect(measured).toBeLessThan(text.length * 20);
    }
  });

  it('refuses a limit in which nothing fits', () => {
    expect(() => splitText('a', plain(99))).toThrow('maxLength must be at least 100, got 99');
  });
});
