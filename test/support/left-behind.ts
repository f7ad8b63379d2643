/**
 * Runs around each file of the fast tests, which share their processes: most of their time would go into starting
 * processes and loading the same modules again. Puts back what vitest can put back, so that no file finds the fake
 * timers or spies of another, and fails a file that leaves anything else in its process changed.
 */
import { afterAll, expect, vi } from 'vitest';
import { changedInProcess, processState } from './process-state.ts';

const before = processState();

// Hooks that end something run the other way round: this one after all those of the file itself.
afterAll(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  expect(changedInProcess(before, processState()), 'left behind for the files that follow').toEqual([]);
});
