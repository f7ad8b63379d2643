import { defineConfig } from 'vitest/config';

/** `fast` runs on every check; `slow` starts servers and processes, and runs with `npm test` alone. */
export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: { name: 'fast', include: ['test/{unit,contract}/**/*.test.ts'], testTimeout: 40_000 },
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
