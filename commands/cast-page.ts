import type { Cast, Npc } from '#src/core/entities.ts';
import { nameKey } from '#src/core/names.ts';
import type { CampaignStore } from '#src/core/store.ts';
import { type Action, type Block, CARDS_PER_PAGE, type Notice } from '#src/core/view.ts';
import { cardActions, castCard, retryAction } from '#src/generation/cards.ts';
import type { CommandContext } from './context.ts';
import { shown } from './notices.ts';

/** One row of buttons: what fits beside the cards. */
const MOST_ACTIONS = 5;

/** For commands that change an NPC whose card stands on a page of its cast. */
export const pageOption = {
  kind: 'flag',
  description: 'Shows the page of their cast anew, as the buttons there do',
  required: false,
} as const;

/**
 * One page of a cast, the last one where there are fewer; undefined where nobody of it was ever drafted. Who is discarded
 * keeps their place, so that nobody is skipped in leafing.
 * @param which the page's number, or the NPC whose card is on it.
 */
export async function castPage(
  store: CampaignStore,
  cast: Cast,
  which: number | Pick<Npc, 'id'>,
): Promise<Notice | undefined> {
  const npcs = await store.npcs.ofCast(cast.id);
  const made = cast.members.flatMap(({ name }) => npcs.find((npc) => isMember(npc, name)) ?? []);
  if (made.length === 0) return undefined;
  const pages = Math.ceil(made.length / CARDS_PER_PAGE);
  const at = typeof which === 'number' ? undefined : made.findIndex(({ id }) => id === which.id);
  const asked = typeof which === 'number' ? which : Math.floor(Math.max(0, at ?? 0) / CARDS_PER_PAGE) + 1;
  const page = Math.min(asked, pages);
  const cards = made
    .slice((page - 1) * CARDS_PER_PAGE, page * CARDS_PER_PAGE)
    .map((npc): Block => ({ kind: 'card', card: castCard(npc), actions: cardActions(npc, 'on its page') }));
  const title = pages === 1 ? countOf(made) : `${countOf(made)}, page ${page} of ${pages}`;
  const missing = cast.members.filter(({ name }) => !made.some((npc) => isMember(npc, name)));
  const actions = [...leaves(cast, page, pages), ...missing.map(({ name }) => retryOf(name))];
  return shown([{ kind: 'heading', text: title }, ...cards], actions.slice(0, MOST_ACTIONS));
}

/** Brings the page of the cast that an NPC was drafted in up to date; nothing where it is of none. */
export async function showPageOf({ store, stage, cardsPressed }: CommandContext, npc: Npc): Promise<void> {
  // What its answer offers may change it once more.
  cardsPressed.note(npc.id, stage);
  const cast = npc.cast && (await store.casts.byId(npc.cast.id));
  const page = cast && (await castPage(store, cast, npc));
  if (page !== undefined) await stage.tell(page, 'everyone');
}

/**
 * Shows the page anew on which the NPC's card was last pressed, from wherever that led. False where there is none, or where
 * it cannot be changed any more.
 */
export async function refreshPageOf({ store, cardsPressed }: CommandContext, npc: Npc): Promise<boolean> {
  const pressed = cardsPressed.of(npc.id);
  if (pressed?.refresh === undefined) return false;
  const cast = npc.cast && (await store.casts.byId(npc.cast.id));
  const page = cast && (await castPage(store, cast, npc));
  return page !== undefined && pressed.refresh(page);
}

function isMember({ cast }: Npc, name: string): boolean {
  return nameKey(cast?.member ?? '') === nameKey(name);
}

function retryOf(name: string): Action {
  const retry = retryAction(name, 'on its page');
  return { ...retry, label: `${retry.label}: ${name}` };
}

function countOf(made: readonly Npc[]): string {
  const discarded = made.filter(({ status }) => status === 'discarded').length;
  const left = made.length - discarded;
  const npcs = left === 1 ? '1 NPC' : `${left} NPCs`;
  return discarded === 0 ? npcs : `${npcs}, ${discarded} discarded`;
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
  return [...to(`◂ Page ${page - 1}`, page - 1), ...to(`Page ${page + 1} ▸`, page + 1)];
}
