import { createHash } from 'node:crypto';
import { setImmediate as nextTask } from 'node:timers/promises';
import { SHELVES } from '#src/core/memory.ts';
import type { CampaignStore } from '#src/core/store.ts';

/** Without vowels, so that no code is a word. */
const LETTERS = 'bcdfghjklmnpqrstvwxz';
const WHOLE_IN_LETTERS = 12;
/** What is shown: two of an NPC's memories seldom share it. */
const SHOWN_IN_LETTERS = 5;
/** What is shown of those that do. */
export const UNAMBIGUOUS_IN_LETTERS = 9;
const LOOKED_AT_AT_ONCE = 500;
const MOST_FOUND = 5;
const CODE = /^#?([bcdfghjklmnpqrstvwxz]{4,12})$/iu;

/** A short name of a memory that people can type; the same memory always has the same. */
export function codeOf(id: string, letters = SHOWN_IN_LETTERS): string {
  const digest = createHash('sha256').update(id).digest();
  return Array.from(
    digest.subarray(0, Math.min(letters, WHOLE_IN_LETTERS)),
    (byte) => LETTERS[byte % LETTERS.length],
  ).join('');
}

/** The code that was typed, or the beginning of one; undefined for anything else. */
export function codeIn(typed: string): string | undefined {
  return CODE.exec(typed.trim())?.[1]?.toLowerCase();
}

/** Ids of the memories of an NPC whose code begins so; more than one where it is ambiguous. */
export async function idsByCode(
  store: CampaignStore,
  npcId: string,
  code: string,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const shelf of SHELVES)
    for (let offset = 0; ; offset += LOOKED_AT_AT_ONCE) {
      const ids = await store.memories.idsHeld(npcId, { shelf, limit: LOOKED_AT_AT_ONCE, offset });
      found.push(...ids.filter((id) => codeOf(id, WHOLE_IN_LETTERS).startsWith(code)));
      if (ids.length < LOOKED_AT_AT_ONCE || found.length > MOST_FOUND) break;
      await nextTask();
    }
  return found.slice(0, MOST_FOUND);
}
