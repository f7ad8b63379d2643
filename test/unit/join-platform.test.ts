import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunningAdapter } from '#src/core/adapter.ts';
import { PlatformAway, Refusal } from '#src/core/errors.ts';
import { type Joined, joinPlatform } from '#src/join-platform.ts';
import { recordingLog } from '../support/recording-log.ts';

const adapter: RunningAdapter = {
  connection: 'as Dramatis',
  stopHearing: async () => {},
  close: async () => {},
};
const away = (why = 'It is down.') => new PlatformAway(why);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Joins a platform that fails as the test says, and then is there. */
function joining(...failures: readonly unknown[]) {
  const left = [...failures];
  const leaving = new AbortController();
  const { log, entries } = recordingLog();
  const lines: string[] = [];
  const joined: Joined[] = [];
  const start = vi.fn(async () => {
    if (left.length > 0) throw left.shift();
    return adapter;
  });
  const say = (line: string) => lines.push(line);
  const done = joinPlatform({ name: 'Slack', start, joined, leave: leaving.signal, log, say });
  return { done, start, joined, lines, entries, leave: () => leaving.abort() };
}

describe('a platform that is away', () => {
  it('is tried again ever less eagerly, and joined when it is there', async () => {
    const { done, start, joined, lines, entries } = joining(...Array.from({ length: 9 }, () => away()));
    for (const [at, seconds] of [5, 10, 20, 40, 80, 160, 300, 300, 300].entries()) {
      await vi.advanceTimersByTimeAsync(seconds * 1000 - 1);
      expect(start).toHaveBeenCalledTimes(at + 1);
      expect(joined).toEqual([]);
      await vi.advanceTimersByTimeAsync(1);
    }
    await done;
    expect(joined).toEqual([{ name: 'Slack', adapter }]);
    expect(lines).toEqual([
      'Slack: not connected. It is down. It is tried again until it works.',
      'Slack: connected as Dramatis.',
    ]);
    expect(entries).toMatchObject([{ level: 'warn', details: { platform: 'Slack' } }]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is told of again where the reason is another', async () => {
    const { done, lines, entries } = joining(away(), away(), away('No network.'), away('No network.'));
    await vi.advanceTimersByTimeAsync(75_000);
    await done;
    expect(lines.filter((line) => line.includes('tried again'))).toHaveLength(2);
    expect(entries).toHaveLength(2);
  });

  it('is given up where it refuses us after all', async () => {
    const { done, start, joined, lines } = joining(away(), new Refusal('The token is wrong.'), away());
    await vi.advanceTimersByTimeAsync(3_600_000);
    await done;
    expect([start.mock.calls.length, joined]).toEqual([2, []]);
    expect(lines.at(-1)).toBe('Slack: not connected. The token is wrong.');
  });

  it('is not tried any more once we leave', async () => {
    const { done, start, leave } = joining(away(), away());
    await vi.advanceTimersByTimeAsync(1_000);
    leave();
    await done;
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(start).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});

it('a platform that refuses us is not tried again', async () => {
  for (const error of [new Refusal('The token is wrong.'), new Error('broken')]) {
    const { done, start } = joining(error);
    await done;
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(start).toHaveBeenCalledTimes(1);
  }
});
