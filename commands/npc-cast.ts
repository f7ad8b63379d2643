import { Refusal } from '#src/core/errors.ts';
import { castPage } from './cast-page.ts';
import { defineCommand } from './command.ts';

export const npcCast = defineCommand({
  name: 'npc cast',
  summary: 'The cards of a cast, page by page',
  permission: 'gm',
  answers: 'everyone',
  example: '/npc cast page:2',
  options: {
    cast: { kind: 'text', description: 'Its id; the newest if left out', maxLength: 60, required: false },
    page: {
      kind: 'integer',
      description: 'Which page; the first if left out',
      min: 1,
      max: 7,
      required: false,
    },
  },
  async run({ store, stage }, { cast: id, page: asked = 1 }) {
    const cast = id === undefined ? (await store.casts.recent(1))[0] : await store.casts.byId(id);
    if (cast === undefined) {
      throw new Refusal(
        id === undefined
          ? 'No cast has been drafted in this campaign yet. /npc generate drafts one.'
          : 'There is no such cast in this campaign. /npc cast alone shows the newest.',
      );
    }
    const page = await castPage(store, cast, asked);
    if (page === undefined) {
      throw new Refusal('Nobody of this cast was drafted. /npc list shows whom you have.');
    }
    await stage.tell(page, 'everyone');
  },
});
