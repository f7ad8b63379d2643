import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeText, markdownToMrkdwn, unescapeText } from '#src/adapters/slack/mrkdwn.ts';

describe('escaping', () => {
  it('disarms everything that Slack reads as markup or a ping', () => {
    expect(escapeText('<!channel> <@U1> <https://a.b|c> & done')).toBe(
      '&lt;!channel&gt; &lt;@U1&gt; &lt;https://a.b|c&gt; &amp; done',
    );
  });

  it('is undone word for word', () => {
    fc.assert(fc.property(fc.string(), (text) => unescapeText(escapeText(text)) === text));
  });
});

describe('Markdown as Slack’s markup', () => {
  it.each([
    ['**bold** and *leaning* and ***both***', '*bold* and _leaning_ and *_both_*'],
    ['__bold__ and _leaning_', '*bold* and _leaning_'],
    ['~~gone~~', '~gone~'],
    ['**a *b* c**', '*a _b_ c*'],
    ['# The **old** mill', '*The old mill*'],
    ['- one\n- two', '• one\n• two'],
    ['* one\n* two', '• one\n• two'],
    ['[a map](https://evil.example/x)', 'a map (https://evil.example/x)'],
    ['![face](https://evil.example/x.png)', 'face (https://evil.example/x.png)'],
    ['snake_case_name', 'snake_case_name'],
    ['`**code** <x>` stays', '`**code** &lt;x&gt;` stays'],
    ['```\n**code**\n```', '```\n**code**\n```'],
    ['left *open', 'left *open'],
    ['a < b > c & d', 'a &lt; b &gt; c &amp; d'],
    ['**two** and **three**', '*two* and *three*'],
  ])('%s', (markdown, expected) => {
    expect(markdownToMrkdwn(markdown)).toBe(expected);
  });

  it('never lets a bracket of markup through, whatever the text', () => {
    const pieces = fc.constantFrom(
      '**',
      '*',
      '_',
      '`',
      '```',
      '<!channel>',
      '<@U1>',
      '[',
      '](',
      ')',
      '&',
      'word',
      ' ',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        const rendered = markdownToMrkdwn(parts.join(''));
        expect(rendered).not.toMatch(/[<>]/);
        expect(rendered).not.toMatch(/&(?!amp;|lt;|gt;)/);
      }),
    );
  });

  it('shows no private characters that a text brings along', () => {
    expect(markdownToMrkdwn('\uE000a\uE001')).toBe('a');
  });

  it('takes a long text of openings in its stride', () => {
    const text = '**[('.repeat(1000);
    expect(markdownToMrkdwn(text).length).toBeGreaterThan(0);
  });
});
