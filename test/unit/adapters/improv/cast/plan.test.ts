import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readName } from '#src/adapters/improv/cast/names.ts';
import { roleAt, tradeOfRole } from '#src/adapters/improv/cast/role.ts';
import { entryOf } from '#src/adapters/improv/tables.ts';
import type { CastMember } from '#src/core/entities.ts';
import { nameKey } from '#src/core/names.ts';
import { faultsIn, plan, tables } from './support.ts';

const PROMPTS = [
  'dwarven smugglers of the salt docks',
  'the regulars of a tavern on the edge of a haunted marsh',
  'a family of elven glassblowers in the city of Vael',
  'court intrigue in the Winter Palace',
  'goblin market',
  'hackers of the neon docks',
  'the crew of the airship Marigold',
  'grieving widows of a drowned town',
  'a blacksmith, a corrupt priest and a spy in Oldtown',
  'something odd',
  '',
  '!!! ??? ,,, of the in the',
];

function expectWhole(members: readonly CastMember[], count: number): void {
  expect(members.length).toBe(count);
  for (const part of ['name', 'role', 'hook'] as const)
    expect(new Set(members.map((member) => nameKey(member[part]))).size, part).toBe(count);
  for (const member of members) {
    if (count > 1) expect(member.ties.length).toBeGreaterThan(0);
    expect(new Set(member.ties.map(({ to }) => to)).size).toBe(member.ties.length);
    for (const { to, tie } of member.ties) {
      const other = members.find(({ name }) => name === to);
      expect(other).not.toBe(member);
      const back = other?.ties.filter((each) => each.to === member.name) ?? [];
      expect(back.length).toBe(1);
      expect(back[0]?.tie).not.toBe(tie);
    }
    expect(
      [member.name, member.role, member.hook, ...member.ties.map(({ tie }) => tie)].flatMap(faultsIn),
    ).toEqual([]);
    expect(member.role.length).toBeLessThanOrEqual(120);
  }
}

