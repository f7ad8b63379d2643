import { randomUUID } from 'node:crypto';
import type { LockStore } from './memory-store.ts';

/** So long a lock stands whose holder cannot be seen to have ended: it hangs, or ran on another host. */
const LEASE_IN_MS = 20_000;
/** Often enough that a busy store may be late with some. */
const RENEWED_EVERY_MS = 5_000;
/** What could not be renewed for so long is given up, before anybody else may take it. */
const GIVEN_UP_AFTER_MS = LEASE_IN_MS - RENEWED_EVERY_MS;

/**
 * Does something while holding a lock, which is renewed meanwhile. The signal aborts where it is lost.
 * @returns undefined where somebody else holds it.
 */
export async function underLock<T>(
  locks: LockStore,
  name: string,
  doIt: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const token = randomUUID();
  let renewedAtInMs = performance.now();
  if (!(await locks.take(name, token, LEASE_IN_MS))) return undefined;
  const lost = new AbortController();
  const renew = async () => {
    const askedAtInMs = performance.now();
    try {
      if (await locks.renew(name, token, LEASE_IN_MS)) renewedAtInMs = askedAtInMs;
      else lost.abort(new Error(`The lock "${name}" was lost: it was held for too long.`));
    } catch (error) {
      if (askedAtInMs - renewedAtInMs >= GIVEN_UP_AFTER_MS) lost.abort(error);
    }
  };
  const renewing = setInterval(() => void renew(), RENEWED_EVERY_MS);
  renewing.unref();
  try {
    return await doIt(lost.signal);
  } finally {
    clearInterval(renewing);
    await locks.release(name, token);
  }
}
