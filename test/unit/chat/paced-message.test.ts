import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EditPacer } from '#src/chat/edit-pacer.ts';
import { MessageGone, RateLimited } from '#src/chat/failures.ts';
import { LAST_EDIT_TRIES, MIN_EDIT_INTERVAL_IN_MS, PacedMessage } from '#src/chat/paced-message.ts';
import { MOST_RATE_LIMITS } from '#src/chat/paced-send.ts';
import { systemClock } from '#src/core/clock.ts';
import { Refusal } from '#src/core/errors.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A message on a platform that takes `latencyInMs` and answers as `answers` say, then well. */
function messageOn({ latencyInMs = 100, answers = [] as readonly (Error | undefined)[] } = {}) {
  const edits: { readonly content: string; readonly atInMs: number }[] = [];
  const faults: unknown[] = [];
  const state = { inFlight: 0, mostInFlight: 0, gone: 0, standing: 'posted' };
  const pacer = new EditPacer({
    clock: systemClock,
    limits: [{ limit: 45, windowInMs: 1000, counts: 'both', per: 'all' }],
  });
  const beganAtInMs = Date.now();
  const left = [...answers];
  const message = new PacedMessage<string>({
    pacer,
    channelId: 'c',
    clock: systemClock,
    standing: 'posted',
    edit: async (content) => {
      edits.push({ content, atInMs: Date.now() - beganAtInMs });
      state.inFlight += 1;
      state.mostInFlight = Math.max(state.mostInFlight, state.inFlight);
      await new Promise((resolve) => setTimeout(resolve, latencyInMs));
      state.inFlight -= 1;
      const failure = left.shift();
      if (failure !== undefined) throw failure;
      state.standing = content;
    },
    onGone: () => {
      state.gone += 1;
    },
    onFault: (error) => faults.push(error),
  });
  return { message, edits, faults, state, pacer, contents: () => edits.map(({ content }) => content) };
}

const settled = (promise: Promise<void>) =>
  promise.then(
    () => 'resolved',
    (error: unknown) => error,
  );

