import type { LineStore } from '#src/core/store.ts';

/** Keeps in which messages of the platform a line stands, in the order in which they are posted. */
export class Posts {
  readonly #lines: LineStore;
  readonly #lineId: string;
  readonly #onFault: (error: unknown, doing: string) => void;
  #kept: Promise<void> = Promise.resolve();

  constructor(lines: LineStore, lineId: string, onFault: (error: unknown, doing: string) => void) {
    this.#lines = lines;
    this.#lineId = lineId;
    this.#onFault = onFault;
  }

  readonly posted = (messageId: string): void => {
    this.#kept = this.#kept
      .then(() => this.#lines.addPost(this.#lineId, messageId))
      .catch((error: unknown) => this.#onFault(error, 'keeping where an answer stands'));
  };

  /** Resolves when all that was posted so far is kept, or its failure logged. */
  kept(): Promise<void> {
    return this.#kept;
  }
}
