import PQueue from 'p-queue';

/** So many lines may wait for their answer in one scene; one more is told to come again. */
export const MAX_WAITING_LINES = 20;

/** One reply at a time per scene; what arrives meanwhile waits in order. */
export class LineQueue {
  readonly #scenes = new Map<string, PQueue>();

  /** Runs the work when it is its turn in that scene. Undefined, and nothing runs, where too many wait already. */
  enqueue(sceneId: string, work: () => Promise<void>): Promise<void> | undefined {
    const queue = this.#scenes.get(sceneId) ?? new PQueue({ concurrency: 1 });
    if (queue.size >= MAX_WAITING_LINES) return undefined;
    this.#scenes.set(sceneId, queue);
    return queue.add(work).finally(() => {
      if (queue.size === 0 && queue.pending === 0) this.#scenes.delete(sceneId);
    });
  }

  /** Resolves when nothing is under way or waiting anywhere. */
  async settled(): Promise<void> {
    await Promise.all([...this.#scenes.values()].map((queue) => queue.onIdle()));
  }
}
