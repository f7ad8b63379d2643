import { setImmediate as nextTask } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { Clock } from '#src/core/clock.ts';
import { orLeftOut } from '#src/core/left-out.ts';
import { type MemoryHit, memoryOf } from '#src/core/memory.ts';
import type { Elsewhere, MemoryChange } from '#src/core/memory-store.ts';
import type { Meanings, TextSearch } from '#src/core/search.ts';
import type { CampaignStore, CommittedLine } from '#src/core/store.ts';
import type { GameTime } from '#src/core/world-time.ts';
import { foundBeyond, MOST_FOUND } from './beyond-index.ts';
import { namesIn } from './names-in.ts';
import { RecallCache } from './recall-cache.ts';
import type { RecallIndex, RecallOptions } from './recall-index.ts';
import { mayNameTime } from './time-hint.ts';
import { EVERYBODY, mostOf, unitsToLoad } from './what-to-load.ts';

/** An index that outgrew its bound by so many is loaded anew without its oldest. */
const GROWTH = 500;
/** Indexes held, and memories in all of them together: some 10 NPCs with everything an index may hold. */
const MOST_INDEXES = 64;
const MOST_MEMORIES = 100_000;
const IDLE_IN_MS = 30 * 60_000;
/** So many are added to an index before others get their turn: a millisecond or two of work. */
const ADDED_AT_ONCE = 100;
/** So many vectors of a model are read before others get their turn, and at most for one question. */
const LEARNED_AT_ONCE = 50;
/** What has no vector for longer is not waited for. */
const LEARNED_WITHIN_IN_MS = 60_000;
const ANSWERS_KEPT_FOR_IN_MS = 300_000;
/** Names that are looked up while an answer streams; the same one not again for as long as answers are kept. */
const MOST_NAMES_AHEAD = 4;
const MOST_NAMES_KEPT = 1_000;

interface Loaded {
  readonly index: RecallIndex;
  /** Some of what is remembered in the long tiers is not in it. */
  readonly isPart: boolean;
}

interface Loading {
  readonly loaded: Promise<Loaded>;
  /** What has changed while it loads. */
  readonly missed: Change[];
}

/** What is remembered from now on, or otherwise than before, and the ids of what is not any more. */
type Change = Pick<MemoryChange, 'put' | 'gone'>;

export interface MemoryKeeperOptions {
  readonly clock: Clock;
  /** Logs a failure, once. */
  readonly onFault: (error: unknown, doing: string) => void;
  /** Counts a recall without which a turn had to go on. */
  readonly onLeftOut: (why: 'recall late' | 'recall failed' | 'long search failed') => void;
  /** Finds what lies in the long tiers; without it only what is in memory is found. */
  readonly long?: TextSearch | undefined;
  /** How long an answer is good where nothing changes; 0: each question is answered by itself. */
  readonly keptForInMs?: number;
}

/**
 * Finds again what NPCs remember. The truth is the store; here is an index for each NPC that is on stage, loaded when it
 * enters or first speaks, kept true by every line that is committed, and dropped when it is not used.
 */
export class MemoryKeeper {
  readonly #options: MemoryKeeperOptions;
  readonly #indexes: LRUCache<string, Loaded>;
  readonly #answers: RecallCache<readonly MemoryHit[]>;
  readonly #loading = new Map<string, Loading>();
  /** What is known of other processes, by campaign. */
  readonly #elsewhere = new Map<string, Elsewhere>();
  /** The names that were fetched ahead of late, for each holder. */
  readonly #fetched: LRUCache<string, true>;
  #hits = 0;
  #misses = 0;

