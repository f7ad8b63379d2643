import { Refusal } from '#src/core/errors.ts';
import type { Log } from '#src/core/log.ts';
import type { ConsolidationRun, LockStore } from '#src/core/memory-store.ts';
import type { Origin } from '#src/core/model.ts';
import type { Store } from '#src/core/store.ts';
import { underLock } from '#src/core/under-lock.ts';
import type { Consolidator } from '#src/memory/consolidate.ts';

export interface NightRestOptions {
  readonly store: Pick<Store, 'campaign' | 'unrested'> & { readonly locks: LockStore };
  readonly consolidator: Pick<Consolidator, 'run' | 'isDue'>;
  readonly log: Pick<Log, 'info' | 'error'>;
}

/** Consolidates campaigns, each by one process at a time. */
export class NightRest {
  readonly #options: NightRestOptions;
  readonly #closing = new AbortController();
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(options: NightRestOptions) {
    this.#options = options;
  }

  /** All campaigns in which something may be due, one after another. Those that another process is at are left to it. */
  async all(): Promise<void> {
    const { store, consolidator, log } = this.#options;
    for (const origin of await store.unrested()) {
      if (this.#closing.signal.aborted) return;
      try {
        if (!(await consolidator.isDue(store.campaign(origin.campaignId)))) continue;
        const run = await this.#one(origin);
        if (run !== undefined)
          log.info('Memories are consolidated', { campaignId: origin.campaignId, ...figures(run) });
      } catch (error) {
        // Where it was interrupted nothing is wrong: the next time goes on from there.
        if (!this.#closing.signal.aborted)
          log.error('Memories could not be consolidated', { campaignId: origin.campaignId }, error);
      }
    }
  }

  /**
   * One campaign, because somebody asked for it.
   * @throws Refusal while it is under way already.
   */
  async one(origin: Origin): Promise<ConsolidationRun> {
    const run = await this.#one(origin);
    if (run === undefined)
      throw new Refusal(
        'The memories of this campaign are being consolidated just now. Try again in a minute.',
      );
    return run;
  }

  /** What is under way ends at its next step; what it did until then stays. */
  async close(): Promise<void> {
    this.#closing.abort(new Error('The product is closing.'));
    await Promise.allSettled(this.#underWay);
  }

  /** Undefined where somebody else is at it. */
  async #one(origin: Origin): Promise<ConsolidationRun | undefined> {
    const { store, consolidator } = this.#options;
    const { campaignId } = origin;
    const work = underLock(store.locks, `consolidation of ${campaignId}`, (signal) =>
      consolidator.run(store.campaign(campaignId), origin, AbortSignal.any([signal, this.#closing.signal])),
    );
    this.#underWay.add(work);
    try {
      return await work;
    } finally {
      this.#underWay.delete(work);
    }
  }
}

function figures({ weighed, promoted, summaries, folded, letGo, dropped, tookInMs }: ConsolidationRun) {
  return { weighed, promoted, summaries, folded, letGo, dropped, tookInMs: Math.round(tookInMs) };
}
