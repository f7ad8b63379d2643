import { cardActions } from '#src/generation/cards.ts';
import { defineCommand, MAX_PROMPT_IN_CHARACTERS } from './command.ts';
import { glimpse, good, showAction } from './notices.ts';
import { whileWaiting } from './patience.ts';

export const npcCreate = defineCommand({
  name: 'npc create',
  summary: 'Make one NPC from your own notes',
  permission: 'gm',
  answers: 'asker',
  example: '/npc create notes:Old Wen keeps the ferry, hates the toll, lost a son to the river',
  options: {
    notes: {
      kind: 'text',
      description: 'Whatever you have; all of it stays true',
      maxLength: MAX_PROMPT_IN_CHARACTERS,
      required: true,
    },
    system: {
      kind: 'choice',
      description: 'A stat block: 5e-compatible, or none',
      choices: ['5e', 'none'],
      required: false,
    },
  },
  async run(context, { notes, system = 'none' }) {
    const { stage, studio } = context;
    const npc = await whileWaiting(stage, 'Drafting', studio.create(context, notes, system));
    const { name } = npc.persona;
    const actions = [showAction(name), ...cardActions(npc)];
    const text = `${name} is drafted. Your notes stay on the sheet.`;
    await stage.tell(good(text, [glimpse(npc)], actions), 'asker');
  },
});
