import type { Embedder } from '#src/core/embedding.ts';
import { ModelError } from '#src/core/errors.ts';
import type { Meter } from '#src/core/meter.ts';
import type { PermitPool } from './permit-pool.ts';

/** Batches hold texts of several workspaces: together they take their turns as one. */
const ALL_WORKSPACES = '';

/** Calls the inner embedder with a permit of the pool, and times and counts its calls. */
export class PooledEmbedder implements Embedder {
  readonly name: string;
  readonly #inner: Embedder;
  readonly #pool: PermitPool;
  readonly #meter: Pick<Meter, 'record' | 'recordError'>;

  constructor(inner: Embedder, pool: PermitPool, meter: Pick<Meter, 'record' | 'recordError'>) {
    this.name = inner.name;
    this.#inner = inner;
    this.#pool = pool;
    this.#meter = meter;
  }

  get dimensions(): number | undefined {
    return this.#inner.dimensions;
  }

  async embed(texts: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]> {
    const askedAtInMs = performance.now();
    const permit = await this.#pool.acquire('conversation', ALL_WORKSPACES, signal);
    if (permit === undefined)
      throw new ModelError('aborted', this.name, 'aborted while waiting for a permit');
    const startedAtInMs = performance.now();
    this.#meter.record('queue wait', startedAtInMs - askedAtInMs);
    try {
      const vectors = await this.#inner.embed(texts, signal);
      this.#meter.record('embedding', performance.now() - startedAtInMs);
      return vectors;
    } catch (error) {
      if (error instanceof ModelError && error.kind !== 'aborted') this.#meter.recordError(error.kind);
      throw error;
    } finally {
      permit.release();
    }
  }
}
