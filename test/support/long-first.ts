import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Starts first what takes longest, so that nothing runs alone at the end. Without times of an earlier run, as in a
 * fresh clone, vitest goes by the size of files, and the soak tests are among the smallest.
 */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((a, b) => rankOf(a.moduleId) - rankOf(b.moduleId));
  }
}

/** Beginnings of paths, those that take longest first. The slow ones all come before the fast ones. */
export const LONG: readonly string[] = [
  'test/soak/remembering-kill',
  'test/integration/memories',
  'test/soak/witness',
  'test/integration/store-kill',
  'test/soak/',
  'test/integration/session',
  'test/integration/online',
  'test/integration/',
  'test/unit/adapters/improv/voice/speak',
  'test/unit/scene/witness',
  'test/unit/adapters/improv/cast/draft',
  'test/unit/memory/interrupted',
  'test/contract/store',
];

function rankOf(path: string): number {
  const rank = LONG.findIndex((beginning) => path.includes(`/${beginning}`));
  return rank === -1 ? LONG.length : rank;
}
