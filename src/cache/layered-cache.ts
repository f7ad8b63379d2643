import type { Cache, CacheEntry } from '#src/core/cache.ts';

/** A near cache before a far one: what is found far away is kept near too. */
export class LayeredCache implements Cache {
  readonly #near: Cache;
  readonly #far: Cache;

  constructor(near: Cache, far: Cache) {
    this.#near = near;
    this.#far = far;
  }

  async get(keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]> {
    const near = await this.#near.get(keys);
    const missing = keys.filter((_, index) => near[index] === undefined);
    if (missing.length === 0) return near;
    const found = await this.#far.get(missing);
    const far = new Map<string, Uint8Array>();
    for (const [index, key] of missing.entries()) {
      const value = found[index];
      if (value !== undefined) far.set(key, value);
    }
    await this.#near.set([...far].map(([key, value]) => ({ key, value })));
    return keys.map((key, index) => near[index] ?? far.get(key));
  }

  async set(entries: readonly CacheEntry[]): Promise<void> {
    await Promise.all([this.#near.set(entries), this.#far.set(entries)]);
  }

  async close(): Promise<void> {
    await Promise.all([this.#near.close(), this.#far.close()]);
  }
}
