/** Longest wait that a person at the table is asked for; beyond it the call fails at once as rate-limited. */
export const MAX_RETRY_WAIT_IN_MS = 20_000;

const BACKOFF_FACTOR = 2;

/** How long a server asks us to wait (`retry-after-ms`, or `retry-after` in seconds or as a date), in milliseconds. */
export function retryAfterInMs(headers: Headers | undefined, nowInMs: number): number | undefined {
  const exact = headers?.get('retry-after-ms') ?? '';
  if (/^\d+(\.\d+)?$/.test(exact)) return Math.ceil(Number(exact));
  const text = headers?.get('retry-after') ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1_000);
  const dateInMs = text === '' ? Number.NaN : Date.parse(text);
  return Number.isNaN(dateInMs) ? undefined : Math.max(0, dateInMs - nowInMs);
}

/** Our own wait before the try numbered `retry` (from 0): doubling, and spread so that callers do not come in step. */
export function backoffInMs(firstInMs: number, retry: number): number {
  return firstInMs * BACKOFF_FACTOR ** retry * (0.75 + Math.random() / 2);
}
