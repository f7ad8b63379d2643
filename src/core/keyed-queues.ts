import PQueue from 'p-queue';

/** A queue for each key, in which one work runs at a time and the rest waits in order. Idle queues are let go. */
export class KeyedQueues {
  readonly #queues = new Map<string, PQueue>();

  /** Runs the work when it is its turn among those of its key. */
  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const queue = this.#queues.get(key) ?? new PQueue({ concurrency: 1 });
    this.#queues.set(key, queue);
    return queue.add(work).finally(() => {
      if (queue.size === 0 && queue.pending === 0) this.#queues.delete(key);
    });
  }

  /** How many wait, without the one that runs. */
  waiting(key: string): number {
    return this.#queues.get(key)?.size ?? 0;
  }

  /** Resolves when nothing is under way or waiting anywhere. */
  async settled(): Promise<void> {
    await Promise.all([...this.#queues.values()].map((queue) => queue.onIdle()));
  }
}
