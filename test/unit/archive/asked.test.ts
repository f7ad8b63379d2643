import { describe, expect, it } from 'vitest';
import { readAsked } from '#src/archive/asked.ts';

describe('what npm run memories is asked', () => {
  it.each([
    ['', { what: 'help' }],
    ['--help', { what: 'help' }],
    ['reindex', { what: 'reindex' }],
    ['export out', { what: 'export', file: 'out', campaign: undefined, workspace: undefined }],
    ['export --campaign Main -', { what: 'export', file: '-', campaign: 'Main', workspace: undefined }],
    [
      'export out --workspace=Docks',
      { what: 'export', file: 'out', campaign: undefined, workspace: 'Docks' },
    ],
    ['import in', { what: 'import', file: 'in', as: undefined, workspace: undefined, undo: false }],
    ['import in --as B --undo', { what: 'import', file: 'in', as: 'B', workspace: undefined, undo: true }],
  ])('%s', (words, asked) => {
    expect(readAsked(words.split(' ').filter((word) => word !== ''))).toEqual(asked);
  });

  it.each([
    [['explode'], /export, import or reindex/],
    [['export'], /lacks the file's name/],
    [['export', ''], /lacks the file's name/],
    [['export', 'a', 'b'], /quotation marks/],
    [['export', 'a', '--as', 'b'], /--campaign, --workspace/],
    [['export', 'a', '--campaign'], /--campaign, --workspace/],
    [['export', 'a', '--campaign', ' \u0000 '], /A name is empty/],
    [['import', '-'], /read twice/],
    [['import', 'a', '--as', 'x'.repeat(81)], /longer than 80/],
    [['reindex', 'all'], /nothing behind it/],
  ])('refuses %j', (words, why) => {
    expect(() => readAsked(words)).toThrow(why);
  });
});
