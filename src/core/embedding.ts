/** Turns texts into vectors: texts that mean the same come to lie close together. */
export interface Embedder {
  /** The model as configured: "text-embedding-3-small". Vectors of two models cannot be compared. */
  readonly name: string;
  /** How many numbers its vectors have; undefined until the first have come. It never changes. */
  readonly dimensions: number | undefined;
  /**
   * One vector for each text, in their order, of length 1. Texts may repeat; none may be blank. What is too long for the
   * model counts by its beginning.
   * @throws ModelError 'aborted' when `signal` aborts, 'malformed' where what came cannot be used: another number of
   * vectors, other dimensions than before, zeros alone, or what is no number.
   */
  embed(texts: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]>;
}
