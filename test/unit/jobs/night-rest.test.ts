import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type MemorySettings, USUAL_MEMORY_SETTINGS } from '#src/core/memory-settings.ts';
import type { ConsolidationRun } from '#src/core/memory-store.ts';
import { NightRest } from '#src/jobs/night-rest.ts';
import { Consolidator } from '#src/memory/consolidate.ts';
import { newLine, TestClock } from '../../contract/store-samples.ts';
import { openTable, type Table } from '../../support/table.ts';

const DAY_IN_MS = 24 * 60 * 60_000;

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

const restOf = (how: Partial<Pick<Consolidator, 'run'>> & { readonly settings?: MemorySettings } = {}) => {
  const { settings, ...others } = how;
  const real = new Consolidator({ clock, judge: undefined, ...(settings && { settings }) });
  const isDue: Consolidator['isDue'] = async (store) => real.isDue(store);
  const run: Consolidator['run'] = async (...given) => real.run(...given);
  return new NightRest({ store: table.store, consolidator: { isDue, run, ...others }, log });
};
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

  it('is taken again by time as it passes, but not before another day begins', async () => {
    const { campaign } = table;
    const settings = { ...USUAL_MEMORY_SETTINGS, clock: 'wall' } as const;
    const rest = restOf({ settings });
    const shelves = async () => campaign.memories.counts('npc-1');
    const visits = async () => {
      log.info.mockClear();
      await rest.all();
      return log.info.mock.calls.length;
    };
    const { id: sceneId } = await campaign.scenes.open('table');
    clock.time = (Math.floor(clock.time / DAY_IN_MS) + 20) * DAY_IN_MS;
    const text = 'They say the cook puts too much pepper into it when it rains.';
    await campaign.lines.append(newLine('cook', sceneId, { text, witnesses: ['npc-1'] }));
    const sworn = 'I swear I will bring the crown of King Aldo to the lighthouse before winter!';
    await campaign.lines.append(newLine('sworn', sceneId, { text: sworn, witnesses: ['npc-1'] }));
    expect([await visits(), await visits()]).toEqual([1, 1]);
    clock.time += DAY_IN_MS / 12;
    expect([await visits(), await visits()]).toEqual([1, 0]);
    expect(await shelves()).toMatchObject({ 'long-term': 1, semantic: 0 });
    await campaign.lines.revise('cook', text.replace('rains', 'snows'));
    expect([await visits(), await visits()]).toEqual([1, 0]);
    clock.time += DAY_IN_MS;
    expect([await visits(), await visits()]).toEqual([1, 0]);
    clock.time += 7 * DAY_IN_MS;
    expect([await visits(), await visits()]).toEqual([1, 0]);
    expect(await shelves()).toEqual({ recent: 0, 'long-term': 1, semantic: 1 });
    clock.time += 22 * DAY_IN_MS;
    expect(await visits()).toBe(1);
    expect(await shelves()).toEqual({ recent: 0, 'long-term': 0, semantic: 2 });
    expect(await table.store.unrested()).toEqual([]);
  });

  it('is one process’s at a time', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const run = vi.fn<Consolidator['run']>(() => forever);
    const { origin } = table.visit;
    void restOf({ run }).one(origin);
    await vi.waitFor(() => expect(run).toHaveBeenCalled());
    const other = restOf();
    await expect(other.one(origin)).rejects.toThrow('being consolidated just now');
    await other.all();
    expect(log.info).not.toHaveBeenCalled();
    // Where it hangs, another one takes its place.
    vi.advanceTimersByTime(20_000);
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
