import { notice } from '#src/core/view.ts';
import { defineCommand, npcOption } from './command.ts';

export const npcTalk = defineCommand({
  name: 'npc talk',
  summary: 'Bring an NPC on stage here',
  permission: 'gm',
  answers: 'everyone',
  example: '/npc talk Tilda Marsh',
  options: {
    npc: npcOption('castable', 'An NPC, or a persona of the folder'),
    thread: { kind: 'flag', description: 'In a thread of its own', required: false },
  },
  async run(context, { npc: typed, thread = false }) {
    const { roster, store, scenes, stage, by, callId } = context;
    const npc = await roster.findOrAdopt(store, typed, by);
    const { name } = npc.persona;
    if (thread) {
      const opened = await stage.openThread(`Scene with ${name}`);
      const text = `${name} waits in a thread of this channel.`;
      const blocks = [{ kind: 'text', text, leadsTo: opened.channelId }] as const;
      await stage.tell({ tone: 'good', blocks, actions: [] }, 'everyone');
      await scenes.enter({ ...context, channelId: opened.channelId, stage: opened.stage }, npc, callId);
      return;
    }
    if (await scenes.enter(context, npc, callId)) return;
    await stage.tell(notice('hint', `${name} is on stage already. Say something to them.`), 'asker');
  },
});
