import { afterEach, expect, it, vi } from 'vitest';
import { systemClock } from '#src/core/clock.ts';
import { Arrivals } from '#src/front-desk/arrivals.ts';

afterEach(() => vi.useRealTimers());

it('forgets the words of a change whose message does not come, and never a deletion', async () => {
  vi.useFakeTimers();
  const arrivals = new Arrivals(systemClock);
  const textOf = (id: string) =>
    arrivals.take({ id, channel: 'inn', text: 'as sent' }, async ({ text, isRetracted }) =>
      isRetracted ? undefined : text,
    );
  arrivals.revise('soon', 'changed');
  arrivals.revise('late', 'changed');
  arrivals.retract('gone');
  expect(await textOf('soon')).toBe('changed');
  vi.advanceTimersByTime(61_000);
  expect(await textOf('late')).toBe('as sent');
  expect(await textOf('gone')).toBeUndefined();
});
