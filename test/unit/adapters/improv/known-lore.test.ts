import { describe, expect, it } from 'vitest';
import { ImprovModel } from '#src/adapters/improv/improv-model.ts';
import { loreStatements } from '#src/adapters/improv/voice/known-lore.ts';
import type { KnownLore, SpeakTask } from '#src/core/model.ts';
import { speakRequest } from '#src/prompt/requests.ts';
import { personaOf } from '../../../support/personas.ts';

function taskOf(asked: string, lore: readonly KnownLore[], change: Partial<SpeakTask> = {}): SpeakTask {
  const line = { id: 'l', speaker: 'Mira', speakerKind: 'character', isOwn: false, text: asked } as const;
  return {
    kind: 'speak',
    persona: personaOf('Tilda'),
    present: ['Mira'],
    transcript: [line],
    lore,
    seed: 's',
    ...change,
  };
}

const improv = new ImprovModel({ pacing: 'none' });

async function said(task: SpeakTask): Promise<string> {
  let text = '';
  const request = speakRequest(task, { workspaceId: 'w', campaignId: 'c' });
  for await (const event of improv.stream(request, new AbortController().signal))
    if (event.type === 'text') text += event.text;
  return text;
}

const TOLL = {
  place: 'The toll',
  text: 'Odo keeps the tally in a black book. Every barrel pays two coppers.',
};
const INN = {
  place: 'The inn',
  text: 'The innkeeper is Magda Pell. Her nettle beer is famous. She drowned her husband in the well.',
};

it('tells what is written of the world where it is asked for', async () => {
  expect(await said(taskOf('Who keeps the tally?', [TOLL]))).toContain('black book');
  expect(await said(taskOf('Who keeps the tally?', []))).not.toContain('black book');
});

it("never confesses to another's crime, whichever pronouns it goes by", async () => {
  for (const pronouns of ['she/her', 'he/him', 'they/them', 'it/its'])
    for (const question of [
      'Who drowned in the well?',
      'Tell me about the nettle beer.',
      'Who is the innkeeper?',
    ])
      for (const seed of ['a', 'b', 'c']) {
        const persona = { ...personaOf('Tilda'), pronouns };
        const reply = await said(taskOf(question, [INN], { persona, seed }));
        expect(reply, reply).toMatch(/Magda Pell.*\bshe drowned her husband/iu);
        expect(reply).not.toMatch(/\bI drowned|\bmy (?:husband|nettle)/iu);
      }
});

it.each([
  [
    'Who is the priest?',
    'The shrine belongs to Saint Ombra. Her priest is Brother Callow.',
    /Ombra. Her priest is/u,
  ],
  ['Who sold the barge?', "The barge was the duke's. He sold it to Odo.", /duke's. He sold it/u],
])('leaves to others what is theirs: %s', async (question, text, told) => {
  for (const pronouns of ['she/her', 'he/him'])
    expect(
      await said(taskOf(question, [{ place: 'x', text }], { persona: { ...personaOf('Tilda'), pronouns } })),
    ).toMatch(told);
});

it('tells again in one sentence of whom it speaks', async () => {
  const lines = [
    { id: 'a', speaker: 'Mira', speakerKind: 'character', isOwn: false, text: 'What of the beer?' },
    { id: 'b', speaker: 'Tilda', speakerKind: 'npc', isOwn: true, text: INN.text },
    { id: 'c', speaker: 'Mira', speakerKind: 'character', isOwn: false, text: 'Who drowned in the well?' },
  ] as const;
  for (const seed of ['a', 'b', 'c', 'd'])
    expect(await said(taskOf('', [INN], { transcript: lines, seed }))).toContain(
      'The innkeeper is Magda Pell; her nettle beer is famous; she drowned her husband in the well.',
    );
});

it('speaks of itself where it is named', async () =>
  expect(
    await said(taskOf('Who rings the bell?', [{ place: 'x', text: 'Tilda rings the bell at noon.' }])),
  ).toContain('I ring the bell at noon'));

describe('statements of the world', () => {
  const of = (text: string) => loreStatements([{ place: 'x', text }]);

  it('are a few, and no paragraphs', () => {
    expect(of(`${'word '.repeat(60)}has. ${'Salt pays. '.repeat(20)}`)).toEqual(
      Array.from({ length: 6 }, () => 'Salt pays.'),
    );
    expect(loreStatements([])).toEqual([]);
  });

  it('say something, each by itself', () =>
    expect(
      of(
        'It is cheap. A bridge and the hamlet that grew there, in the year nine. The toll is high. It is paid in salt.',
      ),
    ).toEqual(['The toll is high. It is paid in salt.']));

  it('are not what the one who wrote them says of themselves', () =>
    expect(
      of(
        'I murdered the bishop. The duke thanked me. We buried him. The bell rings for us. The mill is old.',
      ),
    ).toEqual(['The mill is old.']));
});
