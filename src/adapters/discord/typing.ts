import type { StageParts } from './stage-parts.ts';

/** Discord shows it for 10 seconds. */
const REPEAT_IN_MS = 9000;
/** Whoever has said nothing after this long is not typing any more. */
const MAX_REPEATS = 12;

/** Shows that somebody is about to speak, until `done` aborts. Gives way to everything else that is sent; never rejects. */
export async function showTyping(
  { api, pacer, log }: Pick<StageParts, 'api' | 'pacer' | 'log'>,
  channelId: string,
  done: AbortSignal,
): Promise<void> {
  try {
    for (let repeats = 0; repeats < MAX_REPEATS; repeats += 1) {
      if (!(await pacer.turn({ kind: 'middle', channelId, signal: done }))) return;
      await api.showTyping(channelId);
      if (!(await waited(REPEAT_IN_MS, done))) return;
    }
  } catch (error) {
    log.debug('a channel could not be shown that somebody is typing', { channelId }, error);
  }
}

/** False where the signal aborted first. */
function waited(forInMs: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      resolve(false);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', end);
      resolve(!signal.aborted);
    }, forInMs).unref();
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  });
}