describe('planCast', () => {
  test.each(Array.from({ length: 20 }, (_, index) => index + 1))(
    'makes %i people whole and tied',
    (count) => {
      for (const [index, prompt] of PROMPTS.entries())
        expectWhole(plan(prompt, count, { seed: `${index}` }), count);
    },
  );

  test('whatever the prompt and seed', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 200 }),
        fc.string(),
        fc.integer({ min: 1, max: 20 }),
        (prompt, seed, count) => {
          const members = plan(prompt, count, { seed });
          expect(members.length).toBe(count);
          expect(new Set(members.map(({ name }) => nameKey(name))).size).toBe(count);
          expect(new Set(members.map(({ role }) => nameKey(role))).size).toBe(count);
        },
      ),
      { numRuns: 60 },
    );
  });

  test.each([
    'a blacksmith, a spy and her tower',
    'a king and a dark night',
    'a lighthouse keeper, their horses',
  ])('gives nobody for what is no person: %s', (prompt) => {
    const roles = plan(prompt, 3).map(({ role }) => role);
    expect(roles.filter((role) => /^(?:tower|dark night|horses)\b/u.test(role))).toEqual([]);
  });

  test.each(['a', 'b', 'c', 'd', 'e', 'f'])('makes a queen a woman and a king a man (%s)', (seed) => {
    const cast = plan('a queen, her jester and a king at a winter court', 3, { seed });
    const pronouns = (role: string) =>
      readName(cast.find((each) => each.role.startsWith(role))?.name ?? '', tables)?.pronouns;
    expect([pronouns('queen'), pronouns('king')]).toEqual(['she/her', 'he/him']);
  });

  test('everybody can be reached from anybody by ties', () => {
    const members = plan('the village of Nether Sorrow', 20);
    const seen = new Set<string>();
    const open = members.slice(0, 1);
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      seen.add(next.name);
      open.push(...members.filter(({ name }) => !seen.has(name) && next?.ties.some(({ to }) => to === name)));
    }
    expect(seen.size).toBe(20);
  });

  test('the same task gives the same cast, another seed another one', () => {
    for (const prompt of PROMPTS) {
      expect(plan(prompt, 5)).toEqual(plan(prompt, 5));
      expect(plan(prompt, 5, { seed: 'other' })).not.toEqual(plan(prompt, 5));
    }
  });

  test('keeps the names of a campaign free, however many there are', () => {
    const takenNames: string[] = [];
    for (let round = 0; round < 30; round += 1)
      takenNames.push(
        ...plan('dwarven smugglers', 20, { seed: `${round}`, takenNames }).map(({ name }) => name),
      );
    expect(new Set(takenNames.map(nameKey)).size).toBe(600);
  });

  test('smugglers of the salt docks are smugglers of the salt docks, and dwarven', () => {
    const members = plan('dwarven smugglers of the salt docks', 6);
    expect(
      members.every(({ role }) => role.includes('the salt docks') || role.includes('the dwarven smugglers')),
    ).toBe(true);
    const crew = members.filter(({ role }) => role.includes('smugglers'));
    expect(crew.length).toBeGreaterThanOrEqual(3);
    expect(crew.map(({ name }) => readName(name, tables)?.culture.id)).toEqual(crew.map(() => 'undermark'));
    expect(members.some(({ role }) => !role.includes('smugglers'))).toBe(true);
  });

  test.each([
    [
      'a blacksmith, a corrupt priest and a spy in Oldtown',
      3,
      ['blacksmith in Oldtown', 'corrupt priest in Oldtown', 'spy in Oldtown'],
    ],
    ['a nervous blacksmith who hates fire', 1, ['nervous blacksmith']],
    [
      'a queen, her jester and her food taster at a winter court',
      3,
      ['queen at the winter court', 'jester at the winter court', 'food taster at a winter court'],
    ],
    ['smugglers of the salt docks, one of them an informer', 3, ['informer for the smugglers']],
    ['a band of knights, one of whom is secretly a spy, and their horses', 3, ['spy of the knights']],
  ])('gives the people that "%s" asks for', (prompt, count, roles) => {
    const planned = plan(prompt, count).map(({ role }) => role);
    for (const role of roles) expect(planned.some((each) => each.startsWith(role))).toBe(true);
  });

  test('takes over a group that no table knows', () => {
    expect(
      plan('hackers of the neon docks', 3).filter(({ role }) => role.includes('the hackers')).length,
    ).toBeGreaterThanOrEqual(2);
  });

  test('a word for all of a group says what they are', () => {
    const widows = plan('grieving widows of a drowned town', 8).filter(({ role }) => role.includes('widows'));
    expect(widows.length).toBeGreaterThan(3);
    for (const { name } of widows) expect(readName(name, tables)?.pronouns).not.toBe('he/him');
  });

  test('a crowd on a stormy night is a crowd of a place, and no night has a cook', () => {
    const roles = plan('a tavern crowd on a stormy night', 8).map(({ role }) => role);
    expect(roles.filter((role) => /night/u.test(role))).toEqual([]);
    expect(new Set(roles.map((role) => role.slice(role.lastIndexOf(' at the ')))).size).toBe(1);
  });

  test('the people of a monastery are not farmers', () => {
    const posts = entryOf(tables.circles, 'temple').posts.map(({ role }) => role);
    const roles = plan('people of a mountain monastery', 6).map(({ role }) => role);
    expect(
      roles.filter((role) => posts.some((post) => role.startsWith(`${post} at `))).length,
    ).toBeGreaterThanOrEqual(4);
  });

  test('nobody shares a byname who is not of one family', () => {
    for (const seed of ['a', 'b', 'c']) {
      const first = plan('a tavern crowd', 8, { seed });
      const second = plan('smugglers', 8, { seed, takenNames: first.map(({ name }) => name) });
      const bynames = [...first, ...second].map(({ name }) => name.split(' ').slice(1).join(' '));
      expect(
        bynames.filter((byname, index) => bynames.indexOf(byname) !== index),
        seed,
      ).toEqual([]);
    }
  });

  test('a family shares its name', () => {
    const family = plan('a family of elven glassblowers in the city of Vael', 4).filter(({ role }) =>
      role.includes('glassblowers'),
    );
    expect(new Set(family.map(({ name }) => name.split(' ').slice(1).join(' '))).size).toBe(1);
  });

  test('a tone leans the hooks its way', () => {
    const hooksOf = (mood: string) =>
      new Set(tables.threads.filter(({ moods }) => moods.includes(mood)).map(({ id }) => id));
    expect(hooksOf('eerie').size).toBeGreaterThan(5);
    expect(plan('villagers', 5, { tone: 'creepy horror' })).not.toEqual(
      plan('villagers', 5, { tone: 'cosy' }),
    );
  });
});

describe('a prompt is kept to', () => {
  const SEEDS = ['a', 'b', 'c', 'd'];
  const tradesOf = (prompt: string, count: number, seed: string) =>
    plan(prompt, count, { seed }).map(({ role }) => tradeOfRole(role, tables)?.id);

  test('a watch is mostly watch', () => {
    for (const seed of SEEDS) {
      const roles = plan('city watch of a desert town', 6, { seed }).map(({ role }) => role);
      expect(roles.filter((role) => role.includes('of the city watch')).length).toBeGreaterThanOrEqual(4);
      expect(
        roles.filter((role) => /captain|sergeant|patrol|guard/u.test(role)).length,
      ).toBeGreaterThanOrEqual(3);
    }
  });

  test('a noble house has nobles and servants', () => {
    for (const seed of SEEDS) {
      const trades = tradesOf('noble house in decline', 5, seed);
      expect(trades).toContain('noble');
      expect(trades).toContain('servant');
    }
  });

  test.each([
    ['blacksmiths of the deep forge', 'blacksmith'],
    ['alchemists of Ash Street', 'herbalist'],
    ['ferry keepers of the Wend', 'ferrykeeper'],
  ])('most of "%s" are of the trade', (prompt, trade) => {
    for (const seed of SEEDS) {
      const trades = tradesOf(prompt, 6, seed);
      expect(trades.filter((id) => id === trade).length, trades.join()).toBeGreaterThanOrEqual(3);
    }
  });

  test.each([
    ['ferrywoman', 'in the ferry', 'ferrywoman'],
    ['dockhand', 'of the docks', 'dockhand'],
    ['barkeep', 'at the salt docks', 'barkeep at the salt docks'],
  ])('a %s %s does not say the place twice', (role, phrase, whole) =>
    expect(roleAt(role, phrase)).toBe(whole),
  );
});
