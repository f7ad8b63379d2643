import { createHash } from 'node:crypto';
import type { HeldMemory } from '#src/core/memory.ts';
import type { Folded } from '#src/core/memory-store.ts';
import { gistOf } from './gist.ts';
import { LET_GO_BELOW } from './keeping.ts';
import { asSeen, type RestWork, settle } from './rest-work.ts';

type Group = readonly HeldMemory[];

/**
 * A summary takes the place of each group in which anything matters; the other groups are let go.
 * @returns whether any was as it had been seen.
 */
export async function foldMemories(work: RestWork, groups: readonly Group[]): Promise<boolean> {
  const letGo = groups.filter((group) => !matters(group)).flatMap((group) => group.map(asSeen));
  const kept = groups.filter(matters).map((group) => ({ group, memoryId: summaryId(group) }));
  // Another witness may have it already.
  const texts = new Map(await work.store.consolidation.known(kept.map(({ memoryId }) => memoryId)));
  const unknown = kept.filter(({ memoryId }) => !texts.has(memoryId));
  for (const { group, memoryId } of unknown) texts.set(memoryId, await retell(work, group));
  const folded = kept.map(({ group, memoryId }): Folded => {
    const importance = Math.max(...group.map((held) => held.importance ?? 0));
    return { memoryId, text: texts.get(memoryId) ?? '', importance, sources: group.map(asSeen) };
  });
  return settle(work, { folded, letGo });
}

async function retell({ judge, origin, signal, counts }: RestWork, group: Group): Promise<string> {
  const lines = group.map(({ unit: { speaker, text }, importance = 0 }) => ({ speaker, text, importance }));
  const gist = gistOf(lines);
  if (judge === undefined) return gist;
  const retold = await judge.fold({ lines, gist }, origin, signal);
  signal.throwIfAborted();
  if (retold === undefined) counts.byRules.summaries += 1;
  return retold ?? gist;
}

function matters(group: Group): boolean {
  return group.some(({ importance = 0 }) => importance >= LET_GO_BELOW);
}

/** The same sources make the same memory. */
function summaryId(group: Group): string {
  const ids = group.map(({ unit }) => unit.id);
  return `summary:${createHash('sha256').update(JSON.stringify(ids)).digest('base64url').slice(0, 32)}`;
}
