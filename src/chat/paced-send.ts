import type { EditPacer, PaceRequest } from './edit-pacer.ts';
import { RateLimited } from './failures.ts';

/** So often in a row may the platform answer one request with "too many". */
export const MOST_RATE_LIMITS = 10;
/** Whoever would have to wait longer for one request is told that it failed. */
const PATIENCE_IN_MS = 60_000;

/**
 * Sends one request when it is its turn, and again when the platform had too many.
 * @throws what `send` throws otherwise; RateLimited where the platform keeps saying so.
 */
export async function sendPaced<R>(
  pacer: EditPacer,
  request: Omit<PaceRequest, 'signal'>,
  send: () => Promise<R>,
): Promise<R> {
  for (let rateLimits = 1; ; rateLimits += 1) {
    await pacer.turn(request);
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof RateLimited)) throw error;
      heed(pacer, error, request.channelId);
      if (isHopeless(error, rateLimits)) throw error;
    }
  }
}

/** Lets rest what the platform wants to rest. */
export function heed(pacer: EditPacer, { retryAfterInMs, isGlobal }: RateLimited, channelId: string): void {
  pacer.pause(retryAfterInMs, isGlobal ? undefined : channelId);
}

/** @param rateLimits how often in a row the request was answered so. */
export function isHopeless({ retryAfterInMs }: RateLimited, rateLimits: number): boolean {
  return rateLimits >= MOST_RATE_LIMITS || retryAfterInMs > PATIENCE_IN_MS;
}
