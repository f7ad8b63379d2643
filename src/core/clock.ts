/** Time, injected so that tests own it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/**
 * What the work gives, or undefined where it takes longer than so long; leaves no timer behind.
 * @param onLateFailure hears of a failure that comes after that, which is lost where this is left out.
 */
export async function inTime<T>(
  limitInMs: number,
  work: Promise<T>,
  onLateFailure?: (error: unknown) => void,
): Promise<{ readonly value: T } | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => {
    work.catch((error: unknown) => onLateFailure?.(error));
    resolve(undefined);
  }, limitInMs);
  try {
    return await Promise.race([work.then((value) => ({ value })), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Resolves when the work has ended, well or not, or after so long. */
export async function within(limitInMs: number, work: Promise<unknown>): Promise<void> {
  await inTime(
    limitInMs,
    work.catch(() => undefined),
  );
}
