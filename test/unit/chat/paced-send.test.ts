import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EditPacer } from '#src/chat/edit-pacer.ts';
import { MessageGone, RateLimited } from '#src/chat/failures.ts';
import { MOST_RATE_LIMITS, sendPaced } from '#src/chat/paced-send.ts';
import { systemClock } from '#src/core/clock.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Sends one request, which is answered as `answers` say, then well. */
async function sent(answers: readonly Error[]) {
  const pacer = new EditPacer({ clock: systemClock, limits: [] });
  const began = Date.now();
  const atInMs: number[] = [];
  const outcome = sendPaced(pacer, { kind: 'first', channelId: 'c' }, async () => {
    atInMs.push(Date.now() - began);
    const failure = answers[atInMs.length - 1];
    if (failure !== undefined) throw failure;
    return 'id';
  }).catch((error: unknown) => error);
  await vi.runAllTimersAsync();
  return { outcome: await outcome, atInMs };
}

const tooMany = (retryAfterInMs: number) => new RateLimited(retryAfterInMs, { isGlobal: false });

describe('sendPaced', () => {
  it('sends again when the platform lets it', async () => {
    const { outcome, atInMs } = await sent([tooMany(300), tooMany(500)]);
    expect(outcome).toBe('id');
    expect(atInMs).toEqual([0, 300, 800]);
  });

  it('gives up where the platform never takes it', async () => {
    const answers = Array.from({ length: 100 }, () => tooMany(100));
    const { outcome, atInMs } = await sent(answers);
    expect(outcome).toBe(answers[MOST_RATE_LIMITS - 1]);
    expect(atInMs).toHaveLength(MOST_RATE_LIMITS);
  });

  it('keeps nobody waiting for longer than a minute', async () => {
    const answer = tooMany(60_001);
    const { outcome, atInMs } = await sent([answer]);
    expect(outcome).toBe(answer);
    expect(atInMs).toEqual([0]);
  });

  it('does not send again what may stand already', async () => {
    for (const failure of [new Error('timeout'), new MessageGone()]) {
      const { outcome, atInMs } = await sent([failure]);
      expect(outcome).toBe(failure);
      expect(atInMs).toEqual([0]);
    }
  });
});
