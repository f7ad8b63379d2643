import type { WaitingStore } from '#src/core/store.ts';
import { isNotice, readJson } from './json.ts';
import type { Database } from './tables.ts';

/** The oldest make room for new ones of the same person, or of any game master: nobody reads more than that. */
const MOST_WAITING = 50;

/** The hidden text of one campaign that waits for those who may read it. */
export function waitingStore(db: Database, campaignId: string): WaitingStore {
  const items = (database: Database) =>
    database.selectFrom('waiting').where('waiting.campaign_id', '=', campaignId);

  return {
    add: async ({ id, personId, permission, notice, sinceInMs }) =>
      db.transaction().execute(async (transaction) => {
        const last = await items(transaction)
          .select('number')
          .orderBy('number', 'desc')
          .limit(1)
          .executeTakeFirst();
        await transaction
          .insertInto('waiting')
          .values({
            campaign_id: campaignId,
            id,
            number: (last?.number ?? 0) + 1,
            person_id: personId ?? null,
            permission,
            notice: JSON.stringify(notice),
            since_ms: sinceInMs,
            is_announced: 0,
          })
          .onConflict((conflict) => conflict.columns(['campaign_id', 'id']).doNothing())
          .execute();
        const isTheirs = personId === undefined ? null : personId;
        const tooOld = await items(transaction)
          .select('number')
          .where('person_id', isTheirs === null ? 'is' : '=', isTheirs)
          .orderBy('number', 'desc')
          .limit(1)
          .offset(MOST_WAITING)
          .executeTakeFirst();
        if (tooOld === undefined) return;
        await transaction
          .deleteFrom('waiting')
          .where('campaign_id', '=', campaignId)
          .where('person_id', isTheirs === null ? 'is' : '=', isTheirs)
          .where('number', '<=', tooOld.number)
          .execute();
      }),

    list: async (personId) => {
      const rows = await items(db)
        .selectAll('waiting')
        .where((eb) => eb.or([eb('person_id', 'is', null), eb('person_id', '=', personId)]))
        .orderBy('number')
        .execute();
      const seen = await db
        .selectFrom('waiting_seen')
        .select(['item_id', 'person_id'])
        .where('campaign_id', '=', campaignId)
        .execute();
      const seenByAnybody = new Set(seen.map((each) => each.item_id));
      const seenByThem = new Set(
        seen.filter((each) => each.person_id === personId).map((each) => each.item_id),
      );
      return rows
        .filter((row) => !seenByThem.has(row.id))
        .map((row) => ({
          id: row.id,
          personId: row.person_id ?? undefined,
          permission: row.permission,
          notice: readJson(row.notice, isNotice, 'waiting', row.id),
          sinceInMs: row.since_ms,
          isAnnounced: row.is_announced === 1,
          wasSeen: seenByAnybody.has(row.id),
        }));
    },

    seen: async (personId, ids) => {
      if (ids.length === 0) return;
      await db.transaction().execute(async (transaction) => {
        await transaction
          .deleteFrom('waiting')
          .where('campaign_id', '=', campaignId)
          .where('person_id', '=', personId)
          .where('id', 'in', ids)
          .execute();
        const forAll = await items(transaction)
          .select('id')
          .where('person_id', 'is', null)
          .where('id', 'in', ids)
          .execute();
        for (const { id } of forAll)
          await transaction
            .insertInto('waiting_seen')
            .values({ campaign_id: campaignId, item_id: id, person_id: personId })
            .onConflict((conflict) => conflict.doNothing())
            .execute();
      });
    },

    announced: async (ids) => {
      if (ids.length === 0) return;
      await db.transaction().execute(async (transaction) => {
        await transaction
          .updateTable('waiting')
          .set({ is_announced: 1 })
          .where('campaign_id', '=', campaignId)
          .where('id', 'in', ids)
          .execute();
      });
    },
  };
}
