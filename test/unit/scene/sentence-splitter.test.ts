import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_SENTENCE_IN_CHARACTERS, SentenceSplitter } from '#src/scene/sentence-splitter.ts';

function split(...chunks: readonly string[]): string[] {
  const splitter = new SentenceSplitter();
  const sentences = chunks.flatMap((chunk) => [...splitter.push(chunk)]);
  const rest = splitter.flush();
  return rest === '' ? sentences : [...sentences, rest];
}

describe('SentenceSplitter', () => {
  it('releases a sentence with the very token that ends it', () => {
    const splitter = new SentenceSplitter();
    expect([...splitter.push('The tide')]).toEqual([]);
    expect([...splitter.push(' turns.')]).toEqual(['The tide turns.']);
  });

  it.each([
    ['Two sentences.  Then more.', ['Two sentences.  ', 'Then more.']],
    ['Who? Me! Oh…', ['Who? ', 'Me! ', 'Oh…']],
    ['He said "no." Then left.', ['He said "no." ', 'Then left.']],
    ['Ask Mr. Hale. He knows.', ['Ask Mr. Hale. ', 'He knows.']],
    ['It cost 3.5 crowns. Fair.', ['It cost 3.5 crowns. ', 'Fair.']],
    ['J. Marsh signed. So did I. Ha.', ['J. Marsh signed. ', 'So did I. ', 'Ha.']],
    ['Wait... what?', ['Wait... ', 'what?']],
    ['One line\nAnother line', ['One line\n', 'Another line']],
    ['\n\nAfter blank lines.', ['\n\nAfter blank lines.']],
  ])('cuts %j', (text, sentences) => expect(split(text)).toEqual(sentences));

  it('waits after a digit and a full stop, since a decimal may follow', () => {
    const splitter = new SentenceSplitter();
    expect([...splitter.push('It cost 3.')]).toEqual([]);
    expect([...splitter.push('5 crowns.')]).toEqual(['It cost 3.5 crowns.']);
    expect([...splitter.push(' You owe 3.')]).toEqual([]);
    expect([...splitter.push(' Pay.')]).toEqual([' You owe 3. ', 'Pay.']);
  });

  it('releases text without an end at a word once it is long', () => {
    const text = 'word '.repeat(400);
    const sentences = split(text);
    expect(Math.max(...sentences.map(({ length }) => length))).toBeLessThanOrEqual(
      MAX_SENTENCE_IN_CHARACTERS,
    );
    expect(sentences.every((sentence) => sentence.endsWith(' '))).toBe(true);
    expect(split('x'.repeat(5000)).join('')).toBe('x'.repeat(5000));
  });

  it('gives back the text it was given, however it was cut', () => {
    const piece = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom('. ', '! ', '?', '…', '3.', '5', 'Mr.', '\n', '"', ' ', 'I.', '..'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        expect(split(...pieces).join('')).toBe(pieces.join(''));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['line ends', '\n'.repeat(200_000)],
    ['letters', 'x'.repeat(1_000_000)],
    ['spaces', ' '.repeat(200_000)],
    ['abbreviations', 'Mr.'.repeat(100_000)],
  ])('takes %s in one chunk without going over them again and again', (_, text) => {
    expect(split(text).join('')).toBe(text);
  });

  it('works in time that grows with the text alone', () => {
    // 200,000 characters without an end, one a push: a splitter that looked at everything again would never finish.
    const splitter = new SentenceSplitter();
    let released = 0;
    for (let index = 0; index < 200_000; index += 1) {
      for (const piece of splitter.push('x')) released += piece.length;
    }
    expect(released).toBe(200_000 - splitter.flush().length);
  });
});
