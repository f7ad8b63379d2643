import type { Npc } from '#src/core/entities.ts';
import type { KnownLore, SeenLine } from '#src/core/model.ts';
import type { CampaignStore } from '#src/core/store.ts';
import type { LoreLibrary } from '#src/lore/lore-library.ts';

/** So many lines of what was just said may call a keyed passage; the last one asks for the others. */
const LINES_LOOKED_AT = 3;

/** What an NPC may know of the world that bears on the line it is to answer. */
export async function lookUp(
  library: Pick<LoreLibrary, 'findInTime'>,
  store: CampaignStore,
  { npc, transcript }: { readonly npc: Npc; readonly transcript: readonly SeenLine[] },
): Promise<readonly KnownLore[]> {
  const said = transcript.slice(-LINES_LOOKED_AT).map(({ text }) => text);
  const hits = await library.findInTime(
    store,
    { npcId: npc.id },
    {
      asked: said.at(-1) ?? '',
      around: said.join('\n'),
      without: [npc.persona.name, ...npc.persona.aliases],
    },
  );
  return hits.map(({ passage: { title, heading, text } }) => ({
    place: heading === '' ? title : `${title} › ${heading}`,
    text,
  }));
}
