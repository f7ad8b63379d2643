import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openSqliteStore } from '#src/adapters/sqlite/open-sqlite-store.ts';
import type { RecoveredLine, Store } from '#src/core/store.ts';
import { startSchedules } from '#src/jobs/schedules.ts';
import { newLine } from '../../contract/store-samples.ts';
import { personaOf } from '../../support/personas.ts';

const DAY_IN_MS = 24 * 60 * 60 * 1000;
let nowInMs = Date.UTC(2026, 10, 20);
const clock = { now: () => nowInMs };
let store: Store;
const log = { info: vi.fn(), error: vi.fn() };
const onRecovered = vi.fn<(lines: readonly RecoveredLine[]) => Promise<void>>();
const rest = vi.fn<() => Promise<void>>();
const start = () => startSchedules({ store, clock, log, platforms: ['discord'], onRecovered, rest });

/** What a timer waits for; the clock of the tests is set apart. */
function fakeTimers() {
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval', 'Date'] });
  // What cron does depends on the minute of the hour.
  vi.setSystemTime(Date.UTC(2031, 4, 1, 12, 0, 30));
}

beforeEach(async () => {
  store = await openSqliteStore({ file: ':memory:', clock });
  log.info.mockClear();
  log.error.mockClear();
  onRecovered.mockReset();
});
afterEach(async () => {
  vi.useRealTimers();
  await store.close();
});

/** The clock stands still until cron, which is loaded then, has set its timers. */
async function afterHeadStart() {
  const before = vi.getTimerCount();
  await vi.advanceTimersByTimeAsync(60_000);
  await vi.waitFor(() => expect(vi.getTimerCount()).toBeGreaterThan(before));
}

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
    const early = start();
    await early.stop();
    expect((await campaign.npcs.list()).map(({ id }) => id)).toEqual(['Kept', 'Old', 'Young']);
    nowInMs += 2000;
    const late = start();
    await late.stop();
    expect((await campaign.npcs.list()).map(({ id }) => id)).toEqual(['Kept', 'Young']);
    expect(log.info).toHaveBeenCalledWith(expect.any(String), { left: 1 });
  });

  it('are swept again every hour', async () => {
    const sweep = vi.spyOn(store, 'expireDrafts');
    fakeTimers();
    const schedules = start();
    expect(sweep).toHaveBeenCalledTimes(1);
    await afterHeadStart();
    await vi.advanceTimersByTimeAsync(2 * 60 * 60 * 1000);
    expect(sweep.mock.calls.length).toBeGreaterThanOrEqual(2);
    await schedules.stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('that cannot be swept are told of in the log, and nothing stops', async () => {
    vi.spyOn(store, 'expireDrafts').mockRejectedValue(new Error('locked'));
    await start().stop();
    expect(log.error).toHaveBeenCalledTimes(1);
  });
});

describe('buttons', () => {
  it('leave thirty days after they were last shown: at the start, and once a day', async () => {
    const { id } = await store.openWorkspace({ platform: 'terminal', platformId: 'local', name: 'Local' });
    const action = { label: 'Show', command: 'npc show', options: { name: 'Tilda' } };
    const code = await store.shelf.put(id, action);
    nowInMs += 30 * DAY_IN_MS;
    await start().stop();
    expect(await store.shelf.get(id, code)).toEqual(action);
    nowInMs += 1;
    await start().stop();
    expect(await store.shelf.get(id, code)).toBeUndefined();
    expect(log.info).toHaveBeenCalledWith(expect.any(String), { left: 1 });
    const sweep = vi.spyOn(store.shelf, 'expire');
    fakeTimers();
    const schedules = start();
    await afterHeadStart();
    expect(sweep).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(DAY_IN_MS);
    expect(sweep).toHaveBeenCalledTimes(2);
    await schedules.stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('memories', () => {
  it('are consolidated every five minutes or so, one run at a time, and nothing stops where that fails', async () => {
    const long = Promise.withResolvers<void>();
    rest
      .mockReset()
      .mockRejectedValueOnce(new Error('locked'))
      .mockReturnValueOnce(long.promise)
      .mockResolvedValue();
    fakeTimers();
    const schedules = start();
    await afterHeadStart();
    expect(rest).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(6 * 60_000);
    expect(rest).toHaveBeenCalledTimes(1);
    expect(log.error).toHaveBeenCalledWith('Memories could not be consolidated', {}, expect.any(Error));
    await vi.advanceTimersByTimeAsync(20 * 60_000);
    expect(rest).toHaveBeenCalledTimes(2);
    long.resolve();
    await vi.advanceTimersByTimeAsync(11 * 60_000);
    expect(rest.mock.calls.length).toBeGreaterThanOrEqual(3);
    await schedules.stop();
  });
});

describe('this process', () => {
  it('says every ten seconds that it lives, one at a time, until it is stopped', async () => {
    const said = Promise.withResolvers<void>();
    const keepAlive = vi.spyOn(store, 'keepAlive').mockImplementationOnce(() => said.promise);
    fakeTimers();
    const schedules = start();
    await vi.advanceTimersByTimeAsync(9_999);
    expect(keepAlive).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(20_001);
    expect(keepAlive).toHaveBeenCalledTimes(1);
    said.resolve();
    keepAlive.mockRejectedValueOnce(new Error('locked'));
    await vi.advanceTimersByTimeAsync(20_000);
    expect(keepAlive).toHaveBeenCalledTimes(3);
    expect(log.error).toHaveBeenCalledTimes(1);
    await schedules.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(keepAlive).toHaveBeenCalledTimes(3);
  });

  it('looks every minute for what others left half spoken, and hands it on', async () => {
    const recovered: readonly RecoveredLine[] = [
      {
        campaignId: 'campaign',
        line: { ...newLine('line', 'scene', { state: 'cut' }), seq: 1, createdAtInMs: 0 },
        workspace: { id: 'w', platform: 'discord', platformId: 'guild', name: 'Guild' },
        channelId: 'den',
        messageIds: ['message'],
      },
    ];
    const recoverLines = vi.spyOn(store, 'recoverLines').mockResolvedValue([]);
    recoverLines.mockResolvedValueOnce([]).mockResolvedValueOnce(recovered).mockResolvedValueOnce(recovered);
    onRecovered.mockResolvedValueOnce().mockRejectedValueOnce(new Error('gone'));
    fakeTimers();
    const schedules = start();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(recoverLines.mock.calls).toEqual([[['discord']]]);
    // What could not be marked before is tried again then.
    expect(onRecovered.mock.calls).toEqual([[[]]]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(onRecovered).toHaveBeenCalledWith(recovered);
    expect(log.info).toHaveBeenCalledWith(expect.any(String), { cutOff: 1 });
    expect(log.error).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(onRecovered).toHaveBeenCalledTimes(4);
    await schedules.stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});
