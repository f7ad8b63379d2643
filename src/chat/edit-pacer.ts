import type { Clock } from '#src/core/clock.ts';
import { IdleMap } from './idle-map.ts';
import { type RateLimit, RateWindow } from './rate-window.ts';

/**
 * `first`: a post, which somebody waits for. `last`: the edit after which a message stays as it is. `middle`: an edit
 * that a newer one may replace.
 */
export type RequestKind = 'first' | 'last' | 'middle';

const KINDS: readonly RequestKind[] = ['first', 'last', 'middle'];

/** What the platform allows. */
export interface PaceLimit extends RateLimit {
  /** What it counts: posts, edits, or both. */
  readonly counts: 'posts' | 'edits' | 'both';
  /** Counted for everything together, or for each channel by itself. */
  readonly per: 'all' | 'channel';
}

export interface PaceRequest {
  readonly kind: RequestKind;
  readonly channelId: string;
  /** Aborts the wait: nothing is counted then. */
  readonly signal?: AbortSignal;
}

/** The share of each limit that middle edits leave to first posts and last edits. */
const RESERVED_SHARE = 0.25;
/**
 * How eagerly middle edits use what is left: the fuller the window, the further apart they are sent. From empty, 4 use
 * 80 % of their part of it.
 */
const EAGERNESS = 4;
/** A platform that wants to be left alone for longer is asked again after this. */
export const LONGEST_PAUSE_IN_MS = 5 * 60_000;

interface Waiter {
  readonly start: () => void;
}

/** Those who wait with requests of one kind. */
interface Lane {
  readonly kind: RequestKind;
  /** By channel, in the order of their turns. */
  readonly ready: Map<string, Set<Waiter>>;
  /** Channels whose own limit or pause holds them up, each with the timer that ends it. */
  readonly blocked: Map<string, { readonly waiters: Set<Waiter>; readonly timer: NodeJS.Timeout }>;
}

/**
 * The budget of requests that show something: whoever posts or edits asks here first. Posts go before last edits, these
 * before middle ones, which take turns by channel and always leave a part of the budget. Where many streams write at
 * once, their middle edits come less often, and nobody's first or last words wait for them.
 *
 * One for each budget of the platform: on Discord for the process, on Slack for each workspace. Timers run only while
 * somebody waits, and keep no process alive.
 */
export class EditPacer {
  readonly #clock: Clock;
  readonly #limits: readonly PaceLimit[];
  /** Of each limit that counts everything together. */
  readonly #shared: ReadonlyMap<PaceLimit, RateWindow>;
  /** Of each limit that counts by channel. */
  readonly #channels: ReadonlyMap<PaceLimit, IdleMap<RateWindow>>;
  readonly #lanes: readonly Lane[] = KINDS.map((kind) => ({ kind, ready: new Map(), blocked: new Map() }));
  #timer: NodeJS.Timeout | undefined;
  #pausedUntilInMs = 0;
  readonly #channelPausedUntilInMs = new IdleMap<number>((until) => until <= this.#latestInMs);
  #lastMiddleAtInMs = Number.NEGATIVE_INFINITY;
  #latestInMs = Number.NEGATIVE_INFINITY;
  #setBackInMs = 0;

