import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OVERLAP_IN_CHARACTERS, PASSAGE_IN_CHARACTERS, passagesOf } from '#src/lore/passages.ts';

const texts = async (text: string, isMarkdown = true) =>
  (await passagesOf(text, { isMarkdown })).map((passage) => passage.text);
const sentence = (number: number) =>
  `Sentence ${number} tells of the toll at the salt docks and of who pays it.`;
const sentences = (count: number) => Array.from({ length: count }, (_, at) => sentence(at + 1));

describe('passagesOf', () => {
  it('keeps a short text whole', async () => {
    expect(await texts('The toll is two coppers.\nHroon keeps it.')).toEqual([
      'The toll is two coppers. Hroon keeps it.',
    ]);
  });

  it('cuts at the ends of sentences and begins with the last whole ones of the passage before', async () => {
    const passages = await texts(sentences(20).join(' '));
    expect(passages.length).toBeGreaterThan(2);
    for (const [at, passage] of passages.entries()) {
      expect(passage).toMatch(/^Sentence \d+ .*pays it\.$/u);
      expect(passage.length).toBeLessThanOrEqual(PASSAGE_IN_CHARACTERS);
      const [first = ''] = passage.split(/(?<=\.) /u);
      if (at > 0) expect(passages[at - 1]).toContain(first);
    }
    const [one = '', two = ''] = passages;
    const shared = two.split(/(?<=\.) /u).filter((each) => one.includes(each));
    expect(shared.join(' ').length).toBeLessThanOrEqual(OVERLAP_IN_CHARACTERS);
  });

  it('never crosses a heading, and says under which headings a passage stands', async () => {
    const text = '# The docks\nThey burned.\n## The toll\nTwo coppers.\n# The council\nFive families.';
    expect(await passagesOf(text, { isMarkdown: true })).toEqual(
      [
        { heading: 'The docks', text: 'They burned.' },
        { heading: 'The docks › The toll', text: 'Two coppers.' },
        { heading: 'The council', text: 'Five families.' },
      ].map((passage) => ({ ...passage, keys: [], secondaryKeys: [] })),
    );
  });

  it('takes an underlined line for a heading', async () => {
    const text =
      'The town\n========\n\nBody one.\n\nThe *market*\n---\nEels.\nMore eels.\n\nThe council\n==\nFive families.';
    const found = await passagesOf(text, { isMarkdown: true });
    expect(found.map(({ heading, text: body }) => [heading, body])).toEqual([
      ['The town', 'Body one.'],
      ['The town › The market', 'Eels. More eels.'],
      ['The council', 'Five families.'],
    ]);
  });

  it.each([
    ['a rule below text', 'It ends here.\n---\nIt goes on.'],
    ['a rule below lines', 'One line\nand another\n---\nIt goes on.'],
    ['a rule by itself', 'Text\n\n---\n\nIt goes on.'],
    ['an item', '- eels\n---\nIt goes on.'],
    ['a quotation', '> eels\n---\nIt goes on.'],
    ['a table', '| eels |\n|---|\nIt goes on.'],
    ['code', '```\nTitle\n---\nIt goes on.\n```'],
    ['a long line', `${'word '.repeat(30)}\n---\nIt goes on.`],
    ['a line with nothing below', 'It goes on\n---\n'],
  ])('takes no heading out of %s', async (_, text) => {
    const found = await passagesOf(text, { isMarkdown: true });
    expect(found.map(({ heading }) => heading)).toEqual(['']);
    expect(found[0]?.text).toContain('It goes on');
  });

  it('shares the words at a cut that is made inside a sentence', async () => {
    const list = Array.from({ length: 150 }, (_, at) => `- item ${at} of the ledger`).join('\n');
    const passages = await texts(list);
    expect(passages.length).toBeGreaterThan(5);
    for (const [at, passage] of passages.slice(1).entries()) {
      const before = passages[at] ?? '';
      const shared = Array.from({ length: OVERLAP_IN_CHARACTERS }, (__, length) => length + 1).filter(
        (length) => before.endsWith(passage.slice(0, length)),
      );
      expect(Math.max(...shared)).toBeGreaterThan(OVERLAP_IN_CHARACTERS / 2);
      expect(passage.length).toBeLessThanOrEqual(PASSAGE_IN_CHARACTERS);
      expect(/(?:^|\s)$/u.test(before.slice(0, before.length - Math.max(...shared)))).toBe(true);
    }
  });

  it('takes chapters and lines in capitals for headings of plain text, and # for nothing', async () => {
    const text = 'CHAPTER ONE: The toll\nTwo coppers.\nTHE COUNCIL\nFive families.\n# not one';
    const found = await passagesOf(text, { isMarkdown: false });
    expect(found.map(({ heading }) => heading)).toEqual(['CHAPTER ONE: The toll', 'THE COUNCIL']);
    expect(found.at(-1)?.text).toContain('# not one');
  });

  it('takes no heading out of a block of code', async () => {
    const found = await passagesOf('```\n# a comment\n```\ntext', { isMarkdown: true });
    expect(found.map(({ heading }) => heading)).toEqual(['']);
  });

  it('cuts a word without an end between two characters', async () => {
    const word = '👩‍👩‍👧‍👦'.repeat(200);
    const passages = await texts(word);
    expect(passages.join('')).toBe(word);
    for (const passage of passages) expect(passage.isWellFormed()).toBe(true);
    expect((await texts('a'.repeat(100_000))).join('')).toHaveLength(100_000);
  });

  it('bounds a character of marks piled on marks', async () => {
    const marked = `e${'\u0301'.repeat(5_000)}`;
    const passages = await texts(marked);
    expect(passages.join('')).toBe(marked);
    for (const passage of passages) expect(passage.length).toBeLessThanOrEqual(PASSAGE_IN_CHARACTERS);
    const sign = `${'a'.repeat(511)}${'\u{1F469}\u200D'.repeat(900)}`;
    expect((await texts(sign)).join('')).toBe(sign);
    for (const passage of await texts(sign)) expect(passage.isWellFormed()).toBe(true);
  });

  it('ends after as many as were asked for', async () => {
    expect(await passagesOf(sentences(100).join(' '), { isMarkdown: true, most: 3 })).toHaveLength(3);
  });

  it('makes nothing of nothing', async () => {
    expect(await texts('')).toEqual([]);
    expect(await texts(' \n\n# Only a heading\n')).toEqual([]);
  });

  it('loses no word, and keeps every passage within its length', async () => {
    const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
    const text = fc.array(fc.oneof(word, fc.constantFrom('.', '!', '\n\n', '\n', '. ')), { maxLength: 400 });
    await fc.assert(
      fc.asyncProperty(text, async (parts) => {
        const written = parts.join(' ').replaceAll(/[#=-]/gu, '+');
        const passages = await passagesOf(written, {
          isMarkdown: true,
          sizes: { passageInCharacters: 80, overlapInCharacters: 20 },
        });
        const whole = written.replace(/\s+/gu, '');
        let covered = 0;
        for (const { text } of passages) {
          expect(text.length).toBeLessThanOrEqual(80);
          const part = text.replace(/\s+/gu, '');
          // Each begins where the one before ended, or earlier by what they share.
          const starts = Array.from({ length: 21 }, (_, back) => covered - back);
          const at = starts.find((start) => start >= 0 && whole.startsWith(part, start));
          expect(at).toBeDefined();
          covered = (at ?? 0) + part.length;
        }
        expect(covered).toBe(whole.length);
      }),
      { numRuns: 150 },
    );
  });
});
