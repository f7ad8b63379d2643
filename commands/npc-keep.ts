import type { Npc } from '#src/core/entities.ts';
import { notice } from '#src/core/view.ts';
import { pageOption, showPageOf } from './cast-page.ts';
import { defineCommand, npcsOption } from './command.ts';
import { good, talkAction } from './notices.ts';
import { meansAll, npcsNamed, ofThem } from './several.ts';

export const npcKeep = defineCommand({
  name: 'npc keep',
  summary: 'Keep a draft for good, or all of them',
  permission: 'gm',
  answers: 'asker',
  example: '/npc keep Tilda Marsh',
  options: {
    npc: npcsOption('draft', 'or all', 'The draft to keep, with commas between several; or all'),
    page: pageOption,
  },
  async run(context, { npc: typed, page = false }) {
    const { store, stage } = context;
    const isAll = await meansAll(context, typed);
    const asked = isAll ? await store.npcs.list(['draft']) : await npcsNamed(context, typed);
    for (const npc of asked) await store.npcs.setStatus(npc.id, 'kept');
    const [first] = asked;
    if (first === undefined) {
      await stage.tell(notice('hint', 'There is no draft to keep.'), 'asker');
      return;
    }
    if (page) await showPageOf(context, first);
    const isDraft = ({ status }: Npc) => status === 'draft';
    const [kept, before] = [asked.filter(isDraft), asked.filter((npc) => !isDraft(npc))];
    const told = [
      ...(kept.length > 0 ? [`${ofThem(kept, 'is', 'are')} kept.`] : []),
      ...(before.length > 0 ? [`${ofThem(before, 'is', 'are')} kept already.`] : []),
    ].join(' ');
    // Whom it would bring on stage must be clear.
    const actions = asked.length === 1 ? [talkAction(first.persona.name)] : [];
    await stage.tell(good(told, [], actions), 'asker');
  },
});
