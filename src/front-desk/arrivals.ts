import { LRUCache } from 'lru-cache';
import type { Clock } from '#src/core/clock.ts';
import { KeyedQueues } from '#src/core/keyed-queues.ts';

/** Changes kept in mind of messages that were not on their way in: platforms may tell of one before its message. */
const MAX_CHANGES = 1000;
/** The message follows soon, or is none of ours, and then its words are not kept. */
const WORDS_KEPT_IN_MS = 60_000;

/** A line on its way in: until it is handed on it can still be changed or dropped. */
export interface ComingLine {
  readonly id: string;
  readonly arrivedAtInMs: number;
  text: string;
  isRetracted: boolean;
  /** Resolves when it was deleted. */
  readonly ended: Promise<void>;
  end(): void;
}

/** Hands lines on in the order in which they came to their channel, however long each takes to find its campaign. */
export class Arrivals {
  readonly #clock: Clock;
  readonly #queues = new KeyedQueues();
  readonly #coming = new Map<string, ComingLine>();
  readonly #changes: LRUCache<string, { readonly text: string } | 'deleted'>;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#changes = new LRUCache({ max: MAX_CHANGES, ttlAutopurge: true, ttlResolution: 0, perf: clock });
  }

  /** Does the work of a line when it is its turn in its channel. The work calls `handOn` once nothing can be changed. */
  async take<T>(
    line: { readonly id: string; readonly channel: string; readonly text: string },
    work: (coming: ComingLine, handOn: () => void) => Promise<T>,
  ): Promise<T> {
    const coming = this.#coming.get(line.id) ?? this.#newLine(line);
    this.#coming.set(line.id, coming);
    const handOn = () => this.#coming.delete(line.id);
    try {
      return await this.#queues.run(line.channel, () => work(coming, handOn));
    } finally {
      handOn();
    }
  }

  /** False where no such line is on its way in: it was handed on, or comes yet and is then as it is now. */
  revise(id: string, text: string): boolean {
    if (this.#changes.get(id) !== 'deleted') this.#changes.set(id, { text }, { ttl: WORDS_KEPT_IN_MS });
    const coming = this.#coming.get(id);
    if (coming !== undefined) coming.text = text;
    return coming !== undefined;
  }

  /** False where no such line is on its way in: it was handed on, or comes yet and is then not taken in. */
  retract(id: string): boolean {
    // Delivered again later, it still was never said.
    this.#changes.set(id, 'deleted', { ttl: 0 });
    const coming = this.#coming.get(id);
    if (coming === undefined) return false;
    coming.isRetracted = true;
    coming.end();
    return true;
  }

  #newLine({ id, text }: { readonly id: string; readonly text: string }): ComingLine {
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    const change = this.#changes.get(id);
    const isRetracted = change === 'deleted';
    const newest = typeof change === 'object' ? change.text : text;
    return { id, text: newest, arrivedAtInMs: this.#clock.now(), isRetracted, ended, end };
  }
}
