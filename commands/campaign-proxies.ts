import type { Workspace } from '#src/core/entities.ts';
import { Refusal } from '#src/core/errors.ts';
import { defineCommand } from './command.ts';
import { good } from './notices.ts';

export const campaignProxies = defineCommand({
  name: 'campaign proxies',
  summary: "Whether programs may speak for players' characters (PluralKit, Tupperbox)",
  permission: 'gm',
  answers: 'asker',
  example: '/campaign proxies allowed:on',
  options: { allowed: { kind: 'flag', description: 'on or off', required: true } },
  async run({ store, stage, workspace }, { allowed }) {
    refuseWithoutProxies(workspace);
    await store.changeSettings({ proxies: allowed });
    const text = allowed
      ? 'What PluralKit and Tupperbox post is heard under the name they post it with, and the message they replace is not.'
      : 'What PluralKit and Tupperbox post is not heard.';
    await stage.tell(good(text), 'asker');
  },
});

/** @throws Refusal where no such program runs. */
function refuseWithoutProxies({ platform }: Workspace): void {
  if (platform === 'discord') return;
  const where = platform === 'slack' ? 'Slack' : 'The local table';
  throw new Refusal(
    `${where} has no programs that speak for characters; Discord has. Here /as name:Mira says who speaks.`,
  );
}
