import type { HeldMemory, MemorySource } from '#src/core/memory.ts';
import { heldLines, heldMemory, inChunks, linesOf, memoriesOf, placesOf } from './memory-rows.ts';
import type { Database, Standing } from './tables.ts';

/** Those of these memories that an NPC holds. */
export async function heldAmong(
  database: Database,
  campaignId: string,
  npcId: string,
  ids: readonly string[],
): Promise<readonly HeldMemory[]> {
  const held: HeldMemory[] = [];
  for (const some of inChunks(ids)) {
    const lines = await linesOf(database, campaignId, npcId)
      .where('lines.id', 'in', some)
      .where('line_witnesses.standing', 'in', ['recent', 'long-term'])
      .execute();
    const memories = await memoriesOf(database, campaignId, npcId)
      .where('memory_holders.memory_id', 'in', some)
      .execute();
    held.push(...heldLines(lines), ...memories.map(heldMemory));
  }
  return held;
}

/**
 * An NPC no longer holds a memory, and what it was made of is forgotten with it. To be called within a transaction.
 * @returns what it was made of; undefined where it is not held.
 */
export async function giveUp(
  database: Database,
  campaignId: string,
  npcId: string,
  id: string,
): Promise<readonly MemorySource[] | undefined> {
  const [held] = await heldAmong(database, campaignId, npcId, [id]);
  if (held === undefined) return undefined;
  if (held.shelf !== 'semantic') {
    await stand(database, campaignId, npcId, { lineIds: [id], from: [held.shelf], to: 'forgotten' });
    return [{ kind: 'line', id }];
  }
  const sources = await sourcesOf(database, campaignId, id);
  const lineIds = sources.filter((source) => source.kind === 'line').map((source) => source.id);
  await stand(database, campaignId, npcId, { lineIds, from: ['folded'], to: 'forgotten' });
  await database
    .deleteFrom('memory_holders')
    .where('campaign_id', '=', campaignId)
    .where('memory_id', '=', id)
    .where('npc_id', '=', npcId)
    .execute();
  await removeUnheld(database, campaignId, [id]);
  return sources;
}

/** What a memory was made of, in its order. */
export async function sourcesOf(
  database: Database,
  campaignId: string,
  id: string,
): Promise<readonly MemorySource[]> {
  const rows = await database
    .selectFrom('memory_sources')
    .select(['kind', 'source_id'])
    .where('campaign_id', '=', campaignId)
    .where('memory_id', '=', id)
    .orderBy('position')
    .execute();
  return rows.map(
    ({ kind, source_id: source }): MemorySource =>
      kind === 'line' ? { kind, id: source } : { kind, by: source },
  );
}

/** Moves lines of an NPC from one standing to another; those that stand otherwise stay where they are. None is pinned then. */
export async function stand(
  database: Database,
  campaignId: string,
  npcId: string,
  change: { readonly lineIds: readonly string[]; readonly from: readonly Standing[]; readonly to: Standing },
): Promise<void> {
  for (const ids of inChunks(change.lineIds))
    await database
      .updateTable('line_witnesses')
      // Not a condition: the lines are to be found by their places, not among all that stand so.
      .set((eb) => ({
        standing: eb
          .case()
          .when('standing', 'in', change.from)
          .then(eb.val(change.to))
          .else(eb.ref('standing'))
          .end(),
        pinned_at_ms: null,
      }))
      .where('campaign_id', '=', campaignId)
      .where('npc_id', '=', npcId)
      .where(({ eb, refTuple }) => eb(refTuple('scene_id', 'seq'), 'in', placesOf(database, campaignId, ids)))
      .execute();
}

/** Memories that nobody holds any more are gone, with the record of what they were made of. */
export async function removeUnheld(
  database: Database,
  campaignId: string,
  memoryIds: readonly string[],
): Promise<void> {
  for (const ids of inChunks(memoryIds)) {
    const held = await database
      .selectFrom('memory_holders')
      .select('memory_id')
      .distinct()
      .where('campaign_id', '=', campaignId)
      .where('memory_id', 'in', ids)
      .execute();
    const kept = new Set(held.map((row) => row.memory_id));
    const unheld = ids.filter((id) => !kept.has(id));
    if (unheld.length === 0) continue;
    await database
      .deleteFrom('memory_sources')
      .where('campaign_id', '=', campaignId)
      .where('memory_id', 'in', unheld)
      .execute();
    await database
      .deleteFrom('memories')
      .where('campaign_id', '=', campaignId)
      .where('id', 'in', unheld)
      .execute();
  }
}
