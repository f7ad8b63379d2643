import { expect, it } from 'vitest';
import { ImprovModel } from '#src/adapters/improv/improv-model.ts';
import { knowingLore } from '#src/adapters/improv/voice/known-lore.ts';
import type { KnownLore, SpeakTask } from '#src/core/model.ts';
import { speakRequest } from '#src/prompt/requests.ts';
import { personaOf } from '../../../support/personas.ts';

function taskOf(asked: string, lore: readonly KnownLore[]): SpeakTask {
  const line = { id: 'l', speaker: 'Mira', speakerKind: 'character', isOwn: false, text: asked } as const;
  return {
    kind: 'speak',
    persona: personaOf('Tilda'),
    present: ['Mira'],
    transcript: [line],
    lore,
    seed: 's',
  };
}

async function said(task: SpeakTask): Promise<string> {
  let text = '';
  const improv = new ImprovModel({ pacing: 'none' });
  const request = speakRequest(task, { workspaceId: 'w', campaignId: 'c' });
  for await (const event of improv.stream(request, new AbortController().signal))
    if (event.type === 'text') text += event.text;
  return text;
}

const TOLL = {
  place: 'The toll',
  text: 'Odo keeps the tally in a black book. Every barrel pays two coppers.',
};

it('tells what is written of the world where it is asked for', async () => {
  expect(await said(taskOf('Who keeps the tally?', [TOLL]))).toContain('black book');
  expect(await said(taskOf('Who keeps the tally?', []))).not.toContain('black book');
});

it('is a few short sentences, and nothing where there is none', () => {
  const long = { place: 'x', text: `${'word '.repeat(60)}. ${'Short one. '.repeat(20)}` };
  expect(knowingLore(taskOf('?', [long])).persona.knowledge).toEqual(
    Array.from({ length: 6 }, () => 'Short one.'),
  );
  const plain = taskOf('?', []);
  expect(knowingLore(plain)).toBe(plain);
});
