/**
 * Bytes kept for a while by key, to spare work. What was kept may be gone at any time, and a cache never fails: where it
 * cannot be reached it holds nothing.
 */
export interface Cache {
  /** What is kept under these keys, in their order; undefined where nothing is. Nobody changes the bytes. */
  get(keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]>;
  /** Keeps values, each in place of what was kept under its key; one that is too large is not kept. */
  set(entries: readonly CacheEntry[]): Promise<void>;
  close(): Promise<void>;
}

export interface CacheEntry {
  readonly key: string;
  readonly value: Uint8Array;
}

/** The largest value that is kept. */
export const LARGEST_CACHED_IN_BYTES = 1_048_576;
