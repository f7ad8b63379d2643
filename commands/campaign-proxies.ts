import { defineCommand } from './command.ts';
import { good } from './notices.ts';

export const campaignProxies = defineCommand({
  name: 'campaign proxies',
  summary: "Whether programs may speak for players' characters (PluralKit, Tupperbox)",
  permission: 'gm',
  answers: 'asker',
  example: '/campaign proxies on',
  options: { allowed: { kind: 'flag', description: 'on or off', required: true } },
  async run({ store, stage }, { allowed }) {
    await store.changeSettings({ proxies: allowed });
    const text = allowed
      ? 'What PluralKit and Tupperbox post is heard under the name they post it with, and the message they replace is not.'
      : 'What PluralKit and Tupperbox post is not heard.';
    await stage.tell(good(text), 'asker');
  },
});
