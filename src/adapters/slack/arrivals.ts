/**
 * What comes in is handed on channel by channel in the order in which it came, however long each takes to be made
 * ready: a look-up of a name must not let the answer overtake the question.
 */
export class Arrivals {
  readonly #tails = new Map<string, Promise<unknown>>();

  /** Begins `work` when everything before it in this channel has ended. */
  run<R>(channel: string, work: () => Promise<R>): Promise<R> {
    const before = this.#tails.get(channel) ?? Promise.resolve();
    const result = before.then(work);
    const tail = result
      .catch(() => undefined)
      .finally(() => {
        if (this.#tails.get(channel) === tail) this.#tails.delete(channel);
      });
    this.#tails.set(channel, tail);
    return result;
  }
}
