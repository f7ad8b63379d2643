import type { HeldMemory } from '#src/core/memory.ts';

/** A summary stands for so many lines at most, and one more where that would be left over by itself. */
const MOST_IN_A_GROUP = 12;
/** Lines with more played time between them are not about the same thing any more. */
const LONGEST_GAP_IN_PLAYED_MS = 10 * 60_000;

/**
 * Which lines are folded together: neighbours of one scene that were said on one played day, in one go. The groups of a
 * scene follow from its lines in their order alone, so that whoever was interrupted between groups goes on as if not.
 * @param lines oldest first.
 * @param isAll whether no more lines follow; else what may go on is left out.
 */
export function foldGroups(lines: readonly HeldMemory[], isAll: boolean): readonly (readonly HeldMemory[])[] {
  const closed: HeldMemory[][] = [];
  const open = new Map<string, HeldMemory[]>();
  for (const line of lines) {
    const group = open.get(line.unit.session);
    const last = group?.at(-1);
    if (group !== undefined && last !== undefined && isNextTo(last, line)) {
      group.push(line);
      if (group.length > MOST_IN_A_GROUP + 1) closed.push(group.splice(0, MOST_IN_A_GROUP));
    } else {
      if (group !== undefined) closed.push(group);
      open.set(line.unit.session, [line]);
    }
  }
  // More scenes than fit into one look: nothing would ever be closed.
  if (isAll || closed.length === 0) closed.push(...open.values());
  return closed;
}

function isNextTo(last: HeldMemory, next: HeldMemory): boolean {
  const gap = next.playedAtInMs - last.playedAtInMs;
  return next.playedDay === last.playedDay && gap >= 0 && gap <= LONGEST_GAP_IN_PLAYED_MS;
}
