import { describe, expect, test } from 'vitest';
import type { MemoryUnit } from '#src/core/memory.ts';
import { onWhichDay, whenItWas } from '#src/scene/when-it-was.ts';

const HOUR_IN_MS = 60 * 60_000;
const at = (day: number, hour = 0) => (day * 24 + hour) * 60;

function said(worldMinute: number | undefined, change: Partial<MemoryUnit> = {}): MemoryUnit {
  return {
    ...{ id: 'm', speaker: 'Mira', text: 'A bell.', session: 'elsewhere', seq: 1, saidAtInMs: 0 },
    ...(worldMinute === undefined ? {} : { worldMinute }),
    ...change,
  };
}

function heard(worldMinute: number | undefined, createdAtInMs = HOUR_IN_MS) {
  return { sceneId: 'here', createdAtInMs, ...(worldMinute === undefined ? {} : { worldMinute }) };
}

describe('when a memory was', () => {
  test.each([
    [at(2, 21), at(3, 11), 'last night'],
    [at(3, 2), at(3, 11), 'last night'],
    [at(2, 10), at(3, 11), 'yesterday morning'],
    [at(2, 15), at(3, 11), 'yesterday afternoon'],
    [at(1, 10), at(3, 11), 'two days ago'],
    [at(1, 23), at(3, 11), 'two nights ago'],
    [at(1, 10), at(21, 11), '20 days ago'],
    [at(3, 8), at(3, 11), 'earlier today'],
    [at(3, 8), at(3, 20), 'this morning'],
    [at(3, 13), at(3, 20), 'this afternoon'],
    [at(3, 19), at(3, 23), 'earlier tonight'],
    [at(3, 19), at(4, 2), 'earlier tonight'],
    [at(3, 11), at(3, 11), 'earlier today'],
    // The game master set it back.
    [at(5, 19), at(3, 11), 'on day 5, evening'],
  ])('%i seen from %i: %s', (then, now, when) => {
    expect(whenItWas(said(then), heard(now))).toBe(when);
  });

  test('of the same scene is earlier here, while that is one occasion', () => {
    const here = { session: 'here' };
    expect(whenItWas(said(at(3, 9), here), heard(at(3, 11)))).toBe('earlier here');
    expect(whenItWas(said(at(3, 7), here), heard(at(3, 11)))).toBe('earlier today');
    // However soon after it that was said.
    expect(whenItWas(said(at(2, 23), here), heard(at(3, 7)))).toBe('last night');
  });

  test.each([
    [undefined, at(3)],
    [at(3), undefined],
    [undefined, undefined],
  ])('is an occasion of play where one of them has no in-world time (%s, %s)', (then, now) => {
    expect(whenItWas(said(then, { session: 'here' }), heard(now))).toBe('earlier here');
    expect(whenItWas(said(then), heard(now))).toBe('on an earlier occasion');
    const later = heard(now, 7 * HOUR_IN_MS);
    expect(whenItWas(said(then, { session: 'here' }), later)).toBe('on an earlier occasion');
  });

  test('in words that stay true is a day', () => {
    for (const now of [at(3), at(30), at(1), undefined])
      expect(onWhichDay(said(at(2, 21)), heard(now))).toBe('on day 2, night');
    expect(onWhichDay(said(undefined), heard(at(3)))).toBe('on an earlier occasion');
  });
});
