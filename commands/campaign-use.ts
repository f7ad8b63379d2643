import { Refusal } from '#src/core/errors.ts';
import { nameKey, nearestName } from '#src/core/names.ts';
import { defineCommand } from './command.ts';
import { good } from './notices.ts';

export const campaignUse = defineCommand({
  name: 'campaign use',
  summary: 'Play another campaign here',
  permission: 'gm',
  answers: 'everyone',
  example: '/campaign use name:The Drowned Bell',
  options: { name: { kind: 'text', description: 'Its name', maxLength: 80, required: true } },
  async run({ campaigns, workspace, channelId, stage }, { name: typed }) {
    const all = await campaigns.campaigns(workspace.id);
    const campaign = all.find(({ name }) => nameKey(name) === nameKey(typed));
    if (campaign === undefined) {
      const names = all.map(({ name }) => name);
      const nearest = nearestName(typed, names);
      const meant = nearest === undefined ? `Here are: ${names.join(', ')}.` : `Did you mean ${nearest}?`;
      throw new Refusal(`There is no campaign called “${typed}”. ${meant}`);
    }
    await campaigns.bindChannel(workspace.id, channelId, campaign.id);
    await stage.tell(good(`${campaign.name} is played here now.`), 'everyone');
  },
});
