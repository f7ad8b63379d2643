import { LRUCache } from 'lru-cache';
import type { Clock } from '#src/core/clock.ts';
import { type MemorySettings, USUAL_MEMORY_SETTINGS } from '#src/core/memory-settings.ts';
import type { ConsolidationRun } from '#src/core/memory-store.ts';
import type { Origin } from '#src/core/model.ts';
import type { CampaignStore } from '#src/core/store.ts';
import { clearShelf, isAnyLeft } from './clear-shelf.ts';
import { dropMemories } from './drop-memories.ts';
import type { Judge } from './judge.ts';
import { dateOf, memoryTime } from './memory-time.ts';
import { AT_ONCE, BOUNDS, type Bounds, noCounts, type RestCounts, type RestWork } from './rest-work.ts';
import { weighMemories } from './weigh-memories.ts';

/** Campaigns of which is known that nothing is due today. What is forgotten is looked at once more. */
const SETTLED_KEPT = 10_000;

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

/**
 * Puts a campaign's memories in order: weighs what has become old news, promotes what matters, folds what leaves its tier
 * into summaries, lets the rest go. Every step is a transaction of its own and follows from what is stored, so that it can
 * end anywhere and be begun again. To be run by one process at a time for each campaign.
 */
export class Consolidator {
  readonly #clock: Clock;
  readonly #parts: Pick<RestWork, 'judge' | 'settings' | 'bounds' | 'atOnce'>;
  /** What a campaign's lines and the date were when nothing was left to do but by time alone, by campaign id. */
  readonly #settled = new LRUCache<string, { readonly unrested: number; readonly date: number }>({
    max: SETTLED_KEPT,
  });

  constructor(options: ConsolidatorOptions) {
    const { clock, judge, settings = USUAL_MEMORY_SETTINGS, bounds = BOUNDS, atOnce = AT_ONCE } = options;
    this.#clock = clock;
    this.#parts = { judge, settings, bounds, atOnce };
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
    const startedAt = performance.now();
    const counts = noCounts();
    const noted = async (...faults: readonly string[]) => {
      const fault = [...faults, ...modelFault(counts)].join(' ') || undefined;
      const tookInMs = performance.now() - startedAt;
      const run = { ...counts.done, endedAtInMs: this.#clock.now(), tookInMs, fault };
      await store.consolidation.saveRun(run);
      return run;
    };
    try {
      const unrested = await store.consolidation.unrested();
      const left = await this.#putInOrder(store, { counts, origin, signal });
      const run = await noted();
      await this.#noteLeft(store, unrested, left);
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

  /** Every NPC's memories, one after another. */
  async #putInOrder(
    store: CampaignStore,
    run: Pick<RestWork, 'counts' | 'origin' | 'signal'>,
  ): Promise<LeftToDo> {
    const now = await memoryTime(store, this.#parts.settings.clock, this.#clock);
    const wallInMs = 'wallInMs' in now ? now.wallInMs : undefined;
    let isAllWeighed = true;
    let isAny = false;
    for (const { id: npcId } of await store.npcs.names()) {
      const work: RestWork = { store, npcId, now, ...run, ...this.#parts };
      isAllWeighed = (await weighMemories(work)) && isAllWeighed;
      await clearShelf(work, 'recent');
      await clearShelf(work, 'long-term');
      await dropMemories(work);
      if (wallInMs !== undefined) isAny = (await isAnyLeft(work)) || isAny;
    }
    return { isAllWeighed, isAny, wallInMs };
  }

  /** Remembers what need not be looked at again: by wall time more is due within the hour, then at the turn of some day. */
  async #noteLeft(
    { campaignId, consolidation }: CampaignStore,
    unrested: number,
    { isAllWeighed, isAny, wallInMs }: LeftToDo,
  ): Promise<void> {
    this.#settled.delete(campaignId);
    if (wallInMs === undefined || (isAllWeighed && !isAny)) await consolidation.rested(unrested);
    else if (isAllWeighed) this.#settled.set(campaignId, { unrested, date: dateOf(wallInMs) });
  }
}

/** What will be due though nobody says another word. */
interface LeftToDo {
  readonly isAllWeighed: boolean;
  /** Something will leave its shelf by time alone. Looked for by wall time alone. */
  readonly isAny: boolean;
  /** Undefined where memories go by played time. */
  readonly wallInMs: number | undefined;
}

/** That the rules did what the model should have done. */
function modelFault({ byRules: { weighed, summaries } }: RestCounts): readonly string[] {
  const done = [
    ...(weighed === 0 ? [] : [`weighed ${weighed} ${weighed === 1 ? 'memory' : 'memories'}`]),
    ...(summaries === 0 ? [] : [`made ${summaries} ${summaries === 1 ? 'summary' : 'summaries'}`]),
  ];
  return done.length === 0
    ? []
    : [`The model failed, so rules ${done.join(' and ')} in its place; the log says why.`];
}
