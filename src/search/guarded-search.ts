import type { Clock } from '#src/core/clock.ts';
import type { LongSearch, SearchHit, SearchQuery } from '#src/core/search.ts';

const FIRST_REST_IN_MS = 2_000;
const LONGEST_REST_IN_MS = 60_000;

export interface GuardedSearchOptions {
  readonly far: LongSearch;
  /** Answers while the far one is away. */
  readonly own: LongSearch;
  readonly clock: Clock;
  /** Hears once that the far one cannot be used. */
  readonly onAway: (error: unknown) => void;
  /** Hears once that it can be used again. */
  readonly onBack: () => void;
}

/** Asks a far search, and the store's own while that is away; then the far one is tried again, less and less often. */
export class GuardedSearch implements LongSearch {
  readonly #options: GuardedSearchOptions;
  #restsUntilInMs = 0;
  #setbacks = 0;
  #hits = 0;
  #misses = 0;

  constructor(options: GuardedSearchOptions) {
    this.#options = options;
  }

  /** How often the far one answered, and how often the other had to. */
  figures() {
    return { hits: this.#hits, misses: this.#misses, entries: 0 };
  }

  async find(query: SearchQuery): Promise<readonly SearchHit[]> {
    const { far, own, clock } = this.#options;
    if (query.vector !== undefined && !isResting(this.#restsUntilInMs, clock)) {
      try {
        const found = await far.find(query);
        this.#hits += 1;
        this.#back();
        return found;
      } catch (error) {
        this.#away(error);
      }
    }
    this.#misses += 1;
    return own.find(query);
  }

  #away(error: unknown): void {
    const { clock, onAway } = this.#options;
    const rest = Math.min(FIRST_REST_IN_MS * 2 ** Math.min(this.#setbacks, 20), LONGEST_REST_IN_MS);
    this.#restsUntilInMs = clock.now() + rest;
    this.#setbacks += 1;
    if (this.#setbacks === 1) onAway(error);
  }

  #back(): void {
    if (this.#setbacks === 0) return;
    this.#setbacks = 0;
    this.#options.onBack();
  }
}

/** A clock that was set back would otherwise hold it up until it has caught up. */
function isResting(untilInMs: number, clock: Clock): boolean {
  const left = untilInMs - clock.now();
  return left > 0 && left <= LONGEST_REST_IN_MS;
}
