import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Many replies stream at once from now on: what they leave behind is to die young, and what does not is collected
 * before it is as much as everything that is in use. V8 would let it pile up to a multiple of that.
 */
export function expectManyStreams(): void {
  setFlagsFromString('--semi-space-growth-factor=2');
  setFlagsFromString('--heap-growing-percent=40');
}

/** What loading left behind goes back to the system: some 3 MB that a table never needs again. Takes about 10 ms. */
export function dropGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') collect();
}
