import type { MemoryUnit } from '#src/core/memory.ts';
import { removeUnheld, stand } from './give-up.ts';
import { type Given, KeptQuery } from './kept-query.ts';
import type { LineRow } from './line-rows.ts';
import { linesOf, unitOfLine, unitsOfLines } from './memory-rows.ts';
import { disturb, isTold } from './played-time.ts';
import type { Database, Standing } from './tables.ts';

export interface ChangeOfMemories {
  readonly npcId: string;
  readonly put: readonly MemoryUnit[];
  readonly gone: readonly string[];
}

interface OfPlace {
  readonly campaignId: string;
  readonly sceneId: string;
  readonly seq: number;
}

/** What was moved to long-term memory, or pinned there, stays there: one comma does not make it less. */
const REMEMBER_ANEW = new KeptQuery((db, given: Given<OfPlace>) =>
  db
    .updateTable('line_witnesses')
    .set((eb) => ({
      importance: null,
      standing: eb
        .case()
        .when('standing', '=', 'long-term')
        .then(eb.ref('standing'))
        .else(eb.val<Standing>('recent'))
        .end(),
    }))
    .where('campaign_id', '=', given('campaignId'))
    .where('scene_id', '=', given('sceneId'))
    .where('seq', '=', given('seq'))
    .where('standing', '!=', 'forgotten')
    .compile(),
);

/** Nobody holds on to a line that does not stand any more: the next run lets go of it. */
const NO_LONGER_HOLD = new KeptQuery((db, given: Given<OfPlace>) =>
  db
    .updateTable('line_witnesses')
    .set({ importance: null, pinned_at_ms: null, standing: 'recent' })
    .where('campaign_id', '=', given('campaignId'))
    .where('scene_id', '=', given('sceneId'))
    .where('seq', '=', given('seq'))
    .where('standing', '!=', 'forgotten')
    .compile(),
);

/** Who holds which summaries of a line. */
const SUMMARIES = new KeptQuery((db, given: Given<{ campaignId: string; lineId: string }>) =>
  db
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
    .where('memory_sources.campaign_id', '=', given('campaignId'))
    .where('memory_sources.kind', '=', 'line')
    .where('memory_sources.source_id', '=', given('lineId'))
    .where('memories.kind', '=', 'summary')
    .orderBy('memory_holders.npc_id')
    .compile(),
);

/**
 * What was made of a line follows it when it has changed: it is weighed anew for everybody who has not forgotten it, and
 * summaries of it are unmade, so that what else they stood for is remembered by itself again. To be called within the
 * transaction that changed the line.
 */
export async function followLine(
  database: Database,
  campaignId: string,
  line: LineRow,
): Promise<readonly ChangeOfMemories[]> {
  if (isTold(line)) await disturb(database, campaignId);
  const changes = await unmakeSummaries(database, campaignId, line.id);
  const follow = unitOfLine(line) === undefined ? NO_LONGER_HOLD : REMEMBER_ANEW;
  await follow.run(database, { campaignId, sceneId: line.scene_id, seq: line.seq });
  return changes;
}

async function unmakeSummaries(
  database: Database,
  campaignId: string,
  lineId: string,
): Promise<readonly ChangeOfMemories[]> {
  const holders = await SUMMARIES.all(database, { campaignId, lineId });
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
