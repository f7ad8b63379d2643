import { ModelError, Refusal } from '#src/core/errors.ts';
import { type Notice, notice, type Stage } from '#src/core/view.ts';
import { FAULT_WORDS, failureWords } from '#src/models/failure-words.ts';

/** Where the person is told of what fails: the adapter's stage first, and the visit's once there is one. */
export interface Told {
  stage: Stage;
}

/** Does what came in, keeps count of what is under way, and turns whatever fails into one sentence for the person. */
export class Telling {
  readonly #onFault: (error: unknown, doing: string) => void;
  readonly #working = new Set<Promise<void>>();

  constructor(onFault: (error: unknown, doing: string) => void) {
    this.#onFault = onFault;
  }

  /** Never rejects. */
  during(stage: Stage, doing: string, work: (told: Told) => Promise<void>): Promise<void> {
    const told: Told = { stage };
    return this.#count(
      this.#attempt(
        () => work(told),
        doing,
        (error) => told.stage.tell(this.explain(error, doing), 'asker'),
      ),
    );
  }

  /** Does what nobody waits for an answer to. Never rejects. */
  quietly(doing: string, work: () => Promise<void>): Promise<void> {
    return this.#count(
      this.#attempt(work, doing, async (error) => {
        if (!(error instanceof Refusal)) this.#onFault(error, doing);
      }),
    );
  }

  /** What a person is told of a failure; a fault of ours is logged. */
  explain(error: unknown, doing: string): Notice {
    if (error instanceof Refusal) return { ...notice('refusal', error.message), actions: error.actions };
    if (error instanceof ModelError && error.kind === 'aborted') return notice('hint', 'Stopped.');
    this.#onFault(error, doing);
    const why = error instanceof ModelError ? failureWords(error) : `${FAULT_WORDS}. Try again`;
    return notice('trouble', `That did not work: ${why}.`);
  }

  /** Resolves when nothing that was taken in is under way any more. */
  async settled(): Promise<void> {
    while (this.#working.size > 0) await Promise.all(this.#working);
  }

  #count(work: Promise<void>): Promise<void> {
    const working = work.finally(() => this.#working.delete(working));
    this.#working.add(working);
    return working;
  }

  async #attempt(
    work: () => Promise<void>,
    doing: string,
    onError: (error: unknown) => Promise<void>,
  ): Promise<void> {
    try {
      await work();
    } catch (error) {
      try {
        await onError(error);
      } catch (failure) {
        this.#onFault(failure, `telling of a failure (${doing})`);
      }
    }
  }
}
