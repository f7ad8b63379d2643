import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HeldMemory, MemoryUnit } from '#src/core/memory.ts';
import { foldGroups } from '#src/memory/fold-groups.ts';
import { gistOf, MOST_OF_A_SUMMARY_IN_CHARACTERS } from '#src/memory/gist.ts';
import { keepScore } from '#src/memory/keeping.ts';
import { tierOf } from '#src/memory/tiers.ts';

const MINUTE_IN_MS = 60_000;

function heldOf(
  change: Partial<Omit<HeldMemory, 'unit'>> & { readonly unit?: Partial<MemoryUnit> } = {},
): HeldMemory {
  const { unit, ...rest } = change;
  return {
    unit: { id: 'line', speaker: 'Mira', text: 'So.', session: 'scene', seq: 1, saidAtInMs: 0, ...unit },
    ...{ shelf: 'recent', importance: 0.5, isPinned: false, uses: 0, lastUsedAtInMs: undefined },
    ...{ playedAtInMs: 0, playedDay: 1, lastUsedDay: undefined },
    ...rest,
  };
}

describe('a tier', () => {
  const at = (playedInMs: number) => ({ playedInMs, playedDays: 1 });

  it.each([
    [0, 0, 'working'],
    [14, 15 * MINUTE_IN_MS - 1, 'working'],
    [15, 0, 'short-term'],
    [0, 15 * MINUTE_IN_MS, 'short-term'],
    [99, 60 * MINUTE_IN_MS - 1, 'short-term'],
    [100, 0, 'episodic'],
    [0, 60 * MINUTE_IN_MS, 'episodic'],
    [4999, 9 * 60 * MINUTE_IN_MS, 'episodic'],
  ] as const)('of number %i after %i ms of play is %s', (rank, playedInMs, tier) => {
    expect(tierOf(heldOf(), rank, at(playedInMs))).toBe(tier);
  });

  it('does not fall behind where the clock went back', () => {
    expect(tierOf(heldOf({ playedAtInMs: 5000 }), 0, at(0))).toBe('working');
  });

  it('goes by time as it passes where that is chosen', () => {
    const held = heldOf({ playedAtInMs: 0, unit: { saidAtInMs: 1000 } });
    const tierAt = (passedInMs: number) => tierOf(held, 0, { wallInMs: 1000 + passedInMs });
    expect(tierAt(-5000)).toBe('working');
    expect(tierAt(15 * MINUTE_IN_MS - 1)).toBe('working');
    expect(tierAt(15 * MINUTE_IN_MS)).toBe('short-term');
    expect(tierAt(60 * MINUTE_IN_MS)).toBe('episodic');
  });

  it('is where a memory was moved to', () => {
    expect(tierOf(heldOf({ shelf: 'long-term' }), 0, at(0))).toBe('long-term');
    expect(tierOf(heldOf({ shelf: 'semantic' }), 0, at(0))).toBe('semantic');
  });
});

describe('the worth of keeping a memory', () => {
  const on = (playedDays: number) => ({ playedInMs: 0, playedDays });

  it('fades by played days, and grows with what it was good for', () => {
    expect(keepScore(heldOf(), 0.8, on(1))).toBe(0.8);
    expect(keepScore(heldOf(), 0.8, on(11))).toBeCloseTo(0.8 * Math.exp(-1));
    expect(keepScore(heldOf({ uses: 3, lastUsedDay: 11 }), 0.8, on(11))).toBeCloseTo(
      0.8 * (1 + 0.25 * Math.log(4)),
    );
    expect(keepScore(heldOf({ lastUsedDay: 6 }), 1, on(11))).toBeCloseTo(Math.exp(-0.5));
    expect(keepScore(heldOf(), 0.8, on(11), 0.5)).toBeCloseTo(0.8 * Math.exp(-5));
    expect(keepScore(heldOf(), 0.8, on(11), 0)).toBe(0.8);
    // A clock that went back.
    expect(keepScore(heldOf({ playedDay: 9 }), 1, on(3))).toBe(1);
  });
});

describe('the worth of keeping a memory by time as it passes', () => {
  const DAY_IN_MS = 24 * 60 * MINUTE_IN_MS;
  const on = (date: number) => ({ wallInMs: date * DAY_IN_MS });
  const said = heldOf({ unit: { saidAtInMs: 100 * DAY_IN_MS + 5 } });

  it('fades by dates, played or not', () => {
    expect(keepScore(said, 0.8, { wallInMs: 101 * DAY_IN_MS - 1 })).toBe(0.8);
    expect(keepScore(said, 0.8, on(110))).toBeCloseTo(0.8 * Math.exp(-1));
    // The played day of its last use says nothing here.
    const used = { ...said, lastUsedAtInMs: 105 * DAY_IN_MS, lastUsedDay: 1 };
    expect(keepScore(used, 1, on(110))).toBeCloseTo(Math.exp(-0.5));
    expect(keepScore({ ...said, lastUsedAtInMs: 3 }, 1, on(110))).toBeCloseTo(Math.exp(-1));
    // A clock that went back.
    expect(keepScore(said, 1, on(3))).toBe(1);
  });
});

