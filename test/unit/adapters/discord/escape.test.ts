import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeText, escapeLine, escapeSpeech, escapeText } from '#src/adapters/discord/escape.ts';
import { withoutActingCharacters } from '#src/core/text.ts';

/** What a reader sees of escaped text. */
const read = (markdown: string) => markdown.replace(/\\([^0-9A-Za-z\s])/gu, '$1');

const UNTRUSTED = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(
        '@everyone',
        '<@123>',
        '<@&1>',
        '<#1>',
        '</npc talk:1>',
        '<:a:1>',
        '<t:1:R>',
        '**',
        '__',
        '~~',
        '||',
        '`',
        '```\n',
        '\n# ',
        '\n- ',
        '\n1. ',
        '\n> ',
        '\n-# ',
        '[a](https://b.example)',
        'https://a.example',
        'discord.gg/abc',
        '\\',
        ' ',
      ),
    ),
  )
  .map((parts) => parts.join(''));

describe('escapeText', () => {
  it('reads as it was written', () => {
    fc.assert(
      fc.property(UNTRUSTED, (text) => {
        expect(read(escapeText(text))).toBe(withoutActingCharacters(text));
      }),
    );
  });

  it('leaves nothing that formats, mentions or links', () => {
    fc.assert(
      fc.property(UNTRUSTED, (text) => {
        const bare = escapeText(text).replace(/\\[^0-9A-Za-z\s]/gu, 'x');
        expect(bare).not.toMatch(/[*_~`|<>[\]@\\]/u);
        expect(bare).not.toMatch(/:\/\//u);
        expect(bare).not.toMatch(/^[^\S\n]*(?:[#+-]|\d+[.)]\s)/mu);
        expect(bare).not.toMatch(/discord\.gg\//iu);
      }),
    );
  });

  it('is one row where one is asked for', () => {
    expect(escapeLine(' # a\n*b* ')).toBe('\\# a \\*b\\*');
  });
});

describe('escapeSpeech', () => {
  it('keeps emphasis and disarms the rest', () => {
    expect(escapeSpeech('*She grins.* **No.** ~~Yes~~ `code`')).toBe('*She grins.* **No.** ~~Yes~~ `code`');
    expect(escapeSpeech('<@1> <#2> <:a:3> <t:1:R> </x:1> @everyone @here')).toBe(
      '‹@1> ‹#2> ‹:a:3> ‹t:1:R> ‹/x:1> @ everyone @ here',
    );
    expect(escapeSpeech('[gold](https://evil.example)')).toBe('[gold] (https:\\//evil.example)');
    expect(escapeSpeech('# Big\n> said\n-# small\n||hidden||')).toBe(
      '\\# Big\n\\> said\n\\-# small\n\\|\\|hidden\\|\\|',
    );
    expect(escapeSpeech('I <3 you')).toBe('I <3 you');
    expect(escapeSpeech('Come to discord.gg/abc')).toBe('Come to discord.gg\\/abc');
  });

  it('disarms headings and quotes inside the items of a list', () => {
    expect(escapeSpeech('- # big\n* ## big\n1. > said\n  - - -# small')).toBe(
      '- \\# big\n* \\## big\n1. \\> said\n  - - \\-# small',
    );
  });

  it('leaves no backslash in code, where it would be seen', () => {
    const block = '```\n# x || y\nhttps://a.example\n```';
    expect(escapeSpeech(`${block} # no`)).toBe(`${block} # no`);
    expect(escapeSpeech('`a||b` ||c||\n# d')).toBe('`a||b` \\|\\|c\\|\\|\n\\# d');
  });

  it.each([
    ['marks that pair otherwise for another reader', '`` a `b https://x.example` c'],
    ['a mark that a backslash takes away', '\\`# a https://x.example`'],
    ['code that is not closed', '`https://x.example'],
  ])('takes no chances with %s', (_, text) => {
    expect(escapeSpeech(text)).not.toContain('://');
  });

  it('lets nobody be mentioned, whatever the text', () => {
    fc.assert(
      fc.property(UNTRUSTED, (text) => {
        expect(escapeSpeech(text)).not.toMatch(/@(?:everyone|here)|<[@#:/t]/u);
      }),
    );
  });
});

it('ends no block of code', () => expect(codeText('a```b')).toBe("a'''b"));
