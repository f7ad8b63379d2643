import { ModelError } from '#src/core/errors.ts';
import type { ModelProfile } from '#src/core/model.ts';

/** How long a server may take. */
type TimeLimits = Pick<ModelProfile, 'firstTokenTimeoutInMs' | 'totalTimeoutInMs'>;
type Verdict = 'aborted' | 'silent' | 'overlong';

/**
 * How long one call is waited for: until the caller's signal aborts, until the server has been silent for as long as
 * its first token may take, or until the whole has taken too long.
 */
export class Patience {
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal;
  readonly #limits: TimeLimits;
  readonly #silence: NodeJS.Timeout | undefined;
  readonly #total: NodeJS.Timeout;
  #isPaused = false;
  #verdict: Verdict | undefined;

  constructor(outer: AbortSignal, limits: TimeLimits, options: { readonly answersWhole: boolean }) {
    this.#outer = outer;
    this.#limits = limits;
    this.#total = setTimeout(() => this.#lose('overlong'), limits.totalTimeoutInMs);
    // A server that answers whole is silent until it does.
    if (!options.answersWhole)
      this.#silence = setTimeout(() => {
        if (!this.#isPaused) this.#lose('silent');
      }, limits.firstTokenTimeoutInMs);
    outer.addEventListener('abort', this.#onAbort);
    if (outer.aborted) this.#onAbort();
  }

  /** Aborts when the call is no longer waited for, for whichever reason. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The server gave a sign of life. */
  heard(): void {
    this.#isPaused = false;
    this.#silence?.refresh();
  }

  /** The silence to come is our own, until `heard`. */
  pause(): void {
    this.#isPaused = true;
  }

  /** Why the call is no longer waited for; undefined while it is. */
  error(model: string): ModelError | undefined {
    if (this.#verdict === undefined) return undefined;
    if (this.#verdict === 'aborted') return new ModelError('aborted', model, 'aborted by the caller');
    const detail =
      this.#verdict === 'silent'
        ? `nothing came for ${this.#limits.firstTokenTimeoutInMs} ms`
        : `not finished after ${this.#limits.totalTimeoutInMs} ms`;
    return new ModelError('timeout', model, detail);
  }

  /** @throws ModelError where the call is no longer waited for. */
  throwIfLost(model: string): void {
    const error = this.error(model);
    if (error !== undefined) throw error;
  }

  end(): void {
    clearTimeout(this.#silence);
    clearTimeout(this.#total);
    this.#outer.removeEventListener('abort', this.#onAbort);
  }

  readonly #onAbort = () => this.#lose('aborted');

  #lose(verdict: Verdict): void {
    this.#verdict ??= verdict;
    this.#controller.abort();
  }
}
