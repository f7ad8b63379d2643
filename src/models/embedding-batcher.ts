import type { Embedder } from '#src/core/embedding.ts';
import { ModelError } from '#src/core/errors.ts';

const MOST_TEXTS = 32;
const LONGEST_WAIT_IN_MS = 10;

/** A text that somebody waits for. */
interface Wanted {
  readonly text: string;
  readonly askedAtInMs: number;
  readonly vector: Promise<Float32Array>;
  readonly resolve: (vector: Float32Array) => void;
  readonly reject: (error: unknown) => void;
  /** Callers that still wait. */
  waiting: number;
  batch: Batch | undefined;
}

interface Batch {
  readonly wanted: readonly Wanted[];
  readonly controller: AbortController;
}

export interface EmbeddingBatcherOptions {
  readonly embedder: Embedder;
  /** Hears how long a text waited for its batch. */
  readonly onWaited?: (durationInMs: number) => void;
}

/**
 * Gathers what several callers want embedded at about the same time into one call: at most 32 texts, for at most 10 ms.
 * A text that is under way is not asked for twice. A batch is given up when nobody waits for any of it.
 */
export class EmbeddingBatcher implements Embedder {
  readonly name: string;
  readonly #embedder: Embedder;
  readonly #onWaited: ((durationInMs: number) => void) | undefined;
  /** All that is under way, in a batch or before. */
  readonly #wanted = new Map<string, Wanted>();
  #gathering: Wanted[] = [];
  #timer: NodeJS.Timeout | undefined;
  #batches = 0;
  #texts = 0;
  #largest = 0;

  constructor({ embedder, onWaited }: EmbeddingBatcherOptions) {
    this.name = embedder.name;
    this.#embedder = embedder;
    this.#onWaited = onWaited;
  }

  get dimensions(): number | undefined {
    return this.#embedder.dimensions;
  }

  /** Batches so far, and what was in them. */
  figures() {
    return { batches: this.#batches, items: this.#texts, largest: this.#largest };
  }

  async embed(texts: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]> {
    if (signal.aborted) throw this.#aborted();
    const wanted = texts.map((text) => this.#want(text));
    const { promise: left, reject } = Promise.withResolvers<never>();
    const leave = () => reject(this.#aborted());
    signal.addEventListener('abort', leave, { once: true });
    try {
      return await Promise.race([Promise.all(wanted.map(({ vector }) => vector)), left]);
    } finally {
      signal.removeEventListener('abort', leave);
      for (const each of wanted) this.#leave(each);
    }
  }

  #want(text: string): Wanted {
    const known = this.#wanted.get(text);
    if (known !== undefined) {
      known.waiting += 1;
      return known;
    }
    const { promise: vector, resolve, reject } = Promise.withResolvers<Float32Array>();
    // Whoever waits hears of a failure; nobody may be left to.
    vector.catch(() => undefined);
    const askedAtInMs = performance.now();
    const wanted: Wanted = { text, askedAtInMs, vector, resolve, reject, waiting: 1, batch: undefined };
    this.#wanted.set(text, wanted);
    this.#gathering.push(wanted);
    if (this.#gathering.length === MOST_TEXTS) this.#send();
    else this.#timer ??= setTimeout(() => this.#send(), LONGEST_WAIT_IN_MS);
    return wanted;
  }

  #leave(wanted: Wanted): void {
    wanted.waiting -= 1;
    if (wanted.waiting > 0 || this.#wanted.get(wanted.text) !== wanted) return;
    if (wanted.batch === undefined) {
      this.#wanted.delete(wanted.text);
      this.#gathering = this.#gathering.filter((each) => each !== wanted);
      if (this.#gathering.length === 0) this.#stopTimer();
    } else if (wanted.batch.wanted.every(({ waiting }) => waiting === 0)) {
      // Whoever wants one of these from now on begins anew.
      for (const each of wanted.batch.wanted) this.#wanted.delete(each.text);
      wanted.batch.controller.abort();
    }
  }

  #send(): void {
    this.#stopTimer();
    const batch: Batch = { wanted: this.#gathering, controller: new AbortController() };
    this.#gathering = [];
    for (const each of batch.wanted) {
      each.batch = batch;
      this.#onWaited?.(performance.now() - each.askedAtInMs);
    }
    this.#batches += 1;
    this.#texts += batch.wanted.length;
    this.#largest = Math.max(this.#largest, batch.wanted.length);
    void this.#ask(batch);
  }

  async #ask({ wanted, controller }: Batch): Promise<void> {
    try {
      const texts = wanted.map(({ text }) => text);
      const vectors = await this.#embedder.embed(texts, controller.signal);
      for (const [index, each] of wanted.entries()) {
        const vector = vectors[index];
        if (vector === undefined)
          throw new ModelError('malformed', this.name, `${vectors.length} vectors for ${texts.length} texts`);
        each.resolve(vector);
      }
    } catch (error) {
      for (const each of wanted) each.reject(error);
    } finally {
      for (const each of wanted) if (this.#wanted.get(each.text) === each) this.#wanted.delete(each.text);
    }
  }

  #stopTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #aborted(): ModelError {
    return new ModelError('aborted', this.name, 'aborted by the caller');
  }
}
