import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLorebook } from '#src/lore/lorebook.ts';

/** An entry as SillyTavern exports it, with what is given. */
const worldInfo = (given: object) => ({
  ...{ key: ['bell'], keysecondary: [], comment: 'The entry', content: 'It fell.', constant: false },
  ...{
    selective: true,
    selectiveLogic: 0,
    order: 100,
    disable: false,
    probability: 100,
    useProbability: true,
  },
  ...{
    excludeRecursion: false,
    delayUntilRecursion: false,
    caseSensitive: null,
    matchWholeWords: null,
    delay: null,
  },
  ...{ group: '', cooldown: null, vectorized: false },
  ...given,
});
const bookOf = async (...entries: readonly unknown[]) =>
  (await readLorebook({ entries })) ?? expect.fail('no book');
const readOne = async (given: object) => {
  const { passages, leftOut } = await bookOf(worldInfo(given));
  return { passages, leftOut };
};
const USED = { heading: 'The entry', text: 'It fell.', keys: ['bell'], secondaryKeys: [] };

describe('readLorebook', () => {
  it('reads a world info file', async () => {
    const book = await readLorebook({
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
        2: { key: ['x'], content: '  ' },
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
      ],
      leftOut: [
        '1 entry was left out: switched off in the file (“bell”).',
        '1 entry was left out: without text (“x”).',
      ],
    });
  });

  it('reads a V3 lorebook, and the book inside a card', async () => {
    const entries = [{ keys: ['bell'], content: 'It fell.', enabled: true, name: 'The entry' }];
    for (const value of [
      { spec: 'lorebook_v3', data: { entries } },
      { spec: 'chara_card_v2', data: { name: 'Tilda', character_book: { entries } } },
    ])
      expect((await readLorebook(value))?.passages).toEqual([USED]);
  });

  it('keeps all of a long entry, in parts with the same keys and without saying anything twice', async () => {
    const content = Array.from(
      { length: 30 },
      (_, at) => `Sentence ${at} tells of the kings of Eldoria.`,
    ).join(' ');
    const { passages, leftOut } = await readOne({ content });
    expect(leftOut).toEqual([]);
    expect(passages.length).toBeGreaterThan(2);
    expect(passages.map(({ text }) => text).join(' ')).toBe(content);
    for (const { text, ...rest } of passages) {
      expect(text.length).toBeLessThanOrEqual(512);
      expect({ ...rest, text: '' }).toEqual({ ...USED, text: '' });
    }
  });

  it.each([
    ['NOT ALL', { keysecondary: ['rope', 'crow'], selectiveLogic: 1 }, /NOT ALL/u],
    ['NOT ANY', { keysecondary: ['daylight'], selectiveLogic: 2 }, /NOT ANY/u],
    ['AND ALL', { keysecondary: ['ash', 'bone'], selectiveLogic: 3 }, /AND ALL/u],
    [
      'NOT ANY in a card',
      { keysecondary: ['x'], selectiveLogic: null, extensions: { selectiveLogic: 2 } },
      /NOT ANY/u,
    ],
    ['only patterns', { key: ['/drag(on|oon)s?/i'] }, /patterns/u],
    ['patterns for second words', { keysecondary: ['/poison(ed)?/'] }, /second words are patterns/u],
    ['no words', { key: [] }, /no words that call it/u],
    ['no words that can be said', { key: ['!!!'] }, /none of its words can be said/u],
    ['case', { key: ['IT'], caseSensitive: true }, /capitals/u],
    ['case in a card', { extensions: { case_sensitive: true } }, /capitals/u],
    ['recursion only', { delayUntilRecursion: 2 }, /recursion/u],
    ['a delay', { delay: 3 }, /delay/u],
    [
      'certain characters',
      { characterFilter: { isExclude: false, names: ['Tilda'], tags: [] } },
      /certain characters/u,
    ],
    ['no probability', { probability: 0 }, /probability is 0/u],
    ['a condition', { content: '@@depth 4\n@@activate_only_after 5\nIt fell.' }, /a line with @@/u],
    ['a macro', { content: 'It fell {{random::once::twice}}.' }, /macro/u],
    ['nobody’s name', { content: 'It fell on {{char}}.' }, /macro/u],
    ['nothing but decorators', { content: '@@depth 4' }, /without text/u],
  ])('leaves out by name what would come up otherwise than written: %s', async (_, given, why) => {
    const { passages, leftOut } = await readOne(given);
    expect(passages).toEqual([]);
    expect(leftOut).toEqual([expect.stringMatching(why)]);
    expect(leftOut[0]).toMatch(/^1 entry was left out: .* \(“The entry”\)\.$/u);
  });

  it.each([
    ['NOT ANY of no words', { selectiveLogic: 2 }, []],
    ['AND ALL of one word', { keysecondary: ['ash'], selectiveLogic: 3 }, ['ash']],
    ['AND ANY with a pattern', { keysecondary: ['ash', '/x/'] }, ['ash']],
    ['second words that are switched off', { keysecondary: ['ash'], selective: false }, []],
    ['second words that nobody switched on', { keysecondary: ['ash'], selective: undefined }, []],
    ['a probability that does not count', { probability: 0, useProbability: false }, []],
  ])('takes what comes up as written: %s', async (_, given, secondaryKeys) => {
    expect((await readOne(given)).passages).toEqual([{ ...USED, secondaryKeys }]);
  });

  it('takes away where an entry is put, and fills in names', async () => {
    const content = '@@depth 4\n@@role system\n{{// a note}}Tilda told {{user}}.{{newline}}It fell.';
    expect((await readOne({ content })).passages).toEqual([
      { ...USED, text: 'Tilda told the player. It fell.' },
    ]);
    const book = await readLorebook({
      data: { name: 'Tilda', character_book: { entries: [worldInfo({ content: '{{char}} heard <BOT>.' })] } },
    });
    expect(book?.passages[0]?.text).toBe('Tilda heard Tilda.');
  });

  it('finds what is constant, or found by vectors, by what it says, and tells what differs', async () => {
    const constant = await readOne({ constant: true, key: ['x'], keysecondary: ['y'], selectiveLogic: 2 });
    expect(constant.passages).toEqual([{ ...USED, keys: [] }]);
    expect(constant.leftOut).toEqual([
      '1 entry comes up not always, but when what is said bears on it (“The entry”).',
    ]);
    expect((await readOne({ content: '@@activate\nIt fell.', key: [] })).passages).toEqual([
      { ...USED, keys: [] },
    ]);
    expect(await readOne({ vectorized: true, key: [] })).toEqual({
      passages: [{ ...USED, keys: [] }],
      leftOut: [],
    });
    const odd = await bookOf(
      ...Array.from({ length: 7 }, (_, at) => worldInfo({ comment: `Entry ${at}`, probability: 50 })),
      worldInfo({ comment: '', cooldown: 2, group: 'bells' }),
    );
    expect(odd.leftOut).toEqual([
      '7 entries come up every time, whatever the probability (“Entry 0”, “Entry 1”, “Entry 2”, “Entry 3”, “Entry 4” and 2 more).',
      '1 entry comes up again at once, without a cooldown (“bell”).',
      '1 entry comes up beside others of the same group (“bell”).',
    ]);
    expect((await readLorebook({ recursive_scanning: true, entries: [] }))?.leftOut).toEqual([
      expect.stringContaining('recursion'),
    ]);
  });

  it('puts first what goes first', async () => {
    const { passages } = await bookOf(
      worldInfo({ content: 'Second.', order: 5 }),
      worldInfo({ content: 'First.', order: 50 }),
      { keys: ['x'], content: 'Between.', insertion_order: 20 },
    );
    expect(passages.map(({ text }) => text)).toEqual(['First.', 'Between.', 'Second.']);
  });

  it('runs no pattern, and says so', async () => {
    const book = await bookOf({ keys: ['/(a+)+$/i', 'tunnel', '…'], content: 'One.' });
    expect(book.passages.map(({ keys }) => keys)).toEqual([['tunnel']]);
    expect(book.leftOut).toEqual([
      '1 key is a pattern (a regular expression) and was left out: give plain words.',
      '1 key was left out: without letters, too long, or more than an entry may have.',
    ]);
    const pattern = await bookOf({ keys: ['tun.*'], use_regex: true, content: 'Two.' });
    expect(pattern.passages).toEqual([]);
  });

  it('takes words in one text with commas between them', async () => {
    expect((await readOne({ key: 'bell, tower' })).passages).toEqual([{ ...USED, keys: ['bell', 'tower'] }]);
  });

  it('bounds what it takes in', async () => {
    const entries = Array.from({ length: 2_100 }, (_, at) => ({
      keys: Array.from({ length: 60 }, (__, key) => `key ${at} ${key}`),
      content: 'x'.repeat(at === 0 ? 5_000 : 500),
    }));
    const book = await bookOf(...entries);
    expect(book.passages[0]?.keys).toHaveLength(50);
    const first = book.passages.filter(({ keys }) => keys[0] === 'key 0 0');
    expect(first.map(({ text }) => text).join('')).toHaveLength(4_000);
    expect(book.passages).toHaveLength(1_999 + first.length);
    expect(book.leftOut).toEqual([
      '100 entries were left out: beyond the 2,000 that a book may have.',
      '20000 keys were left out: without letters, too long, or more than an entry may have.',
      '1 entry was cut at 4,000 characters (“key 0 0”).',
    ]);
  });

  it('takes anything for no lorebook but a lorebook', async () => {
    for (const value of [null, 1, 'text', [], {}, { data: 1 }, { entries: 'x' }])
      expect(await readLorebook(value)).toBeUndefined();
  });

  it('never throws', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        await readLorebook(value);
        await readLorebook({
          entries: [value, worldInfo({ extensions: value, characterFilter: value, key: value })],
        });
      }),
    );
  });
});
