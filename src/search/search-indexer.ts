import { setImmediate as nextTask } from 'node:timers/promises';
import type { Clock } from '#src/core/clock.ts';
import type { Embedder } from '#src/core/embedding.ts';
import type { LockStore } from '#src/core/memory-store.ts';
import {
  type EmbeddedEntry,
  isFound,
  type KeepingSearchIndex,
  type SearchChange,
  type SearchEntry,
  type SearchIndex,
  type SearchOutbox,
  type SearchPurpose,
} from '#src/core/search.ts';
import { underLock } from '#src/core/under-lock.ts';
import { HASHED_MODEL } from './hashed-model.ts';
import { hashedVectorInSpace } from './hashed-space.ts';

const CHANGES_AT_ONCE = 250;
/** So many are written to the store before others get their turn: some milliseconds of work. */
const WRITTEN_AT_ONCE = 50;
const LOOKED_AFTER_IN_MS = 1_000;
const FIRST_REST_IN_MS = 2_000;
const LONGEST_REST_IN_MS = 600_000;
/** One process tells the indexes at a time, so that nothing that is gone is told after its going. */
const LOCK = 'search';
/** After so many that fail by themselves, with none that did not, all wait. */
const TRIED_ALONE = 3;

/** A search beside the store's own. Its identity changes where it does not know any more what it was told. */
export interface FarSearch {
  readonly index: SearchIndex;
  identity(): Promise<string>;
}

export interface SearchIndexerOptions {
  readonly outbox: SearchOutbox;
  readonly locks: LockStore;
  /** The store's own index, which answers while the far one is away. */
  readonly own: KeepingSearchIndex;
  /** Chroma, where there is one. */
  readonly far?: FarSearch | undefined;
  /** Undefined: vectors are hashed, where anybody needs them. */
  readonly embedder?: Embedder | undefined;
  readonly clock: Clock;
  /** Logs what went wrong, once until it went well again. */
  readonly onFault: (error: unknown, doing: string) => void;
}

/**
 * Tells the search indexes what has changed, in the background, from the outbox: after a restart it goes on where it
 * stopped, and what cannot be told is told again later.
 */
export class SearchIndexer {
  readonly #options: SearchIndexerOptions;
  readonly #ending = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #underWay: Promise<void> | undefined;
  #restsUntilInMs = 0;
  #setbacks = 0;
  #told = 0;
  #failed = 0;
  /** For what the indexes were when that was last looked at; undefined until then. */
  #purpose: SearchPurpose | undefined;

  constructor(options: SearchIndexerOptions) {
    this.#options = options;
  }

