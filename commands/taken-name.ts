import { Refusal } from '#src/core/errors.ts';
import { nameKey } from '#src/core/names.ts';
import { refuseBorrowedName } from '#src/scene/heard-line.ts';
import type { CommandContext } from './context.ts';

type Where = Pick<CommandContext, 'store' | 'channelId' | 'scenes'>;

/**
 * A game master is told at once that a name is an NPC's who waits behind the stage. A player is not: whom the game master
 * has in store is not theirs to know.
 * @throws Refusal where this person may not speak under the name.
 */
export async function refuseTakenName(
  where: Where,
  { permission }: Pick<CommandContext['person'], 'permission'>,
  name: string,
): Promise<void> {
  refuseBorrowedName({ kind: 'character', name }, await where.scenes.onStage(where));
  if (permission === 'player' || !(await isAnNpcs(where, name))) return;
  throw new Refusal(
    `${name} is an NPC and speaks for itself: /npc talk npc:${name} brings them on stage. Speak as somebody else: /as name:NAME.`,
  );
}

async function isAnNpcs({ store }: Where, name: string): Promise<boolean> {
  const npcs = await store.npcs.list();
  return npcs.some(({ persona }) =>
    [persona.name, ...persona.aliases].some((each) => nameKey(each) === nameKey(name)),
  );
}
