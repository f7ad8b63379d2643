import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { worldAccount } from '#src/adapters/improv/voice/world-account.ts';
import { book } from './fixtures.ts';

const smallWords = book.ear.stopwords;
const WENNA = { calledBy: ['Wenna Tarrow', 'Wenna', 'Mother Tarrow'], subject: 'she', smallWords };
const SEVEN = { calledBy: ['Number Seven'], subject: 'it', smallWords };

describe('what is written of the world', () => {
  it.each([
    'Magda Pell keeps the inn. She drowned her husband in the well.',
    'The shrine belongs to Saint Ombra. Her priest is Brother Callow.',
    'She drowned her husband.',
    'Her beer is famous, and she knows it herself.',
    'Davin Tarrow drowned, and his sister wept.',
    'Left of the gate stands a mill. Knows nobody, owes nobody.',
    'The Wenna Stone is hers. The Wenna floods each spring. Saint Wenna wept.',
  ])('is nothing that the one who tells it did: %s', (text) => expect(worldAccount(text, WENNA)).toBe(text));

  it.each([
    ['Wenna Tarrow rings the tide bell.', 'I ring the tide bell.'],
    ['The bell is rung by Wenna Tarrow.', 'The bell is rung by me.'],
    ["Nobody touches Wenna's rope.", 'Nobody touches my rope.'],
    ['When Mother Tarrow is late, people drown.', 'When I am late, people drown.'],
    ['The duke hates Captain Wenna Tarrow.', 'The duke hates me.'],
    [
      'Wenna rings the bell in Low Candle. She lost her husband.',
      'I ring the bell in Low Candle. I lost my husband.',
    ],
    ['Wenna is the keeper of the bell. Her rope is old.', 'I am the keeper of the bell. My rope is old.'],
    // Whoever else was named may be the one.
    ['Wenna hates Magda Pell. She drowned her husband.', 'I hate Magda Pell. She drowned her husband.'],
    ['Wenna saw Magda Pell when she drowned her husband.', 'I saw Magda Pell when she drowned her husband.'],
    ['Magda hates Wenna because she drowned her husband.', 'Magda hates me because she drowned her husband.'],
    ['Wenna saw a widow when she fled.', 'I saw a widow when she fled.'],
    ['Wenna rings. Magda brews. She drowned Odo.', 'I ring. Magda brews. She drowned Odo.'],
  ])('is its own where it is named: %s', (text, told) => expect(worldAccount(text, WENNA)).toBe(told));

  it('is told by whatever name', () => {
    const called = (name: string) => worldAccount(`${name} rings the bell.`, { ...WENNA, calledBy: [name] });
    expect(called('Sione Shark-Uncle')).toBe('I ring the bell.');
    expect(called("Sant'Aquila")).toBe('I ring the bell.');
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (name) => {
        expect(typeof called(name)).toBe('string');
      }),
    );
  });

  it('takes no "it" for its own', () =>
    expect(worldAccount('Number Seven keeps the vault, and it is empty. Seven ships sank.', SEVEN)).toBe(
      'I keep the vault, and it is empty. Seven ships sank.',
    ));

  it('never says "I" of what does not name it, whatever is written', () => {
    const word = fc.constantFrom(
      ...'She she Her her He he his Magda Odo the The priest drowned murdered keeps knows husband well and who , in Owes Saw'.split(
        ' ',
      ),
    );
    const text = fc
      .array(fc.array(word, { minLength: 1, maxLength: 9 }), { minLength: 1, maxLength: 4 })
      .map((all) => all.map((words) => `${words.join(' ')}.`).join(' '));
    fc.assert(
      fc.property(text, fc.constantFrom('she', 'he', 'they', 'it'), (written, subject) => {
        expect(worldAccount(written, { ...WENNA, subject })).not.toMatch(/\b(?:I|me|my|My|myself)\b/u);
      }),
    );
  });
});
