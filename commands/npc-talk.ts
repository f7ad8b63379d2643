import { notice } from '#src/core/view.ts';
import { defineCommand, npcOption } from './command.ts';

export const npcTalk = defineCommand({
  name: 'npc talk',
  summary: 'Bring an NPC on stage here',
  permission: 'gm',
  example: '/npc talk Tilda Marsh',
  options: { npc: npcOption('castable', 'An NPC, or a persona of the folder') },
  async run(context, { npc: typed }) {
    const { roster, store, scenes, stage, by, callId } = context;
    const npc = await roster.findOrAdopt(store, typed, by);
    if (await scenes.enter(context, npc, callId)) return;
    const text = `${npc.persona.name} is on stage already. Say something to them.`;
    await stage.tell(notice('hint', text), 'asker');
  },
});
