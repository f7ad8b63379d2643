import { describe, expect, it } from 'vitest';
import { Discretion } from '#src/adapters/improv/voice/discretion.ts';
import { speak } from '#src/adapters/improv/voice/speak.ts';
import type { RecalledLine, SpeakTask } from '#src/core/model.ts';
import { book, persona, said, task, voiced } from './fixtures.ts';

const SECRET = 'Runa is her daughter, whom she left in a basket at the mill of Sorrel.';
const who = { bonds: [], secrets: [{ text: SECRET, until: '' }] };

function discretion(...given: string[]): Discretion {
  return new Discretion(persona(who), [], given, book.ear.stopwords);
}

describe('what the game master gave somebody to tell', () => {
  it('may be told, though a name in it is a secret too', () => {
    const word = 'Runa came back from the sea last week.';
    expect(discretion().allows(word)).toBe(false);
    expect(discretion(word).allows(word)).toBe(true);
    expect(discretion(word).touches(new Set(['runa']))).toBe(false);
    expect(discretion(word).allows('She has a daughter.')).toBe(false);
  });

  it.each([
    'Runa is her daughter.',
    'Runa was left in a basket at the mill.',
    'She keeps a basket from Sorrel, and Runa was her daughter.',
  ])('repeats no secret: %s', (word) => expect(discretion(word).allows(word)).toBe(false));

  it('opens no word beside three in a row of a secret', () =>
    expect(discretion('The mill of Sorrel burned.').allows('Somebody burned Sorrel.')).toBe(false));

  it('repeats none bit by bit', () => {
    const words = ['Runa came back.', 'Her daughter is lost.', 'The bell is cracked.', 'Sorrel burned.'];
    const all = discretion(...words);
    expect(words.map((word) => all.allows(word))).toEqual([true, false, true, false]);
  });

  const heard = (text: string, kind?: 'gm'): RecalledLine => ({
    id: text,
    speaker: kind === 'gm' ? '' : 'Mira',
    text,
    when: 'last night',
    saidAtInMs: 1,
    ...(kind === undefined ? {} : { kind }),
  });

  it('is the answer, where anybody else who says the name gets none', () => {
    for (const seed of ['a', 'b', 'c', 'd']) {
      const asked = (memory: RecalledLine, change: Partial<SpeakTask> = { memories: [memory] }) =>
        speak(task(voiced('plain', who), [said('When did Runa come back?')], { seed, ...change }), book);
      expect(asked(heard('Runa came back from the sea at dawn.', 'gm'))).toContain('at dawn');
      const pinned = heard('Runa came back from the sea at dawn.', 'gm');
      expect(asked(pinned, { summaries: [pinned] })).toContain('at dawn');
      expect(asked(heard('Runa came back from the sea at dawn.'))).not.toMatch(/Runa|dawn/u);
      expect(asked(heard('Runa came back at dawn, and Runa is your daughter.', 'gm'))).not.toMatch(
        /Runa|dawn/u,
      );
    }
  });

  it("is lore as well, and no confession of another's deed", () => {
    const asked = (text: string) =>
      speak(
        task(voiced('plain', who), [said('Who lives in Sorrel?')], { lore: [{ place: 'x', text }] }),
        book,
      );
    expect(asked('The salt dukes live in Sorrel.')).toContain('salt dukes');
    expect(asked('Runa, her daughter, lives in a basket in Sorrel.')).not.toMatch(/basket|Runa|Sorrel/u);
  });
});

describe('what was seen, and the word of the game master', () => {
  const asked = (text: string, kind: 'gm' | undefined, question: string) => {
    const memory = { id: text, speaker: '', text, when: 'last night', saidAtInMs: 1 };
    return ['a', 'b', 'c'].map((seed) =>
      speak(
        task(voiced('plain', { bonds: [] }), [said(question)], {
          memories: [kind === undefined ? memory : { ...memory, kind }],
          seed,
        }),
        book,
      ),
    );
  };

  it("is no confession either: 'she' is whoever was named before", () => {
    for (const kind of [undefined, 'gm'] as const)
      for (const reply of asked(
        'The innkeeper lifts her knife. She murders the bishop.',
        kind,
        'Do you remember the bishop?',
      )) {
        expect(reply).toMatch(/The innkeeper lifts her knife[.;] she murders the bishop/iu);
        expect(reply).not.toMatch(/\bI murder/u);
      }
  });

  it('is not cut off from what it goes on about', () => {
    const word = 'Magda runs the inn. Her beer is famous. She sold the bishop a horse.';
    for (const reply of asked(word, 'gm', 'Do you remember the bishop?')) {
      expect(reply).toMatch(/Her beer is famous[.;] she sold the bishop/iu);
      expect(reply).not.toMatch(/\bmy beer|\bI sold/iu);
    }
  });

  it('is its own where it begins with it', () => {
    for (const note of [
      'She sold the bishop a horse.',
      'You sold the bishop a horse.',
      'Orla sold the bishop a horse.',
    ])
      for (const reply of asked(note, 'gm', 'Who sold the bishop a horse?'))
        expect(reply).toContain('I sold the bishop a horse');
    for (const reply of asked(
      'She sells the bishop a horse.',
      undefined,
      'What about the bishop and his horse?',
    ))
      expect(reply).not.toMatch(/\bI sell/u);
  });
});
