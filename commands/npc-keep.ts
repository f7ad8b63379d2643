import { pageOption, showPageOf } from './cast-page.ts';
import { defineCommand, npcOption } from './command.ts';
import { good, talkAction } from './notices.ts';

export const npcKeep = defineCommand({
  name: 'npc keep',
  summary: 'Keep a draft for good',
  permission: 'gm',
  answers: 'asker',
  example: '/npc keep Tilda Marsh',
  options: { npc: npcOption('draft', 'The draft to keep'), page: pageOption },
  async run(context, { npc: typed, page = false }) {
    const { roster, store, stage } = context;
    const npc = await roster.find(store, typed);
    const { name } = npc.persona;
    await store.npcs.setStatus(npc.id, 'kept');
    if (page) await showPageOf(context, npc);
    const text = npc.status === 'kept' ? `${name} is kept already.` : `${name} is kept.`;
    await stage.tell(good(text, [], [talkAction(name)]), 'asker');
  },
});
