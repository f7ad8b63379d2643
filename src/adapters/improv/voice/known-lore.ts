import type { SpeakTask } from '#src/core/model.ts';
import { sentences } from './english.ts';

const MOST_FACTS = 6;
/** What is longer is a paragraph, and sounds read out. */
const LONGEST_FACT_IN_CHARACTERS = 160;

/** The task with what is written of the world among what the NPC knows: a sentence each, the most fitting first. */
export function knowingLore(task: SpeakTask): SpeakTask {
  const facts = (task.lore ?? [])
    .flatMap(({ text }) => sentences(text))
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '' && sentence.length <= LONGEST_FACT_IN_CHARACTERS)
    .slice(0, MOST_FACTS);
  if (facts.length === 0) return task;
  const { persona } = task;
  return { ...task, persona: { ...persona, knowledge: [...persona.knowledge, ...facts] } };
}
