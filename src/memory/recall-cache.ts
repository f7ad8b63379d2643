import { LRUCache } from 'lru-cache';
import type { Clock } from '#src/core/clock.ts';

const MOST_ANSWERS = 1_000;
/** Holders whose last change is remembered; one that is forgotten counts as changed. */
const MOST_HOLDERS = 4_096;

/**
 * Answers to questions about what one holder remembers, until something of that changes, or for so long. The same
 * question that is asked while its answer is being found waits for that.
 */
export class RecallCache<Answer extends object> {
  readonly #answers: LRUCache<string, Answer>;
  readonly #underWay = new Map<string, Promise<Answer>>();
  readonly #revisions = new LRUCache<string, number>({ max: MOST_HOLDERS });
  readonly #isOff: boolean;
  #newest = 0;
  #hits = 0;
  #misses = 0;

  /** @param options.keptForInMs 0: nothing is kept, and every question is answered by itself. */
  constructor(options: { readonly clock: Clock; readonly keptForInMs: number }) {
    this.#isOff = options.keptForInMs === 0;
    this.#answers = new LRUCache({
      max: MOST_ANSWERS,
      ttl: options.keptForInMs,
      ttlResolution: 0,
      perf: options.clock,
    });
  }

  /** How often an answer was here or on its way, and how many are kept. */
  figures() {
    return { hits: this.#hits, misses: this.#misses, entries: this.#answers.size };
  }

  /** Grows whenever something of what a holder remembers changes. */
  revisionOf(holder: string): number {
    const known = this.#revisions.get(holder);
    if (known !== undefined) return known;
    this.changed(holder);
    return this.#newest;
  }

  changed(holder: string): void {
    this.#newest += 1;
    this.#revisions.set(holder, this.#newest);
  }

  /** @param find says by its argument that what it finds is not to be kept. */
  async answer(
    holder: string,
    question: string,
    find: (leave: () => void) => Promise<Answer>,
  ): Promise<Answer> {
    let isKept = true;
    const leave = () => {
      isKept = false;
    };
    if (this.#isOff) return find(leave);
    const key = `${this.revisionOf(holder)}\n${question}`;
    const kept = this.#answers.get(key) ?? this.#underWay.get(key);
    if (kept !== undefined) {
      this.#hits += 1;
      return kept;
    }
    this.#misses += 1;
    const finding = find(leave).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, finding);
    const answer = await finding;
    // Nobody looks under this key any more where the holder has changed meanwhile.
    if (isKept) this.#answers.set(key, answer);
    return answer;
  }
}
