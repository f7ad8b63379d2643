import { describe, expect, it } from 'vitest';
import { reported } from '#src/adapters/improv/voice/reported.ts';

const NAMES = new Set(['mira', 'odo', 'bram']);

function told(text: string, speaker = 'you', to = '', isBefore = true): string | undefined {
  return reported({ text, speaker, to, isBefore }, NAMES);
}

describe('reported', () => {
  it.each([
    [
      'I promise I will mend your bell rope before the feast.',
      'you promised to mend my bell rope before the feast',
    ],
    ['I swear to bring you the key tomorrow.', 'you promised to bring me the key the day after'],
    ['I promise you a new boat.', 'you promised me a new boat'],
    ["I give you my brother's sword as the toll.", "you gave me your brother's sword as the toll"],
    ["Here's a bag of plums for you.", 'you gave me a bag of plums'],
    ['Here is the comb I promised you.', 'you gave me the comb you promised me'],
    ['I pay you two crowns.', 'you paid me two crowns'],
    ['Take this note to the harbour.', 'you asked me to take that note to the harbour'],
    ["I'll pay the tax on Friday.", 'you told me that you would pay the tax on Friday'],
    ['A red ship anchored here today.', 'you told me that a red ship anchored here that day'],
    ['You owe me a drink.', 'you told me that I owe you a drink'],
    ['I saw you at the mill.', 'you told me that you saw me at the mill'],
  ])('%s', (text, done) => {
    expect(told(text)).toBe(done);
  });

  it('says to whom it was promised and given', () => {
    expect(told('I promise I will mend the gate.', 'Mira', 'Odo')).toBe('Mira promised Odo to mend the gate');
    expect(told('I give you a boat.', 'you', 'Odo')).toBe('you gave Odo a boat');
  });

  it('leaves today what was said in this talk', () => {
    expect(told('The ferry leaves today.', 'you', '', false)).toBe('you told me that the ferry leaves today');
  });

  it.each([
    ['I give you my sword.', 'Mira', ''],
    ['Your gate is rotten.', 'you', 'Odo'],
    ['We are lost.', 'you', ''],
    ['Your gate is rotten, I will mend it.', 'you', ''],
    ['The gate is rotten. It will fall.', 'you', ''],
    ['Bram mends gates.', 'you', ''],
    ['Run!', 'you', ''],
  ])('leaves to a quotation what could go wrong: %s', (text, speaker, to) => {
    expect(told(text, speaker, to)).toBeUndefined();
  });
});
