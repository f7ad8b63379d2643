import { createHash } from 'node:crypto';
import { setImmediate as nextTask } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { Clock } from '#src/core/clock.ts';
import type { HeldMemory } from '#src/core/memory.ts';
import { type MemorySettings, USUAL_MEMORY_SETTINGS } from '#src/core/memory-settings.ts';
import type {
  ConsolidationRun,
  Decisions,
  Folded,
  LineAsSeen,
  MemoryMark,
  Settled,
} from '#src/core/memory-store.ts';
import type { Origin } from '#src/core/model.ts';
import type { CampaignStore } from '#src/core/store.ts';
import { foldGroups } from './fold-groups.ts';
import { type GistLine, gistOf } from './gist.ts';
import { importanceOf } from './importance.ts';
import { keepScore, LET_GO_BELOW } from './keeping.ts';
import { dateOf, isAfter, type MemoryTime, markDaysAgo, memoryTime, timeSince } from './memory-time.ts';
import { TIER_BOUNDS } from './tiers.ts';

/** So much is looked at and decided before others get their turn: some milliseconds of work. */
const AT_ONCE = { weighed: 50, lookedAt: 120, groups: 5, dropped: 200 };

/** Behind everything that lies on a shelf. */
const THE_END: MemoryMark = {
  playedDay: Number.MAX_SAFE_INTEGER,
  saidAtInMs: Number.MAX_SAFE_INTEGER,
  seq: 0,
};

/** Campaigns of which is known that nothing is due today. What is forgotten is looked at once more. */
const SETTLED_KEPT = 10_000;

/** Whoever retells and judges better than rules do: a configured model. */
export interface Judge {
  /** How important each line is, from 0 to 1. Never rejects but for an abort: what it cannot say it takes from the rules. */
  weigh(lines: readonly GistLine[], origin: Origin, signal: AbortSignal): Promise<readonly number[]>;
  /** Each group in a few sentences. Never rejects but for an abort: what it cannot retell keeps its gist. */
  fold(groups: readonly FoldGroup[], origin: Origin, signal: AbortSignal): Promise<readonly string[]>;
}

/** Lines of one scene as one NPC witnessed them, and what stays of them where nobody retells them. */
export interface FoldGroup {
  readonly lines: readonly GistLine[];
  readonly gist: string;
}

export interface ConsolidatorOptions {
  readonly clock: Clock;
  /** Undefined where no model is configured: then the rules judge. */
  readonly judge: Judge | undefined;
  /** The usual ones where left out. */
  readonly settings?: MemorySettings;
  /** For tests with less to do. */
  readonly bounds?: Bounds;
  readonly atOnce?: typeof AT_ONCE;
}

/** Entries of `TIER_BOUNDS`. */
export interface Bounds {
  readonly shortTerm: number;
  readonly episodic: number;
  readonly longTerm: number;
  readonly semantic: number;
}

const BOUNDS: Bounds = {
  shortTerm: TIER_BOUNDS['short-term'].entries,
  episodic: TIER_BOUNDS.episodic.entries,
  longTerm: TIER_BOUNDS['long-term'].entries,
  semantic: TIER_BOUNDS.semantic.entries,
};

type Counts = { -readonly [K in keyof Settled | 'dropped']: number };

/**
 * Puts a campaign's memories in order: weighs what has become old news, promotes what matters, folds what leaves its tier
 * into summaries, lets the rest go. Every step is a transaction of its own and follows from what is stored, so that it can
 * end anywhere and be begun again. To be run by one process at a time for each campaign.
 */
