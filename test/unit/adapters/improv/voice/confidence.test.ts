import { describe, expect, it } from 'vitest';
import { confided } from '#src/adapters/improv/voice/confidence.ts';
import { speak } from '#src/adapters/improv/voice/speak.ts';
import { book, said, task, voiced } from './fixtures.ts';

function told(...lines: readonly string[]): string[] {
  const all = lines.map((line) => {
    const [speaker = '', text = ''] = line.split(/: (.*)/su);
    return { speaker, text };
  });
  const found = confided(all, book.ear);
  return all.filter((line) => found.has(line)).map(({ text }) => text);
}

const CONFIDENCES = [
  ['Orla, please keep this to yourself: Tobin is wanted for murder.', 'who is wanted for murder?', 'Tobin'],
  [
    "Orla, swear that you'll tell no one that I carry a forged letter.",
    'what letter does Mira carry?',
    'forged',
  ],
  ["Orla, don't tell anyone, but I stole the abbot's chalice.", 'who stole the chalice?', 'abbot'],
  ['Orla, between you and me, the baker waters his milk.', 'who waters his milk?', 'baker'],
  ['Orla, this stays between us: I poisoned the well.', 'who poisoned the well?', 'I poisoned'],
  ['Orla, promise not to tell: I love Hroon.', 'whom does Mira love?', 'Hroon'],
  ["Orla, it's a secret: the duke is bald.", 'is the duke bald?', 'secret'],
  ['Orla, nobody must know that my brother lives in the mill.', 'where is my brother?', 'lives in'],
  ['(whispers to Orla) the mayor is a wolf', 'who is a wolf?', 'mayor'],
  ['*whispers* "The chalice is cursed."', 'what is cursed?', 'chalice'],
  ['Orla, I tell you this in confidence. My real name is Ottilie.', "what is Mira's real name?", 'Ottilie'],
] as const;

describe('what was told in confidence', () => {
  it.each(CONFIDENCES)('is not told on: %s', (text, question, secret) => {
    for (const seed of ['a', 'b', 'c', 'd'])
      for (const asked of [
        question,
        'what do you remember about Mira?',
        'what did Mira say?',
        'what happened last night?',
      ])
        for (const asker of ['Aldric', 'GM']) {
          const lines = [said(text, 0, 'Mira'), said(asker === 'GM' ? `GM:${asked}` : asked, 1)];
          const change = { seed, present: ['Mira', 'Aldric'] };
          expect(speak(task(voiced('plain', { bonds: [] }), lines, change), book)).not.toContain(secret);
        }
  });

  it('is still known to the one who told it', () => {
    const lines = [
      said("Orla, don't tell anyone, but I stole the abbot's chalice.", 0, 'Mira'),
      said('Orla, who stole the chalice?', 1, 'Mira'),
    ];
    expect(speak(task(voiced('plain'), lines), book)).toContain("I stole the abbot's chalice.");
  });

  it('is not told on from older times either, nor out of a summary', () => {
    const memories = [
      {
        id: '1',
        speaker: 'Mira',
        text: 'Tell nobody: I stole the chalice.',
        when: 'two nights ago',
        saidAtInMs: 1,
      },
      {
        ...{ id: '2', speaker: '', when: 'on day 1', saidAtInMs: 2, kind: 'summary' as const },
        text: 'Odo: The ferry is late. Mira: Keep it to yourself, I stole the chalice.',
      },
    ];
    for (const seed of ['a', 'b', 'c', 'd'])
      expect(
        speak(task(voiced('plain'), [said('who stole the chalice?')], { memories, seed }), book),
      ).not.toContain('I stole');
  });

  it('is what stands beside the asking, where that says little else', () => {
    expect(told('Mira: The duke is bald.', 'Orla: Is he?', 'Mira: Keep that to yourself, Orla.')).toEqual([
      'The duke is bald.',
      'Keep that to yourself, Orla.',
    ]);
    expect(told('Mira: Can you keep a secret?', 'Orla: I can.', 'Mira: My name is Ottilie.')).toEqual([
      'Can you keep a secret?',
      'My name is Ottilie.',
    ]);
    expect(
      told('Mira: The bread is cold.', 'Mira: Just between us, the duke is bald.', 'Odo: Good night.'),
    ).toEqual(['Just between us, the duke is bald.']);
  });

  it.each([
    'There is a secret door under the altar.',
    'I told nobody the price.',
    'The bridge between us and the town is down.',
    'Tell the miller that I came.',
  ])('is not everything with such a word in it: %s', (text) => {
    expect(told(`Mira: ${text}`)).toEqual([]);
  });
});
