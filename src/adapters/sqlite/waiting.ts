import type { WaitingStore } from '#src/core/store.ts';
import { isNotice, readJson } from './json.ts';
import type { Database } from './tables.ts';

/** The oldest make room for new ones: nobody reads more than that. */
const MOST_WAITING = 50;

/** The hidden text of one campaign that waits for a game master. */
export function waitingStore(db: Database, campaignId: string): WaitingStore {
  const newestFirst = (database: Database) =>
    database
      .selectFrom('waiting')
      .select('number')
      .where('campaign_id', '=', campaignId)
      .orderBy('number', 'desc');

  return {
    add: async ({ id, personId, notice, sinceInMs }) =>
      db.transaction().execute(async (transaction) => {
        const last = await newestFirst(transaction).limit(1).executeTakeFirst();
        await transaction
          .insertInto('waiting')
          .values({
            campaign_id: campaignId,
            id,
            number: (last?.number ?? 0) + 1,
            person_id: personId ?? null,
            notice: JSON.stringify(notice),
            since_ms: sinceInMs,
          })
          .onConflict((conflict) => conflict.columns(['campaign_id', 'id']).doNothing())
          .execute();
        const tooOld = await newestFirst(transaction).limit(1).offset(MOST_WAITING).executeTakeFirst();
        if (tooOld === undefined) return;
        await transaction
          .deleteFrom('waiting')
          .where('campaign_id', '=', campaignId)
          .where('number', '<=', tooOld.number)
          .execute();
      }),

    list: async (personId) => {
      const rows = await db
        .selectFrom('waiting')
        .selectAll()
        .where('campaign_id', '=', campaignId)
        .where((eb) => eb.or([eb('person_id', 'is', null), eb('person_id', '=', personId)]))
        .orderBy('number')
        .execute();
      return rows.map((row) => ({
        id: row.id,
        personId: row.person_id ?? undefined,
        notice: readJson(row.notice, isNotice, 'waiting', row.id),
        sinceInMs: row.since_ms,
      }));
    },

    remove: async (ids) => {
      if (ids.length === 0) return;
      await db.transaction().execute(async (transaction) => {
        await transaction
          .deleteFrom('waiting')
          .where('campaign_id', '=', campaignId)
          .where('id', 'in', ids)
          .execute();
      });
    },
  };
}
