import type { Selectable } from 'kysely';
import type { Clock } from '#src/core/clock.ts';
import type { Cast } from '#src/core/entities.ts';
import type { CastStore } from '#src/core/store.ts';
import { isCastMembers, isCastRequest, readJson } from './json.ts';
import type { Database, Tables } from './tables.ts';

/** The casts asked for in one campaign. */
export function castStore(db: Database, clock: Clock, campaignId: string): CastStore {
  const casts = (database: Database) =>
    database.selectFrom('casts').selectAll().where('campaign_id', '=', campaignId);

  return {
    add: async ({ id, request, members }) =>
      db.transaction().execute(async (transaction) => {
        const last = await casts(transaction).orderBy('number', 'desc').limit(1).executeTakeFirst();
        const row = {
          campaign_id: campaignId,
          id,
          number: (last?.number ?? 0) + 1,
          request: JSON.stringify(request),
          members: JSON.stringify(members),
          is_stopped: 0,
          created_at_ms: clock.now(),
        };
        await transaction.insertInto('casts').values(row).execute();
        return castOf(row);
      }),

    byId: async (id) => {
      const row = await casts(db).where('id', '=', id).executeTakeFirst();
      return row && castOf(row);
    },

    recent: async (limit) => {
      const rows = await casts(db).orderBy('number', 'desc').limit(limit).execute();
      return rows.map(castOf);
    },

    markStopped: async (id) =>
      db.transaction().execute(async (transaction) => {
        await transaction
          .updateTable('casts')
          .set({ is_stopped: 1 })
          .where('campaign_id', '=', campaignId)
          .where('id', '=', id)
          .execute();
      }),
  };
}

function castOf(row: Selectable<Tables['casts']>): Cast {
  const request = readJson(row.request, isCastRequest, 'casts', row.id);
  return {
    id: row.id,
    campaignId: row.campaign_id,
    // JSON leaves out what is undefined.
    request: { ...request, level: request.level, tone: request.tone },
    members: readJson(row.members, isCastMembers, 'casts', row.id),
    isStopped: row.is_stopped === 1,
    createdAtInMs: row.created_at_ms,
  };
}
