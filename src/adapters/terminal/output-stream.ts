import type { Writable } from 'node:stream';

/** Writing to an output whose reader may leave at any time (`dramatis | head`). */
export class OutputStream {
  readonly #stream: Writable;
  #hasGone = false;
  /** Resolves when nobody reads any more; rejects when writing failed otherwise. */
  readonly gone: Promise<void>;

  constructor(stream: Writable) {
    this.#stream = stream;
    this.gone = new Promise((resolve, reject) => {
      stream.on('error', (error: NodeJS.ErrnoException) => {
        this.#hasGone = true;
        if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED') resolve();
        else reject(error);
      });
      stream.once('close', () => {
        this.#hasGone = true;
        resolve();
      });
    });
    // Whoever waits for it sees the failure; nobody may be waiting yet.
    this.gone.catch(() => undefined);
  }

  /** Resolves when the text was taken, or can never be. */
  write(text: string): Promise<void> {
    if (this.#hasGone || text === '') return Promise.resolve();
    return new Promise((resolve) => {
      this.#stream.write(text, () => resolve());
    });
  }
}
