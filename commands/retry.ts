import { defineCommand } from './command.ts';

export const retry = defineCommand({
  name: 'retry',
  summary: 'Ask again for the answer that failed or broke off',
  permission: 'player',
  answers: 'asker',
  example: '/retry',
  options: {
    npc: { kind: 'npc', description: 'Whose answer, where several failed', among: 'stage', required: false },
  },
  run: (context, { npc }) => context.scenes.retry(context, npc),
});
