import { defineCommand } from './command.ts';
import { good } from './notices.ts';

export const campaignImprov = defineCommand({
  name: 'campaign improv',
  summary: 'Whether improv may speak where every configured model fails',
  permission: 'gm',
  answers: 'asker',
  example: '/campaign improv allowed:on',
  options: { allowed: { kind: 'flag', description: 'on or off', required: true } },
  async run({ store, stage }, { allowed }) {
    await store.changeSettings({ improvFallback: allowed });
    const text = allowed
      ? 'Where every model fails, improv speaks: our own tables and a small grammar, no model. What it says becomes part of the game.'
      : 'Where every model fails, nobody speaks for it: you get one sentence and can try again.';
    await stage.tell(good(text), 'asker');
  },
});
