import { defineCommand } from './command.ts';

export const retry = defineCommand({
  name: 'retry',
  summary: 'Ask again for the answer that failed or broke off',
  permission: 'player',
  example: '/retry',
  options: {},
  run: (context) => context.scenes.retry(context),
});
