import { setImmediate as nextTask } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { Clock } from '#src/core/clock.ts';
import type { Line } from '#src/core/entities.ts';
import { type MemoryHit, memoryOf } from '#src/core/memory.ts';
import type { CampaignStore, CommittedLine } from '#src/core/store.ts';
import type { RecallIndex, RecallOptions } from './recall-index.ts';

/** The newest memories of one NPC that are searched: the episodic tier's bound. */
const MOST_OF_ONE = 5_000;
/** The newest memories of a campaign that are searched when a GM asks who knows. */
const MOST_OF_ALL = 20_000;
/** An index that outgrew its bound by so many is loaded anew without its oldest. */
const GROWTH = 500;
/** Indexes held, and memories in all of them together: some 20 NPCs with everything an index may hold. */
const MOST_INDEXES = 64;
const MOST_MEMORIES = 100_000;
const IDLE_IN_MS = 30 * 60_000;
/** So many are added to an index before others get their turn: a millisecond or two of work. */
const ADDED_AT_ONCE = 100;
const TIME_LIMIT_IN_MS = 2_000;

/** Stands for everybody of a campaign, where otherwise an NPC's id does. */
const EVERYBODY = '';

interface Loading {
  readonly index: Promise<RecallIndex>;
  /** Lines committed while it loads. */
  readonly missed: Line[];
}

export interface MemoryKeeperOptions {
  readonly clock: Clock;
  /** Logs a failure, once. */
  readonly onFault: (error: unknown, doing: string) => void;
  /** Counts a recall without which a turn had to go on. */
  readonly onLeftOut: (why: 'recall late' | 'recall failed') => void;
}

/**
 * Finds again what NPCs remember. The truth is the store; here is an index for each NPC that is on stage, loaded when it
 * enters or first speaks, kept true by every line that is committed, and dropped when it is not used.
 */
export class MemoryKeeper {
  readonly #options: MemoryKeeperOptions;
  readonly #indexes: LRUCache<string, RecallIndex>;
  readonly #loading = new Map<string, Loading>();
  #hits = 0;
  #misses = 0;

  constructor(options: MemoryKeeperOptions) {
    this.#options = options;
    this.#indexes = new LRUCache({
      max: MOST_INDEXES,
      maxSize: MOST_MEMORIES,
      sizeCalculation: sizeOf,
      ttl: IDLE_IN_MS,
      updateAgeOnGet: true,
      ttlResolution: 0,
      perf: options.clock,
    });
  }

  /** Takes in a line that was committed: for each witness whose index is here, or on its way. */
  committed({ campaignId, line, witnesses }: CommittedLine): void {
    if (witnesses.length === 0) return;
    for (const holder of [...witnesses, EVERYBODY]) {
      const key = keyOf(campaignId, holder);
      this.#loading.get(key)?.missed.push(line);
      const index = this.#indexes.peek(key);
      if (index !== undefined) this.#take(key, index, line, mostOf(holder));
    }
  }

  /** Begins to load what an NPC remembers, ahead of its first turn. */
  prepare(store: CampaignStore, npcId: string): void {
    this.#indexOf(store, npcId).catch((error: unknown) => this.#options.onFault(error, 'loading memories'));
  }

  /** Drops the index of an NPC that is not needed for now. */
  release(store: CampaignStore, npcId: string): void {
    this.#indexes.delete(keyOf(store.campaignId, npcId));
  }

  /** What one NPC remembers that answers a question, best first. */
  async recall(store: CampaignStore, npcId: string, query: string, options: RecallOptions) {
    return (await this.#indexOf(store, npcId)).recall(query, options);
  }

  /** What anybody of the campaign remembers that answers a question, best first. */
  async recallOfAll(store: CampaignStore, query: string, options: RecallOptions) {
    return (await this.#indexOf(store, EVERYBODY)).recall(query, options);
  }

  /** Like `recall`, for a turn: never rejects, and gives nothing where it fails or takes longer than two seconds. */
  async recallInTime(
    store: CampaignStore,
    npcId: string,
    query: string,
    options: RecallOptions,
  ): Promise<readonly MemoryHit[]> {
    const { promise: late, resolve } = Promise.withResolvers<'late'>();
    const timer = setTimeout(resolve, TIME_LIMIT_IN_MS, 'late').unref();
    try {
      const found = await Promise.race([this.recall(store, npcId, query, options), late]);
      if (found !== 'late') return found;
      this.#options.onLeftOut('recall late');
      this.#options.onFault(
        new Error(`What an NPC remembers was not found within ${TIME_LIMIT_IN_MS} ms.`),
        'recalling',
      );
    } catch (error) {
      this.#options.onLeftOut('recall failed');
      this.#options.onFault(error, 'recalling');
    } finally {
      clearTimeout(timer);
    }
    return [];
  }

  /** Counts that these came to an NPC's mind. */
  used(store: CampaignStore, npcId: string, ids: readonly string[]): void {
    if (ids.length === 0) return;
    store.memories
      .used(npcId, ids)
      .catch((error: unknown) => this.#options.onFault(error, 'counting memories that were used'));
  }

  /** How often an index was here when it was needed, and how many are. */
  figures() {
    return { hits: this.#hits, misses: this.#misses, entries: this.#indexes.size };
  }

  async #indexOf(store: CampaignStore, holder: string): Promise<RecallIndex> {
    this.#indexes.purgeStale();
    const key = keyOf(store.campaignId, holder);
    const ready = this.#indexes.get(key);
    if (ready !== undefined) {
      this.#hits += 1;
      return ready;
    }
    const underWay = this.#loading.get(key);
    if (underWay !== undefined) return underWay.index;
    this.#misses += 1;
    const missed: Line[] = [];
    const index = this.#load(store, holder, missed).finally(() => this.#loading.delete(key));
    this.#loading.set(key, { index, missed });
    return index;
  }

  /** @param missed what is committed from now on; what was before is in the store. */
  async #load(store: CampaignStore, holder: string, missed: readonly Line[]): Promise<RecallIndex> {
    const limit = mostOf(holder);
    const { memories } = store;
    const [newestFirst, { RecallIndex }] = await Promise.all([
      holder === EVERYBODY ? memories.all({ limit }) : memories.of(holder, { limit }),
      // Start-up does without it.
      import('./recall-index.ts'),
    ]);
    const units = newestFirst.toReversed();
    const index = new RecallIndex();
    for (let start = 0; start < units.length; start += ADDED_AT_ONCE) {
      if (start > 0) await nextTask();
      index.add(units.slice(start, start + ADDED_AT_ONCE));
    }
    const key = keyOf(store.campaignId, holder);
    this.#indexes.set(key, index);
    for (const line of missed) this.#take(key, index, line, limit);
    return index;
  }

  /** An index that cannot take a line, or has grown too large, is dropped: what it should hold is in the store. */
  #take(key: string, index: RecallIndex, line: Line, limit: number): void {
    try {
      const unit = memoryOf(line);
      if (unit === undefined) index.remove([line.id]);
      else index.add([unit]);
      // Taken out and put back, so that it is measured again: its size has changed.
      this.#indexes.delete(key);
      if (index.size <= limit + GROWTH) this.#indexes.set(key, index);
    } catch (error) {
      this.#indexes.delete(key);
      this.#options.onFault(error, 'remembering a line');
    }
  }
}

function keyOf(campaignId: string, holder: string): string {
  return `${campaignId}\n${holder}`;
}

function mostOf(holder: string): number {
  return holder === EVERYBODY ? MOST_OF_ALL : MOST_OF_ONE;
}

function sizeOf(index: RecallIndex): number {
  return index.size + 1;
}
