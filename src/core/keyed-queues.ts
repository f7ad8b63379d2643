interface Queue {
  /** Resolves when what was added last has ended, well or not. */
  last: Promise<unknown>;
  /** What runs or waits. */
  size: number;
}

/** A queue for each key, in which one work runs at a time and the rest waits in order. Idle queues are let go. */
export class KeyedQueues {
  readonly #queues = new Map<string, Queue>();

  /** Runs the work when it is its turn among those of its key. */
  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const queue = this.#queues.get(key) ?? { last: Promise.resolve(), size: 0 };
    this.#queues.set(key, queue);
    queue.size += 1;
    const ended = queue.last.then(work).finally(() => {
      queue.size -= 1;
      if (queue.size === 0) this.#queues.delete(key);
    });
    // Whoever added it hears of its failure; the next one does not care.
    queue.last = ended.catch(() => undefined);
    return ended;
  }

  /** How many wait, without the one that runs. */
  waiting(key: string): number {
    return Math.max(0, (this.#queues.get(key)?.size ?? 0) - 1);
  }

  /** Resolves when nothing is under way or waiting anywhere. */
  async settled(): Promise<void> {
    while (this.#queues.size > 0) await Promise.all([...this.#queues.values()].map(({ last }) => last));
  }
}
