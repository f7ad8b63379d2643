import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openSqliteStore } from '#src/adapters/sqlite/open-sqlite-store.ts';
import { systemClock } from '#src/core/clock.ts';
import type { LockStore } from '#src/core/memory-store.ts';
import type { Store } from '#src/core/store.ts';
import { underLock } from '#src/core/under-lock.ts';

let store: Store;
let locks: LockStore;

beforeEach(async () => {
  store = await openSqliteStore({ file: ':memory:', clock: systemClock });
  ({ locks } = store);
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
});
afterEach(async () => {
  vi.useRealTimers();
  await store.close();
});

const isTakenBy = (token: string) => locks.take('door', token, 20_000);

describe('what is done under a lock', () => {
  it('is done alone, and the lock is free after it, whatever comes of it', async () => {
    const work = underLock(locks, 'door', async () => {
      expect(await underLock(locks, 'door', async () => 'both')).toBeUndefined();
      return 'one';
    });
    expect(await work).toBe('one');
    await expect(
      underLock(locks, 'door', async () => {
        throw new Error('it failed');
      }),
    ).rejects.toThrow('it failed');
    expect(await underLock(locks, 'door', async () => 'other')).toBe('other');
  });

  it('may take long: the lock is renewed meanwhile', async () => {
    await underLock(locks, 'door', async (signal) => {
      for (let time = 0; time < 20; time += 1) {
        vi.advanceTimersByTime(5_000);
        // Behind the renewal.
        expect(await isTakenBy('theirs')).toBe(false);
      }
      expect(signal.aborted).toBe(false);
    });
  });

  it('is ended where the lock was lost, and what is another’s by then is left alone', async () => {
    const take = vi.fn(locks.take);
    await underLock({ ...locks, take }, 'door', async (signal) => {
      await locks.release('door', take.mock.calls[0]?.[1] ?? '');
      expect(await isTakenBy('theirs')).toBe(true);
      vi.advanceTimersByTime(5_000);
      await vi.waitFor(() => expect(signal.aborted).toBe(true));
    });
    expect(await isTakenBy('third')).toBe(false);
  });

  it('goes on over a renewal that fails, and is ended before anybody else may take the lock', async () => {
    const renew = vi.fn<LockStore['renew']>(async () => {
      throw new Error('busy');
    });
    await underLock({ ...locks, renew }, 'door', async (signal) => {
      expect(await isTakenBy('theirs')).toBe(false);
      for (let time = 1; time <= 2; time += 1) {
        vi.advanceTimersByTime(5_000);
        expect(await isTakenBy('theirs')).toBe(false);
        expect(signal.aborted).toBe(false);
      }
      vi.advanceTimersByTime(5_000);
      await vi.waitFor(() => expect(signal.reason).toEqual(new Error('busy')));
      expect(await isTakenBy('theirs')).toBe(false);
      expect(renew).toHaveBeenCalledTimes(3);
    });
    expect(await isTakenBy('theirs')).toBe(true);
  });
});
