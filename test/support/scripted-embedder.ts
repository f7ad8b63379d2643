import type { Embedder } from '#src/core/embedding.ts';
import { standInVector } from './embedding-reply.ts';

/** An embedder in process that keeps what it was asked and answers when it is let. */
export class ScriptedEmbedder implements Embedder {
  readonly name: string;
  readonly calls: (readonly string[])[] = [];
  readonly signals: AbortSignal[] = [];
  dimensions: number | undefined;
  /** Thrown instead of an answer. */
  fault: Error | undefined;
  /** What an answer waits for. */
  gate: Promise<unknown> = Promise.resolve();
  readonly #dimensions: number;

  constructor(options: { readonly name?: string; readonly dimensions?: number } = {}) {
    this.name = options.name ?? 'scripted';
    this.#dimensions = options.dimensions ?? 4;
  }

  vectorOf(text: string): Float32Array {
    return Float32Array.from(standInVector(text, this.#dimensions));
  }

  async embed(texts: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]> {
    this.calls.push(texts);
    this.signals.push(signal);
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
    await Promise.race([this.gate, aborted]);
    if (this.fault !== undefined) throw this.fault;
    this.dimensions = this.#dimensions;
    return texts.map((text) => this.vectorOf(text));
  }
}
