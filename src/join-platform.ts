import type { RunningAdapter } from './core/adapter.ts';
import { PlatformAway, Refusal } from './core/errors.ts';
import type { Log } from './core/log.ts';

/** Before a platform that is away is tried a second time; doubled each time. */
const FIRST_PAUSE_IN_MS = 5_000;
/** Discord lets a bot in a thousand times a day. */
const LONGEST_PAUSE_IN_MS = 300_000;
/** An adapter has so long to let go of its platform. */
const LETTING_GO_WITHIN_MS = 3_000;

export interface Joined {
  readonly name: string;
  readonly adapter: RunningAdapter;
}

interface Joining {
  readonly name: string;
  readonly start: () => Promise<RunningAdapter>;
  readonly joined: Joined[];
  readonly leave: AbortSignal;
  readonly log: Log;
  readonly say: (line: string) => void;
}

/**
 * Joins a platform; one that is away is tried again, ever less eagerly, until it is there or the process is to end. Says
 * and logs only what has changed. Never rejects: one platform that cannot be joined keeps no other from it.
 */
export async function joinPlatform(joining: Joining): Promise<void> {
  const { name, leave, log, say } = joining;
  let why: string | undefined;
  for (let pauseInMs = FIRST_PAUSE_IN_MS; ; pauseInMs = Math.min(LONGEST_PAUSE_IN_MS, pauseInMs * 2)) {
    const error = await tryToJoin(joining);
    if (error === undefined || leave.aborted) return;
    if (!(error instanceof PlatformAway)) {
      if (!(error instanceof Refusal)) log.error('A platform could not be joined', { platform: name }, error);
      say(
        `${name}: not connected. ${error instanceof Refusal ? error.message : 'Something failed inside; the log has the cause. Start again, and see whether it lasts.'}`,
      );
      return;
    }
    if (why !== error.message) {
      log.warn('A platform is away, and is tried again', { platform: name }, error);
      say(`${name}: not connected. ${error.message} It is tried again until it works.`);
      why = error.message;
    }
    await pause(pauseInMs, leave);
    if (leave.aborted) return;
  }
}

/** @returns why it did not come about; undefined where it did. */
async function tryToJoin({ name, start, joined, leave, log, say }: Joining): Promise<unknown> {
  try {
    const adapter = await start();
    if (leave.aborted) {
      // It came too late: everything else is being closed.
      await letGo([{ name, adapter }], 'close', log);
      return undefined;
    }
    joined.push({ name, adapter });
    say(`${name}: connected${adapter.connection === undefined ? '' : ` ${adapter.connection}`}.`);
    return undefined;
  } catch (error) {
    return error ?? new Error('no reason was given');
  }
}

/** Whatever an adapter does, everything else is closed in order. */
export async function letGo(
  joined: readonly Joined[],
  how: 'stopHearing' | 'close',
  log: Log,
): Promise<void> {
  await Promise.all(
    joined.map(async ({ name, adapter }) => {
      const late = Promise.withResolvers<void>();
      const timer = setTimeout(() => {
        log.warn('A platform was not let go of in time', { platform: name, doing: how });
        late.resolve();
      }, LETTING_GO_WITHIN_MS);
      try {
        await Promise.race([adapter[how](), late.promise]);
      } catch (error) {
        log.error('A platform could not be let go of', { platform: name, doing: how }, error);
      } finally {
        clearTimeout(timer);
      }
    }),
  );
}

/** Resolves after so long, or when the signal aborts. It keeps the process alive: nothing else may. */
async function pause(durationInMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const done = () => resolve();
  const timer = setTimeout(done, durationInMs);
  signal.addEventListener('abort', done, { once: true });
  await promise;
  clearTimeout(timer);
  signal.removeEventListener('abort', done);
}
