import type { Clock } from '#src/core/clock.ts';

/** Requests a second that one bot has in all; what answers interactions does not count. */
const GLOBAL_PER_SECOND = 50;
const SECOND_IN_MS = 1000;

/** Buckets as Discord's headers show them; where a route is in none, it has a wide one. */
const BUCKETS: readonly (readonly [route: RegExp, limit: number, windowInMs: number])[] = [
  [/^POST \/channels\/[^/]+\/messages$/u, 5, 5000],
  [/^PATCH \/channels\/[^/]+\/messages\//u, 5, 5000],
  [/^POST \/channels\/[^/]+\/typing$/u, 5, 5000],
  [/^POST \/channels\/[^/]+\/webhooks$/u, 5, 5000],
  [/^(POST|PATCH) \/webhooks\/[^/]+\/[^/]+/u, 5, 2000],
];
const WIDE = { limit: 50, windowInMs: 1000 } as const;

export interface Verdict {
  readonly headers: Readonly<Record<string, string>>;
  /** Set: 429, and how long to wait. */
  readonly refusedForInMs: number | undefined;
  readonly isGlobal: boolean;
}

interface Window {
  count: number;
  endsAtInMs: number;
}

/** Counts requests in windows, as Discord does, and says so in headers. */
export class RateLimits {
  readonly #clock: Clock;
  readonly #windows = new Map<string, Window>();
  /** The most requests that counted within one second. */
  busiestSecond = 0;
  readonly #recent: number[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param key `METHOD /path` with its ids, without ids of messages. */
  count(key: string, countsGlobally: boolean): Verdict {
    const now = this.#clock.now();
    if (countsGlobally) {
      const global = this.#window('global', SECOND_IN_MS, now);
      if (global.count >= GLOBAL_PER_SECOND) {
        const waitInMs = global.endsAtInMs - now;
        return { headers: limitedHeaders(waitInMs, 'global'), refusedForInMs: waitInMs, isGlobal: true };
      }
    }
    const found = BUCKETS.find(([route]) => route.test(key));
    const [limit, windowInMs] = found === undefined ? [WIDE.limit, WIDE.windowInMs] : [found[1], found[2]];
    const bucket = this.#window(key, windowInMs, now);
    const leftInMs = bucket.endsAtInMs - now;
    const shown = {
      'X-RateLimit-Limit': String(limit),
      'X-RateLimit-Remaining': String(Math.max(0, limit - bucket.count - 1)),
      'X-RateLimit-Reset': String(bucket.endsAtInMs / SECOND_IN_MS),
      'X-RateLimit-Reset-After': String(leftInMs / SECOND_IN_MS),
      'X-RateLimit-Bucket': nameOf(key),
    };
    if (bucket.count >= limit)
      return {
        headers: { ...shown, ...limitedHeaders(leftInMs, 'user') },
        refusedForInMs: leftInMs,
        isGlobal: false,
      };
    bucket.count += 1;
    if (countsGlobally) {
      this.#window('global', SECOND_IN_MS, now).count += 1;
      this.#notice(now);
    }
    return { headers: shown, refusedForInMs: undefined, isGlobal: false };
  }

  #notice(now: number): void {
    this.#recent.push(now);
    while ((this.#recent[0] ?? now) <= now - SECOND_IN_MS) this.#recent.shift();
    this.busiestSecond = Math.max(this.busiestSecond, this.#recent.length);
  }

  #window(key: string, lengthInMs: number, now: number): Window {
    const known = this.#windows.get(key);
    if (known !== undefined && known.endsAtInMs > now) return known;
    const fresh = { count: 0, endsAtInMs: now + lengthInMs };
    this.#windows.set(key, fresh);
    return fresh;
  }
}

export function limitedHeaders(waitInMs: number, scope: 'global' | 'user'): Readonly<Record<string, string>> {
  return {
    'Retry-After': String(waitInMs / SECOND_IN_MS),
    'X-RateLimit-Scope': scope,
    ...(scope === 'global' ? { 'X-RateLimit-Global': 'true' } : {}),
  };
}

/** One name for all channels: Discord's buckets are of routes, with the channel or webhook apart. */
function nameOf(key: string): string {
  return Buffer.from(key.replaceAll(/\d{15,}/gu, 'id').slice(0, 40)).toString('hex');
}
