import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { beyondDenial } from '#src/memory/denials.ts';
import { askedAfter, tellsOf } from '#src/memory/who-knows.ts';

const asked = askedAfter('who knows of the dragon?');
const tells = (text: string) => tellsOf({ speaker: 'Wren', text }, asked);

describe('who knows of the dragon', () => {
  it.each([
    'I know nothing of the dragon.',
    'I know nothing at all about any dragon, friend!',
    'Hroon knew nothing about a dragon',
    'I never heard of the dragon.',
    'I’ve never heard of any dragon.',
    'We haven’t heard a word of the dragon.',
    'Never heard a thing about the dragon. I hear about drains.',
    "I don't know of any dragon.",
    'I do not know where the dragon sleeps.',
    "I couldn't tell you a thing about the dragon.",
    "I couldn't say where the dragon sleeps.",
    "Nobody's told me anything about the dragon.",
    'Nobody knows where the dragon is.',
    'None of us has heard of the dragon.',
    'I have no idea where the dragon is.',
    'There is no news of the dragon.',
    'Of the dragon I know nothing.',
    'As to the dragon, I have no knowledge, and would like that known.',
    'The dragon? Never heard of it.',
    'What of the dragon?',
  ])('is not told by “%s”', (text) => {
    expect(tells(text)).toBe(false);
  });

  it('is told by nothing where no word says what it is', () => {
    const line = { speaker: 'Wren', text: 'Something happened to somebody.' };
    expect(tellsOf(line, 'did something happen to somebody?')).toBe(false);
    expect(tellsOf(line, 'who was promised something?')).toBe(false);
  });

  it.each([
    'The dragon sleeps in the quarry.',
    'A dragon!',
    'The dragon knows nothing of fear.',
    'The dragon has never heard of mercy.',
    'I know nothing of the miller. The dragon ate him.',
    'I know nothing of the dragon but that it sleeps in the quarry.',
    "I don't know where the dragon sleeps, though I saw it fly to the quarry.",
    'Nobody knows that the dragon sleeps in the quarry.',
    'I never saw the dragon so angry.',
    "I don't like the dragon in the quarry.",
    'They cannot know the dragon is dead.',
    'There is nothing like the dragon of the quarry.',
  ])('is told by “%s”', (text) => {
    expect(tells(text)).toBe(true);
  });
});

describe('what is asked after', () => {
  it.each([
    'who knows of the abbot?',
    'Who of them has heard about the abbot?',
    'who all knows of the abbot?',
    'who else still remembers the abbot?',
    'does anybody know about the abbot?',
    'Does anyone here remember the abbot?',
    'does Hroon know about the abbot?',
    'has anyone heard about the abbot',
    'Has Old Tom ever heard of the abbot?',
    'who was told about the abbot?',
    'which of them knows about the abbot?',
    'whom did we tell about the abbot?',
  ])('is the abbot: “%s”', (query) => {
    expect(askedAfter(query).replace('?', '')).toBe('the abbot');
  });

  it.each([
    'What did we promise the smith?',
    'who knows?',
    'who was promised something?',
    'Does the smith know?',
    'Where did Mira hear the bell?',
    'Did we ever learn to swim?',
    'Who told Mira about the bell?',
    'Did Mira tell us of the bell?',
  ])('is all of it: “%s”', (query) => {
    expect(askedAfter(query)).toBe(query);
  });
});

test('what a sentence tells beside a denial is the whole of it, or its beginning', () => {
  const words = ['I', 'know', 'nothing', 'never', 'heard', 'of', 'no', 'idea', 'the dragon', 'but', ',', '.'];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...words)), (some) => {
      const sentence = some.join(' ');
      expect(sentence.startsWith(beyondDenial(sentence))).toBe(true);
    }),
  );
});
