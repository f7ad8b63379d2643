import { describe, expect, it } from 'vitest';
import { bitOf, type Cue, cuesOf } from '#src/memory/cues.ts';
import { knownWord } from '#src/memory/lexicon.ts';
import { plainWords } from '#src/memory/words.ts';

function has(text: string, cue: Cue): boolean {
  return (cuesOf(text, plainWords(text).map(knownWord)) & bitOf(cue)) !== 0;
}

describe('a line', () => {
  it.each([
    ['You have our word.', 'bargain'],
    ['If you hide us tonight, I will teach your daughter to read.', 'bargain'],
    ['Take this, it was hers.', 'gift'],
    ['A tall man in a hood.', 'looks'],
    ['Thirty marks.', 'money'],
    ['At midnight.', 'time'],
    ['On the ninth.', 'number'],
  ] as const)('“%s” has the cue “%s”', (text, cue) => {
    expect(has(text, cue)).toBe(true);
  });

  it.each([
    ['If only it rained.', 'bargain'],
    ['I will see to it.', 'bargain'],
    ['The bell rings.', 'money'],
  ] as const)('“%s” has not the cue “%s”', (text, cue) => {
    expect(has(text, cue)).toBe(false);
  });
});
