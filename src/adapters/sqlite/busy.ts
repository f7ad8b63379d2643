import { setTimeout as delay } from 'node:timers/promises';

/** How long SQLite itself waits for a lock, while nothing else of this process runs. */
export const LOCK_WAIT_IN_MS = 25;
const PAUSE_IN_MS = 25;
/** With both waits: ten seconds until a lock is given up on. */
export const LOCK_ATTEMPTS = 200;

/** SQLite's primary result codes (sqlite.org/rescode.html) that this adapter tells apart. */
export const SQLITE = {
  permission: 3,
  busy: 5,
  locked: 6,
  readonly: 8,
  io: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  constraint: 19,
  notADatabase: 26,
} as const;

/** The primary result code of an error that SQLite raised; undefined for any other error. */
export function sqliteCode(error: unknown): number | undefined {
  // The upper bits are the extended code: why exactly.
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode & 0xff
    : undefined;
}

/**
 * Does `work` again while another connection holds the lock it needs. SQLite's own waiting stops the whole process,
 * also the one who holds the lock if that is us through another connection: hence many short waits with air between.
 *
 * @throws the last error once `attempts` are used up, any other error at once.
 */
export async function whileBusy<T>(attempts: number, work: () => T | Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= attempts || sqliteCode(error) !== SQLITE.busy) throw error;
      await delay(PAUSE_IN_MS);
    }
  }
}
