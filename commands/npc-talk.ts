import { notice } from '#src/core/view.ts';
import { defineCommand, npcOption } from './command.ts';
import { good } from './notices.ts';

export const npcTalk = defineCommand({
  name: 'npc talk',
  summary: 'Bring an NPC on stage here',
  permission: 'gm',
  example: '/npc talk Tilda Marsh',
  options: { npc: npcOption('castable', 'An NPC, or a persona of the folder') },
  async run(context, { npc: typed }) {
    const { roster, store, scenes, stage, by, callId } = context;
    const npc = await roster.findOrAdopt(store, typed, by);
    const { name } = npc.persona;
    const hasGreeting = npc.persona.first_mes.trim() !== '';
    const onStage = await scenes.onStage(context);
    if (onStage.some(({ id }) => id === npc.id)) {
      await stage.tell(notice('hint', `${name} is on stage already. Say something to them.`), 'asker');
      return;
    }
    if (!hasGreeting) await stage.tell(good(`${name} enters.`), 'everyone');
    await scenes.enter(context, npc, callId);
  },
});
