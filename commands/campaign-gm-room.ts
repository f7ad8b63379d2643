import { Refusal } from '#src/core/errors.ts';
import type { Place } from '#src/core/front.ts';
import { gameMastersOf } from '#src/core/game-masters.ts';
import { refuseAtTheTable, whoLeads } from './campaign-gm.ts';
import { defineCommand } from './command.ts';
import type { CommandContext } from './context.ts';
import { good } from './notices.ts';

export const campaignGmRoom = defineCommand({
  name: 'campaign gm room',
  summary: 'Where what only game masters may read is written',
  permission: 'gm',
  isForManagers: true,
  answers: 'asker',
  example: '/campaign gm room where:here',
  options: {
    where: {
      kind: 'choice',
      description: 'here, in your direct messages (dm), or nowhere: then it waits for /waiting',
      choices: ['here', 'dm', 'none'],
      required: true,
    },
  },
  async run(context, { where }) {
    const { store, stage, workspace, person } = context;
    refuseAtTheTable(workspace);
    if (where === 'none') {
      await store.changeSettings({ gmRoom: undefined });
      const text = 'Hidden text is written nowhere. It waits, and /waiting shows it to a game master.';
      await stage.tell(good(text), 'asker');
      return;
    }
    const gmRoom = await privateRoom(context, where);
    const { gms } = await store.changeSettings({ gmRoom });
    // Whoever manages the place may set it without leading.
    const isGm = person.permission !== 'player';
    const whoReads = isGm ? '' : ` ${whoLeads(gms, workspace.platform)} You are not one of them.`;
    const text = `What only game masters may read is written ${where === 'here' ? 'here' : 'in your direct messages'} from now on.${whoReads}`;
    await stage.tell(good(text), 'asker');
  },
});

/** @throws Refusal where somebody else reads there, or we cannot write there. */
async function privateRoom(context: CommandContext, where: 'here' | 'dm'): Promise<Place> {
  const { campaign, person, place, platform, store, workspace } = context;
  if (platform === undefined)
    throw new Refusal('Who reads here cannot be told while the connection is being made. Try again.');
  const room = where === 'here' ? place : await platform.directPlace(person.id);
  const settings = await store.settings();
  const privacy = await platform.privacyOf(room, gameMastersOf(settings, workspace));
  if (!privacy.isPrivate) {
    throw new Refusal(
      `This cannot be the GM room. ${privacy.why} Choose a place that only game masters read. ${whoLeads(settings.gms, workspace.platform)}`,
    );
  }
  const stage = await platform.stageAt(room);
  // It shows at once that we may write there.
  await stage.tell(
    good(`What only the game masters of ${campaign.name} may read is written here.`),
    'everyone',
  );
  return room;
}
