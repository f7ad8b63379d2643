import { defineConfig } from 'vitest/config';
import { LongFirst } from './test/support/long-first.ts';

/** `fast` runs on every check; `slow` starts servers and processes, and runs with `npm test` alone. */
export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'fast',
          include: ['test/{unit,contract}/**/*.test.ts'],
          testTimeout: 40_000,
          // Loading the same modules for each file anew took half of their time. What a file could leave behind in its
          // process for the next is put back, or fails it.
          isolate: false,
          setupFiles: ['test/support/left-behind.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'slow',
          include: ['test/{integration,soak}/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
    ],
    // Two cores are usual where tests run, and slow tests wait more than they work.
    maxWorkers: 3,
    sequence: { sequencer: LongFirst },
    restoreMocks: true,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts', 'commands/**/*.ts'],
      reporter: ['text'],
      thresholds: {
        'src/**/*.ts': { lines: 90 },
        'src/adapters/**/*.ts': { lines: 90 },
        'commands/**/*.ts': { lines: 90 },
      },
    },
  },
});
