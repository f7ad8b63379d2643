import { setImmediate as nextTask } from 'node:timers/promises';
import type { HeldMemory } from '#src/core/memory.ts';
import type { MemorySettings } from '#src/core/memory-settings.ts';
import type { Decisions, LineAsSeen, Settled } from '#src/core/memory-store.ts';
import type { Origin } from '#src/core/model.ts';
import type { CampaignStore } from '#src/core/store.ts';
import type { Judge } from './judge.ts';
import { keepScore } from './keeping.ts';
import type { MemoryTime } from './memory-time.ts';
import { TIER_BOUNDS } from './tiers.ts';

/** Entries of `TIER_BOUNDS`. */
export interface Bounds {
  readonly shortTerm: number;
  readonly episodic: number;
  readonly longTerm: number;
  readonly semantic: number;
}

export const BOUNDS: Bounds = {
  shortTerm: TIER_BOUNDS['short-term'].entries,
  episodic: TIER_BOUNDS.episodic.entries,
  longTerm: TIER_BOUNDS['long-term'].entries,
  semantic: TIER_BOUNDS.semantic.entries,
};

/** So much is looked at and decided before others get their turn: some milliseconds of work. */
export const AT_ONCE = { weighed: 50, lookedAt: 120, groups: 5, dropped: 200 };

/** What was done so far in a campaign, counted in memories. */
export interface RestCounts {
  readonly done: { -readonly [K in keyof Settled | 'dropped']: number };
  /** What the rules did because the model failed: memories weighed, summaries made. */
  readonly byRules: { weighed: number; summaries: number };
}

export function noCounts(): RestCounts {
  return {
    done: { weighed: 0, promoted: 0, summaries: 0, folded: 0, letGo: 0, dropped: 0 },
    byRules: { weighed: 0, summaries: 0 },
  };
}

/** What putting one NPC's memories in order works with. */
export interface RestWork {
  readonly store: CampaignStore;
  readonly npcId: string;
  readonly now: MemoryTime;
  readonly counts: RestCounts;
  readonly origin: Origin;
  readonly signal: AbortSignal;
  /** Undefined: the rules judge. */
  readonly judge: Judge | undefined;
  readonly settings: MemorySettings;
  readonly bounds: Bounds;
  readonly atOnce: typeof AT_ONCE;
}

/**
 * Does what was decided of an NPC's memories, and counts it.
 * @returns whether anything was as it had been seen, and is done.
 */
export async function settle(work: RestWork, decisions: Partial<Decisions>): Promise<boolean> {
  const { store, npcId, counts, signal } = work;
  const { weighed = [], folded = [], letGo = [] } = decisions;
  if (weighed.length + folded.length + letGo.length === 0) return false;
  const settled = await store.consolidation.settle(npcId, { weighed, folded, letGo });
  for (const name of ['weighed', 'promoted', 'summaries', 'folded', 'letGo'] as const)
    counts.done[name] += settled[name];
  await pause(signal);
  return settled.weighed + settled.promoted + settled.folded + settled.letGo > 0;
}

/**
 * Whether something is worth a place in long-term memory. What is weighed for the first time has not faded yet: how long
 * it waited for that says nothing of it.
 */
export function isPromoted({ settings, now }: RestWork, held: HeldMemory, importance: number): boolean {
  const { decayPerDay, promoteAbove } = settings;
  const isFading = held.importance !== undefined;
  return keepScore(held, importance, now, isFading ? decayPerDay : 0) > promoteAbove;
}

export function asSeen({ unit: { id, text } }: HeldMemory): LineAsSeen {
  return { id, text };
}

/**
 * Others get their turn.
 * @throws the signal's reason.
 */
export async function pause(signal: AbortSignal): Promise<void> {
  await nextTask();
  signal.throwIfAborted();
}
