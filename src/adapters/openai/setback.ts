import { setTimeout as delay } from 'node:timers/promises';
import type { APIError } from 'openai';
import type { Failure } from './failure.ts';
import type { Patience } from './patience.ts';
import { backoffInMs, MAX_RETRY_WAIT_IN_MS, retryAfterInMs } from './retry-after.ts';

const MAX_RETRIES = 2;
const FIRST_BACKOFF_IN_MS = 500;

/** A call that failed before anything of its answer was given out, and how long the server asks to wait. */
export interface Setback extends Failure {
  readonly retryAfterInMs: number | undefined;
  readonly wasAnswered: boolean;
}

/** @param answered the error with which the server answered, if it did. */
export function setbackOf(failure: Failure, answered: APIError | undefined): Setback {
  const wait = retryAfterInMs(answered?.headers, Date.now());
  return { ...failure, retryAfterInMs: wait, wasAnswered: answered !== undefined };
}

/**
 * Waits until the call may be tried again.
 * @throws ModelError where there is to be no other try.
 */
export async function beforeRetry(
  setback: Setback,
  options: {
    readonly model: string;
    /** How many retries there were before this one. */
    readonly retry: number;
    readonly patience: Patience;
    /** Wait before the first retry where the server names none; it doubles with each. */
    readonly firstBackoffInMs: number | undefined;
  },
): Promise<void> {
  const { model, retry, patience, firstBackoffInMs = FIRST_BACKOFF_IN_MS } = options;
  const wait = setback.retryAfterInMs ?? backoffInMs(firstBackoffInMs, retry);
  if (!setback.isRetryable || retry === MAX_RETRIES || wait > MAX_RETRY_WAIT_IN_MS) throw setback.error;
  // A server that answered is there: its silence is counted anew. A dead one gets no more time by being retried.
  if (setback.wasAnswered) patience.pause();
  await delay(wait, undefined, { signal: patience.signal }).catch(() => patience.throwIfLost(model));
  if (setback.wasAnswered) patience.heard();
}