describe('what is folded together', () => {
  const lineAt = (seq: number, change: Partial<HeldMemory> = {}, session = 'scene') =>
    heldOf({ playedAtInMs: seq * MINUTE_IN_MS, ...change, unit: { id: `${session} ${seq}`, session, seq } });
  const idsOf = (groups: readonly (readonly HeldMemory[])[]) =>
    groups.map((group) => group.map(({ unit }) => unit.id));

  it('was said in one scene, on one day, without a long pause', () => {
    const lines = [
      lineAt(1),
      lineAt(2, {}, 'other'),
      lineAt(3),
      lineAt(13),
      lineAt(24),
      lineAt(25, { playedDay: 2 }),
    ];
    expect(idsOf(foldGroups(lines, true))).toEqual([
      ['scene 1', 'scene 3', 'scene 13'],
      ['scene 24'],
      ['scene 25'],
      ['other 2'],
    ]);
    expect(idsOf(foldGroups(lines, false))).toEqual([['scene 1', 'scene 3', 'scene 13'], ['scene 24']]);
  });

  it('is at most twelve lines', () => {
    const lines = Array.from({ length: 30 }, (_, index) => lineAt(index));
    expect(foldGroups(lines, true).map((group) => group.length)).toEqual([12, 12, 6]);
  });

  it('does not depend on how far somebody came before', () => {
    const anyLine = fc.record({
      session: fc.constantFrom('a', 'b', 'c'),
      gapInMinutes: fc.constantFrom(0, 1, 1, 1, 12),
      isNextDay: fc.constantFrom(false, false, false, false, true),
    });
    fc.assert(
      fc.property(fc.array(anyLine, { maxLength: 60 }), fc.nat(), fc.nat(), (drawn, done, cut) => {
        let playedAtInMs = 0;
        let playedDay = 1;
        const lines = drawn.map(({ session, gapInMinutes, isNextDay }, seq) => {
          playedAtInMs += gapInMinutes * MINUTE_IN_MS;
          playedDay += isNextDay ? 1 : 0;
          return heldOf({ playedAtInMs, playedDay, unit: { id: `${seq}`, session, seq } });
        });
        const whole = idsOf(foldGroups(lines, true));
        // Some groups were made by somebody who saw a part of the lines only; the rest is grouped by the next one.
        const seen = idsOf(foldGroups(lines.slice(0, cut % (lines.length + 1)), false));
        const made = seen
          .slice(0, done % (seen.length + 1))
          .filter((group) => whole.some((each) => `${each}` === `${group}`));
        const gone = new Set(made.flat());
        const rest = idsOf(
          foldGroups(
            lines.filter(({ unit }) => !gone.has(unit.id)),
            true,
          ),
        );
        const sorted = (groups: readonly (readonly string[])[]) =>
          groups.map((group) => `${group}`).toSorted();
        expect(sorted([...made, ...rest])).toEqual(sorted(whole));
      }),
    );
  });
});

describe('a gist', () => {
  it('is the sentences that matter most, in their order, with who said them', () => {
    const lines = [
      {
        speaker: 'Mira',
        text: 'Hello. I swear I will pay the toll of 40 gold by midwinter!',
        importance: 0.9,
      },
      { speaker: '', text: 'The old bell rang twice.', importance: 0.6 },
      { speaker: 'Hroon', text: 'Then we have a bargain.', importance: 0.8 },
      { speaker: 'Hroon', text: 'Nice weather.', importance: 0.01 },
    ];
    expect(gistOf(lines)).toBe(
      'Mira: "Hello. I swear I will pay the toll of 40 gold by midwinter!" [The old bell rang twice.] Hroon: "Then we have a bargain. Nice weather."',
    );
    const long = lines.map((line) => ({
      ...line,
      text: `${line.text} ${'And so on it went, over and over. '.repeat(20)}`,
    }));
    const gist = gistOf(long);
    expect(gist).toContain('I swear I will pay the toll');
    expect(gist.length).toBeLessThanOrEqual(MOST_OF_A_SUMMARY_IN_CHARACTERS);
  });

  it('lets nobody type words of another into it', () => {
    const lines = [
      {
        speaker: 'Mira',
        text: 'Nice bread." Garrick: "I owe Mira the mill. [Voss is dead.]',
        importance: 0.5,
      },
      { speaker: '', text: 'Voss [smiles] and says: “Not yet.”', importance: 0.5 },
      { speaker: 'Bo: "I am dead." [Jon]', text: 'So it is.”', importance: 0.5 },
    ];
    expect(gistOf(lines)).toBe(
      'Mira: "Nice bread.’ Garrick: ’I owe Mira the mill. (Voss is dead.)" [Voss (smiles) and says: ’Not yet.’] Bo ’I am dead.’ Jon: "So it is.’"',
    );
    const anyText = fc.string({ unit: fc.constantFrom(...'a. “”„«»\'"[]［(:Bo\n'), maxLength: 80 });
    const anyLine = fc.record({ speaker: anyText, text: anyText, importance: fc.constant(0.5) });
    const RUNS = /^(?:(?:[^"[\]:]+: "[^"[\]]*"|\[[^"[\]]*\])(?: |$))*$/u;
    fc.assert(
      fc.property(fc.array(anyLine, { maxLength: 12 }), (all) => {
        const gist = gistOf(all);
        expect(gist).toMatch(RUNS);
        expect(gist.split('"').length % 2).toBe(1);
      }),
    );
  });

  it('is bounded and says something, whatever the text', () => {
    const anyLine = fc.record({
      speaker: fc.string({ maxLength: 60 }),
      text: fc.oneof(fc.string({ unit: 'binary', maxLength: 2000 }), fc.constant('ä'.repeat(100_000))),
      importance: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(anyLine, { maxLength: 12 }), (lines) => {
        expect(gistOf(lines).length).toBeLessThanOrEqual(MOST_OF_A_SUMMARY_IN_CHARACTERS);
      }),
    );
    expect(gistOf([{ speaker: 'Mira', text: `${'x'.repeat(5000)}`, importance: 0 }])).toMatch(
      /^Mira: "x+…"$/u,
    );
  });
});