describe('PacedMessage', () => {
  it('shows the newest content only, an interval after the message was posted', async () => {
    const { message, edits } = messageOn();
    message.show('a');
    message.show('b');
    await vi.advanceTimersByTimeAsync(MIN_EDIT_INTERVAL_IN_MS - 1);
    expect(edits).toEqual([]);
    message.show('c');
    await vi.advanceTimersByTimeAsync(1);
    expect(edits).toEqual([{ content: 'c', atInMs: MIN_EDIT_INTERVAL_IN_MS }]);
  });

  it('has one request in flight, and keeps the interval between any two, the last one too', async () => {
    const { message, edits, state } = messageOn({ latencyInMs: 3000 });
    message.show('a');
    await vi.advanceTimersByTimeAsync(2000);
    message.show('b');
    await vi.advanceTimersByTimeAsync(3000);
    const closed = message.close('c');
    await vi.runAllTimersAsync();
    await closed;
    expect(state.mostInFlight).toBe(1);
    expect(edits).toEqual([
      { content: 'a', atInMs: 1200 },
      { content: 'b', atInMs: 4200 },
      { content: 'c', atInMs: 7200 },
    ]);
  });

  it('does not send what stands already', async () => {
    const { message, contents } = messageOn();
    message.show('posted');
    await vi.runAllTimersAsync();
    message.show('a');
    await vi.runAllTimersAsync();
    message.show('b');
    message.show('a');
    await vi.runAllTimersAsync();
    await message.close('a');
    expect(contents()).toEqual(['a']);
  });

  it('compares as it is told to', async () => {
    const edited: { text: string }[] = [];
    const message = new PacedMessage<{ text: string }>({
      pacer: new EditPacer({ clock: systemClock, limits: [] }),
      channelId: 'c',
      clock: systemClock,
      standing: { text: 'a' },
      isSame: (one, other) => one.text === other.text,
      edit: async (content) => {
        edited.push(content);
      },
    });
    message.show({ text: 'a' });
    await vi.runAllTimersAsync();
    const closed = message.close({ text: 'b' });
    await vi.runAllTimersAsync();
    await closed;
    expect(edited).toEqual([{ text: 'b' }]);
  });

  it('shows the last content though a middle edit waits for the budget', async () => {
    const { message, contents, pacer } = messageOn();
    pacer.pause(5000);
    message.show('a');
    await vi.advanceTimersByTimeAsync(2000);
    expect(pacer.waiting).toEqual({ first: 0, last: 0, middle: 1 });
    const closed = message.close('z');
    await vi.advanceTimersByTimeAsync(0);
    expect(pacer.waiting).toEqual({ first: 0, last: 1, middle: 0 });
    message.show('too late');
    await vi.runAllTimersAsync();
    await closed;
    expect(contents()).toEqual(['z']);
  });

  it('waits as long as the platform asks, and then sends what is newest by then', async () => {
    const tooMany = new RateLimited(4000, { isGlobal: false });
    const { message, edits } = messageOn({ answers: [tooMany] });
    message.show('a');
    await vi.advanceTimersByTimeAsync(2000);
    message.show('b');
    await vi.runAllTimersAsync();
    expect(edits).toEqual([
      { content: 'a', atInMs: 1200 },
      { content: 'b', atInMs: 5300 },
    ]);
  });

  it('keeps its interval also where the platform asks for less', async () => {
    const { message, edits } = messageOn({ answers: [new RateLimited(10, { isGlobal: false })] });
    message.show('a');
    await vi.runAllTimersAsync();
    expect(edits.map(({ atInMs }) => atInMs)).toEqual([1200, 2400]);
  });

  it('holds up other channels only where the limit is for everything', async () => {
    const { message, pacer } = messageOn({ answers: [new RateLimited(5000, { isGlobal: true })] });
    message.show('a');
    await vi.advanceTimersByTimeAsync(1500);
    let isFree = false;
    void pacer.turn({ kind: 'first', channelId: 'other' }).then(() => {
      isFree = true;
    });
    await vi.advanceTimersByTimeAsync(4799);
    expect(isFree).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(isFree).toBe(true);
  });

  it('gives up where the platform never takes it', async () => {
    const answers = Array.from({ length: 100 }, () => new RateLimited(1000, { isGlobal: false }));
    const { message, edits } = messageOn({ answers });
    const closed = settled(message.close('z'));
    await vi.runAllTimersAsync();
    expect(await closed).toBeInstanceOf(RateLimited);
    expect(edits).toHaveLength(MOST_RATE_LIMITS);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('gives its last words all their tries, whatever was refused before them', async () => {
    const answers = Array.from(
      { length: 2 * MOST_RATE_LIMITS - 3 },
      () => new RateLimited(10, { isGlobal: false }),
    );
    const { message, state, edits } = messageOn({ answers });
    message.show('a');
    // Each try waits for the interval, and for the pause that was asked.
    while (edits.length < MOST_RATE_LIMITS - 1) await vi.advanceTimersByTimeAsync(100);
    const closed = settled(message.close('z'));
    await vi.runAllTimersAsync();
    expect(await closed).toBe('resolved');
    expect(state.standing).toBe('z');
  });

  it('counts only what was refused in a row', async () => {
    const tooMany = new RateLimited(10, { isGlobal: false });
    const answers = Array.from({ length: 2 * MOST_RATE_LIMITS }, (_, index) =>
      index % 2 === 0 ? tooMany : undefined,
    );
    const { message, state } = messageOn({ answers });
    for (let index = 0; index < MOST_RATE_LIMITS - 1; index += 1) {
      message.show(`${index}`);
      await vi.runAllTimersAsync();
    }
    const closed = settled(message.close('z'));
    await vi.runAllTimersAsync();
    expect(await closed).toBe('resolved');
    expect(state.standing).toBe('z');
  });

  it('stops quietly where the message is gone, and says so once', async () => {
    const { message, contents, state } = messageOn({ answers: [new MessageGone()] });
    message.show('a');
    await vi.runAllTimersAsync();
    message.show('b');
    await vi.runAllTimersAsync();
    await message.close('c');
    expect(contents()).toEqual(['a']);
    expect(state.gone).toBe(1);
  });

  it('closes quietly where the message is found gone at the end', async () => {
    const { message, state } = messageOn({ answers: [new MessageGone()] });
    const closed = settled(message.close('z'));
    await vi.runAllTimersAsync();
    expect(await closed).toBe('resolved');
    expect(state.gone).toBe(1);
  });

  it('reports a middle edit that failed, does not repeat it, and shows the last one', async () => {
    const broken = new Error('500');
    const { message, contents, faults, state } = messageOn({ answers: [broken] });
    message.show('a');
    await vi.runAllTimersAsync();
    expect(contents()).toEqual(['a']);
    expect(faults).toEqual([broken]);
    // Nobody knows what stands: even what was posted has to be sent.
    const closed = message.close('posted');
    await vi.runAllTimersAsync();
    await closed;
    expect(contents()).toEqual(['a', 'posted']);
    expect(state.standing).toBe('posted');
  });

  it('tries the last edit several times, further and further apart', async () => {
    const answers = [new Error('500'), new Error('502'), new Error('503')];
    const { message, edits, state } = messageOn({ answers });
    const closed = settled(message.close('z'));
    await vi.runAllTimersAsync();
    expect(await closed).toBe('resolved');
    expect(state.standing).toBe('z');
    expect(edits.map(({ atInMs }) => atInMs)).toEqual([1200, 2400, 4400, 8400]);
  });

  it('rejects in the end with what the platform said', async () => {
    const answers = Array.from({ length: LAST_EDIT_TRIES }, (_, index) => new Error(`try ${index + 1}`));
    const { message, edits } = messageOn({ answers });
    message.show('a');
    const closed = settled(message.close('z'));
    await vi.runAllTimersAsync();
    expect(await closed).toEqual(new Error('try 4'));
    expect(edits).toHaveLength(LAST_EDIT_TRIES);
  });

  it('tries no refusal again', async () => {
    const refusal = new Refusal('We may not write here.');
    const { message, edits } = messageOn({ answers: [refusal] });
    const closed = settled(message.close('z'));
    await vi.runAllTimersAsync();
    expect(await closed).toBe(refusal);
    expect(edits).toHaveLength(1);
  });

  it('leaves the last content standing, whatever comes when and fails', async () => {
    const steps = fc.array(
      fc.record({ afterInMs: fc.integer({ min: 0, max: 3000 }), content: fc.string() }),
      {
        maxLength: 30,
      },
    );
    const failure = fc.option(
      fc.oneof(
        fc.integer({ min: 0, max: 5000 }).map((ms) => new RateLimited(ms, { isGlobal: ms % 2 === 0 })),
        fc.constant(new Error('500')),
      ),
      { nil: undefined },
    );
    // No more failures in a row than the last edit has tries.
    const failures = fc.array(failure, { maxLength: LAST_EDIT_TRIES - 1 });
    await fc.assert(
      fc.asyncProperty(
        steps,
        failures,
        fc.integer({ min: 0, max: 4000 }),
        async (planned, answers, latency) => {
          const { message, edits, state } = messageOn({ latencyInMs: latency, answers });
          for (const { afterInMs, content } of planned) {
            await vi.advanceTimersByTimeAsync(afterInMs);
            message.show(content);
          }
          const closed = message.close('the last word');
          await vi.runAllTimersAsync();
          await closed;
          expect(state.standing).toBe('the last word');
          expect(state.mostInFlight).toBeLessThanOrEqual(1);
          edits.forEach(({ atInMs }, index) => {
            const before = edits[index - 1]?.atInMs ?? 0;
            expect(atInMs - before).toBeGreaterThanOrEqual(MIN_EDIT_INTERVAL_IN_MS);
          });
          expect(vi.getTimerCount()).toBe(0);
        },
      ),
      { numRuns: 60 },
    );
  });
});
