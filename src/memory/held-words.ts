import { setImmediate as nextTask } from 'node:timers/promises';
import { type HeldMemory, type MemoryShelf, SHELVES } from '#src/core/memory.ts';
import type { CampaignStore } from '#src/core/store.ts';
import { contentOf, plainWords } from './words.ts';

/** A page is some ten milliseconds of work. */
const LOOKED_AT_AT_ONCE = 500;

/**
 * The memories of an NPC that have the words that somebody typed, whatever their case, accents and punctuation: those that
 * are these words, else those that have them in a row, else those that have every telling one of them. At most `limit`.
 */
export async function heldWith(
  store: CampaignStore,
  npcId: string,
  typed: string,
  { limit }: { readonly limit: number },
): Promise<readonly HeldMemory[]> {
  const asked = plainWords(typed);
  if (asked.length === 0) return [];
  const telling = contentOf(asked).map(({ plain }) => plain);
  const needed = telling.length > 0 ? telling : asked;
  const phrase = inARow(asked);
  const [same, withPhrase, withWords]: [HeldMemory[], HeldMemory[], HeldMemory[]] = [[], [], []];
  for await (const page of pages(store, npcId, SHELVES))
    for (const held of page) {
      const words = inARow(plainWords(held.unit.text));
      const fits = words === phrase ? same : words.includes(phrase) ? withPhrase : withWords;
      if (fits.length >= limit) continue;
      if (fits !== withWords || needed.every((word) => words.includes(` ${word} `))) fits.push(held);
    }
  return [same, withPhrase, withWords].find((some) => some.length > 0) ?? [];
}

/** The game master's word that an NPC holds already in the same words. */
export async function sameWordHeld(
  store: CampaignStore,
  npcId: string,
  text: string,
): Promise<HeldMemory | undefined> {
  const words = wordsOrText(text);
  for await (const page of pages(store, npcId, ['semantic'])) {
    const same = page.find(({ unit }) => unit.kind === 'gm' && wordsOrText(unit.text) === words);
    if (same !== undefined) return same;
  }
  return undefined;
}

/** What an NPC holds on some shelves, a page at a time, so that others get their turn. */
async function* pages({ memories }: CampaignStore, npcId: string, shelves: readonly MemoryShelf[]) {
  for (const shelf of shelves)
    for (let offset = 0; ; offset += LOOKED_AT_AT_ONCE) {
      const page = await memories.held(npcId, { shelf, limit: LOOKED_AT_AT_ONCE, offset });
      yield page;
      if (page.length < LOOKED_AT_AT_ONCE) break;
      await nextTask();
    }
}

function inARow(words: readonly string[]): string {
  return ` ${words.join(' ')} `;
}

/** A text of signs alone has no words. */
function wordsOrText(text: string): string {
  return plainWords(text).join(' ') || text.trim();
}
