import { setFlagsFromString } from 'node:v8';

/**
 * Many replies stream at once from now on: what they leave behind is to die young, and what does not is collected
 * before it is as much as everything that is in use. V8 would let it pile up to a multiple of that.
 */
export function expectManyStreams(): void {
  setFlagsFromString('--semi-space-growth-factor=2');
  setFlagsFromString('--heap-growing-percent=40');
}
