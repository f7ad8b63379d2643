import type { Selectable } from 'kysely';
import type { MemoryUnit } from '#src/core/memory.ts';
import { removeUnheld, stand } from './give-up.ts';
import { linesOf, unitsOfLines } from './memory-rows.ts';
import { disturb } from './played-time.ts';
import type { Database, Standing, Tables } from './tables.ts';

export interface ChangeOfMemories {
  readonly npcId: string;
  readonly put: readonly MemoryUnit[];
  readonly gone: readonly string[];
}

/**
 * What was made of a line follows it when it has changed: it is weighed and moved anew for everybody who has not
 * forgotten it, and summaries of it are unmade, so that what else they stood for is remembered by itself again. To be
 * called within the transaction that changed the line.
 */
export async function followLine(
  database: Database,
  campaignId: string,
  line: Pick<Selectable<Tables['lines']>, 'id' | 'scene_id' | 'seq'>,
): Promise<readonly ChangeOfMemories[]> {
  await disturb(database, campaignId);
  const changes = await unmakeSummaries(database, campaignId, line.id);
  await database
    .updateTable('line_witnesses')
    .set((eb) => ({
      importance: null,
      standing: eb
        .case()
        .when('pinned_at_ms', 'is', null)
        .then(eb.val<Standing>('recent'))
        .else(eb.ref('standing'))
        .end(),
    }))
    .where('campaign_id', '=', campaignId)
    .where('scene_id', '=', line.scene_id)
    .where('seq', '=', line.seq)
    .where('standing', '!=', 'forgotten')
    .execute();
  return changes;
}

async function unmakeSummaries(
  database: Database,
  campaignId: string,
  lineId: string,
): Promise<readonly ChangeOfMemories[]> {
  const holders = await database
    .selectFrom('memory_sources')
    .innerJoin('memories', (join) =>
      join
        .onRef('memories.campaign_id', '=', 'memory_sources.campaign_id')
        .onRef('memories.id', '=', 'memory_sources.memory_id'),
    )
    .innerJoin('memory_holders', (join) =>
      join
        .onRef('memory_holders.campaign_id', '=', 'memory_sources.campaign_id')
        .onRef('memory_holders.memory_id', '=', 'memory_sources.memory_id'),
    )
    .select(['memory_holders.memory_id', 'memory_holders.npc_id'])
    .where('memory_sources.campaign_id', '=', campaignId)
    .where('memory_sources.kind', '=', 'line')
    .where('memory_sources.source_id', '=', lineId)
    .where('memories.kind', '=', 'summary')
    .orderBy('memory_holders.npc_id')
    .execute();
  const changes: ChangeOfMemories[] = [];
  for (const { memory_id: memoryId, npc_id: npcId } of holders) {
    const sources = await database
      .selectFrom('memory_sources')
      .select('source_id')
      .where('campaign_id', '=', campaignId)
      .where('memory_id', '=', memoryId)
      .where('kind', '=', 'line')
      .where('source_id', '!=', lineId)
      .execute();
    const lineIds = sources.map((row) => row.source_id);
    await stand(database, campaignId, npcId, { lineIds, from: ['folded'], to: 'recent' });
    const restored =
      lineIds.length === 0
        ? []
        : await linesOf(database, campaignId, npcId)
            .where('lines.id', 'in', lineIds)
            .where('line_witnesses.standing', '=', 'recent')
            .execute();
    changes.push({ npcId, put: unitsOfLines(restored), gone: [memoryId] });
  }
  const unmade = [...new Set(holders.map((row) => row.memory_id))];
  if (unmade.length === 0) return [];
  await database
    .deleteFrom('memory_holders')
    .where('campaign_id', '=', campaignId)
    .where('memory_id', 'in', unmade)
    .execute();
  await removeUnheld(database, campaignId, unmade);
  return changes;
}
