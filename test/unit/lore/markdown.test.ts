import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visibleMarkdown } from '#src/lore/markdown.ts';

describe('visibleMarkdown', () => {
  it('leaves out comments, and says so', () => {
    expect(
      visibleMarkdown('The mayor is kind.<!-- GM only: he is\na wererat --> He smiles.\n<!---->'),
    ).toEqual({
      text: 'The mayor is kind. He smiles.\n',
      remarks: ['2 comments (<!-- … -->) were left out.'],
    });
  });

  it('leaves out what follows a comment without an end, where it begins a line', () => {
    expect(visibleMarkdown('Text.\n<!-- he is a wererat')).toEqual({
      text: 'Text.\n',
      remarks: ['1 comment (<!-- … -->) was left out.'],
    });
    expect(visibleMarkdown('An arrow <!-- in text').text).toBe('An arrow <!-- in text');
  });

  it('leaves out front matter, and says so', () => {
    expect(visibleMarkdown('---\ntitle: Town\ntags:\n  - x\n---\n# Town')).toEqual({
      text: '# Town',
      remarks: ['The front matter at the top was left out.'],
    });
  });

  it.each([
    ['rules around text', '---\nThe town burned.\n---\nIt was rebuilt.'],
    ['a rule at the top', '---\nkey: value\nThe town burned.'],
    ['front matter further down', 'Text\n---\nkey: value\n---\n'],
    ['front matter without an end', `---\n${'key: value\n'.repeat(200)}---\n`],
  ])('keeps %s', (_, text) => {
    expect(visibleMarkdown(text)).toEqual({ text, remarks: [] });
  });

  it('keeps every text without these as it is, and takes no longer for many openings', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (given) => {
        const text = `A ${given.replaceAll('<!--', '')}`;
        expect(visibleMarkdown(text).text).toBe(text);
      }),
    );
    const many = 'a <!--'.repeat(200_000);
    expect(visibleMarkdown(many).text).toBe(many);
  });
});
