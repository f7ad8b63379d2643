import { notice } from '#src/core/view.ts';
import { defineCommand, npcOption } from './command.ts';
import { good } from './notices.ts';

export const npcDismiss = defineCommand({
  name: 'npc dismiss',
  summary: 'Take an NPC off stage; it hears nothing more here',
  permission: 'gm',
  answers: 'everyone',
  example: '/npc dismiss Tilda Marsh',
  options: { npc: npcOption('stage', 'An NPC on stage') },
  async run(context, { npc: typed }) {
    const { roster, store, scenes, stage } = context;
    const npc = await roster.find(store, typed);
    const { name } = npc.persona;
    const hasLeft = await scenes.leave(context, npc);
    if (hasLeft) await stage.tell(good(`${name} leaves.`), 'everyone');
    else await stage.tell(notice('hint', `${name} is not on stage here.`), 'asker');
  },
});
