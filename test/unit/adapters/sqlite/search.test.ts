import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSqliteStore } from '#src/adapters/sqlite/open-sqlite-store.ts';
import type { EmbeddedEntry, KeepingSearchIndex, SearchQuery } from '#src/core/search.ts';
import type { Store } from '#src/core/store.ts';
import { searchContract } from '../../../contract/search.ts';
import { TestClock } from '../../../contract/store-samples.ts';

const open = () => openSqliteStore({ file: ':memory:', clock: new TestClock() });

searchContract('SQLite', async () => {
  const store = await open();
  return { index: store.searchIndex('vectors'), remove: () => store.close() };
});

describe('the search in the database', () => {
  let store: Store;
  let index: KeepingSearchIndex;
  beforeEach(async () => {
    store = await open();
    index = store.searchIndex('vectors');
  });
  afterEach(() => store.close());

  const vector = (...values: number[]) => Float32Array.from(values);
  const entry = (id: string, text: string, own?: Float32Array): EmbeddedEntry => ({
    ...{ campaignId: 'c1', kind: 'memory', id, text, vector: own },
    readers: [{ npcId: 'wren', tier: 'semantic' }],
  });
  const find = async (change: Partial<SearchQuery>) =>
    (
      await index.find({
        ...{ campaignId: 'c1', what: 'memories', npcId: 'wren', words: [], vector: undefined, limit: 10 },
        ...change,
      })
    ).map(({ id }) => id);

  test('finds by words where there are no vectors, in any form of a word', async () => {
    await index.put([
      entry('bell', 'The bells of the old tower rang twice.'),
      entry('toll', 'The ferryman asks a toll of two coins for the tower.'),
    ]);
    expect(await find({ words: ['bell', 'tower'] })).toEqual(['bell', 'toll']);
    expect(await find({ words: ['tolls'] })).toEqual(['toll']);
    expect(await find({ words: ['dragon'] })).toEqual([]);
    expect(await find({})).toEqual([]);
  });

  test.each(['"', '*', 'a OR b', 'scope:x', '{text}', ')', '-', 'NEAR(a b)', '^tower', '\0', '🔔'])(
    'takes the word %j as it is written',
    async (word) => {
      await index.put([entry('bell', 'The tower.')]);
      await expect(find({ words: [word] })).resolves.toBeInstanceOf(Array);
      expect(await find({ words: [word, 'tower'] })).toEqual(['bell']);
    },
  );

  test('puts together what words and vectors find', async () => {
    await index.put([
      entry('alike', 'Somebody sang.', vector(1, 0)),
      entry('both', 'The bell rang.', vector(0.9, 0.43)),
      ...['x', 'y', 'z'].map((id) => entry(id, 'Nobody sang.', vector(0.8, 0.6))),
      entry('words', 'A bell.', vector(0, 1)),
    ]);
    expect((await find({ words: ['bell'], vector: vector(1, 0) }))[0]).toBe('both');
    expect(await find({ words: ['bell'] })).toHaveLength(2);
  });

  test('passes over vectors of another model or other dimensions, and finds these by their words', async () => {
    await store.searchIndex('another').put([entry('other model', 'The bell.', vector(1, 0))]);
    await index.put([
      entry('other length', 'A bell.', vector(1, 0, 0)),
      entry('own', 'Nothing.', vector(0, 1)),
    ]);
    expect(await find({ vector: vector(1, 0) })).toEqual(['own']);
    expect((await find({ vector: vector(1, 0), words: ['bell'] })).sort()).toEqual([
      ...['other length', 'other model', 'own'],
    ]);
  });

  test('gives the vectors back of the very texts that they were made of, and of no others', async () => {
    await index.put([
      entry('a', 'The bell.', vector(1, 0)),
      { ...entry('b', 'A toll.', vector(0, 1)), readers: [] },
      entry('words', 'The bell.'),
    ]);
    await store.searchIndex('another').put([entry('other model', 'The bell.', vector(1, 0))]);
    const kept = await index.kept([
      ...[entry('never there', 'The bell.'), entry('b', 'A toll.'), entry('a', 'The bell.')],
      ...[entry('words', 'The bell.'), entry('other model', 'The bell.')],
      ...[
        { ...entry('a', 'The bell.'), kind: 'line' as const },
        { ...entry('a', 'The bell.'), campaignId: 'c2' },
      ],
    ]);
    expect([...kept].toSorted()).toEqual([
      [1, vector(0, 1)],
      [2, vector(1, 0)],
    ]);
    expect((await index.kept([entry('a', 'The bell!')])).size).toBe(0);
    await index.put([entry('a', 'The bell!', vector(0, 1))]);
    expect((await index.kept([entry('a', 'The bell.')])).size).toBe(0);
    expect([...(await index.kept([entry('a', 'The bell!')]))]).toEqual([[0, vector(0, 1)]]);
  });

  test('is not misled by a text that looks like a reader', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dramatis-search-'));
    const file = await openSqliteStore({ file: join(folder, 'a.db'), clock: new TestClock() });
    const own = file.searchIndex('vectors');
    await own.put([entry('a', 'The bell.')]);
    const { DatabaseSync } = await import('node:sqlite');
    const database = new DatabaseSync(join(folder, 'a.db'));
    database.exec("create virtual table terms using fts5vocab('search_words', 'col')");
    const scopes = database.prepare("select term from terms where col = 'scope'").all();
    database.close();
    expect(scopes.length).toBe(3);
    const text = scopes.map((row) => String(row.term)).join(' ');
    await own.put([{ ...entry('b', text), readers: [{ npcId: 'oda', tier: 'semantic' }] }]);
    const hits = await own.find({
      ...{ campaignId: 'c1', what: 'memories', npcId: 'wren', vector: undefined, limit: 10 },
      words: ['bell', ...text.split(' ')],
    });
    expect(hits.map(({ id }) => id)).toEqual(['a']);
    await file.close();
    await rm(folder, { recursive: true, force: true });
  });
});