export class Consolidator {
  readonly #clock: Clock;
  readonly #judge: Judge | undefined;
  readonly #settings: MemorySettings;
  readonly #bounds: Bounds;
  readonly #atOnce: typeof AT_ONCE;
  /** What a campaign's lines and the date were when nothing was left to do but by time alone, by campaign id. */
  readonly #settled = new LRUCache<string, { readonly unrested: number; readonly date: number }>({
    max: SETTLED_KEPT,
  });

  constructor(options: ConsolidatorOptions) {
    const { clock, judge, settings = USUAL_MEMORY_SETTINGS, bounds = BOUNDS, atOnce = AT_ONCE } = options;
    this.#clock = clock;
    this.#judge = judge;
    this.#settings = settings;
    this.#bounds = bounds;
    this.#atOnce = atOnce;
  }

  /**
   * Whether anything may be due in a campaign that has not come to rest: something was said or changed, or another day
   * has begun. One look at the store.
   */
  async isDue({ campaignId, consolidation }: CampaignStore): Promise<boolean> {
    const settled = this.#settled.get(campaignId);
    if (settled === undefined || settled.date !== dateOf(this.#clock.now())) return true;
    return settled.unrested !== (await consolidation.unrested());
  }

  /**
   * @returns what was done, as it was noted in the store too.
   * @throws what the store throws, and the signal's reason; what was done until then stays, and is noted.
   */
  async run(store: CampaignStore, origin: Origin, signal: AbortSignal): Promise<ConsolidationRun> {
    const { consolidation } = store;
    const startedAt = performance.now();
    const counts: Counts = { weighed: 0, promoted: 0, summaries: 0, folded: 0, letGo: 0, dropped: 0 };
    const noted = async (fault: string | undefined) => {
      const tookInMs = performance.now() - startedAt;
      const run = { ...counts, endedAtInMs: this.#clock.now(), tookInMs, fault };
      await consolidation.saveRun(run);
      return run;
    };
    try {
      const unrested = await consolidation.unrested();
      const now = await memoryTime(store, this.#settings.clock, this.#clock);
      let isAllWeighed = true;
      let isAnyLeft = false;
      for (const { id: npcId } of await store.npcs.names()) {
        const work = { store, npcId, now, counts, origin, signal };
        isAllWeighed = (await this.#weigh(work)) && isAllWeighed;
        await this.#leave(work, 'recent', this.#bounds.episodic, TIER_BOUNDS.episodic.days);
        await this.#leave(work, 'long-term', this.#bounds.longTerm, TIER_BOUNDS['long-term'].days);
        await this.#drop(work);
        if ('wallInMs' in now) isAnyLeft = (await this.#isAnyLeft(work)) || isAnyLeft;
      }
      const run = await noted(undefined);
      // By wall time more is due though nobody says another word: within the hour, then at the turn of some day.
      this.#settled.delete(store.campaignId);
      if (!('wallInMs' in now) || (isAllWeighed && !isAnyLeft)) await consolidation.rested(unrested);
      else if (isAllWeighed) this.#settled.set(store.campaignId, { unrested, date: dateOf(now.wallInMs) });
      return run;
    } catch (error) {
      await noted(
        signal.aborted
          ? 'It was interrupted. What is left to do is done the next time.'
          : 'It failed; the log says why. What is left to do is done the next time.',
      );
      throw error;
    }
  }

  /**
   * Weighs what has left short-term memory; what matters enough goes to long-term memory at once.
   * @returns whether nothing is left to be weighed later.
   */
  async #weigh(work: Work): Promise<boolean> {
    const { store, npcId, now, origin, signal } = work;
    const { consolidation } = store;
    const mark = await consolidation.markOf(npcId, 'recent', this.#bounds.shortTerm);
    for (;;) {
      const oldest = await consolidation.unweighed(npcId, { limit: this.#atOnce.weighed });
      const due = oldest.filter((held) => isBefore(held, mark) || isOldNews(held, now));
      if (due.length === 0) return oldest.length === 0;
      const standing = due.filter(({ unit }) => unit.text !== '');
      const byRules = standing.map(({ unit: { speaker, text } }) => ({
        speaker,
        text,
        importance: importanceOf(text),
      }));
      const judged = await this.#judge?.weigh(byRules, origin, signal);
      signal.throwIfAborted();
      const weighed = standing.map((held, at) => {
        const importance = judged?.[at] ?? byRules[at]?.importance ?? 0;
        return { ...asSeen(held), importance, isPromoted: this.#isPromoted(held, importance, now) };
      });
      const letGo = due.filter(({ unit }) => unit.text === '').map(asSeen);
      if (!(await this.#settle(work, { weighed, folded: [], letGo }))) return false;
    }
  }

  /** What is too old for a shelf, or too much for it, is promoted, folded or let go. */
  async #leave(work: Work, shelf: 'recent' | 'long-term', entries: number, days: number): Promise<void> {
    const { store, npcId, now } = work;
    const { consolidation } = store;
    const tooMany = await consolidation.markOf(npcId, shelf, entries);
    const tooOld = await markDaysAgo(store, days, now);
    const mark = tooMany !== undefined && isAfter(tooMany, tooOld) ? tooMany : tooOld;
    for (;;) {
      const leaving = await consolidation.before(npcId, { shelf, mark, limit: this.#atOnce.lookedAt });
      if (leaving.length === 0) return;
      const isPromoted = (held: HeldMemory) =>
        shelf === 'recent' && this.#isPromoted(held, held.importance ?? 0, now);
      const promoted = leaving
        .filter(isPromoted)
        .map((held) => ({ ...asSeen(held), importance: held.importance ?? 0, isPromoted: true }));
      const rest = leaving.filter((held) => !isPromoted(held));
      const groups = foldGroups(rest, leaving.length < this.#atOnce.lookedAt);
      let moved = await this.#settle(work, { weighed: promoted, folded: [], letGo: [] });
      for (let start = 0; start < groups.length; start += this.#atOnce.groups)
        moved = (await this.#fold(work, groups.slice(start, start + this.#atOnce.groups))) || moved;
      if (!moved) return;
    }
  }

  /** Whether time alone will make something leave its shelf. */
  async #isAnyLeft({ store: { consolidation }, npcId }: Work): Promise<boolean> {
    for (const shelf of ['recent', 'long-term'] as const)
      if ((await consolidation.before(npcId, { shelf, mark: THE_END, limit: 1 })).length > 0) return true;
    return false;
  }

  #isPromoted(held: HeldMemory, importance: number, now: MemoryTime): boolean {
    const { decayPerDay, promoteAbove } = this.#settings;
    return keepScore(held, importance, now, decayPerDay) > promoteAbove;
  }

  async #fold(work: Work, groups: readonly (readonly HeldMemory[])[]): Promise<boolean> {
    const { store, origin, signal } = work;
    const matters = (group: readonly HeldMemory[]) =>
      group.some(({ importance = 0 }) => importance >= LET_GO_BELOW);
    const letGo = groups.filter((group) => !matters(group)).flatMap((group) => group.map(asSeen));
    const kept = groups.filter(matters).map((group) => ({ group, memoryId: summaryId(group) }));
    const known = await store.consolidation.known(kept.map(({ memoryId }) => memoryId));
    const unknown = kept
      .filter(({ memoryId }) => !known.has(memoryId))
      .map(({ group, memoryId }) => {
        const lines = group.map(({ unit: { speaker, text }, importance = 0 }) => ({
          speaker,
          text,
          importance,
        }));
        return { memoryId, lines, gist: gistOf(lines) };
      });
    const retold =
      this.#judge === undefined || unknown.length === 0
        ? unknown.map(({ gist }) => gist)
        : await this.#judge.fold(unknown, origin, signal);
    signal.throwIfAborted();
    const texts = new Map(known);
    for (const [at, { memoryId, gist }] of unknown.entries()) texts.set(memoryId, retold[at] ?? gist);
    const folded = kept.map(({ group, memoryId }): Folded => {
      const importance = Math.max(...group.map((held) => held.importance ?? 0));
      return { memoryId, text: texts.get(memoryId) ?? '', importance, sources: group.map(asSeen) };
    });
    return this.#settle(work, { weighed: [], folded, letGo });
  }

  /** Semantic memory is for good, but not without end: what is worth least leaves. */
  async #drop({ store, npcId, now, counts, signal }: Work): Promise<void> {
    const { consolidation, memories } = store;
    let tooMany = (await memories.counts(npcId)).semantic - this.#bounds.semantic;
    if (tooMany <= 0) return;
    const scored: { readonly id: string; readonly score: number }[] = [];
    for (let isMore = true; isMore; ) {
      const some = await consolidation.semantic(npcId, {
        limit: this.#atOnce.dropped,
        offset: scored.length,
      });
      for (const held of some)
        scored.push({
          id: held.unit.id,
          score: keepScore(held, held.importance ?? 0, now, this.#settings.decayPerDay),
        });
      isMore = some.length === this.#atOnce.dropped;
      await pause(signal);
    }
    scored.sort((one, other) => one.score - other.score || (one.id < other.id ? -1 : 1));
    for (let start = 0; tooMany > 0 && start < scored.length; start += this.#atOnce.dropped) {
      const some = scored.slice(start, start + Math.min(this.#atOnce.dropped, tooMany));
      tooMany -= some.length;
      counts.dropped += await consolidation.drop(
        npcId,
        some.map(({ id }) => id),
      );
      await pause(signal);
    }
  }

  /** Whether anything was as it had been seen, and is done. */
  async #settle({ store, npcId, counts, signal }: Work, decisions: Decisions): Promise<boolean> {
    const { weighed, folded, letGo } = decisions;
    if (weighed.length + folded.length + letGo.length === 0) return false;
    const settled = await store.consolidation.settle(npcId, decisions);
    for (const name of ['weighed', 'promoted', 'summaries', 'folded', 'letGo'] as const)
      counts[name] += settled[name];
    await pause(signal);
    return settled.weighed + settled.promoted + settled.folded + settled.letGo > 0;
  }
}

interface Work {
  readonly store: CampaignStore;
  readonly npcId: string;
  readonly now: MemoryTime;
  readonly counts: Counts;
  readonly origin: Origin;
  readonly signal: AbortSignal;
}

/** Others get their turn. */
async function pause(signal: AbortSignal): Promise<void> {
  await nextTask();
  signal.throwIfAborted();
}

function asSeen({ unit: { id, text } }: HeldMemory): LineAsSeen {
  return { id, text };
}

/** The same sources make the same memory. */
function summaryId(group: readonly HeldMemory[]): string {
  const ids = group.map(({ unit }) => unit.id);
  return `summary:${createHash('sha256').update(JSON.stringify(ids)).digest('base64url').slice(0, 32)}`;
}

function isOldNews(held: HeldMemory, now: MemoryTime): boolean {
  return timeSince(held, now) >= TIER_BOUNDS['short-term'].inMs;
}

function isBefore(held: HeldMemory, mark: MemoryMark | undefined): boolean {
  if (mark === undefined) return false;
  const { playedDay, unit } = held;
  return isAfter(mark, { playedDay, saidAtInMs: unit.saidAtInMs, seq: unit.seq });
}
