import { defineCommand, npcOption } from './command.ts';
import { good } from './notices.ts';

export const npcDiscard = defineCommand({
  name: 'npc discard',
  summary: 'Take an NPC out of the campaign; it can be restored',
  permission: 'gm',
  answers: 'asker',
  example: '/npc discard Tilda Marsh',
  options: { npc: npcOption('known', 'The NPC') },
  async run(context, { npc: typed }) {
    const { roster, store, stage } = context;
    const npc = await roster.find(store, typed);
    await store.npcs.setStatus(npc.id, 'discarded');
    const { name } = npc.persona;
    const back = { label: 'Restore', command: 'npc restore', options: { npc: name } };
    await stage.tell(good(`${name} is discarded.`, [], [back]), 'asker');
  },
});
