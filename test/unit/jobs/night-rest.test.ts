import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ConsolidationRun } from '#src/core/memory-store.ts';
import { NightRest, underLock } from '#src/jobs/night-rest.ts';
import { Consolidator } from '#src/memory/consolidate.ts';
import { newLine, TestClock } from '../../contract/store-samples.ts';
import { openTable, type Table } from '../../support/table.ts';

let clock: TestClock;
let table: Table;
const log = { info: vi.fn(), error: vi.fn() };

beforeEach(async () => {
  clock = new TestClock();
  table = await openTable({ clock });
  await table.addNpc('Tilda');
  const scene = await table.campaign.scenes.open('table');
  await table.campaign.lines.append(newLine('line', scene.id, { witnesses: ['npc-1'] }));
});
afterEach(async () => {
  vi.useRealTimers();
  log.info.mockReset();
  log.error.mockReset();
  await table.close();
});

const restOf = (consolidator: Pick<Consolidator, 'run'> = new Consolidator({ clock, judge: undefined })) =>
  new NightRest({ store: table.store, consolidator, log });
const { promise: forever } = Promise.withResolvers<ConsolidationRun>();

describe('a night’s rest', () => {
  it('is taken by campaigns in which something happened, and noted', async () => {
    const rest = restOf();
    await rest.all();
    expect(log.info).toHaveBeenCalledTimes(1);
    expect(await table.campaign.consolidation.lastRun()).toMatchObject({ fault: undefined });
    await rest.all();
    expect(log.info).toHaveBeenCalledTimes(1);
  });

  it('is one process’s at a time', async () => {
    const run = vi.fn<Consolidator['run']>(() => forever);
    const { origin } = table.visit;
    void restOf({ run }).one(origin);
    await vi.waitFor(() => expect(run).toHaveBeenCalled());
    const other = restOf();
    await expect(other.one(origin)).rejects.toThrow('being consolidated just now');
    await other.all();
    expect(log.info).not.toHaveBeenCalled();
    // A process that is gone gives way.
    clock.time += 60_000;
    expect(await other.one(origin)).toMatchObject({ fault: undefined });
  });

  it('goes on with the others where one fails, and tries again', async () => {
    const run = vi.fn<Consolidator['run']>().mockRejectedValueOnce(new Error('disk full'));
    await restOf({ run }).all();
    expect(log.error).toHaveBeenCalledTimes(1);
    const rest = restOf();
    await rest.all();
    expect(log.info).toHaveBeenCalledTimes(1);
  });

  it('ends when the product closes', async () => {
    const run = vi.fn<Consolidator['run']>(
      (_store, _origin, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('closing')), { once: true });
        }),
    );
    const rest = restOf({ run });
    const all = rest.all();
    await vi.waitFor(() => expect(run).toHaveBeenCalled());
    await rest.close();
    await all;
    expect(log.error).not.toHaveBeenCalled();
    expect(await restOf().one(table.visit.origin)).toMatchObject({ fault: undefined });
  });
});

describe('a lock', () => {
  it('is renewed at half its life, and its loss ends the work', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const { locks } = table.store;
    let aborted = false;
    const { promise: lost, resolve } = Promise.withResolvers<void>();
    const work = underLock(locks, 'door', async (signal) => {
      signal.addEventListener('abort', () => {
        aborted = true;
        resolve();
      });
      for (let half = 0; half < 3; half += 1) {
        clock.time += 30_000;
        vi.advanceTimersByTime(30_000);
        // Behind the renewal.
        expect(await locks.take('door', 'theirs', 1000)).toBe(false);
      }
      expect(aborted).toBe(false);
      clock.time += 60_000;
      expect(await locks.take('door', 'theirs', 60_000)).toBe(true);
      vi.advanceTimersByTime(30_000);
      await lost;
    });
    await work;
    expect(aborted).toBe(true);
    // What is another's by now is left alone.
    expect(await locks.take('door', 'third', 1000)).toBe(false);
  });
});
