import type { Clock } from '#src/core/clock.ts';
import type { Store } from '#src/core/store.ts';

/** How long a draft stays that nobody keeps or speaks with. */
const DRAFT_LIFE_IN_MS = 24 * 60 * 60 * 1000;

const HOURLY = '17 * * * *';

interface ScheduleLog {
  info(event: string, details?: Readonly<Record<string, number>>): void;
  error(event: string, details?: Readonly<Record<string, string>>, error?: unknown): void;
}

/** Starts what is done by the clock; node-cron is loaded once the product is up. */
export function startSchedules(options: {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: ScheduleLog;
}): {
  stop(): Promise<void>;
} {
  const sweep = () => expireDrafts(options);
  const scheduled = sweep().then(async () => {
    const { schedule } = await import('node-cron');
    return schedule(HOURLY, sweep, { name: 'drafts leave', noOverlap: true });
  });
  scheduled.catch((error: unknown) => options.log.error('The schedules did not start', {}, error));
  return {
    async stop() {
      const task = await scheduled.catch(() => undefined);
      await task?.destroy();
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
