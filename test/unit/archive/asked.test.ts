import { describe, expect, it } from 'vitest';
import { readAsked } from '#src/archive/asked.ts';

describe('what npm run memories is asked', () => {
  it.each([
    ['', { what: 'help' }],
    ['--help', { what: 'help' }],
    ['reindex', { what: 'reindex' }],
    ['forget-person U1', { what: 'forget-person', person: 'U1', isSure: false }],
    ['forget-person 12 --yes', { what: 'forget-person', person: '12', isSure: true }],
    ['export out', { what: 'export', file: 'out', campaign: undefined, workspace: undefined }],
    ['export --campaign Main -', { what: 'export', file: '-', campaign: 'Main', workspace: undefined }],
    [
      'export out --workspace=Docks',
      { what: 'export', file: 'out', campaign: undefined, workspace: 'Docks' },
    ],
    [
      'import in',
      { what: 'import', file: 'in', as: undefined, workspace: undefined, undo: false, withPeople: false },
    ],
    [
      'import in --as B --undo',
      { what: 'import', file: 'in', as: 'B', workspace: undefined, undo: true, withPeople: false },
    ],
  ])('%s', (words, asked) => {
    expect(readAsked(words.split(' ').filter((word) => word !== ''))).toEqual(asked);
  });

  it.each([
    [['explode'], /export, import, reindex or forget-person/],
    [['export'], /lacks the file's name/],
    [['export', ''], /lacks the file's name/],
    [['export', 'a', 'b'], /quotation marks/],
    [['export', 'a', '--as', 'b'], /--campaign, --workspace/],
    [['export', 'a', '--campaign'], /--campaign, --workspace/],
    [['export', 'a', '--campaign', ' \u0000 '], /A name is empty/],
    [['import', '-'], /read twice/],
    [['import', 'a', '--as', 'x'.repeat(81)], /longer than 80/],
    [['reindex', 'all'], /nothing behind it/],
    [['forget-person'], /lacks the id/],
    [['forget-person', 'x'.repeat(201)], /more than 200/],
    [['forget-person', 'a', 'b'], /the id of one person/],
    [['forget-person', 'a', '--undo'], /--yes/],
  ])('refuses %j', (words, why) => {
    expect(() => readAsked(words)).toThrow(why);
  });
});
