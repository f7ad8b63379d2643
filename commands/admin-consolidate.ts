import { runText } from './admin-memory.ts';
import { defineCommand } from './command.ts';
import { good } from './notices.ts';

export const adminConsolidate = defineCommand({
  name: 'admin consolidate',
  summary: 'Put this campaign’s memories in order now; it is done every five minutes anyway',
  permission: 'admin',
  answers: 'asker',
  example: '/admin consolidate',
  options: {},
  async run({ rest, origin, stage }) {
    await stage.tell(good(runText(await rest.one(origin))), 'asker');
  },
});
