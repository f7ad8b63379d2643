import type { Clock } from '#src/core/clock.ts';
import type { MemoryUnit } from '#src/core/memory.ts';
import type { MemoryChange, MemoryHolder, MemoryStore } from '#src/core/memory-store.ts';
import { heldMemoryCalls } from './held-memories.ts';
import { sameLine } from './line-rows.ts';
import {
  linesOf,
  memoriesOf,
  newestMemoriesOf,
  newestUnitsOf,
  placesOf,
  standingLines,
  unitOfMemory,
  unitsOfLines,
} from './memory-rows.ts';
import type { News } from './news.ts';
import type { Database, Standing } from './tables.ts';

/** Lines that somebody still has in mind. */
const HELD: readonly Standing[] = ['recent', 'long-term'];

/**
 * What the NPCs of one campaign remember: a reading of its transcripts, and what stands in place of lines.
 * @param onMemories hears of what is held otherwise than before.
 */
export function memoryStore(
  db: Database,
  clock: Clock,
  campaignId: string,
  news: News,
  onMemories: (change: MemoryChange) => void,
): MemoryStore {
  const pinned = async (npcId: string): Promise<readonly MemoryUnit[]> => {
    const lines = await linesOf(db, campaignId, npcId)
      .where('line_witnesses.campaign_id', '=', campaignId)
      .where('line_witnesses.pinned_at_ms', 'is not', null)
      .execute();
    const memories = await memoriesOf(db, campaignId, npcId)
      .where('memory_holders.pinned_at_ms', 'is not', null)
      .execute();
    return [...unitsOfLines(lines), ...memories.map(unitOfMemory)];
  };

  return {
    changedElsewhere: (last) => news.since(db, campaignId, last),

    of: (npcId, { limit }) => newestUnitsOf(db, campaignId, npcId, { standing: 'recent', limit }),

    long: async (npcId, { limit }) => {
      const found = [
        ...(await pinned(npcId)),
        ...(await newestUnitsOf(db, campaignId, npcId, { standing: 'long-term', limit })),
        ...(await newestMemoriesOf(db, campaignId, npcId).limit(Math.max(0, limit)).execute()).map(
          unitOfMemory,
        ),
      ];
      const once = new Map(found.map((unit) => [unit.id, unit]));
      return [...once.values()].sort(
        (one, other) => other.saidAtInMs - one.saidAtInMs || other.seq - one.seq,
      );
    },

    all: async ({ limit }) => {
      const rows = await standingLines(db, campaignId)
        .where(({ exists, selectFrom }) =>
          exists(
            selectFrom('line_witnesses')
              .select('line_witnesses.npc_id')
              .whereRef('line_witnesses.campaign_id', '=', 'lines.campaign_id')
              .whereRef('line_witnesses.scene_id', '=', 'lines.scene_id')
              .whereRef('line_witnesses.seq', '=', 'lines.seq')
              .where('line_witnesses.standing', 'in', HELD),
          ),
        )
        .orderBy('lines.created_at_ms', 'desc')
        .orderBy('lines.seq', 'desc')
        .limit(Math.max(0, limit))
        .execute();
      return unitsOfLines(rows);
    },

    semanticOfAll: async ({ limit }) => {
      const rows = await db
        .selectFrom('memories')
        .selectAll()
        .where('campaign_id', '=', campaignId)
        .orderBy('played_day', 'desc')
        .orderBy('said_at_ms', 'desc')
        .orderBy('seq', 'desc')
        .limit(Math.max(0, limit))
        .execute();
      return rows.map(unitOfMemory);
    },

    holders: async (ids) => {
      if (ids.length === 0) return new Map();
      const ofLines = await standingLines(db, campaignId)
        .innerJoin('line_witnesses', sameLine)
        .clearSelect()
        .select([
          'lines.id',
          'line_witnesses.npc_id',
          'line_witnesses.uses',
          'line_witnesses.last_used_at_ms',
        ])
        .where('lines.id', 'in', ids)
        .where('line_witnesses.standing', 'in', HELD)
        .orderBy('line_witnesses.npc_id')
        .execute();
      const ofMemories = await db
        .selectFrom('memory_holders')
        .select(['memory_id as id', 'npc_id', 'uses', 'last_used_at_ms'])
        .where('campaign_id', '=', campaignId)
        .where('memory_id', 'in', ids)
        .orderBy('npc_id')
        .execute();
      const holders = new Map<string, MemoryHolder[]>();
      for (const row of [...ofLines, ...ofMemories]) {
        const { npc_id: npcId, uses, last_used_at_ms: lastUsed } = row;
        const holder = { npcId, uses, lastUsedAtInMs: lastUsed ?? undefined };
        holders.set(row.id, [...(holders.get(row.id) ?? []), holder]);
      }
      return holders;
    },

    used: async (npcId, ids) =>
      db.transaction().execute(async (transaction) => {
        const { played_days: day } = await transaction
          .selectFrom('campaigns')
          .select('played_days')
          .where('id', '=', campaignId)
          .executeTakeFirstOrThrow();
        const last = { last_used_at_ms: clock.now(), last_used_day: day };
        await transaction
          .updateTable('line_witnesses')
          .set((eb) => ({ uses: eb('uses', '+', 1), ...last }))
          .where('campaign_id', '=', campaignId)
          .where('npc_id', '=', npcId)
          .where(({ eb, refTuple }) =>
            eb(refTuple('scene_id', 'seq'), 'in', placesOf(transaction, campaignId, ids)),
          )
          .execute();
        await transaction
          .updateTable('memory_holders')
          .set((eb) => ({ uses: eb('uses', '+', 1), ...last }))
          .where('campaign_id', '=', campaignId)
          .where('memory_id', 'in', ids)
          .where('npc_id', '=', npcId)
          .execute();
      }),

    ...heldMemoryCalls(db, clock, campaignId, onMemories),
  };
}
