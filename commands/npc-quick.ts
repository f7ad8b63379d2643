import { cardActions } from '#src/generation/cards.ts';
import { defineCommand } from './command.ts';
import { glimpse, good, showAction, talkAction } from './notices.ts';

export const npcQuick = defineCommand({
  name: 'npc quick',
  summary: 'One NPC at once, from the tables; deepen it later',
  permission: 'gm',
  answers: 'asker',
  example: '/npc quick role:barkeep',
  options: {
    role: {
      kind: 'text',
      description: 'Barkeep, fishwife, captain of the guard: whatever you call them',
      maxLength: 200,
      required: true,
    },
    seed: { kind: 'text', description: 'The same seed draws the same NPC', maxLength: 40, required: false },
  },
  async run(context, { role, seed }) {
    const npc = await context.studio.quick(context, role, seed);
    const { name } = npc.persona;
    const deepen = { label: 'Deepen', command: 'npc reroll', options: { npc: name, deepen: 'true' } };
    const more = cardActions(npc).filter(({ command }) => command !== 'npc talk');
    const actions = [talkAction(name), showAction(name), ...more, deepen];
    const text = `${name} is ready, and only you see this. Talk brings them on stage.`;
    await context.stage.tell(good(text, [glimpse(npc)], actions), 'asker');
  },
});
