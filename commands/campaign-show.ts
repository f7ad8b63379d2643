import { defineCommand } from './command.ts';
import { shown } from './notices.ts';

export const campaignShow = defineCommand({
  name: 'campaign show',
  summary: 'The campaign that is played here, and the others',
  permission: 'player',
  example: '/campaign show',
  options: {},
  async run({ campaigns, workspace, campaign, store, stage, person }) {
    const all = await campaigns.campaigns(workspace.id);
    const npcs = await store.npcs.list();
    const others = all.filter(({ id }) => id !== campaign.id).map(({ name }) => name);
    const drafts = npcs.filter(({ status }) => status === 'draft').length;
    const { improvFallback } = await store.settings();
    const facts = [
      { label: 'Campaign', value: campaign.name },
      { label: 'NPCs', value: `${npcs.length - drafts} kept, ${drafts} drafts` },
      { label: 'When models fail', value: improvFallback ? 'improv speaks' : 'nobody speaks for them' },
      ...(others.length === 0 ? [] : [{ label: 'Others here', value: others.join(', ') }]),
    ];
    const visible = person.permission === 'player' ? facts.slice(0, 1) : facts;
    await stage.tell(shown([{ kind: 'facts', facts: visible }]), 'asker');
  },
});
