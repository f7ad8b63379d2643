import { globSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LONG } from '../../support/long-first.ts';

const root = join(import.meta.dirname, '../../..');

test.each(LONG)('what is said to take long is there: %s', (beginning) => {
  const pattern = beginning.endsWith('/') ? `${beginning}**/*.test.ts` : `${beginning}*.test.ts`;
  expect(globSync(pattern, { cwd: root })).not.toEqual([]);
});
