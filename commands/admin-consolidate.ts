import { notice } from '#src/core/view.ts';
import { runText } from './admin-memory.ts';
import { defineCommand } from './command.ts';

export const adminConsolidate = defineCommand({
  name: 'admin consolidate',
  summary: 'Put this campaign’s memories in order now; it is done every five minutes anyway',
  permission: 'admin',
  answers: 'asker',
  example: '/admin consolidate',
  options: {},
  async run({ rest, origin, stage }) {
    const run = await rest.one(origin);
    await stage.tell(notice(run.fault === undefined ? 'good' : 'hint', runText(run)), 'asker');
  },
});
