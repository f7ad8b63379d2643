import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanLine, cleanText, cleanUtterance, isUsableName, usableName } from '#src/persona/text.ts';
import { text } from './arbitrary-persona.ts';

describe('cleaning', () => {
  it.each([cleanText, cleanLine, cleanUtterance])('%o leaves what is clean as it is', (clean) => {
    fc.assert(
      fc.property(text, (dirty) => {
        expect(clean(clean(dirty))).toBe(clean(dirty));
      }),
    );
  });

  it.each([
    ['\u001b[31mred\u001b[0m \u009b2Jbox', 'red box'],
    ['a\u001b]0;title\u0007b', 'ab'],
    ['a\u001b]8;;http://x\u001b\\link', 'alink'],
    ['a\u001b] never closed', 'a never closed'],
    ['a\u001bcb\u001b', 'ab'],
  ])('takes escapes out whole: %j', (dirty, clean) => expect(cleanLine(dirty)).toBe(clean));

  it('does not linger over a text full of openings', () => {
    // A quadratic search takes minutes here, a linear one milliseconds: the test's own time limit tells them apart.
    expect(cleanText('\u001b]'.repeat(500_000))).toBe('');
  });

  it('mends halves of letters and composes', () => {
    expect(cleanLine('a\ud83d b').isWellFormed()).toBe(true);
    expect(cleanLine('Ame\u0301lie')).toBe('Amélie');
  });

  it('keeps the joiners of emoji', () => expect(cleanLine('👩‍🚀')).toBe('👩‍🚀'));

  it('takes quotation marks off layer by layer', () =>
    expect(cleanUtterance(' " " Hm. " " ')).toBe('" " Hm. " "'));
});

describe('usableName', () => {
  it('takes colons out and cuts at a word', () => {
    expect(usableName(' Ada: the  ferrier ', 60)).toBe('Ada the ferrier');
    expect(usableName('Ada the ferrier', 8)).toBe('Ada the');
  });

  it('gives nothing for what cannot be said', () => {
    expect(usableName('::', 60)).toBeUndefined();
    expect(usableName('', 60)).toBeUndefined();
  });

  it('gives only names that a sheet takes', () =>
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 60 }), (dirty, limit) => {
        const name = usableName(dirty, limit);
        if (name === undefined) return;
        expect(name.length).toBeLessThanOrEqual(limit);
        expect(isUsableName(name)).toBe(true);
        expect(cleanText(name)).toBe(name);
      }),
    ));
});
