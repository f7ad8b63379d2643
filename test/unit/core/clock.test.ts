import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { inTime, within } from '#src/core/clock.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('gives what comes in time, and leaves no timer behind', async () => {
  expect(await inTime(1000, Promise.resolve(undefined))).toEqual({ value: undefined });
  await expect(inTime(1000, Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(vi.getTimerCount()).toBe(0);
});

it('does not wait for what is late, and tells of a failure that comes after that alone', async () => {
  const heard: unknown[] = [];
  const work = Promise.withResolvers<string>();
  const waiting = inTime(1000, work.promise, (error) => heard.push(error));
  await vi.advanceTimersByTimeAsync(1000);
  expect(await waiting).toBeUndefined();
  work.reject('late');
  await Promise.resolve();
  expect(heard).toEqual(['late']);
  await expect(inTime(1000, Promise.reject('soon'), (error) => heard.push(error))).rejects.toBe('soon');
  const unheard = inTime(1, Promise.withResolvers<string>().promise);
  await vi.advanceTimersByTimeAsync(1);
  expect(await unheard).toBeUndefined();
  expect(heard).toEqual(['late']);
});

it('waits for an end, whatever it is', async () => {
  await within(1000, Promise.reject(new Error('no')));
  const waiting = within(1000, new Promise(() => {}));
  await vi.advanceTimersByTimeAsync(1000);
  await waiting;
  expect(vi.getTimerCount()).toBe(0);
});
