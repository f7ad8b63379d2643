import { randomUUID } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Clock } from '#src/core/clock.ts';
import type { Database } from './tables.ts';

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

export function processesOf(clock: Clock): Processes {
  const ownId = randomUUID();
  let isKnown = false;
  const own = { host: hostOfPids(), pid: process.pid, started_at_ms: Math.round(performance.timeOrigin) };

  return {
    ownId,

    keepAlive: async (database) => {
      isKnown = true;
      const alive_until_ms = clock.now() + LEASE_IN_MS;
      await database
        .insertInto('processes')
        .values({ id: ownId, ...own, alive_until_ms })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ alive_until_ms }))
        .execute();
    },

    removeGone: async (database) => {
      await database
        .deleteFrom('processes')
        .where('alive_until_ms', '<', clock.now())
        .where('id', '!=', ownId)
        .execute();
      const neighbours = await database
        .selectFrom('processes')
        .select(['id', 'pid', 'started_at_ms'])
        .where('host', '=', own.host)
        .where('id', '!=', ownId)
        .execute();
      for (const { id, pid, started_at_ms } of neighbours) {
        const isHere = pid === own.pid ? started_at_ms === own.started_at_ms : isRunning(pid);
        if (!isHere) await database.deleteFrom('processes').where('id', '=', id).execute();
      }
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

/** Where this process's pid means something: containers may share a host's name, but not its pids. */
function hostOfPids(): string {
  try {
    return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    // Not Linux: everything on the host shares its pids.
    return hostname();
  }
}

/** Another program may have the pid by now: then the lease alone tells. */
function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Whatever else is wrong (it is another user's), there is one.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
