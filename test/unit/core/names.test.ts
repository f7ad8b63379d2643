import { describe, expect, it } from 'vitest';
import { labelName, MAX_NAME_IN_CHARACTERS, nameKey, nearestName } from '#src/core/names.ts';

describe('nameKey', () => {
  it('compares without case, space and composition', () => {
    expect(nameKey('  Tilda   Marsh ')).toBe(nameKey('tilda marsh'));
    expect(nameKey('Ame\u0301lie')).toBe(nameKey('AMÉLIE'));
  });
});

describe('labelName', () => {
  it('leaves a name that labels a line and does nothing else', () => {
    expect(labelName(' Mira:\n the [Red]\u202e ')).toBe('Mira the Red');
    expect(labelName('\u200b::')).toBe('');
    expect(labelName('x'.repeat(500)).length).toBeLessThanOrEqual(MAX_NAME_IN_CHARACTERS);
  });
});

describe('nearestName', () => {
  const names = ['Tilda Marsh', 'Bram Oxley', 'Ysolde'];
  it('finds a misspelled name', () => expect(nearestName('Yzolde', names)).toBe('Ysolde'));
  it('finds by one word of a longer name', () => expect(nearestName('oxley', names)).toBe('Bram Oxley'));
  it('finds by one misspelled word', () => expect(nearestName('tidla', names)).toBe('Tilda Marsh'));
  it('stays silent where nothing is near', () =>
    expect(nearestName('Constantinople', names)).toBeUndefined());
  it('stays silent without candidates', () => expect(nearestName('x', [])).toBeUndefined());
});
