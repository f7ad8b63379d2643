import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLorebook } from '#src/lore/lorebook.ts';

describe('readLorebook', () => {
  it('reads a world info file', () => {
    const book = readLorebook({
      name: 'Saltmere',
      entries: {
        0: {
          key: ['tunnel', 'the passage'],
          keysecondary: ['lighthouse'],
          selective: true,
          content: 'It floods.',
          comment: 'The tunnel',
        },
        1: { key: ['bell'], content: 'It fell.', disable: true },
        2: { key: [], constant: true, content: 'The year is 412.' },
        3: { key: ['x'], content: '  ' },
      },
    });
    expect(book).toEqual({
      name: 'Saltmere',
      passages: [
        {
          heading: 'The tunnel',
          text: 'It floods.',
          keys: ['tunnel', 'the passage'],
          secondaryKeys: ['lighthouse'],
        },
        { heading: '', text: 'The year is 412.', keys: [], secondaryKeys: [] },
      ],
      leftOut: ['1 entry was left out: switched off in the file.', '1 entry was left out: without text.'],
    });
  });

  it('reads a V3 lorebook, and the book inside a card', () => {
    const entries = [{ keys: ['bell'], content: 'It fell.', enabled: true, name: 'The bell' }];
    const passage = { heading: 'The bell', text: 'It fell.', keys: ['bell'], secondaryKeys: [] };
    for (const value of [
      { spec: 'lorebook_v3', data: { entries } },
      { spec: 'chara_card_v2', data: { name: 'Tilda', character_book: { entries } } },
    ])
      expect(readLorebook(value)?.passages).toEqual([passage]);
  });

  it('runs no pattern, and says so', () => {
    const book = readLorebook({
      entries: [
        { keys: ['/(a+)+$/i', 'tunnel'], content: 'One.' },
        { keys: ['tun.*'], use_regex: true, content: 'Two.' },
      ],
    });
    expect(book?.passages.map(({ keys }) => keys)).toEqual([['tunnel'], []]);
    expect(book?.leftOut).toEqual([
      '2 keys are patterns (regular expressions) and were left out: give plain words.',
    ]);
  });

  it('bounds what it takes in', () => {
    const entries = Array.from({ length: 2_100 }, (_, at) => ({
      keys: Array.from({ length: 60 }, (__, key) => `key ${at} ${key}`),
      content: 'x'.repeat(3_000),
    }));
    const book = readLorebook({ entries });
    expect(book?.passages).toHaveLength(2_000);
    expect(book?.passages[0]?.keys).toHaveLength(50);
    expect(book?.passages[0]?.text).toHaveLength(2_000);
    expect(book?.leftOut).toEqual([
      '100 entries were left out: beyond the 2,000 that a book may have.',
      '2000 entries were cut at 2,000 characters.',
    ]);
  });

  it('takes anything for no lorebook but a lorebook', () => {
    for (const value of [null, 1, 'text', [], {}, { data: 1 }, { entries: 'x' }])
      expect(readLorebook(value)).toBeUndefined();
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        readLorebook(value);
        readLorebook({ entries: [value] });
      }),
    );
  });
});
