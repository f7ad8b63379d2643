import type { HeldMemory } from '#src/core/memory.ts';
import type { MemoryMark } from '#src/core/memory-store.ts';
import { foldGroups } from './fold-groups.ts';
import { foldMemories } from './fold-memories.ts';
import { isAfter, markDaysAgo } from './memory-time.ts';
import { asSeen, isPromoted, type RestWork, settle } from './rest-work.ts';
import { TIER_BOUNDS } from './tiers.ts';

/** A shelf from which something leaves by time or number. */
type Shelf = 'recent' | 'long-term';

/** Behind everything that lies on a shelf. */
const THE_END: MemoryMark = {
  playedDay: Number.MAX_SAFE_INTEGER,
  saidAtInMs: Number.MAX_SAFE_INTEGER,
  seq: 0,
};

/** What is too old for a shelf, or too much for it, is promoted, folded or let go. */
export async function clearShelf(work: RestWork, shelf: Shelf): Promise<void> {
  const { store, npcId, atOnce } = work;
  const mark = await leavingBefore(work, shelf);
  for (;;) {
    const leaving = await store.consolidation.before(npcId, { shelf, mark, limit: atOnce.lookedAt });
    if (leaving.length === 0) return;
    const isKept = (held: HeldMemory) => shelf === 'recent' && isPromoted(work, held, held.importance ?? 0);
    const weighed = leaving
      .filter(isKept)
      .map((held) => ({ ...asSeen(held), importance: held.importance ?? 0, isPromoted: true }));
    const rest = leaving.filter((held) => !isKept(held));
    const groups = foldGroups(rest, leaving.length < atOnce.lookedAt);
    let moved = await settle(work, { weighed });
    for (let start = 0; start < groups.length; start += atOnce.groups)
      moved = (await foldMemories(work, groups.slice(start, start + atOnce.groups))) || moved;
    if (!moved) return;
  }
}

/** Whether time alone will make something leave its shelf. */
export async function isAnyLeft({ store: { consolidation }, npcId }: RestWork): Promise<boolean> {
  for (const shelf of ['recent', 'long-term'] as const)
    if ((await consolidation.before(npcId, { shelf, mark: THE_END, limit: 1 })).length > 0) return true;
  return false;
}

async function leavingBefore(work: RestWork, shelf: Shelf): Promise<MemoryMark> {
  const { store, npcId, now, bounds } = work;
  const [entries, days] =
    shelf === 'recent'
      ? [bounds.episodic, TIER_BOUNDS.episodic.days]
      : [bounds.longTerm, TIER_BOUNDS['long-term'].days];
  const tooMany = await store.consolidation.markOf(npcId, shelf, entries);
  const tooOld = await markDaysAgo(store, days, now);
  return tooMany !== undefined && isAfter(tooMany, tooOld) ? tooMany : tooOld;
}
