import { randomInt } from 'node:crypto';
import { defineCommand, MAX_PROMPT_IN_CHARACTERS } from './command.ts';

/** Seeds that a person can read out and type again. */
const SEEDS = 1_000_000;

export const npcGenerate = defineCommand({
  name: 'npc generate',
  summary: 'Draft a linked cast, card by card',
  permission: 'gm',
  answers: 'everyone',
  example: '/npc generate count:3 prompt:dwarven smugglers of the salt docks',
  options: {
    prompt: {
      kind: 'text',
      description: 'Who they are and where, in your words',
      maxLength: MAX_PROMPT_IN_CHARACTERS,
      required: true,
    },
    count: {
      kind: 'integer',
      description: 'How many (1-20); 3 if left out',
      min: 1,
      max: 20,
      required: false,
    },
    level: {
      kind: 'integer',
      description: "Level of the players' characters",
      min: 1,
      max: 20,
      required: false,
    },
    tone: { kind: 'text', description: 'Grim, merry, eerie …', maxLength: 200, required: false },
    system: {
      kind: 'choice',
      description: 'Stat blocks: 5e-compatible, or none',
      choices: ['5e', 'none'],
      required: false,
    },
    seed: {
      kind: 'text',
      description: 'The same seed draws the same cast from the embedded tables',
      maxLength: 40,
      required: false,
    },
  },
  run: (context, { prompt, count = 3, level, tone, system = 'none', seed = String(randomInt(SEEDS)) }) =>
    context.studio.generate(context, { count, prompt, level, tone, system, seed }),
});
