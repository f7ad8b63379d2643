import type { Npc } from '#src/core/entities.ts';
import { notice } from '#src/core/view.ts';
import { defineCommand, npcsOption } from './command.ts';
import { good } from './notices.ts';
import { meansAll, npcsNamed, ofThem } from './several.ts';

export const npcDismiss = defineCommand({
  name: 'npc dismiss',
  summary: 'Take an NPC off stage, or all of them; they hear nothing more here',
  permission: 'gm',
  answers: 'everyone',
  example: '/npc dismiss Tilda Marsh',
  options: {
    npc: npcsOption('stage', 'or all', 'Who is to leave, with commas between several; or all'),
  },
  async run(context, { npc: typed }) {
    const { scenes, stage } = context;
    const isAll = await meansAll(context, typed);
    const asked = isAll ? await scenes.onStage(context) : await npcsNamed(context, typed);
    const left: Npc[] = [];
    for (const npc of asked) if (await scenes.leave(context, npc)) left.push(npc);
    if (left.length > 0) await stage.tell(good(`${ofThem(left, 'leaves', 'leave')}.`), 'everyone');
    const away = asked.filter((npc) => !left.includes(npc));
    if (!isAll && away.length > 0)
      await stage.tell(notice('hint', `${ofThem(away, 'is', 'are')} not on stage here.`), 'asker');
    if (isAll && left.length === 0) await stage.tell(notice('hint', 'Nobody is on stage here.'), 'asker');
  },
});
