import type { LockStore } from '#src/core/memory-store.ts';
import type { Database } from './tables.ts';
import { hasEnded, thisProcess } from './this-process.ts';

/** A lock as somebody else has it, since when it has been seen so. */
interface Seen {
  readonly token: string;
  readonly renewals: number;
  readonly sinceInMs: number;
}

/**
 * Locks as rows: whoever's token a row has holds it. One is free where its holder's process has ended, and where whoever
 * wants it has seen it stand for its lease without being renewed.
 *
 * @param elapsed milliseconds since some moment, which never go back or leap: what the clock is set to frees no lock.
 */
export function lockStore(db: Database, elapsed: () => number = () => performance.now()): LockStore {
  const own = thisProcess();
  const watched = new Map<string, Seen>();

  /** Whether it has stood so for its lease: not before it has been looked at for so long. */
  const isOver = (name: string, held: Omit<Seen, 'sinceInMs'> & { readonly lease_ms: number }) => {
    const seen = watched.get(name);
    if (seen?.token === held.token && seen.renewals === held.renewals)
      return elapsed() - seen.sinceInMs >= held.lease_ms;
    watched.set(name, { token: held.token, renewals: held.renewals, sinceInMs: elapsed() });
    return false;
  };

  return {
    take: async (name, token, leaseInMs) => {
      const held = await db.selectFrom('locks').selectAll().where('name', '=', name).executeTakeFirst();
      const isFree = held === undefined || held.token === token || hasEnded(held, own) || isOver(name, held);
      if (!isFree) return false;
      const taken = { token, lease_ms: leaseInMs, ...own };
      // Of several that saw it free, one finds it as it was.
      const count = await db.transaction().execute(async (transaction) => {
        if (held === undefined) {
          const { numInsertedOrUpdatedRows } = await transaction
            .insertInto('locks')
            .values({ name, ...taken, renewals: 0 })
            .onConflict((conflict) => conflict.column('name').doNothing())
            .executeTakeFirstOrThrow();
          return numInsertedOrUpdatedRows ?? 0n;
        }
        const { numUpdatedRows } = await transaction
          .updateTable('locks')
          .set({ ...taken, renewals: held.renewals + 1 })
          .where('name', '=', name)
          .where('token', '=', held.token)
          .where('renewals', '=', held.renewals)
          .executeTakeFirstOrThrow();
        return numUpdatedRows;
      });
      watched.delete(name);
      return count > 0n;
    },

    renew: async (name, token, leaseInMs) =>
      db.transaction().execute(async (transaction) => {
        const { numUpdatedRows } = await transaction
          .updateTable('locks')
          .set((eb) => ({ lease_ms: leaseInMs, renewals: eb('renewals', '+', 1) }))
          .where('name', '=', name)
          .where('token', '=', token)
          .executeTakeFirstOrThrow();
        return numUpdatedRows > 0n;
      }),

    release: async (name, token) =>
      db.transaction().execute(async (transaction) => {
        await transaction.deleteFrom('locks').where('name', '=', name).where('token', '=', token).execute();
      }),
  };
}
