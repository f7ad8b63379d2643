import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openSqliteStore } from '#src/adapters/sqlite/open-sqlite-store.ts';
import type { Store } from '#src/core/store.ts';
import { startSchedules } from '#src/jobs/schedules.ts';
import { personaOf } from '../../support/personas.ts';

const DAY_IN_MS = 24 * 60 * 60 * 1000;
let nowInMs = Date.UTC(2026, 10, 20);
const clock = { now: () => nowInMs };
let store: Store;
const log = { info: vi.fn(), error: vi.fn() };

beforeEach(async () => {
  store = await openSqliteStore({ file: ':memory:', clock });
  log.info.mockClear();
  log.error.mockClear();
});
afterEach(() => store.close());

async function addDraft(name: string, status: 'draft' | 'kept') {
  const workspace = await store.openWorkspace({ platform: 'terminal', platformId: 'local', name: 'Local' });
  const campaign = store.campaign((await store.campaignOf(workspace.id, 'table')).id);
  await campaign.npcs.add({
    id: name,
    persona: personaOf(name),
    status,
    cast: undefined,
    sourceFile: undefined,
    reason: 'drafted',
    by: 'GM',
  });
  return campaign;
}

describe('drafts', () => {
  it('leave after a day, and kept NPCs stay', async () => {
    const campaign = await addDraft('Old', 'draft');
    await addDraft('Kept', 'kept');
    nowInMs += DAY_IN_MS - 1000;
    await addDraft('Young', 'draft');
    const early = startSchedules({ store, clock, log });
    await early.stop();
    expect((await campaign.npcs.list()).map(({ id }) => id)).toEqual(['Kept', 'Old', 'Young']);
    nowInMs += 2000;
    const late = startSchedules({ store, clock, log });
    await late.stop();
    expect((await campaign.npcs.list()).map(({ id }) => id)).toEqual(['Kept', 'Young']);
    expect(log.info).toHaveBeenCalledWith(expect.any(String), { left: 1 });
  });

  it('are swept again every hour', async () => {
    const sweep = vi.spyOn(store, 'expireDrafts');
    vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval', 'Date'] });
    try {
      const schedules = startSchedules({ store, clock, log });
      expect(sweep).toHaveBeenCalledTimes(1);
      await vi.advanceTimersByTimeAsync(60_000);
      // The clock stands still until cron has set its timer.
      await vi.waitFor(() => expect(vi.getTimerCount()).toBeGreaterThan(0));
      await vi.advanceTimersByTimeAsync(2 * 60 * 60 * 1000);
      expect(sweep.mock.calls.length).toBeGreaterThanOrEqual(2);
      await schedules.stop();
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('that cannot be swept are told of in the log, and nothing stops', async () => {
    vi.spyOn(store, 'expireDrafts').mockRejectedValue(new Error('locked'));
    await startSchedules({ store, clock, log }).stop();
    expect(log.error).toHaveBeenCalledTimes(1);
  });
});
