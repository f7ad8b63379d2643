import type { Clock } from '#src/core/clock.ts';
import type { Store } from '#src/core/store.ts';

/** How long a draft stays that nobody keeps or speaks with. */
const DRAFT_LIFE_IN_MS = 24 * 60 * 60 * 1000;

const HOURLY = '17 * * * *';

/** What goes by the clock waits until the table is up: nobody waits for a prompt because cron is being loaded. */
const HEAD_START_IN_MS = 60_000;

interface ScheduleLog {
  info(event: string, details?: Readonly<Record<string, number>>): void;
  error(event: string, details?: Readonly<Record<string, string>>, error?: unknown): void;
}

/** Sweeps once at the start, and then by the clock until stopped. */
export function startSchedules(options: {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: ScheduleLog;
}): { stop(): Promise<void> } {
  const sweep = () => expireDrafts(options);
  const firstSweep = sweep();
  let scheduled: Promise<{ destroy(): unknown } | undefined> = Promise.resolve(undefined);
  const headStart = setTimeout(() => {
    scheduled = import('node-cron').then(
      ({ schedule }) => schedule(HOURLY, sweep, { name: 'drafts leave', noOverlap: true }),
      (error: unknown) => {
        options.log.error('The schedules did not start', {}, error);
        return undefined;
      },
    );
  }, HEAD_START_IN_MS);
  headStart.unref();
  return {
    async stop() {
      clearTimeout(headStart);
      await firstSweep;
      await (await scheduled)?.destroy();
    },
  };
}

async function expireDrafts({ store, clock, log }: Parameters<typeof startSchedules>[0]): Promise<void> {
  try {
    const left = await store.expireDrafts(clock.now() - DRAFT_LIFE_IN_MS);
    if (left > 0) log.info('Drafts that nobody kept have left', { left });
  } catch (error) {
    log.error('Old drafts could not be swept', {}, error);
  }
}
