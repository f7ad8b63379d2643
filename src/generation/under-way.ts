import { within } from '#src/core/clock.ts';
import { ModelError, Refusal } from '#src/core/errors.ts';

/** Casts and single drafts under way at once in one channel. */
const MAX_DRAFTINGS_PER_CHANNEL = 10;

/** What is being drafted: so that it can be stopped and waited for, and nobody is drafted twice at once. */
export class UnderWay {
  /** By channel. */
  readonly #controllers = new Map<string, Set<AbortController>>();
  readonly #work = new Set<Promise<unknown>>();
  /** Members and NPCs. */
  readonly #people = new Set<string>();
  #isClosing = false;
  /** What a person stopped, unlike what ends with the process. */
  readonly #stopped = new WeakSet<AbortSignal>();

  /**
   * Does work that `stop` ends.
   * @throws Refusal where as much as may be is under way in this channel already.
   */
  async stoppable<T>(channel: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const controllers = this.#controllers.get(channel) ?? new Set();
    if (controllers.size >= MAX_DRAFTINGS_PER_CHANNEL) {
      throw new Refusal(
        'Many NPCs are being drafted here already. Wait until some of them stand, or /stop them.',
      );
    }
    if (this.#isClosing) throw new ModelError('aborted', '', 'the program ends');
    const controller = new AbortController();
    this.#controllers.set(channel, controllers.add(controller));
    const working = work(controller.signal);
    this.#work.add(working);
    try {
      return await working;
    } finally {
      this.#work.delete(working);
      controllers.delete(controller);
      if (controllers.size === 0) this.#controllers.delete(channel);
    }
  }

  /**
   * Does work on one person, of whom nothing else is being drafted.
   * @param person key of a member or an NPC.
   * @throws Refusal where that person is being drafted already.
   */
  async alone<T>(person: string, name: string, work: () => Promise<T>): Promise<T> {
    if (this.#people.has(person))
      throw new Refusal(`${name} is being drafted already. Wait until the card stands, or /stop it.`);
    this.#people.add(person);
    try {
      return await work();
    } finally {
      this.#people.delete(person);
    }
  }

  isDrafting(person: string): boolean {
    return this.#people.has(person);
  }

  /** Stops what is under way in a channel. False where nothing is. */
  stop(channel: string): boolean {
    const controllers = this.#controllers.get(channel);
    for (const controller of controllers ?? []) {
      this.#stopped.add(controller.signal);
      controller.abort();
    }
    return controllers !== undefined;
  }

  /** Whether a person stopped it. */
  wasStopped(signal: AbortSignal): boolean {
    return this.#stopped.has(signal);
  }

  /** Resolves when everything has ended, which is ended after so long. What is begun meanwhile ends at once. */
  async close(graceInMs: number): Promise<void> {
    this.#isClosing = true;
    const settled = Promise.allSettled(this.#work);
    await within(graceInMs, settled);
    for (const controllers of this.#controllers.values())
      for (const controller of controllers) controller.abort();
    await Promise.allSettled(this.#work);
  }
}
