import { ModelError } from '#src/core/errors.ts';
import type { LanguageModel, ModelEvent, ModelRequest } from '#src/core/model.ts';
import type { Lane, Permit, PermitPool } from './permit-pool.ts';

/**
 * Calls the inner model with a permit of the pool. The permit goes back when the inner generator has settled, which
 * by its contract is when the connection has really ended: also after an error, an abort, or an early return.
 */
export class PooledModel implements LanguageModel {
  readonly name: string;
  readonly #inner: LanguageModel;
  readonly #pool: PermitPool;
  readonly #onWaited: (durationInMs: number) => void;

  constructor(inner: LanguageModel, pool: PermitPool, onWaited: (durationInMs: number) => void) {
    this.name = inner.name;
    this.#inner = inner;
    this.#pool = pool;
    this.#onWaited = onWaited;
  }

  async *stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent, void, void> {
    const permit = await this.#permit(request, signal);
    try {
      yield* this.#inner.stream(request, signal);
    } finally {
      permit.release();
    }
  }

  async #permit(request: ModelRequest, signal: AbortSignal): Promise<Permit> {
    const startedAtInMs = performance.now();
    const lane: Lane = request.task.kind === 'speak' ? 'conversation' : 'drafting';
    const permit = await this.#pool.acquire(lane, request.origin.workspaceId, signal);
    if (permit === undefined)
      throw new ModelError('aborted', this.name, 'aborted while waiting for a permit');
    this.#onWaited(performance.now() - startedAtInMs);
    return permit;
  }
}
