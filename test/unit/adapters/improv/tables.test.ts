import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { render, sentences } from '#src/adapters/improv/cast/grammar.ts';
import { seeded } from '#src/adapters/improv/random.ts';
import { entryOf, loadTables } from '#src/adapters/improv/tables.ts';
import { spokenSheet } from '#src/adapters/improv/voice/sheet.ts';
import { book, DIRECTORY, faultsIn, tables } from './cast/support.ts';

const names = tables.cultures.flatMap(({ feminine, masculine, either }) => [
  ...feminine,
  ...masculine,
  ...either,
]);
const secrets = tables.threads.flatMap((thread) => thread.secrets);

describe('the tables that ship', () => {
  test('hold what was promised, and more', () => {
    expect(tables.cultures.length).toBeGreaterThanOrEqual(8);
    expect(new Set(names).size).toBeGreaterThanOrEqual(300);
    expect(tables.trades.length).toBeGreaterThanOrEqual(80);
    expect(tables.characters.quirks.length).toBeGreaterThanOrEqual(100);
    expect(
      tables.threads.flatMap(({ goals }) => goals).length +
        tables.trades.flatMap(({ wants }) => wants).length,
    ).toBeGreaterThanOrEqual(90);
    expect(secrets.length).toBeGreaterThanOrEqual(90);
    expect(tables.characters.foibles.length).toBeGreaterThanOrEqual(30);
    expect(tables.threads.flatMap(({ fears }) => fears).length).toBeGreaterThanOrEqual(60);
    expect(tables.ties.length).toBeGreaterThanOrEqual(50);
  });

  test('a name belongs to one culture and one list, so that it tells both', () => {
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  test.each(['threads', 'trades', 'places', 'cultures', 'circles', 'people', 'archetypes'] as const)(
    'ids of %s are their own',
    (table) => {
      const ids = tables[table].map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
    },
  );

  test('no entry stands twice', () => {
    const texts = [
      ...tables.characters.quirks.map(({ text }) => text),
      ...tables.characters.temperaments.map(({ text }) => text),
      ...tables.characters.soft,
      ...tables.characters.pressure,
      ...tables.threads.flatMap(({ hooks, goals, fears }) => [...hooks, ...goals, ...fears]),
      ...secrets.map(({ text }) => text),
      ...tables.ties.flatMap(({ one, two }) => [one, two]),
      ...tables.trades.flatMap(({ wants, knows }) => [...wants, ...knows]),
    ];
    expect(texts.filter((text, index) => texts.indexOf(text) !== index)).toEqual([]);
  });

  const someone = (pronouns: string) => ({ called: 'Somebody Harrow', pronouns });
  const every = [
    ...tables.threads.flatMap(({ hooks, goals, fears }) => [...hooks, ...goals, ...fears]),
    ...secrets.flatMap(({ text, until }) => [text, until]),
    ...tables.trades.flatMap(({ wants, knows, props }) => [...wants, ...knows, ...props]),
    ...tables.places.flatMap(({ news, corners, names: places }) => [...news, ...corners, ...places]),
    ...tables.cultures.flatMap(({ looks, line }) => [...looks, line]),
    ...tables.characters.quirks.map(({ text }) => text),
    ...tables.characters.temperaments.map(({ text }) => text),
    ...tables.characters.soft,
    ...tables.characters.pressure,
    ...tables.characters.sounds,
    ...Object.values(tables.looks.ages).flat(),
    ...[
      tables.looks.builds,
      tables.looks.hair,
      tables.looks.features,
      tables.looks.eyes,
      tables.looks.dress,
      tables.looks.marks,
      tables.looks.bearing,
    ]
      .flat()
      .map(({ text }) => text),
    ...tables.characters.dreads,
    ...tables.characters.asks,
    ...tables.characters.tells,
    ...tables.characters.errands,
    ...tables.characters.foibles.flatMap(({ text, until }) => [text, until]),
    ...tables.gossip.about,
    ...tables.gossip.kin,
    ...tables.ties.flatMap(({ one, two }) => [one, two]),
  ];

  test.each(['she/her', 'he/him', 'they/them'])('every entry reads well of %s', (pronouns) => {
    const texts = {
      number: 'eight',
      place: 'the salt docks',
      group: 'the smugglers',
      corner: 'the ice cellar',
      town: 'Averne',
      thing: 'the old charter',
      sum: "a year's rent",
      years: 'six years',
      ordinal: 'ninth',
    };
    const people = {
      name: someone(pronouns),
      person: someone('they/them'),
      second: someone('he/him'),
      o: someone(pronouns),
      friend: someone('she/her'),
    };
    for (const [index, pattern] of every.entries())
      for (let round = 0; round < 4; round += 1) {
        const text = render(pattern, { self: someone(pronouns), people, texts }, seeded(`${index}|${round}`));
        expect(faultsIn(sentences(text))).toEqual([]);
      }
  });
});

describe('loading', () => {
  const directories: string[] = [];
  afterEach(async () => {
    for (const directory of directories.splice(0)) await rm(directory, { recursive: true });
  });

  async function broken(file: string, change: (text: string) => string): Promise<string> {
    const directory = await mkdtemp(join(tmpdir(), 'tables-'));
    directories.push(directory);
    await cp(DIRECTORY, directory, { recursive: true });
    await writeFile(join(directory, file), change(await readFile(join(directory, file), 'utf8')));
    return directory;
  }

  test('names the file that does not hold, and where', async () => {
    const directory = await broken('trades.yaml', (text) => text.replace('title: barkeep', 'titel: barkeep'));
    await expect(loadTables(directory)).rejects.toThrow(/trades\.yaml does not hold:[\s\S]*title/u);
  });

  test('refuses an entry that speaks of another that is not there', async () => {
    const directory = await broken('trades.yaml', (text) => text.replace('home: tavern', 'home: moonbase'));
    await expect(loadTables(directory)).rejects.toThrow('"moonbase"');
  });

  test('finds entries by id, and says so where there is none', () => {
    expect(entryOf(tables.trades, 'barkeep').title).toBe('barkeep');
    expect(() => entryOf(tables.trades, 'astronaut')).toThrow('"astronaut"');
  });
});

describe('ties', () => {
  const toldOf = (pattern: string): { readonly tie: string; readonly told: string | undefined } => {
    const him = { called: 'Tam', pronouns: 'he/him' };
    const self = { called: 'Orla', pronouns: 'she/her' };
    const tie = render(pattern, { self, people: { o: him }, texts: { sum: 'forty silver' } }, seeded('tie'));
    const sheet = spokenSheet(
      { name: 'Orla Finch', pronouns: 'she/her', role: 'cook', goals: [], bonds: [{ to: 'Tam Bray', tie }] },
      [],
      book.ear,
      { isDrafted: true, speaksByName: false },
    );
    return { tie, told: sheet.ties[0]?.told };
  };

  test('are marked hidden where a side of them is not for strangers, and show it by their words', () => {
    for (const { one, two, hidden } of tables.ties) {
      const isWhole = [one, two].every((side) => !book.ear.compromises(toldOf(side).tie));
      expect(isWhole, `${one} / ${two}`).toBe(!hidden);
    }
    expect(tables.ties.filter(({ hidden }) => !hidden).length).toBeGreaterThanOrEqual(5);
  });

  test.each([
    'has been stealing from {o.them} in amounts too small to notice',
    'is blackmailing {o.them}, gently, for company',
    'was married to {o.them} under another name',
    'knows what {o.they} did on the night of the fog, and was there too',
    'stole the tune that made {o.their} name',
  ])('"%s" is told to nobody', (pattern) => expect(toldOf(pattern).told).toBeUndefined());

  test.each([
    ['taught {o.them} the trade, and was overtaken', 'I taught him the trade.'],
    ['was raised by {o.them} and has an unsent letter about leaving', 'I was raised by him.'],
  ])('of "%s" the beginning is told', (pattern, told) => expect(toldOf(pattern).told).toBe(told));
});

test('what follows a choice agrees with each of its words', () => {
  const goals = tables.threads.flatMap((thread) => thread.goals).join('\n');
  expect(goals).not.toMatch(/\|surveyor\] come|\|statute\] are/u);
  expect(goals).toMatch(/surveyor comes/u);
});
