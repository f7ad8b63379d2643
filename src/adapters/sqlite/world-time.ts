import type { Clock } from '#src/core/clock.ts';
import type { TimeStore } from '#src/core/store.ts';
import type { Database } from './tables.ts';

/** What time it is in one campaign. */
export function timeStore(db: Database, clock: Clock, campaignId: string): TimeStore {
  const kept = async (database: Database) => {
    const { world_minute: worldMinute } = await database
      .selectFrom('campaigns')
      .select('world_minute')
      .where('id', '=', campaignId)
      .executeTakeFirstOrThrow();
    return worldMinute ?? undefined;
  };

  return {
    now: async () => ({ atInMs: clock.now(), worldMinute: await kept(db) }),

    change: async (change) =>
      db.transaction().execute(async (transaction) => {
        const before = await kept(transaction);
        const after = change(before);
        await transaction
          .updateTable('campaigns')
          .set({ world_minute: after ?? null })
          .where('id', '=', campaignId)
          .execute();
        return { before, after };
      }),
  };
}
