import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EditPacer, LONGEST_PAUSE_IN_MS, type PaceLimit, type RequestKind } from '#src/chat/edit-pacer.ts';
import { systemClock } from '#src/core/clock.ts';

const PER_SECOND: PaceLimit = { limit: 45, windowInMs: 1000, counts: 'both', per: 'all' };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function pacerWith(...limits: readonly PaceLimit[]): EditPacer {
  return new EditPacer({ clock: systemClock, limits });
}

interface Sent {
  readonly kind: RequestKind;
  readonly channelId: string;
  readonly atInMs: number;
}

/** Asks for a turn, and notes when it came. */
function ask(pacer: EditPacer, sent: Sent[], kind: RequestKind, channelId: string): Promise<void> {
  return pacer.turn({ kind, channelId }).then(() => {
    sent.push({ kind, channelId, atInMs: Date.now() });
  });
}

/** A message that is edited as often as it may. */
function stream(pacer: EditPacer, sent: Sent[], channelId: string): void {
  void ask(pacer, sent, 'middle', channelId).then(() => stream(pacer, sent, channelId));
}

const fixed = (limit: number, windowInMs = 1000): PaceLimit => ({
  limit,
  windowInMs,
  counts: 'both',
  per: 'all',
});

describe('EditPacer', () => {
  it('never lets more go than the limit in any stretch of the window', async () => {
    const requests = fc.array(
      fc.record({
        kind: fc.constantFrom<RequestKind>('first', 'last', 'middle'),
        channel: fc.integer({ min: 0, max: 5 }),
        afterInMs: fc.integer({ min: 0, max: 60 }),
      }),
      { minLength: 1, maxLength: 150 },
    );
    await fc.assert(
      fc.asyncProperty(requests, fc.integer({ min: 1, max: 20 }), async (planned, limit) => {
        const pacer = pacerWith(fixed(limit));
        const sent: Sent[] = [];
        const all: Promise<void>[] = [];
        for (const { kind, channel, afterInMs } of planned) {
          await vi.advanceTimersByTimeAsync(afterInMs);
          all.push(ask(pacer, sent, kind, `c${channel}`));
        }
        await vi.runAllTimersAsync();
        await Promise.all(all);
        expect(sent).toHaveLength(planned.length);
        const times = sent.map(({ atInMs }) => atInMs);
        times.forEach((at, index) => {
          const before = times[index - limit];
          if (before !== undefined) expect(at - before).toBeGreaterThanOrEqual(1000);
        });
        expect(vi.getTimerCount()).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  it('lets posts go before last edits, and these before middle ones', async () => {
    const pacer = pacerWith(fixed(4));
    const sent: Sent[] = [];
    for (let index = 0; index < 4; index += 1) void ask(pacer, sent, 'first', 'full');
    await vi.advanceTimersByTimeAsync(0);
    sent.length = 0;
    for (const kind of ['middle', 'last', 'first', 'middle', 'last', 'first'] as const)
      void ask(pacer, sent, kind, kind);
    expect(pacer.waiting).toEqual({ first: 2, last: 2, middle: 2 });
    await vi.runAllTimersAsync();
    expect(sent.map(({ kind }) => kind)).toEqual(['first', 'first', 'last', 'last', 'middle', 'middle']);
  });

  it('keeps no first post and no last edit waiting for middle edits', async () => {
    const pacer = pacerWith(PER_SECOND);
    const middles: Sent[] = [];
    for (let channel = 0; channel < 200; channel += 1) stream(pacer, middles, `c${channel}`);
    await vi.advanceTimersByTimeAsync(5000);
    for (let index = 0; index < 100; index += 1) {
      const sent: Sent[] = [];
      const askedAtInMs = Date.now();
      void ask(pacer, sent, index % 2 === 0 ? 'first' : 'last', `new${index}`);
      await vi.advanceTimersByTimeAsync(50);
      expect(sent.map(({ atInMs }) => atInMs - askedAtInMs)).toEqual([0]);
    }
    // Half of the budget went to them; the other streams still had what is left beside the reserve.
    expect(middles.filter(({ atInMs }) => atInMs > Date.now() - 1000).length).toBeGreaterThan(7);
  });

  it('spreads middle edits evenly, and uses most of what they may have', async () => {
    const pacer = pacerWith(fixed(50, 60_000));
    const sent: Sent[] = [];
    for (let channel = 0; channel < 5; channel += 1) stream(pacer, sent, `c${channel}`);
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    const late = sent.filter(({ atInMs }) => atInMs > Date.now() - 5 * 60_000);
    expect(late.length / 5).toBeGreaterThan(26);
    expect(late.length / 5).toBeLessThanOrEqual(37);
    const gaps = late.slice(1).map(({ atInMs }, index) => atInMs - (late[index]?.atInMs ?? 0));
    expect(Math.max(...gaps)).toBeLessThan(4000);
    const perChannel = Map.groupBy(late, ({ channelId }) => channelId);
    const counts = [...perChannel.values()].map((own) => own.length);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  });

  it('gives a channel with many requests no more turns than the others', async () => {
    const pacer = pacerWith(fixed(8));
    const sent: Sent[] = [];
    for (let index = 0; index < 8; index += 1) void ask(pacer, [], 'first', 'full');
    for (let index = 0; index < 20; index += 1) void ask(pacer, sent, 'middle', 'busy');
    for (let index = 0; index < 5; index += 1) void ask(pacer, sent, 'middle', 'calm');
    await vi.runAllTimersAsync();
    expect(sent.slice(0, 10).map(({ channelId }) => channelId)).toEqual(
      Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? 'busy' : 'calm')),
    );
  });

  it('counts posts by channel where the platform does, and edits on their own', async () => {
    const pacer = pacerWith(
      { limit: 2, windowInMs: 2000, counts: 'posts', per: 'channel' },
      { limit: 4, windowInMs: 60_000, counts: 'edits', per: 'all' },
    );
    const sent: Sent[] = [];
    for (let index = 0; index < 3; index += 1) void ask(pacer, sent, 'first', 'one');
    void ask(pacer, sent, 'first', 'other');
    void ask(pacer, sent, 'last', 'one');
    await vi.advanceTimersByTimeAsync(0);
    expect(sent.map(({ kind, channelId }) => `${kind} ${channelId}`)).toEqual([
      'first one',
      'first one',
      'first other',
      'last one',
    ]);
    await vi.advanceTimersByTimeAsync(1999);
    expect(sent).toHaveLength(4);
    await vi.advanceTimersByTimeAsync(1);
    expect(sent).toHaveLength(5);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('lets everything rest for as long as the platform asks', async () => {
    const pacer = pacerWith(PER_SECOND);
    const sent: Sent[] = [];
    const began = Date.now();
    pacer.pause(3000);
    // A shorter one does not end it.
    pacer.pause(10);
    for (const kind of ['first', 'last', 'middle'] as const) void ask(pacer, sent, kind, kind);
    await vi.advanceTimersByTimeAsync(2999);
    expect(sent).toEqual([]);
    await vi.runAllTimersAsync();
    expect(sent.map(({ atInMs }) => atInMs - began)).toEqual([3000, 3000, 3000]);
  });

  it('lets one channel rest while the others go on', async () => {
    const pacer = pacerWith(PER_SECOND);
    const sent: Sent[] = [];
    const began = Date.now();
    pacer.pause(700, 'tired');
    for (const kind of ['first', 'last', 'middle'] as const) {
      void ask(pacer, sent, kind, 'tired');
      void ask(pacer, sent, kind, 'fresh');
    }
    await vi.runAllTimersAsync();
    const waits = (channel: string) =>
      sent.filter(({ channelId }) => channelId === channel).map(({ atInMs }) => atInMs - began);
    expect(waits('fresh')).toEqual([0, 0, 0]);
    expect(waits('tired')).toEqual([700, 700, 700]);
  });

  it('asks again after five minutes however long the pause is to be', async () => {
    const pacer = pacerWith(PER_SECOND);
    const sent: Sent[] = [];
    const began = Date.now();
    pacer.pause(24 * 60 * 60_000);
    void ask(pacer, sent, 'first', 'c');
    await vi.runAllTimersAsync();
    expect(sent.map(({ atInMs }) => atInMs - began)).toEqual([LONGEST_PAUSE_IN_MS]);
  });

  it.each(['first', 'last', 'middle'] as const)('forgets a %s whose wait is aborted', async (kind) => {
    const pacer = pacerWith(fixed(1), { limit: 1, windowInMs: 5000, counts: 'both', per: 'channel' });
    await pacer.turn({ kind: 'first', channelId: 'held' });
    await vi.advanceTimersByTimeAsync(1000);
    const controller = new AbortController();
    const { signal } = controller;
    const shared = pacer.turn({ kind, channelId: 'free' });
    const turns = [
      pacer.turn({ kind, channelId: 'held', signal }),
      pacer.turn({ kind, channelId: 'free', signal }),
    ];
    controller.abort();
    expect(await Promise.all(turns)).toEqual([false, false]);
    expect(await shared).toBe(true);
    expect(await pacer.turn({ kind, channelId: 'free', signal })).toBe(false);
    expect(pacer.waiting).toEqual({ first: 0, last: 0, middle: 0 });
    expect(vi.getTimerCount()).toBe(0);
    // None of them was counted.
    await vi.advanceTimersByTimeAsync(1000);
    const sent: Sent[] = [];
    void ask(pacer, sent, 'first', 'new');
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toHaveLength(1);
  });

  it('leaves no timer and no listener behind', async () => {
    const pacer = pacerWith({ limit: 1, windowInMs: 5000, counts: 'both', per: 'channel' });
    const controller = new AbortController();
    const { signal } = controller;
    await pacer.turn({ kind: 'first', channelId: 'held', signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    const held = pacer.turn({ kind: 'first', channelId: 'held', signal });
    expect(vi.getTimerCount()).toBe(1);
    controller.abort();
    expect(await held).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('goes on where the clock is set back', async () => {
    let aheadInMs = 60 * 60_000;
    const clock = { now: () => Date.now() + aheadInMs };
    const pacer = new EditPacer({ clock, limits: [fixed(1)] });
    const sent: Sent[] = [];
    const began = Date.now();
    await ask(pacer, sent, 'first', 'c');
    aheadInMs = 0;
    void ask(pacer, sent, 'first', 'c');
    await vi.runAllTimersAsync();
    expect(sent.map(({ atInMs }) => atInMs - began)).toEqual([0, 1000]);
  });

  it('refuses limits that let nothing go', () => {
    expect(() => pacerWith(fixed(0))).toThrow('limit must be a whole number of at least 1, got 0');
    expect(() => pacerWith(fixed(1, 0))).toThrow('windowInMs must be above 0, got 0');
  });
});
