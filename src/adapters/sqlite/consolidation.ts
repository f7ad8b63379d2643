import type { HeldMemory } from '#src/core/memory.ts';
import type { ConsolidationStore, MemoryChange } from '#src/core/memory-store.ts';
import { removeUnheld } from './give-up.ts';
import { lineOf, sameLine } from './line-rows.ts';
import {
  heldLine,
  heldLines,
  heldMemory,
  inChunks,
  linesOf,
  memoriesOf,
  unitOfLine,
  WITNESS_COLUMNS,
} from './memory-rows.ts';
import { datesBefore } from './played-time.ts';
import { settle } from './settle.ts';
import type { Database } from './tables.ts';

/** How the memories of one campaign are consolidated. */
export function consolidationStore(
  db: Database,
  campaignId: string,
  onMemories: (change: MemoryChange) => void,
): ConsolidationStore {
  const campaign = async () =>
    db
      .selectFrom('campaigns')
      .select(['played_ms', 'played_days', 'unrested_lines'])
      .where('id', '=', campaignId)
      .executeTakeFirstOrThrow();

  return {
    played: async () => {
      const { played_ms: playedInMs, played_days: playedDays } = await campaign();
      return { playedInMs, playedDays };
    },

    playedDaysBefore: async (momentInMs) => datesBefore(db, campaignId, momentInMs),

    unweighed: async (npcId, { limit }) => {
      const found: HeldMemory[] = [];
      for (const standing of ['long-term', 'recent'] as const) {
        const rows = await db
          .selectFrom('line_witnesses')
          .innerJoin('lines', sameLine)
          .selectAll('lines')
          .select(WITNESS_COLUMNS)
          .where('line_witnesses.campaign_id', '=', campaignId)
          .where('line_witnesses.npc_id', '=', npcId)
          .where('line_witnesses.standing', '=', standing)
          .where('line_witnesses.importance', 'is', null)
          .where('line_witnesses.pinned_at_ms', 'is', null)
          .where('lines.state', '!=', 'speaking')
          .orderBy('line_witnesses.played_day')
          .orderBy('line_witnesses.said_at_ms')
          .orderBy('line_witnesses.seq')
          .limit(limit - found.length)
          .execute();
        for (const row of rows) {
          const { id, sceneId: session, seq, createdAtInMs: saidAtInMs } = lineOf(row);
          const nothing = { id, speaker: '', text: '', session, seq, saidAtInMs };
          found.push(heldLine(row, unitOfLine(row) ?? nothing));
        }
      }
      return found;
    },

    markOf: async (npcId, shelf, rank) => {
      const row = await db
        .selectFrom('line_witnesses')
        .select(['played_day', 'said_at_ms', 'seq'])
        .where('campaign_id', '=', campaignId)
        .where('npc_id', '=', npcId)
        .where('standing', '=', shelf)
        .orderBy('played_day', 'desc')
        .orderBy('said_at_ms', 'desc')
        .orderBy('seq', 'desc')
        .limit(1)
        .offset(rank - 1)
        .executeTakeFirst();
      return row && { playedDay: row.played_day, saidAtInMs: row.said_at_ms, seq: row.seq };
    },

    before: async (npcId, { shelf, mark, limit }) => {
      const rows = await linesOf(db, campaignId, npcId)
        .where('line_witnesses.standing', '=', shelf)
        .where('line_witnesses.played_day', '<=', mark.playedDay)
        .where(({ eb, or, and }) =>
          or([
            eb('line_witnesses.played_day', '<', mark.playedDay),
            eb('line_witnesses.said_at_ms', '<', mark.saidAtInMs),
            and([
              eb('line_witnesses.said_at_ms', '=', mark.saidAtInMs),
              eb('line_witnesses.seq', '<', mark.seq),
            ]),
          ]),
        )
        .where('line_witnesses.importance', 'is not', null)
        .where('line_witnesses.pinned_at_ms', 'is', null)
        .orderBy('line_witnesses.played_day')
        .orderBy('line_witnesses.said_at_ms')
        .orderBy('line_witnesses.seq')
        .limit(limit)
        .execute();
      return heldLines(rows);
    },

    known: async (memoryIds) => {
      const known = new Map<string, string>();
      for (const ids of inChunks(memoryIds)) {
        const rows = await db
          .selectFrom('memories')
          .select(['id', 'text'])
          .where('campaign_id', '=', campaignId)
          .where('id', 'in', ids)
          .execute();
        for (const { id, text } of rows) known.set(id, text);
      }
      return known;
    },

    settle: async (npcId, decisions) => {
      const { settled, put, gone } = await db
        .transaction()
        .execute(async (transaction) => settle(transaction, campaignId, npcId, decisions));
      if (put.length + gone.length > 0) onMemories({ campaignId, npcId, put, gone });
      return settled;
    },

    semantic: async (npcId, { limit, offset }) => {
      const rows = await memoriesOf(db, campaignId, npcId)
        .where('memory_holders.pinned_at_ms', 'is', null)
        .where('memories.kind', '=', 'summary')
        .orderBy('memory_holders.played_day', 'desc')
        .orderBy('memory_holders.said_at_ms', 'desc')
        .orderBy('memory_holders.memory_id', 'desc')
        .limit(limit)
        .offset(offset)
        .execute();
      return rows.map(heldMemory);
    },

    drop: async (npcId, ids) => {
      if (ids.length === 0) return 0;
      const gone = await db.transaction().execute(async (transaction) => {
        const dropped = await transaction
          .deleteFrom('memory_holders')
          .where('campaign_id', '=', campaignId)
          .where('memory_id', 'in', ids)
          .where('npc_id', '=', npcId)
          .where('pinned_at_ms', 'is', null)
          .returning('memory_id')
          .execute();
        const droppedIds = dropped.map((row) => row.memory_id);
        await removeUnheld(transaction, campaignId, droppedIds);
        return droppedIds;
      });
      if (gone.length > 0) onMemories({ campaignId, npcId, put: [], gone });
      return gone.length;
    },

    lastRun: async () => {
      const row = await db
        .selectFrom('consolidations')
        .selectAll()
        .where('campaign_id', '=', campaignId)
        .executeTakeFirst();
      if (row === undefined) return undefined;
      const { weighed, promoted, summaries, folded, dropped } = row;
      return {
        ...{ weighed, promoted, summaries, folded, dropped, letGo: row.let_go },
        ...{ endedAtInMs: row.ended_at_ms, tookInMs: row.took_ms, fault: row.fault ?? undefined },
      };
    },

    saveRun: async ({ endedAtInMs, tookInMs, letGo, fault, ...counts }) => {
      const { weighed, promoted, summaries, folded, dropped } = counts;
      const run = {
        ...{ weighed, promoted, summaries, folded, dropped, let_go: letGo },
        ...{ ended_at_ms: endedAtInMs, took_ms: Math.round(tookInMs), fault: fault ?? null },
      };
      await db.transaction().execute(async (transaction) => {
        await transaction
          .insertInto('consolidations')
          .values({ campaign_id: campaignId, ...run })
          .onConflict((conflict) => conflict.column('campaign_id').doUpdateSet(run))
          .execute();
      });
    },

    unrested: async () => (await campaign()).unrested_lines,

    rested: async (lines) =>
      db.transaction().execute(async (transaction) => {
        await transaction
          .updateTable('campaigns')
          .set((eb) => ({ unrested_lines: eb('unrested_lines', '-', lines) }))
          .where('id', '=', campaignId)
          .where('unrested_lines', '>=', lines)
          .execute();
      }),
  };
}
