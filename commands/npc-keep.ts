import { defineCommand, npcOption } from './command.ts';
import { good } from './notices.ts';

export const npcKeep = defineCommand({
  name: 'npc keep',
  summary: 'Keep a draft for good',
  permission: 'gm',
  answers: 'asker',
  example: '/npc keep Tilda Marsh',
  options: { npc: npcOption('draft', 'The draft to keep') },
  async run({ roster, store, stage }, { npc: typed }) {
    const npc = await roster.find(store, typed);
    const { name } = npc.persona;
    await store.npcs.setStatus(npc.id, 'kept');
    const talk = { label: 'Talk', command: 'npc talk', options: { npc: name } };
    const text = npc.status === 'kept' ? `${name} is kept already.` : `${name} is kept.`;
    await stage.tell(good(text, [], [talk]), 'asker');
  },
});
