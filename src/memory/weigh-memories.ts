import type { HeldMemory } from '#src/core/memory.ts';
import type { MemoryMark } from '#src/core/memory-store.ts';
import { importanceOf } from './importance.ts';
import { isAfter, type MemoryTime, timeSince } from './memory-time.ts';
import { asSeen, isPromoted, type RestWork, settle } from './rest-work.ts';
import { TIER_BOUNDS } from './tiers.ts';

/**
 * Weighs what has left short-term memory, or was said on an earlier day; what matters enough goes to long-term memory at
 * once. What has changed there is weighed again, and stays.
 * @returns whether nothing is left to be weighed later.
 */
export async function weighMemories(work: RestWork): Promise<boolean> {
  const { store, npcId, now, bounds, atOnce } = work;
  const { consolidation } = store;
  const mark = await consolidation.markOf(npcId, 'recent', bounds.shortTerm);
  for (;;) {
    const oldest = await consolidation.unweighed(npcId, { limit: atOnce.weighed });
    const due = oldest.filter((held) => isBefore(held, mark) || isOldNews(held, now));
    if (due.length === 0) return oldest.length === 0;
    const standing = due.filter(({ unit }) => unit.text !== '');
    const importance = await importanceOfAll(work, standing);
    const weighed = standing.map((held, at) => ({
      ...asSeen(held),
      importance: importance[at] ?? 0,
      isPromoted: isPromoted(work, held, importance[at] ?? 0),
    }));
    const letGo = due.filter(({ unit }) => unit.text === '').map(asSeen);
    if (!(await settle(work, { weighed, letGo }))) return false;
  }
}

async function importanceOfAll(work: RestWork, all: readonly HeldMemory[]): Promise<readonly number[]> {
  const { judge, origin, signal, counts } = work;
  const lines = all.map(({ unit: { speaker, text } }) => ({ speaker, text, importance: importanceOf(text) }));
  const byRules = lines.map(({ importance }) => importance);
  if (judge === undefined) return byRules;
  const judged = await judge.weigh(lines, origin, signal);
  signal.throwIfAborted();
  counts.byRules.weighed += judged.byRules;
  return byRules.map((importance, at) => judged.answers[at] ?? importance);
}

/** By played time also what was said on an earlier day: where little is played, an hour of it may take weeks. */
function isOldNews(held: HeldMemory, now: MemoryTime): boolean {
  if ('playedDays' in now && now.playedDays > held.playedDay) return true;
  return timeSince(held, now) >= TIER_BOUNDS['short-term'].inMs;
}

function isBefore(held: HeldMemory, mark: MemoryMark | undefined): boolean {
  if (mark === undefined) return false;
  const { playedDay, unit } = held;
  return isAfter(mark, { playedDay, saidAtInMs: unit.saidAtInMs, seq: unit.seq });
}
