import type { Clock } from '#src/core/clock.ts';
import { type MemoryUnit, memoryOf, STANDING } from '#src/core/memory.ts';
import type { MemoryHolder, MemoryStore } from '#src/core/store.ts';
import { lineOf, sameLine } from './lines.ts';
import type { Database } from './tables.ts';

/** What the NPCs of one campaign remember: a reading of its transcripts. */
export function memoryStore(db: Database, clock: Clock, campaignId: string): MemoryStore {
  /** `memoryOf`, as a query. */
  const standing = () =>
    db
      .selectFrom('lines')
      .selectAll('lines')
      .where('lines.campaign_id', '=', campaignId)
      .where('lines.kind', '=', 'speech')
      .where('lines.state', 'in', STANDING)
      .where('lines.text', '!=', '');

  return {
    of: async (npcId, { limit }) => {
      const rows = await standing()
        .innerJoin('line_witnesses', sameLine)
        .where('line_witnesses.npc_id', '=', npcId)
        .orderBy('line_witnesses.said_at_ms', 'desc')
        .orderBy('line_witnesses.seq', 'desc')
        .limit(Math.max(0, limit))
        .execute();
      return unitsOf(rows);
    },

    all: async ({ limit }) => {
      const rows = await standing()
        .where(({ exists, selectFrom }) =>
          exists(
            selectFrom('line_witnesses')
              .select('line_witnesses.npc_id')
              .whereRef('line_witnesses.campaign_id', '=', 'lines.campaign_id')
              .whereRef('line_witnesses.scene_id', '=', 'lines.scene_id')
              .whereRef('line_witnesses.seq', '=', 'lines.seq'),
          ),
        )
        .orderBy('lines.created_at_ms', 'desc')
        .orderBy('lines.seq', 'desc')
        .limit(Math.max(0, limit))
        .execute();
      return unitsOf(rows);
    },

    holders: async (ids) => {
      if (ids.length === 0) return new Map();
      const rows = await standing()
        .innerJoin('line_witnesses', sameLine)
        .clearSelect()
        .select([
          'lines.id',
          'line_witnesses.npc_id',
          'line_witnesses.uses',
          'line_witnesses.last_used_at_ms',
        ])
        .where('lines.id', 'in', ids)
        .orderBy('line_witnesses.npc_id')
        .execute();
      const holders = new Map<string, MemoryHolder[]>();
      for (const row of rows) {
        const { npc_id: npcId, uses, last_used_at_ms: lastUsed } = row;
        const holder = { npcId, uses, lastUsedAtInMs: lastUsed ?? undefined };
        holders.set(row.id, [...(holders.get(row.id) ?? []), holder]);
      }
      return holders;
    },

    used: async (npcId, ids) =>
      db.transaction().execute(async (transaction) => {
        await transaction
          .updateTable('line_witnesses')
          .set((eb) => ({ uses: eb('uses', '+', 1), last_used_at_ms: clock.now() }))
          .where('campaign_id', '=', campaignId)
          .where('npc_id', '=', npcId)
          .where(({ eb, refTuple, selectFrom }) =>
            eb(
              refTuple('scene_id', 'seq'),
              'in',
              selectFrom('lines')
                .select(['lines.scene_id', 'lines.seq'])
                .where('lines.campaign_id', '=', campaignId)
                .where('lines.id', 'in', ids)
                .$asTuple('scene_id', 'seq'),
            ),
          )
          .execute();
      }),
  };
}

function unitsOf(rows: readonly Parameters<typeof lineOf>[0][]): MemoryUnit[] {
  return rows.map((row) => memoryOf(lineOf(row))).filter((unit) => unit !== undefined);
}
