import { cardActions } from '#src/generation/cast-board.ts';
import { defineCommand } from './command.ts';
import { glimpse, good, showAction } from './notices.ts';

export const npcQuick = defineCommand({
  name: 'npc quick',
  summary: 'One NPC at once, from the tables; deepen it later',
  permission: 'gm',
  answers: 'asker',
  example: '/npc quick role:barkeep',
  options: {
    role: { kind: 'text', description: 'Barkeep, guard, fishwife …', maxLength: 200, required: true },
    seed: { kind: 'text', description: 'The same seed draws the same NPC', maxLength: 40, required: false },
  },
  async run(context, { role, seed }) {
    const npc = await context.studio.quick(context, role, seed);
    const { name } = npc.persona;
    const deepen = { label: 'Deepen', command: 'npc reroll', options: { npc: name, deepen: 'true' } };
    const actions = [showAction(name), ...cardActions(name), deepen];
    await context.stage.tell(good(`${name} steps up.`, [glimpse(npc)], actions), 'asker');
  },
});
