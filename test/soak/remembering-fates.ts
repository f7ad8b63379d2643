import type { CampaignStore } from '#src/core/store.ts';
import { newLine, newLore } from '../contract/store-samples.ts';

/** How much each tier holds: little, so that there is always something to consolidate. */
export const SMALL_BOUNDS = { shortTerm: 10, episodic: 20, longTerm: 20, semantic: 1_000_000 };

/** What becomes of each number before its id is printed. What is said matters enough not to be let go. */
const FATES = [
  ...['said', 'promised', 'revised', 'spoken', 'retracted', 'pinned', 'pinned and revised'],
  ...['pinned and forgotten', 'told', 'edited', 'written', 'rewritten', 'removed'],
] as const;
type Fate = (typeof FATES)[number];

/** The id ends with its number. */
export function fateOf(id: string): Fate {
  return FATES[Number(id.slice(id.lastIndexOf('-') + 1)) % FATES.length] ?? 'said';
}

/** A word that stands in one text alone. */
export function tokenOf(id: string): string {
  return `zq${id.replace(/\D+/gu, 'x')}q`;
}

/**
 * Does all that an id stands for; what it promises holds once this has resolved.
 * @param options.told resolves when the search may have been told of what was done until now.
 */
export async function fulfil(
  { lines, memories, lore }: CampaignStore,
  options: {
    readonly id: string;
    readonly sceneId: string;
    readonly npcId: string;
    readonly told: () => Promise<void>;
  },
): Promise<void> {
  const { id, sceneId, npcId, told } = options;
  const fate = fateOf(id);
  const token = tokenOf(id);
  const say = (text: string) => lines.append(newLine(id, sceneId, { text, witnesses: [npcId] }));
  const word = { importance: 0.9, isPinned: false, by: 'Gale' };
  switch (fate) {
    case 'said':
      await say(`What ${token} says of two coins.`);
      return;
    case 'promised':
      await say(`I swear by ${token}: thirty silver to Wren, or your brother hangs, Baron Aldric.`);
      return;
    case 'revised':
      await say(`What ${token} said of two coins.`);
      await lines.revise(id, `What ${token} meant of two coins.`);
      return;
    case 'spoken': {
      const line = newLine(id, sceneId, { text: '', state: 'speaking', witnesses: [npcId] });
      await lines.append(line);
      await lines.update(id, { text: `What ${token} says of two coins.`, state: 'said' });
      return;
    }
    case 'retracted':
      await say(`What ${token} says of two coins.`);
      await lines.retract(id);
      return;
    case 'pinned':
      await say(`What ${token} says of two coins.`);
      await memories.pin(npcId, id, true);
      return;
    case 'pinned and revised':
      await say(`What ${token} said of two coins.`);
      await memories.pin(npcId, id, true);
      await told();
      await lines.revise(id, `What ${token} meant of two coins.`);
      return;
    case 'pinned and forgotten':
      await say(`What ${token} says of two coins.`);
      await memories.pin(npcId, id, true);
      await told();
      await memories.forget(npcId, id);
      return;
    case 'told':
      await told();
      await memories.tell(npcId, { ...word, id, text: `They say ${token}.`, inPlaceOf: undefined });
      return;
    case 'edited':
      await memories.tell(npcId, {
        ...word,
        id: `${id} old`,
        text: `They said ${token}.`,
        inPlaceOf: undefined,
      });
      await memories.tell(npcId, { ...word, id, text: `They say ${token}.`, inPlaceOf: `${id} old` });
      return;
    case 'written':
      await lore.put(newLore(id, `It is written: ${token}.`, `And again, ${token}.`));
      return;
    case 'rewritten':
      await lore.put(newLore(id, `It was written: ${token}.`, `It stands: ${token}.`));
      await told();
      await lore.put({
        ...newLore(id, `It is written: ${token}.`, `It stands: ${token}.`),
        audience: { kind: 'npcs', npcIds: [npcId] },
      });
      return;
    case 'removed': {
      const { document } = await lore.put(newLore(id, `It was written: ${token}.`));
      await told();
      await lore.remove(document.id);
      return;
    }
  }
}

/** What must be there of an id that was printed, once. */
export function promiseOf(id: string): {
  readonly kind: 'line' | 'memory' | 'document' | 'nothing';
  /** Of a document, those of its passages. */
  readonly texts: readonly string[];
} {
  const token = tokenOf(id);
  const fate = fateOf(id);
  switch (fate) {
    case 'promised':
      return {
        kind: 'line',
        texts: [`I swear by ${token}: thirty silver to Wren, or your brother hangs, Baron Aldric.`],
      };
    case 'said':
    case 'spoken':
    case 'pinned':
    case 'pinned and forgotten':
      return { kind: 'line', texts: [`What ${token} says of two coins.`] };
    case 'revised':
    case 'pinned and revised':
      return { kind: 'line', texts: [`What ${token} meant of two coins.`] };
    case 'retracted':
      return { kind: 'line', texts: [''] };
    case 'told':
    case 'edited':
      return { kind: 'memory', texts: [`They say ${token}.`] };
    case 'written':
      return { kind: 'document', texts: [`It is written: ${token}.`, `And again, ${token}.`] };
    case 'rewritten':
      return { kind: 'document', texts: [`It is written: ${token}.`, `It stands: ${token}.`] };
    case 'removed':
      return { kind: 'nothing', texts: [] };
  }
}
