import { expect, test } from 'vitest';
import { nameSomeone, readName } from '#src/adapters/improv/cast/names.ts';
import { seeded } from '#src/adapters/improv/random.ts';
import { tables } from './support.ts';

test('a people that runs out of names numbers them, and never gives one twice', () => {
  const [any] = tables.cultures;
  if (any === undefined) throw new Error('no culture');
  const culture = { ...any, feminine: ['Ava'], masculine: ['Bo'], either: ['Cy'], bynames: ['Reed'] };
  const taken: string[] = [];
  for (let index = 0; index < 12; index += 1)
    taken.push(nameSomeone({ culture, random: seeded(`${index}`), taken }).name);
  expect(new Set(taken).size).toBe(12);
  expect(taken.some((name) => / Reed (?:II|III|IV)$/u.test(name))).toBe(true);
});

test('names in a cast begin with different letters as long as there are any', () => {
  const culture = tables.cultures.find(({ id }) => id === 'lowmarch');
  if (culture === undefined) throw new Error('no culture');
  const taken: string[] = [];
  for (let index = 0; index < 6; index += 1)
    taken.push(nameSomeone({ culture, random: seeded(`${index}`), taken }).name);
  expect(new Set(taken.map((name) => name.charAt(0))).size).toBe(6);
});

test('a name of ours tells its people and pronouns, another one nothing', () => {
  expect(readName('Dagrid Coppers', tables)).toMatchObject({
    given: 'Dagrid',
    pronouns: 'she/her',
    culture: { id: 'undermark' },
  });
  expect(readName('Xanthippe Vole', tables)).toBeUndefined();
});