  constructor(options: MemoryKeeperOptions) {
    this.#options = options;
    const { clock, keptForInMs = ANSWERS_KEPT_FOR_IN_MS } = options;
    this.#answers = new RecallCache({ clock, keptForInMs });
    this.#fetched = new LRUCache({
      max: MOST_NAMES_KEPT,
      ttl: keptForInMs,
      ttlResolution: 0,
      perf: clock,
    });
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
    const unit = memoryOf(line);
    const change = unit === undefined ? { put: [], gone: [line.id] } : { put: [unit], gone: [] };
    for (const holder of [...witnesses, EVERYBODY]) this.#takeIn(campaignId, holder, change);
  }

  /** Takes in what an NPC holds otherwise than before. */
  changed({ campaignId, npcId, put, gone }: MemoryChange): void {
    this.#takeIn(campaignId, npcId, { put, gone });
    // Others may still hold what this one does not.
    if (gone.length === 0) this.#takeIn(campaignId, EVERYBODY, { put, gone });
    else this.#doubt(keyOf(campaignId, EVERYBODY));
  }

  /** Begins to load what an NPC remembers, ahead of its first turn. */
  prepare(store: CampaignStore, npcId: string): void {
    this.#lookElsewhere(store)
      .then(() => this.#indexOf(store, npcId))
      .catch((error: unknown) => this.#options.onFault(error, 'loading memories'));
  }

  /** Drops the index of an NPC that is not needed for now. */
  release(store: CampaignStore, npcId: string): void {
    this.#indexes.delete(keyOf(store.campaignId, npcId));
  }

  /** What one NPC remembers that answers a question, best first. */
  async recall(store: CampaignStore, npcId: string, query: string, options: RecallOptions) {
    return this.#answer(store, npcId, query, options);
  }

  /** What anybody of the campaign remembers that answers a question, best first. */
  async recallOfAll(store: CampaignStore, query: string, options: RecallOptions) {
    return this.#answer(store, EVERYBODY, query, options);
  }

  /** The times that a question names, and whether an NPC remembers anything from then, or anybody where none is named. */
  async timesAsked(store: CampaignStore, npcId: string | undefined, query: string, now: GameTime) {
    await this.#lookElsewhere(store);
    const { index } = await this.#indexOf(store, npcId ?? EVERYBODY);
    return index.timesAsked(query, now);
  }

  /** Like `recall`, for a turn: never rejects, and gives nothing where it fails or takes longer than two seconds. */
  async recallInTime(
    store: CampaignStore,
    npcId: string,
    query: string,
    options: RecallOptions,
  ): Promise<readonly MemoryHit[]> {
    const { onFault, onLeftOut } = this.#options;
    const recalling = this.recall(store, npcId, query, options);
    return orLeftOut(recalling, [], { what: 'recall', doing: 'recalling', onFault, onLeftOut });
  }

  /**
   * Brings into memory what the long tiers hold of the names in a text that was just said: what is asked next is likely
   * about them, and its own words need not find all of that. Works in the background, one look-up after another; an index
   * that is nearly full takes none.
   */
  ahead(store: CampaignStore, npcIds: readonly string[], text: string): void {
    if (this.#options.long === undefined) return;
    const names = namesIn(text).slice(0, MOST_NAMES_AHEAD);
    // It logs its own failures.
    if (names.length > 0) void this.#fetch(store, npcIds, names);
  }

  async #fetch(store: CampaignStore, npcIds: readonly string[], names: readonly string[]): Promise<void> {
    for (const npcId of npcIds)
      for (const name of names) {
        const key = keyOf(store.campaignId, npcId);
        const loaded = this.#indexes.peek(key);
        if (loaded === undefined || loaded.index.size + MOST_FOUND > mostOf(npcId)) break;
        if (this.#fetched.has(`${key}\n${name}`)) continue;
        this.#fetched.set(`${key}\n${name}`, true);
        await this.#reach(store, npcId, name, loaded);
      }
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

  /** How often an answer was here when a question was asked again, and how many are. */
  answerFigures() {
    return this.#answers.figures();
  }

  async #answer(
    store: CampaignStore,
    holder: string,
    query: string,
    options: RecallOptions,
  ): Promise<readonly MemoryHit[]> {
    const { now, limit, askedBy, askedOf } = options;
    const asOf = now !== undefined && mayNameTime(query) ? now : undefined;
    const question = JSON.stringify([query, limit, askedBy, askedOf, asOf]);
    const key = keyOf(store.campaignId, holder);
    await this.#lookElsewhere(store);
    return this.#answers.answer(key, question, async (leave) => {
      const { meanings } = this.#options.long ?? {};
      const meaning = meanings?.of(query);
      const loaded = await this.#indexOf(store, holder);
      await this.#reach(store, holder, query, loaded);
      if (meanings === undefined) return loaded.index.recall(query, options);
      await this.#learn(store, meanings, loaded.index, LEARNED_AT_ONCE);
      const known = await meaning;
      if (known === undefined || this.#isBeingLearned(loaded.index)) leave();
      return loaded.index.recall(query, options, known);
    });
  }

  /** What other processes have changed is loaded anew. */
  async #lookElsewhere(store: CampaignStore): Promise<void> {
    const { campaignId, memories } = store;
    const last = this.#elsewhere.get(campaignId);
    const now = await memories.changedElsewhere(last);
    if (now === last) return;
    this.#elsewhere.set(campaignId, now);
    for (const npcId of now.npcIds) this.#doubt(keyOf(campaignId, npcId));
    if (now.npcIds.length > 0) this.#doubt(keyOf(campaignId, EVERYBODY));
  }

  /** Takes in what the newest memories mean, as far as the model's vectors of them have been made. */
  async #learn(store: CampaignStore, meanings: Meanings, index: RecallIndex, limit: number): Promise<void> {
    const unlearned = index.unlearned(limit);
    for (let start = 0; start < unlearned.length; start += LEARNED_AT_ONCE) {
      if (start > 0) await nextTask();
      const some = unlearned.slice(start, start + LEARNED_AT_ONCE);
      index.learn(some, await meanings.kept(store.campaignId, some));
    }
  }

  /** Whether something was said of which the model's vector will be here in a moment. */
  #isBeingLearned(index: RecallIndex): boolean {
    const newest = index.newestUnlearned;
    return newest !== undefined && newest.saidAtInMs > this.#options.clock.now() - LEARNED_WITHIN_IN_MS;
  }

  /**
   * Brings into an index what the long tiers hold beyond it that answers a question, so that all is ranked together. Where
   * that fails, what is in memory is found without it.
   */
  async #reach(store: CampaignStore, holder: string, query: string, loaded: Loaded): Promise<void> {
    const { long, onFault, onLeftOut } = this.#options;
    if (long === undefined || !(loaded.isPart || long.isAlwaysAsked)) return;
    const key = keyOf(store.campaignId, holder);
    const revision = this.#answers.revisionOf(key);
    try {
      const npcId = holder === EVERYBODY ? undefined : holder;
      const put = await foundBeyond(store, npcId, query, { search: long, index: loaded.index });
      // What changed meanwhile may have been one of these.
      if (put.length === 0 || this.#answers.revisionOf(key) !== revision) return;
      loaded.index.add(put);
      if (this.#indexes.peek(key) === loaded) this.#measure(key, loaded, mostOf(holder));
    } catch (error) {
      onLeftOut('long search failed');
      onFault(error, 'searching the long tiers');
    }
  }

  async #indexOf(store: CampaignStore, holder: string): Promise<Loaded> {
    this.#indexes.purgeStale();
    const key = keyOf(store.campaignId, holder);
    const ready = this.#indexes.get(key);
    if (ready !== undefined) {
      this.#hits += 1;
      return ready;
    }
    const underWay = this.#loading.get(key);
    if (underWay !== undefined) return underWay.loaded;
    this.#misses += 1;
    const missed: Change[] = [];
    const loading: Loading = { loaded: this.#load(store, holder), missed };
    this.#loading.set(key, loading);
    try {
      const loaded = await loading.loaded;
      if (this.#loading.get(key) === loading) {
        this.#indexes.set(key, loaded);
        for (const change of missed) this.#take(key, loaded, change, mostOf(holder));
        return loaded;
      }
    } finally {
      if (this.#loading.get(key) === loading) this.#loading.delete(key);
    }
    // It came in doubt meanwhile.
    return this.#indexOf(store, holder);
  }

  async #load(store: CampaignStore, holder: string): Promise<Loaded> {
    const [{ units, isPart }, { RecallIndex }] = await Promise.all([
      unitsToLoad(store, holder),
      // Start-up does without it.
      import('./recall-index.ts'),
    ]);
    const index = new RecallIndex();
    for (let start = 0; start < units.length; start += ADDED_AT_ONCE) {
      if (start > 0) await nextTask();
      index.add(units.slice(start, start + ADDED_AT_ONCE));
    }
    const { meanings } = this.#options.long ?? {};
    if (meanings !== undefined) await this.#learn(store, meanings, index, units.length);
    return { index, isPart };
  }

  #takeIn(campaignId: string, holder: string, change: Change): void {
    const key = keyOf(campaignId, holder);
    this.#answers.changed(key);
    this.#loading.get(key)?.missed.push(change);
    const loaded = this.#indexes.peek(key);
    if (loaded !== undefined) this.#take(key, loaded, change, mostOf(holder));
  }

  /** An index that cannot take a change, or has grown too large, is dropped: what it should hold is in the store. */
  #take(key: string, loaded: Loaded, { put, gone }: Change, limit: number): void {
    try {
      loaded.index.remove(gone);
      loaded.index.add(put);
      this.#measure(key, loaded, limit);
    } catch (error) {
      this.#indexes.delete(key);
      this.#options.onFault(error, 'remembering');
    }
  }

  /** Taken out and put back: its size has changed. */
  #measure(key: string, loaded: Loaded, limit: number): void {
    this.#indexes.delete(key);
    if (loaded.index.size <= limit + GROWTH) this.#indexes.set(key, loaded);
  }

  /** What an index should hold is read again when it is next asked. */
  #doubt(key: string): void {
    this.#answers.changed(key);
    this.#indexes.delete(key);
    this.#loading.delete(key);
  }
}

function keyOf(campaignId: string, holder: string): string {
  return `${campaignId}\n${holder}`;
}

function sizeOf({ index }: Loaded): number {
  return Math.ceil(index.weight) + 1;
}
