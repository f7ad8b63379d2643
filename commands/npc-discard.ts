import { pageOption, showPageOf } from './cast-page.ts';
import { defineCommand, npcOption } from './command.ts';
import { good, restoreAction } from './notices.ts';

export const npcDiscard = defineCommand({
  name: 'npc discard',
  summary: 'Take an NPC out of the campaign; it can be restored',
  permission: 'gm',
  answers: 'asker',
  example: '/npc discard Tilda Marsh',
  options: { npc: npcOption('known', 'The NPC'), page: pageOption },
  async run(context, { npc: typed, page = false }) {
    const { roster, store, scenes, stage } = context;
    const npc = await roster.find(store, typed);
    const { name } = npc.persona;
    const hasLeft = await scenes.leave(context, npc);
    await store.npcs.setStatus(npc.id, 'discarded');
    if (page) await showPageOf(context, npc);
    await stage.tell(good(`${name} is discarded.`, [], [restoreAction(name)]), 'asker');
    // To the table it is somebody who goes; what became of the sheet is the game master's.
    if (hasLeft) await stage.tell(good(`${name} leaves.`), 'everyone');
  },
});
