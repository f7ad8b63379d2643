import type { Cast } from '#src/core/entities.ts';
import { Refusal } from '#src/core/errors.ts';
import { nameKey } from '#src/core/names.ts';
import type { CampaignStore } from '#src/core/store.ts';
import { type Action, type Block, CARDS_PER_PAGE } from '#src/core/view.ts';
import { cardActions } from '#src/generation/cast-board.ts';
import { cardView } from '#src/persona/card-view.ts';
import { defineCommand } from './command.ts';
import { shown } from './notices.ts';

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
    const cards = await cardsOf(store, cast);
    if (cards.length === 0) {
      throw new Refusal('Nobody of this cast is left. /npc list shows whom you have.');
    }
    const pages = Math.ceil(cards.length / CARDS_PER_PAGE);
    const page = Math.min(asked, pages);
    const first = (page - 1) * CARDS_PER_PAGE;
    const title = `${cards.length === 1 ? '1 NPC' : `${cards.length} NPCs`}, page ${page} of ${pages}`;
    const blocks: readonly Block[] = [
      { kind: 'heading', text: title },
      ...cards.slice(first, first + CARDS_PER_PAGE),
    ];
    await stage.tell(shown(blocks, leaves(cast, page, pages)), 'everyone');
  },
});

/** Those who are left, in the order in which they were planned, as everybody may see them. */
async function cardsOf(store: CampaignStore, cast: Cast): Promise<readonly Block[]> {
  const npcs = await store.npcs.ofCast(cast.id);
  const left = npcs.filter(({ status }) => status !== 'discarded');
  return cast.members.flatMap(({ name }) => {
    const npc = left.find(({ cast: place }) => nameKey(place?.member ?? '') === nameKey(name));
    if (npc === undefined) return [];
    return [
      { kind: 'card', card: cardView(npc, 'everyone'), actions: cardActions(npc.persona.name) } as const,
    ];
  });
}

function leaves(cast: Cast, page: number, pages: number): readonly Action[] {
  const to = (label: string, target: number): readonly Action[] =>
    target < 1 || target > pages
      ? []
      : [
          {
            label,
            command: 'npc cast',
            options: { cast: cast.id, page: String(target) },
            isInPlace: true,
          },
        ];
  return [...to('Back', page - 1), ...to('Next', page + 1)];
}
