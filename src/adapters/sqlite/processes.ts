import { randomUUID } from 'node:crypto';
import type { Clock } from '#src/core/clock.ts';
import { type Given, KeptQuery } from './kept-query.ts';
import type { Database } from './tables.ts';
import { hasEnded, type ProcessMark, thisProcess } from './this-process.ts';

/** So long a process counts as living without saying so again. */
const LEASE_IN_MS = 30_000;

/** The processes that share a database, as one of them sees it: one without a row is gone. */
export interface Processes {
  /** This one. Two stores that are open at once in one process of the operating system are two. */
  readonly ownId: string;
  /** Says that this one lives, for the next 30 seconds. */
  keepAlive(database: Database): Promise<void>;
  /** Removes those that are gone: ended on this host, or unheard of for 30 seconds. Never this one. */
  removeGone(database: Database): Promise<void>;
  /** This one ends: what it was still speaking is cut off. */
  leave(database: Database): Promise<void>;
}

interface Living extends ProcessMark {
  readonly id: string;
  readonly aliveUntilInMs: number;
}

const KEEP_ALIVE = new KeptQuery((db, given: Given<Living>) =>
  db
    .insertInto('processes')
    .values({
      id: given('id'),
      host: given('host'),
      pid: given('pid'),
      started_at_ms: given('started_at_ms'),
      alive_until_ms: given('aliveUntilInMs'),
    })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ alive_until_ms: given('aliveUntilInMs') }))
    .compile(),
);

export function processesOf(clock: Clock): Processes {
  const ownId = randomUUID();
  let isKnown = false;
  const own = thisProcess();

  return {
    ownId,

    keepAlive: async (database) => {
      isKnown = true;
      await KEEP_ALIVE.run(database, { id: ownId, ...own, aliveUntilInMs: clock.now() + LEASE_IN_MS });
    },

    removeGone: async (database) => {
      await database
        .deleteFrom('processes')
        .where('alive_until_ms', '<', clock.now())
        .where('id', '!=', ownId)
        .execute();
      const neighbours = await database
        .selectFrom('processes')
        .select(['id', 'host', 'pid', 'started_at_ms'])
        .where('host', '=', own.host)
        .where('id', '!=', ownId)
        .execute();
      for (const { id, ...mark } of neighbours)
        if (hasEnded(mark, own)) await database.deleteFrom('processes').where('id', '=', id).execute();
    },

    leave: async (database) => {
      // Most that open a store to look at something never say that they live: their end waits for no lock.
      if (!isKnown) return;
      await database.transaction().execute(async (transaction) => {
        await transaction.deleteFrom('processes').where('id', '=', ownId).execute();
      });
    },
  };
}
