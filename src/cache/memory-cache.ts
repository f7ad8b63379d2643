import { LRUCache } from 'lru-cache';
import { type Cache, type CacheEntry, LARGEST_CACHED_IN_BYTES } from '#src/core/cache.ts';

/** What an entry takes beside its bytes: its key, its place in the list, the view. */
const OVERHEAD_IN_BYTES = 300;

/** Keeps bytes in this process; what was not used for longest goes first. */
export class MemoryCache implements Cache {
  readonly #kept: LRUCache<string, Uint8Array>;

  constructor(options: { readonly largestInBytes: number }) {
    this.#kept = new LRUCache({
      maxSize: options.largestInBytes,
      sizeCalculation: (value) => value.byteLength + OVERHEAD_IN_BYTES,
    });
  }

  get size(): number {
    return this.#kept.size;
  }

  async get(keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]> {
    return keys.map((key) => this.#kept.get(key));
  }

  async set(entries: readonly CacheEntry[]): Promise<void> {
    for (const { key, value } of entries)
      if (value.byteLength <= LARGEST_CACHED_IN_BYTES) this.#kept.set(key, value);
      else this.#kept.delete(key);
  }

  async close(): Promise<void> {
    this.#kept.clear();
  }
}
