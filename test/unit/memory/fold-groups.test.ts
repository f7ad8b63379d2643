import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HeldMemory } from '#src/core/memory.ts';
import { foldGroups } from '#src/memory/fold-groups.ts';

const MINUTE_IN_MS = 60_000;

/** Lines of some scenes, each so many minutes after the one before. */
function linesOf(all: readonly { readonly scene: number; readonly pause: number }[]): readonly HeldMemory[] {
  let playedAtInMs = 0;
  return all.map(({ scene, pause }, at) => {
    playedAtInMs += pause * MINUTE_IN_MS;
    return {
      unit: {
        id: `${at}`,
        speaker: 'Wren',
        text: 'So.',
        session: `${scene}`,
        seq: at,
        saidAtInMs: playedAtInMs,
      },
      shelf: 'recent',
      importance: 0.5,
      isPinned: false,
      uses: 0,
      lastUsedAtInMs: undefined,
      lastUsedDay: undefined,
      playedAtInMs,
      playedDay: 1,
    };
  });
}

const talk = (count: number) => linesOf(Array.from({ length: count }, () => ({ scene: 1, pause: 1 })));
const sizes = (groups: ReturnType<typeof foldGroups>) => groups.map(({ length }) => length);
const ids = (groups: ReturnType<typeof foldGroups>) =>
  groups.map((group) => group.map(({ unit }) => unit.id));

describe('what is folded together', () => {
  it.each([
    [1, [1]],
    [12, [12]],
    [13, [13]],
    [14, [12, 2]],
    [25, [12, 13]],
    [26, [12, 12, 2]],
  ])('of %d lines said in one go are groups of %j: none is left over by itself', (count, expected) => {
    expect(sizes(foldGroups(talk(count), true))).toEqual(expected);
  });

  it('leaves out what may go on', () => {
    expect(sizes(foldGroups(talk(26), false))).toEqual([12, 12]);
    expect(sizes(foldGroups(talk(13), false))).toEqual([13]);
  });

  it('is the same for whoever was interrupted between groups', () => {
    const anyTalk = fc.array(
      fc.record({ scene: fc.integer({ min: 1, max: 3 }), pause: fc.constantFrom(0, 1, 5, 11) }),
      { maxLength: 80 },
    );
    fc.assert(
      fc.property(anyTalk, fc.integer({ min: 1, max: 80 }), fc.nat(5), (all, lookedAt, done) => {
        const lines = linesOf(all);
        const groups = foldGroups(lines, true);
        expect(groups.flat()).toHaveLength(lines.length);
        const left = new Set(lines);
        const seen: (readonly HeldMemory[])[] = [];
        // So much is looked at, and after some groups it breaks off.
        while (left.size > 0) {
          const some = [...left].slice(0, Math.max(60, lookedAt));
          for (const group of foldGroups(some, some.length === left.size).slice(0, done + 1)) {
            seen.push(group);
            for (const line of group) left.delete(line);
          }
        }
        expect(ids(seen).toSorted()).toEqual(ids(groups).toSorted());
      }),
    );
  });
});
