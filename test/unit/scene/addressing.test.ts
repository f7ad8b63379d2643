import { describe, expect, it } from 'vitest';
import { addressed } from '#src/scene/addressing.ts';

const tilda = { id: 'tilda', name: 'Tilda Marsh', aliases: ['Til'] };
const bram = { id: 'bram', name: 'Old Bram Oxley', aliases: ['the smith'] };
const ysolde = { id: 'ysolde', name: 'Ysolde', aliases: [] };
const all = [tilda, bram, ysolde];

describe('addressed', () => {
  it.each([
    ['Tilda, how is the catch?', ['tilda']],
    ['tilda how is the catch', ['tilda']],
    ['How is the catch, Til?', ['tilda']],
    ['Hello Tilda Marsh!', ['tilda']],
    ['Good evening. Bram, a word?', ['bram']],
    ['Tell me, Bram, who did it?', ['bram']],
    ['Tilda and Bram, come here.', ['tilda', 'bram']],
    ['Ysolde, Tilda, Bram: listen!', ['ysolde', 'tilda', 'bram']],
    ['What says the smith?', ['bram']],
    ['I have news of Ysolde', ['ysolde']],
    ['Matilda, hello', []],
    ['Anyone here?', []],
    ['Old friends are the best.', []],
  ])('%j is for %j', (text, ids) => expect(addressed(text, all, undefined)).toEqual(ids));

  it('stays with whom the speaker is talking, also when others are spoken of', () => {
    expect(addressed('And then?', all, 'bram')).toEqual(['bram']);
    expect(addressed('I met Tilda at the mill.', all, 'bram')).toEqual(['bram']);
    expect(addressed("Tilda's boat is gone.", all, 'bram')).toEqual(['bram']);
    expect(addressed('Tilda is a liar.', all, 'bram')).toEqual(['bram']);
    expect(addressed('Tilda, is that so?', all, 'bram')).toEqual(['tilda']);
  });

  it.each([
    ['Tilda stole my purse!', ['bram']],
    ['Tilda and Ysolde are liars.', ['bram']],
    ['tilda what do you say to that', ['tilda']],
    ['Tilda!', ['tilda']],
  ])('in a talk with Bram, %j is for %j', (text, ids) => expect(addressed(text, all, 'bram')).toEqual(ids));

  it('reaches the only one on stage', () => {
    expect(addressed('Anyone here?', [tilda], undefined)).toEqual(['tilda']);
    expect(addressed('Bram, are you there?', [tilda], undefined)).toEqual(['tilda']);
    expect(addressed('Anyone here?', [], undefined)).toEqual([]);
  });

  it('forgets a partner who has left', () =>
    expect(addressed('And then?', [tilda, bram], 'ysolde')).toEqual([]));

  it('reads names as plain text', () => {
    const odd = { id: 'odd', name: 'Mr. (X) [a+b]*', aliases: ['\\d'] };
    expect(addressed('Mr. (X) [a+b]*, hello', [odd, tilda], undefined)).toEqual(['odd']);
  });
});
