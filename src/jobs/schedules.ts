import type { Clock } from '#src/core/clock.ts';
import type { PlatformName } from '#src/core/entities.ts';
import type { Log } from '#src/core/log.ts';
import type { RecoveredLine, Store } from '#src/core/store.ts';

const DAY_IN_MS = 24 * 60 * 60 * 1000;
/** How long a draft stays that nobody keeps or speaks with. */
const DRAFT_LIFE_IN_MS = DAY_IN_MS;
/** How long a button that was too long for its platform can be pressed after it was last shown. */
const SHELF_LIFE_IN_MS = 30 * DAY_IN_MS;

const HOURLY = '17 * * * *';
const DAILY = '41 4 * * *';
const EVERY_FIVE_MINUTES = '*/5 * * * *';
/** So that processes do not all begin at once. */
const REST_JITTER_IN_MS = 60_000;
const ALIVE_EVERY_MS = 10_000;
const RECOVER_EVERY_MS = 60_000;

/** What goes by the clock waits until the table is up: nobody waits for a prompt because cron is being loaded. */
const HEAD_START_IN_MS = 60_000;

interface Setup {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Pick<Log, 'info' | 'error'>;
  /** Those that this process joins. */
  readonly platforms: readonly PlatformName[];
  /** Takes what another process left half spoken, every minute, also where there is nothing new. */
  readonly onRecovered: (lines: readonly RecoveredLine[]) => Promise<void> | void;
  /** Consolidates what NPCs remember, wherever something happened. */
  readonly rest: () => Promise<void>;
}

interface Schedule {
  /** Resolves when what was under way has ended. */
  stop(): Promise<void>;
}

/**
 * Sweeps once at the start, and then by the clock until stopped. To be stopped once nothing is spoken any more: until
 * then this tells the other processes that this one lives.
 */
export function startSchedules(setup: Setup): Schedule {
  const { store, clock, log } = setup;
  const sweepDrafts = work(log, 'Old drafts could not be swept', async () => {
    const left = await store.expireDrafts(clock.now() - DRAFT_LIFE_IN_MS);
    if (left > 0) log.info('Drafts that nobody kept have left', { left });
  });
  const sweepShelf = work(log, 'Old buttons could not be swept', async () => {
    const left = await store.shelf.expire(clock.now() - SHELF_LIFE_IN_MS);
    if (left > 0) log.info('Buttons that were shown long ago have left', { left });
  });
  const rest = work(log, 'Memories could not be consolidated', setup.rest);
  const schedules = [
    every(
      ALIVE_EVERY_MS,
      work(log, 'This process could not say that it lives', () => store.keepAlive()),
    ),
    every(
      RECOVER_EVERY_MS,
      work(log, 'Lines that were cut off could not be recovered', () => recover(setup)),
    ),
    byCron(log, [
      { name: 'drafts leave', at: HOURLY, sweep: sweepDrafts },
      { name: 'buttons leave', at: DAILY, sweep: sweepShelf },
      { name: 'memories rest', at: EVERY_FIVE_MINUTES, sweep: rest, maxRandomDelay: REST_JITTER_IN_MS },
    ]),
  ];
  const firstSweep = Promise.all([sweepDrafts(), sweepShelf()]);
  return {
    async stop() {
      await Promise.all([firstSweep, ...schedules.map((schedule) => schedule.stop())]);
    },
  };
}

async function recover({ store, log, platforms, onRecovered }: Setup): Promise<void> {
  const lines = await store.recoverLines(platforms);
  if (lines.length > 0)
    log.info('Lines that a process left half spoken are marked as cut off', { cutOff: lines.length });
  await onRecovered(lines);
}

/** What is done by the clock never rejects: the next time it is tried again. */
function work(log: Setup['log'], failure: string, doIt: () => Promise<void>): () => Promise<void> {
  return async () => {
    try {
      await doIt();
    } catch (error) {
      log.error(failure, {}, error);
    }
  };
}

/** Left out while the last time is still under way: then it is that one which is waited for. */
function alone(doIt: () => Promise<void>): () => Promise<void> {
  let underWay: Promise<void> | undefined;
  return () => {
    underWay ??= doIt().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}

function every(periodInMs: number, doIt: () => Promise<void>): Schedule {
  const work = alone(doIt);
  let last = Promise.resolve();
  const timer = setInterval(() => {
    last = work();
  }, periodInMs);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await last;
    },
  };
}

function byCron(
  log: Setup['log'],
  tasks: readonly {
    readonly name: string;
    readonly at: string;
    readonly sweep: () => Promise<void>;
    /** Begins up to so many milliseconds later. */
    readonly maxRandomDelay?: number;
  }[],
): Schedule {
  let scheduled: Promise<readonly { destroy(): unknown }[]> = Promise.resolve([]);
  const headStart = setTimeout(() => {
    scheduled = import('node-cron').then(
      ({ schedule }) => tasks.map(({ at, sweep, ...options }) => schedule(at, alone(sweep), options)),
      (error: unknown) => {
        log.error('The schedules did not start', {}, error);
        return [];
      },
    );
  }, HEAD_START_IN_MS);
  headStart.unref();
  return {
    async stop() {
      clearTimeout(headStart);
      for (const task of await scheduled) await task.destroy();
    },
  };
}
