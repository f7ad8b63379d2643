import { expect, it } from 'vitest';
import type { SeenLine, SpeakTask } from '#src/core/model.ts';
import { speakRequest } from '#src/prompt/requests.ts';
import { personaOf } from '../../support/personas.ts';
import { defaultProfile } from '../../support/profile.ts';

const lore = Array.from({ length: 10 }, (_, index) => ({
  place: 'The book',
  text: `Passage ${index}. ${'salt '.repeat(40)}`,
}));

function taskOf(parts: Partial<SpeakTask> = {}): SpeakTask {
  const transcript = Array.from(
    { length: 401 },
    (_, index): SeenLine => ({
      ...{ id: `l${index}`, speaker: 'Mira', speakerKind: 'character', isOwn: false },
      text: `Salt and ale and bread. ${index}`,
    }),
  );
  return { kind: 'speak', persona: personaOf('Tilda'), present: [], transcript, seed: 's', ...parts };
}

const openingOf = async (task: SpeakTask, campaignId: string, window = 6_000) => {
  const profile = { ...defaultProfile, contextWindowInTokens: window };
  const messages = await speakRequest(task, { workspaceId: 'w', campaignId }).prompt(profile);
  const lines = JSON.stringify(messages).match(/Mira: Salt and ale and bread\. (\d+)/u);
  return Number(lines?.[1]);
};

it('begins where the last prompt of the same NPC in the same scene began, with the same window', async () => {
  const withLore = await openingOf(taskOf({ lore }), 'one');
  const without = await openingOf(taskOf(), 'two');
  expect(without).toBeLessThan(withLore);
  expect(await openingOf(taskOf(), 'one')).toBe(withLore);
  expect(await openingOf(taskOf({ persona: personaOf('Bram') }), 'one')).toBe(without);
  expect(await openingOf(taskOf({ transcript: taskOf().transcript.slice(1) }), 'one')).not.toBe(withLore);
  expect(await openingOf(taskOf(), 'one', 5_000)).toBe(await openingOf(taskOf(), 'three', 5_000));
});
