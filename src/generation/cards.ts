import type { Npc } from '#src/core/entities.ts';
import type { Action, CardView } from '#src/core/view.ts';
import { cardView } from '#src/persona/card-view.ts';

/**
 * The commands that an NPC's card offers, by what became of it.
 * @param where `on its page`: the card stands on a page of its cast, and what changes the NPC shows that page anew.
 */
export function cardActions(
  { persona: { name }, status }: Pick<Npc, 'persona' | 'status'>,
  where: 'alone' | 'on its page' = 'alone',
): readonly Action[] {
  const plain = (label: string, command: string): Action => ({ label, command, options: { npc: name } });
  const change = (label: string, command: string): Action =>
    where === 'alone'
      ? plain(label, command)
      : { label, command, options: { npc: name, page: 'true' }, isInPlace: true };
  if (status === 'discarded') return [change('Restore', 'npc restore')];
  return [
    ...(status === 'draft' ? [change('Keep', 'npc keep')] : []),
    plain('Talk', 'npc talk'),
    change('Reroll', 'npc reroll'),
    plain('Lock', 'npc lock'),
    change('Edit', 'npc edit'),
    change('Discard', 'npc discard'),
  ];
}

/** Drafts a member of a cast who failed. @param where as for `cardActions`. */
export function retryAction(name: string, where: 'alone' | 'on its page'): Action {
  const action = { label: 'Try again', command: 'npc reroll' };
  return where === 'alone'
    ? { ...action, options: { npc: name } }
    : { ...action, options: { npc: name, page: 'true' }, isInPlace: true };
}

/** A card as everybody may see it; of who is discarded no more than the name. */
export function castCard(npc: Npc): CardView {
  const card = cardView(npc, 'everyone');
  return npc.status === 'discarded' ? { ...card, subtitle: '', badge: 'discarded', sections: [] } : card;
}
