import type { CampaignSettings, Workspace } from '#src/core/entities.ts';
import type { Place } from '#src/core/front.ts';
import type { Fact } from '#src/core/view.ts';
import { worldTimeText } from '#src/core/world-time.ts';
import { namesOf } from './campaign-gm.ts';
import { defineCommand } from './command.ts';
import { shown } from './notices.ts';

export const campaignShow = defineCommand({
  name: 'campaign show',
  summary: 'The campaign that is played here, who leads it, and the others',
  permission: 'player',
  answers: 'asker',
  example: '/campaign show',
  options: {},
  async run({ campaigns, workspace, campaign, place, store, stage, person }) {
    const all = await campaigns.campaigns(workspace.id);
    const npcs = await store.npcs.list();
    const others = all.filter(({ id }) => id !== campaign.id).map(({ name }) => name);
    const drafts = npcs.filter(({ status }) => status === 'draft').length;
    const settings = await store.settings();
    const { worldMinute } = await store.time.now();
    const name = { label: 'Campaign', value: campaign.name };
    // At the local table it is whoever sits there.
    const leading =
      workspace.platform === 'terminal'
        ? []
        : [{ label: 'Who leads', value: namesOf(settings.gms, workspace.platform) }];
    const facts = [
      name,
      { label: 'NPCs', value: `${npcs.length - drafts} kept, ${drafts} drafts` },
      ...(worldMinute === undefined ? [] : [{ label: 'In-world time', value: worldTimeText(worldMinute) }]),
      {
        label: 'When models fail',
        value: settings.improvFallback ? 'improv speaks' : 'nobody speaks for them',
      },
      ...leading,
      ...chatFacts(settings, workspace, place),
      ...(others.length === 0 ? [] : [{ label: 'Others here', value: others.join(', ') }]),
    ];
    const visible = person.permission === 'player' ? [name, ...leading] : facts;
    await stage.tell(shown([{ kind: 'facts', facts: visible }]), 'asker');
  },
});

/** What is settled where several people read; at the local table nothing of it matters. */
function chatFacts(settings: CampaignSettings, { platform }: Workspace, place: Place): readonly Fact[] {
  if (platform === 'terminal') return [];
  return [
    { label: 'Hidden text', value: whereHidden(settings, place) },
    ...(platform === 'discord'
      ? [{ label: 'Proxies', value: settings.proxies ? 'are heard' : 'are not heard' }]
      : []),
  ];
}

function whereHidden({ gmRoom }: CampaignSettings, place: Place): string {
  if (gmRoom === undefined) return 'waits for /waiting; /campaign gm room gives it a place';
  if (gmRoom.channelId === place.channelId) return 'is written here';
  const isElsewhere = gmRoom.workspace.platformId !== place.workspace.platformId;
  return isElsewhere ? 'is written in direct messages' : 'is written in the GM room';
}
