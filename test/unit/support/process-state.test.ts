import { afterEach, describe, expect, test } from 'vitest';
import { changedInProcess, processState } from '../../support/process-state.ts';

const VARIABLE = 'DRAMATIS_LEFT_BEHIND';
const realFetch = globalThis.fetch;
const ignore = () => undefined;

describe('what a test file leaves behind in its process', () => {
  afterEach(() => {
    delete process.env[VARIABLE];
    globalThis.fetch = realFetch;
    process.off('SIGHUP', ignore);
  });

  test.each([
    ['nothing', () => undefined, []],
    ['a variable', () => Object.assign(process.env, { [VARIABLE]: '1' }), [`environment: ${VARIABLE}`]],
    ['a global', () => Object.assign(globalThis, { fetch: ignore }), ['global: fetch']],
    ['a listener', () => process.on('SIGHUP', ignore), ['listeners: SIGHUP']],
  ])('is seen: %s', (_, leave, seen) => {
    const before = processState();
    leave();
    expect(changedInProcess(before, processState())).toEqual(seen);
  });

  test('is seen: a changed or missing variable, and another folder', () => {
    const before = processState();
    const after = {
      ...before,
      folder: '/elsewhere',
      environment: { ...before.environment, PATH: undefined },
    };
    expect(changedInProcess(before, after)).toEqual(['working folder', 'environment: PATH']);
  });
});
