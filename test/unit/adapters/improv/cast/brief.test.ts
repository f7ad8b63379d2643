import { describe, expect, test } from 'vitest';
import { readBrief } from '#src/adapters/improv/cast/brief.ts';
import { tradesIn } from '#src/adapters/improv/cast/lookup.ts';
import { tables } from './support.ts';

const read = (prompt: string, tone?: string) => readBrief(prompt, tone, tables);

describe('readBrief', () => {
  test.each([
    ['dwarven smugglers of the salt docks', 'of the salt docks', 'harbour'],
    [
      'the regulars of a tavern on the edge of a haunted marsh',
      'at the tavern on the edge of a haunted marsh',
      'tavern',
    ],
    ['outlaws hiding in the Thornwood', 'in the Thornwood', 'forest'],
    ['the monastery of Saint Brede', 'at the monastery of Saint Brede', 'temple'],
    ['pirates aboard the Gilded Otter', 'aboard the Gilded Otter', 'city'],
    ['a busy fish market', 'at the busy fish market', 'market'],
    ['beggars in Averne who know too much', 'in Averne', 'city'],
    ['a spy at our embassy', 'at the embassy', 'court'],
    ['people of a mountain monastery with a secret', 'at the mountain monastery', 'temple'],
    ['smugglers of a harbour town', 'of the harbour town', 'harbour'],
    ['guards of a prison at midnight', 'in the prison', 'prison'],
  ])('finds where "%s" is', (prompt, phrase, kind) => {
    expect(read(prompt).place?.phrase).toBe(phrase);
    expect(read(prompt).place?.kind.id).toBe(kind);
  });

  test.each([
    'tavern regulars',
    'smugglers',
    '',
    'a gang of thieves',
    'travellers on a stormy night',
    'refugees in a hurry',
  ])('finds no place in "%s"', (prompt) => {
    expect(read(prompt).place).toBeUndefined();
  });

  test('a long place is called by its head', () => {
    const place = read(
      'monks of the old grey abbey beneath the eternally snowbound peaks of the far north',
    ).place;
    expect(place?.text).toBe('the old grey abbey');
  });

  test.each([
    ['dwarven smugglers of the salt docks', 'the dwarven smugglers', 'smugglers'],
    ['A band of outlaws hiding in the Thornwood', 'the outlaws', 'hunters'],
    ['hackers of the neon docks', 'the hackers', undefined],
    ['the crew of the airship Marigold', 'the crew', 'pirates'],
    ['tavern crowd', 'the tavern crowd', 'tavern'],
  ])('finds the group of "%s"', (prompt, text, circle) => {
    const group = read(prompt).group;
    expect(group?.circle?.id).toBe(circle);
    if (prompt !== 'tavern crowd') expect(group?.text).toBe(text);
  });

  test('reads people, cultures, moods and kinship', () => {
    expect(read('half-orc sisters').people.map(({ id }) => id)).toContain('half-orc');
    expect(read('half-orc sisters').isKin).toBe(true);
    expect(read('desert caravan').cultures.map(({ id }) => id)).toEqual(['quarrat']);
    expect(read('villagers', 'grim and creepy').moods).toEqual(['grim', 'eerie']);
    expect(read('villagers').isKin).toBe(false);
  });

  test('reads no more than it needs of a wall of text, and never fails', () => {
    expect(read('smugglers '.repeat(5000)).group?.circle?.id).toBe('smugglers');
    expect(read('of of of in the in a').group).toBeUndefined();
  });
});

test('what could act on a screen does not get into a role', () => {
  expect(
    read('a black\u001b[31msmith\u0007, a \u202espy and a {name} cook')
      .roles.map(({ role }) => role)
      .join(),
  ).toMatch(/^[\p{L}\p{N} ,-]*$/u);
});

test('a longer trade hides the shorter one inside it, and plurals count', () => {
  expect(tradesIn('town crier', tables).map(({ id }) => id)).toEqual(['bridgekeeper']);
  expect(
    tradesIn('two thieves and some fishermen', tables)
      .map(({ id }) => id)
      .sort(),
  ).toEqual(['fisher', 'thief']);
});
