import { Refusal } from '#src/core/errors.ts';
import { defineCommand } from './command.ts';
import { good } from './notices.ts';

/** Campaigns of one workspace. */
const MAX_CAMPAIGNS = 100;

export const campaignCreate = defineCommand({
  name: 'campaign create',
  summary: 'Begin another campaign and play it here',
  permission: 'gm',
  answers: 'everyone',
  example: '/campaign create name:The Drowned Bell',
  options: { name: { kind: 'text', description: 'Its name', maxLength: 80, required: true } },
  async run({ campaigns, workspace, channelId, stage }, { name }) {
    if ((await campaigns.campaigns(workspace.id)).length >= MAX_CAMPAIGNS) {
      throw new Refusal(
        `There are ${MAX_CAMPAIGNS} campaigns here, which is the most. Go on with one: /campaign use name:NAME.`,
      );
    }
    const campaign = await campaigns.addCampaign(workspace.id, name);
    if (campaign === undefined) {
      throw new Refusal(
        `There is a campaign called ${name} already. /campaign use name:${name} plays it here.`,
      );
    }
    await campaigns.bindChannel(workspace.id, channelId, campaign.id);
    await stage.tell(good(`${campaign.name} begins. What happens here belongs to it.`), 'everyone');
  },
});
