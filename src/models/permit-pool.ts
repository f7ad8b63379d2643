/** Conversation goes before drafting: somebody sits there and waits for the answer. */
export type Lane = 'conversation' | 'drafting';

const LANES: readonly Lane[] = ['conversation', 'drafting'];

export interface Permit {
  /** Gives the permit back; a second time does nothing. */
  release(): void;
}

interface Waiter {
  readonly start: () => void;
}

/** Who waits in one lane: workspaces in the order of their turns, each with its waiters in the order they came. */
type Turns = Map<string, Set<Waiter>>;

/**
 * The permits of this process for calls to models. Within a lane workspaces take turns, so that twenty drafts of one
 * do not keep another's single draft waiting.
 *
 * Not p-queue: it runs tasks and gives a slot back at a timeout or an abort while the task still runs; turns between
 * workspaces would be a queue of our own anyway, and that is most of what stands here.
 */
export class PermitPool {
  readonly limit: number;
  #held = 0;
  #waiting = 0;
  readonly #lanes: Readonly<Record<Lane, Turns>> = { conversation: new Map(), drafting: new Map() };

  constructor(options: { readonly limit: number }) {
    if (!Number.isInteger(options.limit) || options.limit < 1)
      throw new RangeError(`PermitPool: limit must be a whole number of at least 1, got ${options.limit}`);
    this.limit = options.limit;
  }

  get figures(): { readonly limit: number; readonly held: number; readonly waiting: number } {
    return { limit: this.limit, held: this.#held, waiting: this.#waiting };
  }

  /**
   * Resolves when a permit is free and it is this workspace's turn.
   * @returns undefined when `signal` aborted before that: nothing is held then.
   */
  async acquire(lane: Lane, workspaceId: string, signal: AbortSignal): Promise<Permit | undefined> {
    if (signal.aborted) return undefined;
    if (this.#held < this.limit) this.#held += 1;
    else if (!(await this.#turn(lane, workspaceId, signal))) return undefined;
    let isHeld = true;
    return {
      release: () => {
        if (!isHeld) return;
        isHeld = false;
        this.#release();
      },
    };
  }

  /** Resolves with true at this waiter's turn, or with false when `signal` aborts. */
  #turn(lane: Lane, workspaceId: string, signal: AbortSignal): Promise<boolean> {
    const turns = this.#lanes[lane];
    return new Promise((resolve) => {
      const leave = () => {
        this.#remove(turns, workspaceId, waiter);
        resolve(false);
      };
      const waiter: Waiter = {
        start: () => {
          signal.removeEventListener('abort', leave);
          resolve(true);
        },
      };
      signal.addEventListener('abort', leave, { once: true });
      const waiters = turns.get(workspaceId);
      if (waiters === undefined) turns.set(workspaceId, new Set([waiter]));
      else waiters.add(waiter);
      this.#waiting += 1;
    });
  }

  #remove(turns: Turns, workspaceId: string, waiter: Waiter): void {
    const waiters = turns.get(workspaceId);
    if (waiters?.delete(waiter) !== true) return;
    if (waiters.size === 0) turns.delete(workspaceId);
    this.#waiting -= 1;
  }

  /** Hands the permit on to whoever is next, without its ever being free in between. */
  #release(): void {
    for (const lane of LANES) {
      const turns = this.#lanes[lane];
      for (const [workspaceId, waiters] of turns) {
        for (const waiter of waiters) {
          this.#remove(turns, workspaceId, waiter);
          // To the end of the round.
          if (turns.delete(workspaceId)) turns.set(workspaceId, waiters);
          waiter.start();
          return;
        }
      }
    }
    this.#held -= 1;
  }
}
