import type { Clock } from '#src/core/clock.ts';
import type { LockStore } from '#src/core/memory-store.ts';
import type { Database } from './tables.ts';

/** Nobody takes a lock for longer: one that would be held so long was taken before the clock was set back. */
const LONGEST_LEASE_IN_MS = 3_600_000;

/** Locks as rows: whoever's token a row has holds it, until its time is over. */
export function lockStore(db: Database, clock: Clock): LockStore {
  return {
    take: async (name, token, leaseInMs) =>
      db.transaction().execute(async (transaction) => {
        const now = clock.now();
        const taken = { token, until_ms: now + leaseInMs };
        const { numInsertedOrUpdatedRows: count } = await transaction
          .insertInto('locks')
          .values({ name, ...taken })
          .onConflict((conflict) =>
            conflict
              .column('name')
              .doUpdateSet(taken)
              .where(({ eb, or }) =>
                or([
                  eb('locks.until_ms', '<=', now),
                  eb('locks.until_ms', '>', now + LONGEST_LEASE_IN_MS),
                  eb('locks.token', '=', token),
                ]),
              ),
          )
          .executeTakeFirstOrThrow();
        return Number(count ?? 0) > 0;
      }),

    renew: async (name, token, leaseInMs) =>
      db.transaction().execute(async (transaction) => {
        const now = clock.now();
        const { numUpdatedRows } = await transaction
          .updateTable('locks')
          .set({ until_ms: now + leaseInMs })
          .where('name', '=', name)
          .where('token', '=', token)
          .where('until_ms', '>', now)
          .executeTakeFirstOrThrow();
        return numUpdatedRows > 0n;
      }),

    release: async (name, token) =>
      db.transaction().execute(async (transaction) => {
        await transaction.deleteFrom('locks').where('name', '=', name).where('token', '=', token).execute();
      }),
  };
}
