import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitOutOfCharacter } from '#src/scene/out-of-character.ts';

describe('splitOutOfCharacter', () => {
  it.each([
    ['Good evening.', 'Good evening.', []],
    ['// pizza is here', '', ['pizza is here']],
    ['((brb))', '', ['brb']],
    ['Good ((brb)) evening.', 'Good evening.', ['brb']],
    ['Good evening. ((never closed', 'Good evening.', ['never closed']],
    ['See http://example.org for it', 'See http://example.org for it', []],
    ['First.\n// aside\nSecond.', 'First.\n \nSecond.', ['aside']],
    ['(((())', '', ['(())']],
    ['((roll for it (DC 15)))', '', ['roll for it (DC 15)']],
    ['Aye. ((he lies (I think)) about it)) Good.', 'Aye. Good.', ['he lies (I think)) about it']],
    ['  ', '', []],
    ['(( )) //', '', []],
  ])('splits %j', (text, speech, asides) => expect(splitOutOfCharacter(text)).toEqual({ speech, asides }));

  it('lets nothing between the marks into the speech', () => {
    const word = fc.stringMatching(/^[a-z]{3,8}$/u);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), word, fc.array(word), (before, hidden, after) => {
        const secret = `zz${hidden}zz`;
        const { speech } = splitOutOfCharacter(`${before.join(' ')} ((${secret})) ${after.join(' ')}`);
        expect(speech).not.toContain(secret);
        expect(speech).toBe([...before, ...after].join(' '));
      }),
    );
  });
});
