import { Refusal } from '#src/core/errors.ts';
import type { LoreAudience, LoreDocument, LorePassage } from '#src/core/lore.ts';
import { nameKey, nearestName } from '#src/core/names.ts';
import type { CampaignStore } from '#src/core/store.ts';
import { MAX_TITLE_IN_CHARACTERS } from '#src/lore/read-document.ts';

/** Which document a command is about. */
export const documentOption = {
  kind: 'text',
  description: 'The document',
  maxLength: MAX_TITLE_IN_CHARACTERS,
  required: true,
} as const;

/**
 * Who may know something, in a sentence.
 * @param names of those whom it is for, where it is for some NPCs.
 * @param options.isKept it stays as it was, since nothing else was said.
 */
export function audienceText(
  audience: LoreAudience,
  names: readonly string[],
  { isKept = false }: { readonly isKept?: boolean } = {},
): string {
  const still = isKept ? 'still ' : '';
  if (audience.kind === 'everyone') return `Every NPC may ${still}know it.`;
  if (audience.kind === 'gm') return `No NPC knows it: it is ${still}for you alone.`;
  return `${isKept ? 'Still only' : 'Only'} ${names.join(', ')} may know it.`;
}

/** The names of the NPCs that something is for; empty where it is for all or none. */
export async function readersOf(store: CampaignStore, audience: LoreAudience): Promise<readonly string[]> {
  if (audience.kind !== 'npcs') return [];
  const npcs = await store.npcs.list(['draft', 'kept', 'discarded']);
  const names = new Map(npcs.map(({ id, persona }) => [id, persona.name]));
  return audience.npcIds.map((id) => names.get(id) ?? 'somebody who is gone');
}

/** The document somebody means. @throws Refusal where there is none, with what is nearest or has it as a heading. */
export async function findDocument(store: CampaignStore, typed: string): Promise<LoreDocument> {
  const documents = await store.lore.documents();
  const key = nameKey(typed);
  const found = documents.find(({ title }) => nameKey(title) === key);
  if (found !== undefined) return found;
  const within = await documentWithHeading(store, typed);
  if (within !== undefined)
    throw new Refusal(
      `There is no document called “${typed}”: that is a heading in ${within}. /lore show ${within}`,
      { actions: [{ label: 'Show', command: 'lore show', options: { title: within } }] },
    );
  const titles = documents.map(({ title }) => title);
  // Titles have many words, and one of them is like any other word: whatever was mistyped begins as it should.
  const alike = titles.filter((title) =>
    nameKey(title)
      .split(' ')
      .some((word) => word[0] === key[0]),
  );
  const nearest = nearestName(typed, alike);
  const help =
    nearest !== undefined
      ? `Did you mean ${nearest}?`
      : titles.length === 0
        ? 'There is no lore yet: /lore add.'
        : '/lore list shows what there is.';
  throw new Refusal(`There is no document called “${typed}”. ${help}`);
}

/** The title of the first document that has a heading like that. */
async function documentWithHeading(store: CampaignStore, typed: string): Promise<string | undefined> {
  const key = nameKey(typed);
  const passages = await store.lore.passages();
  return passages.find(({ heading }) => heading.split(' › ').some((each) => nameKey(each) === key))?.title;
}

/** Where a passage stands: "The toll › Who pays". */
export function placeOf({ title, heading }: Pick<LorePassage, 'title' | 'heading'>): string {
  return heading === '' ? title : `${title} › ${heading}`;
}
