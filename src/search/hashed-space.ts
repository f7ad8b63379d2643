import { HASHED_DIMENSIONS, hashedVector } from '#src/memory/hashed-vectors.ts';

/** The hashed vector of a text; of one without words, which has no direction of its own, one that is like no other's. */
export function hashedVectorInSpace(text: string | readonly string[]): Float32Array {
  const vector = hashedVector(text);
  if (vector.every((value) => value === 0)) vector[HASHED_DIMENSIONS - 1] = 1;
  return vector;
}