  constructor(options: { readonly clock: Clock; readonly limits: readonly PaceLimit[] }) {
    this.#clock = options.clock;
    this.#limits = options.limits;
    const of = (per: PaceLimit['per']) => options.limits.filter((limit) => limit.per === per);
    this.#shared = new Map(of('all').map((limit) => [limit, new RateWindow(limit)]));
    this.#channels = new Map(
      of('channel').map((limit) => [limit, new IdleMap((window) => window.count(this.#latestInMs) === 0)]),
    );
  }

  /** How many wait, of each kind. */
  get waiting(): Readonly<Record<RequestKind, number>> {
    const counts = { first: 0, last: 0, middle: 0 };
    for (const { kind, ready, blocked } of this.#lanes) {
      for (const waiters of ready.values()) counts[kind] += waiters.size;
      for (const { waiters } of blocked.values()) counts[kind] += waiters.size;
    }
    return counts;
  }

  /** Resolves with true when the request may be sent, which is to be done at once; with false where `signal` aborts. */
  turn({ kind, channelId, signal }: PaceRequest): Promise<boolean> {
    if (signal?.aborted === true) return Promise.resolve(false);
    const lane = this.#lanes[KINDS.indexOf(kind)];
    if (lane === undefined) throw new RangeError(`EditPacer: unknown kind ${kind}`);
    return new Promise((resolve) => {
      const leave = () => {
        this.#remove(lane, channelId, waiter);
        resolve(false);
      };
      const waiter: Waiter = {
        start: () => {
          signal?.removeEventListener('abort', leave);
          resolve(true);
        },
      };
      signal?.addEventListener('abort', leave, { once: true });
      const waiters = lane.blocked.get(channelId)?.waiters ?? lane.ready.get(channelId);
      if (waiters === undefined) lane.ready.set(channelId, new Set([waiter]));
      else waiters.add(waiter);
      this.#handOut();
    });
  }

  /** The platform asked for a pause: of one channel, or of everything where none is named. */
  pause(forInMs: number, channelId?: string): void {
    const now = this.#now();
    const until = now + Math.min(Math.max(0, forInMs), LONGEST_PAUSE_IN_MS);
    if (channelId === undefined) this.#pausedUntilInMs = Math.max(this.#pausedUntilInMs, until);
    else {
      const before = this.#channelPausedUntilInMs.get(channelId) ?? 0;
      this.#channelPausedUntilInMs.set(channelId, Math.max(before, until));
    }
  }

  /** Lets go whoever may, and comes back when the next one may. */
  #handOut(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const now = this.#now();
    let nextInMs = Number.POSITIVE_INFINITY;
    for (const lane of this.#lanes) {
      for (const [channelId, waiters] of lane.ready) {
        const waitInMs = this.#sharedWaitInMs(lane.kind, now);
        if (waitInMs > 0) {
          nextInMs = Math.min(nextInMs, waitInMs);
          break;
        }
        lane.ready.delete(channelId);
        const channelWaitInMs = this.#channelWaitInMs(lane.kind, channelId, now);
        if (channelWaitInMs > 0) {
          this.#block(lane, channelId, waiters, channelWaitInMs);
          continue;
        }
        const [waiter] = waiters;
        if (waiter === undefined) continue;
        waiters.delete(waiter);
        // To the end of the round, which this loop reaches as well.
        if (waiters.size > 0) lane.ready.set(channelId, waiters);
        this.#count(lane.kind, channelId, now);
        waiter.start();
      }
    }
    if (nextInMs === Number.POSITIVE_INFINITY) return;
    this.#timer = setTimeout(() => this.#handOut(), Math.ceil(nextInMs)).unref();
  }

  #block(lane: Lane, channelId: string, waiters: Set<Waiter>, forInMs: number): void {
    const unblock = () => {
      lane.blocked.delete(channelId);
      lane.ready.set(channelId, waiters);
      this.#handOut();
    };
    lane.blocked.set(channelId, { waiters, timer: setTimeout(unblock, Math.ceil(forInMs)).unref() });
  }

  #remove(lane: Lane, channelId: string, waiter: Waiter): void {
    const blocked = lane.blocked.get(channelId);
    const waiters = blocked?.waiters ?? lane.ready.get(channelId);
    waiters?.delete(waiter);
    if (waiters?.size !== 0) return;
    lane.ready.delete(channelId);
    if (blocked !== undefined) clearTimeout(blocked.timer);
    lane.blocked.delete(channelId);
    // Nobody may be waiting for the timer any more.
    if (this.#lanes.every(({ ready }) => ready.size === 0)) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
  }

  /** How long everything of this kind has to wait. */
  #sharedWaitInMs(kind: RequestKind, now: number): number {
    let waitInMs = this.#pausedUntilInMs - now;
    for (const [limit, window] of this.#shared) {
      if (!countsKind(limit, kind)) continue;
      const limitWaitInMs =
        kind === 'middle' ? this.#middleWaitInMs(limit, window, now) : window.waitInMs(now);
      waitInMs = Math.max(waitInMs, limitWaitInMs);
    }
    return Math.max(0, waitInMs);
  }

  /** Middle edits keep their distance, and leave the reserve alone. */
  #middleWaitInMs(limit: PaceLimit, window: RateWindow, now: number): number {
    const cap = middleCap(limit);
    const free = cap - window.count(now);
    const untilFreerInMs = window.waitInMs(now, cap);
    if (free <= 0) return untilFreerInMs;
    return this.#lastMiddleAtInMs + limit.windowInMs / (EAGERNESS * free) - now;
  }

  #channelWaitInMs(kind: RequestKind, channelId: string, now: number): number {
    let waitInMs = (this.#channelPausedUntilInMs.get(channelId) ?? 0) - now;
    for (const [limit, windows] of this.#channels) {
      if (!countsKind(limit, kind)) continue;
      const cap = kind === 'middle' ? middleCap(limit) : limit.limit;
      waitInMs = Math.max(waitInMs, windows.get(channelId)?.waitInMs(now, cap) ?? 0);
    }
    return Math.max(0, waitInMs);
  }

  #count(kind: RequestKind, channelId: string, now: number): void {
    if (kind === 'middle') this.#lastMiddleAtInMs = now;
    for (const limit of this.#limits) {
      if (!countsKind(limit, kind)) continue;
      this.#shared.get(limit)?.add(now);
      const windows = this.#channels.get(limit);
      if (windows === undefined) continue;
      const window = windows.get(channelId) ?? new RateWindow(limit);
      windows.set(channelId, window);
      window.add(now);
    }
  }

  /** A clock that is set back would otherwise hold everybody up until it has caught up. */
  #now(): number {
    const now = this.#clock.now() + this.#setBackInMs;
    if (now >= this.#latestInMs) {
      this.#latestInMs = now;
      return now;
    }
    this.#setBackInMs += this.#latestInMs - now;
    return this.#latestInMs;
  }
}

function countsKind({ counts }: PaceLimit, kind: RequestKind): boolean {
  return counts === 'both' || (counts === 'posts') === (kind === 'first');
}

/** How many may count when a middle edit is sent. */
function middleCap({ limit }: PaceLimit): number {
  return Math.max(1, Math.floor(limit * (1 - RESERVED_SHARE)));
}
