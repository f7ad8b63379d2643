import { ALL_OF_THEM } from '#src/core/command.ts';
import type { Npc } from '#src/core/entities.ts';
import { Refusal } from '#src/core/errors.ts';
import { nameKey } from '#src/core/names.ts';
import type { CommandContext } from './context.ts';

/** A longer list is no slip of the hand but a mistake. */
const MOST_NPCS = 40;
/** So many names stand in a sentence; how many more there are is said. */
const NAMES_IN_A_SENTENCE = 12;
const WORDS_FOR_ALL = new Set([ALL_OF_THEM, 'everyone', 'everybody']);

/** Whether somebody means each of them, and no NPC of that name. */
export async function meansAll({ store }: Pick<CommandContext, 'store'>, typed: string): Promise<boolean> {
  return WORDS_FOR_ALL.has(nameKey(typed)) && (await store.npcs.byName(typed)) === undefined;
}

/**
 * Whom a list of names means, each once and in its order. A name with a comma in it is one name.
 * @throws Refusal where one of them is nobody: then none is meant.
 */
export async function npcsNamed(
  { roster, store }: Pick<CommandContext, 'roster' | 'store'>,
  typed: string,
): Promise<readonly Npc[]> {
  const isOne = (await store.npcs.byName(typed)) !== undefined;
  const names = isOne ? [typed] : typed.split(/[,;]/u).filter((name) => name.trim() !== '');
  if (names.length === 0 || names.length > MOST_NPCS)
    throw new Refusal(`Name 1 to ${MOST_NPCS} NPCs, with commas between them.`);
  const found = new Map<string, Npc>();
  for (const name of names) {
    const npc = await roster.find(store, name.trim());
    found.set(npc.id, npc);
  }
  return [...found.values()];
}

/** "Ada, Bo and Cy". */
export function listed(words: readonly string[]): string {
  const shown = words.slice(0, NAMES_IN_A_SENTENCE);
  const more = words.length - shown.length;
  const all = more === 0 ? shown : [...shown, `${more} more`];
  return [all.slice(0, -1).join(', '), ...all.slice(-1)].filter((part) => part !== '').join(' and ');
}

/** What they do, or how they are: "Ada leaves", "Ada and Bo leave". */
export function ofThem(npcs: readonly Npc[], one: string, many: string): string {
  return `${listed(npcs.map(({ persona }) => persona.name))} ${npcs.length === 1 ? one : many}`;
}
