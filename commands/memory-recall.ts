import { defineCommand, queryOption } from './command.ts';

export const memoryRecall = defineCommand({
  name: 'memory recall',
  summary: 'What an NPC remembers, or who of them knows of something',
  permission: 'gm',
  answers: 'asker',
  example: '/memory recall query:who knows of the tunnel? npc:Hroon',
  options: {
    query: queryOption,
    npc: {
      kind: 'npc',
      among: 'known',
      description: 'Whose memory; everybody’s if left out',
      required: false,
    },
    why: { kind: 'flag', description: 'Also why each was found, with its score', required: false },
  },
  async run(context, options) {
    // What it takes to understand a question is not loaded before somebody asks one.
    const { tellRecalled } = await import('./recalled.ts');
    await tellRecalled(context, options);
  },
});