  /** Looks after the outbox every second until it is stopped. */
  start(): void {
    this.#timer ??= setInterval(() => {
      // No rest is longer: the clock was set back.
      const left = this.#restsUntilInMs - this.#options.clock.now();
      if (left <= 0 || left > LONGEST_REST_IN_MS) void this.drain();
    }, LOOKED_AFTER_IN_MS).unref();
  }

  /** Ends what is under way; what was not told waits in the outbox. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#ending.abort();
    await this.#underWay;
  }

  /** Tells all that is due, unless another process is at it. Never rejects. */
  drain(): Promise<void> {
    this.#underWay ??= this.#drain().finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  /** Changes that were told, and that could not be, since the start. */
  figures() {
    return { told: this.#told, failed: this.#failed };
  }

  async #drain(): Promise<void> {
    const { locks, outbox } = this.#options;
    try {
      await this.#rebuild();
      // Nearly always there is nothing, and nobody need be kept out for that.
      if ((await outbox.due({ limit: 1 })).length === 0) return;
      await underLock(locks, LOCK, async (lost) => {
        const ending = AbortSignal.any([lost, this.#ending.signal]);
        while (!ending.aborted && (await this.#isOurs()) && (await this.#batch(ending))) await nextTask();
      });
    } catch (error) {
      this.#rest(error);
    }
  }

  /**
   * @param signal aborts where the lock is lost too: another process tells the indexes by then, and what this one has read
   *   may be gone since.
   * @returns whether there may be more to do now.
   */
  async #batch(signal: AbortSignal): Promise<boolean> {
    const { outbox, clock } = this.#options;
    const changes = await outbox.due({ limit: CHANGES_AT_ONCE });
    if (changes.length === 0) return false;
    try {
      await this.#tell(changes, signal);
      await outbox.done(changes);
      this.#told += changes.length;
      this.#setbacks = 0;
      return true;
    } catch (error) {
      signal.throwIfAborted();
      this.#failed += changes.length;
      // Each by itself from now on: what one text does wrong, the others do not wait for.
      for (const change of changes)
        await outbox.failed([change], { dueAtInMs: clock.now() + restAfter(change.attempts) });
      if (changes.length > 1 && changes.some(({ attempts }) => attempts > 0))
        return this.#oneByOne(changes, error, signal);
      this.#rest(error);
      return false;
    }
  }

  async #oneByOne(changes: readonly SearchChange[], error: unknown, signal: AbortSignal): Promise<boolean> {
    const { outbox, clock } = this.#options;
    let told = 0;
    let failed = 0;
    for (const change of changes) {
      try {
        await this.#tell([change], signal);
        await outbox.done([change]);
        told += 1;
      } catch {
        if (signal.aborted) break;
        failed += 1;
        await outbox.failed([change], { dueAtInMs: clock.now() + restAfter(change.attempts + 1) });
        // It is no text's fault.
        if (told === 0 && failed === TRIED_ALONE) break;
      }
    }
    this.#told += told;
    this.#rest(error);
    return false;
  }

  /** The store's own index first: it answers while the model or the far index is away. */
  async #tell(changes: readonly SearchChange[], signal: AbortSignal): Promise<void> {
    const { own, far, embedder } = this.#options;
    const gone = changes.filter(({ entry }) => entry === undefined).map(({ key }) => key);
    const there = changes.map(({ entry }) => entry).filter((entry) => entry !== undefined);
    signal.throwIfAborted();
    await own.remove(gone);
    const kept = await this.#withKept(there);
    let embedded: readonly EmbeddedEntry[];
    try {
      embedded = await this.#embedded(kept, signal);
    } catch (error) {
      await this.#write(kept, signal);
      throw error;
    }
    // Hashed vectors say nothing that the words do not say, and are made when they are needed.
    await this.#write(embedder === undefined ? kept : embedded, signal);
    if (far === undefined) return;
    const [found, notFound] = [embedded.filter(isFound), embedded.filter((entry) => !isFound(entry))];
    signal.throwIfAborted();
    await far.index.remove([...gone, ...notFound]);
    signal.throwIfAborted();
    await far.index.put(found);
  }

  async #write(entries: readonly EmbeddedEntry[], signal: AbortSignal): Promise<void> {
    for (let start = 0; start < entries.length; start += WRITTEN_AT_ONCE) {
      if (start > 0) await nextTask();
      signal.throwIfAborted();
      await this.#options.own.put(entries.slice(start, start + WRITTEN_AT_ONCE));
    }
  }

  /** With the vectors that there are: one is made once of a text, whatever becomes of its readers and of the far index. */
  async #withKept(entries: readonly SearchEntry[]): Promise<readonly EmbeddedEntry[]> {
    const { embedder, own } = this.#options;
    const kept = embedder === undefined ? undefined : await own.kept(entries);
    return entries.map((entry, at) => ({ ...entry, vector: kept?.get(at) }));
  }

  /** With all vectors: those that were not kept are made. */
  async #embedded(entries: readonly EmbeddedEntry[], signal: AbortSignal): Promise<readonly EmbeddedEntry[]> {
    const { embedder, far } = this.#options;
    if (embedder === undefined)
      return entries.map((entry) => ({
        ...entry,
        vector: far === undefined ? undefined : hashedVectorInSpace(entry.text),
      }));
    const others = entries.filter(({ vector }) => vector === undefined);
    if (others.length === 0) return entries;
    const texts = others.map(({ text }) => text);
    signal.throwIfAborted();
    const vectors = await embedder.embed(texts, signal);
    const made = new Map(others.map((entry, at) => [entry, vectors[at]]));
    return entries.map((entry) => ({ ...entry, vector: entry.vector ?? made.get(entry) }));
  }

  /**
   * Has everything told anew where the indexes were built for something else. It is looked at again each time: a server
   * that keeps nothing is empty when it comes back.
   */
  async #rebuild(): Promise<void> {
    let purpose: SearchPurpose;
    try {
      purpose = await purposeOf(this.#options);
    } catch {
      // It is away: the store's own index is told meanwhile, and what is told fails for it and waits.
      return;
    }
    if (purpose.name === this.#purpose?.name) return;
    const { outbox } = this.#options;
    // Where another process has had them built for something else meanwhile, `#isOurs` says so.
    if (this.#purpose === undefined || (await outbox.isBuiltFor(this.#purpose)))
      await outbox.rebuildFor(purpose);
    this.#purpose = purpose;
  }

  /**
   * Whether the indexes are still built for what this process tells them.
   * @throws Error where another one has had them built for something else: what is told now would be missing there.
   */
  async #isOurs(): Promise<boolean> {
    const { outbox } = this.#options;
    if (this.#purpose === undefined || (await outbox.isBuiltFor(this.#purpose))) return true;
    // Emptied and filled anew, the far one has another identity.
    this.#purpose = await purposeOf(this.#options);
    if (await outbox.isBuiltFor(this.#purpose)) return true;
    throw new Error(
      'another process has built the search for another EMBEDDING_MODEL or CHROMA_URL: start this one again with the same',
    );
  }

  #rest(error: unknown): void {
    if (this.#ending.signal.aborted) return;
    this.#restsUntilInMs = this.#options.clock.now() + restAfter(this.#setbacks);
    if (this.#setbacks === 0) this.#options.onFault(error, 'telling the search what has changed');
    this.#setbacks += 1;
  }
}

/** For what the indexes are built: whose vectors they have, and which far one it is. */
export async function purposeOf({
  embedder,
  far,
}: Pick<SearchIndexerOptions, 'embedder' | 'far'>): Promise<SearchPurpose> {
  const identity = far === undefined ? null : await far.identity();
  const withRecent = embedder !== undefined;
  const model = embedder?.name ?? HASHED_MODEL;
  return {
    name: JSON.stringify({ model, far: identity, ...(withRecent ? { withRecent } : {}) }),
    withRecent,
  };
}

function restAfter(setbacks: number): number {
  return Math.min(FIRST_REST_IN_MS * 2 ** Math.min(setbacks, 20), LONGEST_REST_IN_MS);
}
