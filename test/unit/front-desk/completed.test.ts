import { describe, expect, test } from 'vitest';
import type { NpcOption } from '#src/core/command.ts';
import { completed } from '#src/front-desk/completed.ts';

const names = ['Hroon Oxley', 'Tilda Marsh', 'Alla'];
const one = undefined;
const byName = 'by name';
const orAll = 'or all';

describe('what completes a name', () => {
  test.each<[string, NpcOption['several'], readonly string[]]>([
    ['ox', one, ['Hroon Oxley']],
    ['al', one, ['Alla']],
    ['Hroon, t', one, []],
    ['Hroon Oxley, t', byName, ['Hroon Oxley, Tilda Marsh']],
    // Whoever is named is not offered again.
    ['tilda marsh;', byName, ['tilda marsh;Hroon Oxley', 'tilda marsh;Alla']],
    ['al', byName, ['Alla']],
    ['', orAll, ['all', ...names]],
    ['AL', orAll, ['all', 'Alla']],
    ['Alla, al', orAll, []],
  ])('“%s”', (typed, several, found) => expect(completed(names, several, typed)).toEqual(found));

  test('is not “all” where there is one', () => {
    expect(completed(['Alla'], orAll, 'al')).toEqual(['Alla']);
  });
});
