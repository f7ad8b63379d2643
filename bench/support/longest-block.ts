import { setImmediate as nextTask } from 'node:timers/promises';

/** Does something, and tells the longest time in which nothing else in the process got its turn. In milliseconds. */
export async function longestBlockDuring<T>(
  doIt: () => Promise<T>,
): Promise<{ readonly result: T; readonly longestBlockMs: number }> {
  let longestBlockMs = 0;
  let isUnderWay = true;
  const watch = (async () => {
    let last = performance.now();
    while (isUnderWay) {
      await nextTask();
      const now = performance.now();
      longestBlockMs = Math.max(longestBlockMs, now - last);
      last = now;
    }
  })();
  const result = await doIt().finally(() => {
    isUnderWay = false;
  });
  await watch;
  return { result, longestBlockMs };
}
