import { describe, expect, it } from 'vitest';
import { speak } from '#src/adapters/improv/voice/speak.ts';
import type { RecalledLine, SeenLine, SpeakTask } from '#src/core/model.ts';
import { book, said, task, voiced } from './fixtures.ts';

const SEEDS = ['a', 'b', 'c', 'd', 'e', 'f'];
const who = voiced('plain', { bonds: [], knowledge: [], goals: [], fears: [] });

function replies(lines: readonly SeenLine[], change: Partial<SpeakTask> = {}): string[] {
  return SEEDS.map((seed) => speak(task(who, lines, { seed, present: [], ...change }), book));
}

function npc(text: string, index: number): SeenLine {
  return { ...said(text, index, 'Hroon'), speakerKind: 'npc' };
}

describe('a thing that was spoken of', () => {
  const GIFT: RecalledLine = {
    id: 'gift',
    speaker: 'Mira',
    text: 'Here is the silver comb I promised you.',
    when: 'last night',
    saidAtInMs: 1,
  };

  it('is what somebody said of it, and not what the last to name it did not know', () => {
    const lines = [npc('I know nothing about the comb.', 0), said('Who gave you the comb?', 1, 'Mira')];
    for (const reply of replies(lines, { memories: [GIFT] })) {
      expect(reply).toContain('silver comb');
      expect(reply).not.toMatch(/Hroon|only/u);
    }
  });

  it('is nothing, where nobody but a shrug named it', () => {
    const lines = [npc("I don't know anything about the ring.", 0), said('What became of the ring?', 1)];
    for (const reply of replies(lines)) expect(reply).not.toMatch(/Hroon|"/u);
  });

  it('is no person: nobody is "brought up"', () => {
    const order = said('Fetch Tobin now, Orla!', 0, 'Mira');
    for (const question of ['Did you meet Tobin?', 'Where is Tobin?', 'What happened to Tobin?'])
      for (const reply of replies([order, said(question, 1)]))
        expect(reply).not.toMatch(/brought up|spoke of|That's all I have/u);
  });

  it('was brought up by whoever alone spoke of it', () => {
    const order = said('Bring me the ledger!', 0, 'Mira');
    const other = said('Fetch the ledger now!', 1, 'Odo');
    const question = said('What happened to the ledger?', 2);
    for (const reply of replies([order, question])) expect(reply).toMatch(/Mira .*the ledger/u);
    for (const reply of replies([order, other, question])) expect(reply).not.toMatch(/Mira|Odo/u);
  });

  it('was claimed by nobody as all there is to know of it', () =>
    expect([...book.speech.lines.topicFrom, ...book.speech.lines.topicYou].join(' ')).not.toMatch(
      /\bonly\b/u,
    ));
});
