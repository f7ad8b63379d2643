import { createHash } from 'node:crypto';
import type { Cache } from '#src/core/cache.ts';
import type { Embedder } from '#src/core/embedding.ts';

const FLOAT_IN_BYTES = 4;

/** Keeps the vectors of texts, by model and text. What is kept is the numbers' bytes, the low one first. */
export class CachedEmbedder implements Embedder {
  readonly name: string;
  readonly #inner: Embedder;
  readonly #cache: Cache;
  #hits = 0;
  #misses = 0;

  constructor(inner: Embedder, cache: Cache) {
    this.name = inner.name;
    this.#inner = inner;
    this.#cache = cache;
  }

  get dimensions(): number | undefined {
    return this.#inner.dimensions;
  }

  figures() {
    return { hits: this.#hits, misses: this.#misses };
  }

  async embed(texts: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]> {
    if (texts.length === 0) return [];
    const keys = texts.map((text) => this.#keyOf(text));
    const kept = (await this.#cache.get(keys)).map(vectorOf);
    // Only the model itself can tell whether what was kept is its own: the first text of all is always asked for.
    const known = kept.map((vector, index) =>
      this.dimensions === undefined && index === 0 ? undefined : vector,
    );
    const filled = await this.#fill(texts, known, signal);
    // Vectors of other dimensions were another model's by the same name.
    const own = filled.map((vector) => (vector.length === this.dimensions ? vector : undefined));
    const vectors = own.includes(undefined) ? await this.#fill(texts, own, signal) : filled;
    await this.#keep(keys, kept, vectors);
    return vectors;
  }

  /** Asks for what is missing. */
  async #fill(
    texts: readonly string[],
    known: readonly (Float32Array | undefined)[],
    signal: AbortSignal,
  ): Promise<readonly Float32Array[]> {
    const missing = texts.filter((_, index) => known[index] === undefined);
    const fresh = missing.length === 0 ? [] : await this.#inner.embed(missing, signal);
    let next = 0;
    return known.flatMap((vector) => vector ?? fresh[next++] ?? []);
  }

  async #keep(
    keys: readonly string[],
    kept: readonly (Float32Array | undefined)[],
    vectors: readonly Float32Array[],
  ): Promise<void> {
    const fresh = [...vectors.entries()].filter(([index, vector]) => vector !== kept[index]);
    this.#misses += fresh.length;
    this.#hits += vectors.length - fresh.length;
    const entries = fresh.map(([index, vector]) => ({ key: keys[index] ?? '', value: bytesOf(vector) }));
    if (entries.length > 0) await this.#cache.set(entries);
  }

  #keyOf(text: string): string {
    return `vector:${createHash('sha256').update(`${this.name}\n${text}`).digest('base64url')}`;
  }
}

/** @returns undefined where these are no bytes of a vector. */
function vectorOf(bytes: Uint8Array | undefined): Float32Array | undefined {
  if (bytes === undefined || bytes.byteLength === 0 || bytes.byteLength % FLOAT_IN_BYTES !== 0)
    return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const vector = Float32Array.from({ length: bytes.byteLength / FLOAT_IN_BYTES }, (_, index) =>
    view.getFloat32(index * FLOAT_IN_BYTES, true),
  );
  return vector.every(Number.isFinite) ? vector : undefined;
}

function bytesOf(vector: Float32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(vector.length * FLOAT_IN_BYTES));
  for (const [index, value] of vector.entries()) view.setFloat32(index * FLOAT_IN_BYTES, value, true);
  return new Uint8Array(view.buffer);
}
