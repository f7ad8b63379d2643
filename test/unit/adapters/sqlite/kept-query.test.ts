import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Given, KeptQuery } from '#src/adapters/sqlite/kept-query.ts';
import { openDatabase } from '#src/adapters/sqlite/open-sqlite-store.ts';
import type { Database } from '#src/adapters/sqlite/tables.ts';

let db: Database;
beforeEach(async () => {
  db = await openDatabase({ file: ':memory:' });
});
afterEach(() => db.destroy());

interface Named {
  readonly id: string;
  readonly name: string;
}

const add = () =>
  new KeptQuery((database, given: Given<Named>) =>
    database
      .insertInto('workspaces')
      .values({ id: given('id'), platform: 'terminal', platform_id: given('id'), name: given('name') })
      .compile(),
  );

const named = () =>
  new KeptQuery((database, given: Given<Named>) =>
    database
      .selectFrom('workspaces')
      .select(['id', 'name'])
      .where('name', '=', given('name'))
      .where('platform', '=', 'terminal')
      .where(({ eb, or }) => or([eb('id', '<', given('id')), eb('platform_id', '=', given('id'))]))
      .orderBy('id')
      .compile(),
  );

describe('a kept query', () => {
  it('is built once, and takes new values with each run', async () => {
    const build = vi.fn((database: Database, given: Given<{ id: string }>) =>
      database.selectFrom('workspaces').select('name').where('id', '=', given('id')).compile(),
    );
    const query = new KeptQuery(build);
    const adding = add();
    for (const id of ['one', 'two']) await adding.run(db, { id, name: `The ${id}` });
    expect(await query.first(db, { id: 'one' })).toEqual({ name: 'The one' });
    expect(await query.first(db, { id: 'two' })).toEqual({ name: 'The two' });
    expect(await query.first(db, { id: 'three' })).toBeUndefined();
    expect(build).toHaveBeenCalledOnce();
  });

  it('puts a value wherever it is given, and leaves what is the same in every run', async () => {
    const [adding, query] = [add(), named()];
    for (const id of ['a', 'b', 'c']) await adding.run(db, { id, name: id === 'c' ? 'Other' : 'Same' });
    expect(await query.all(db, { id: 'b', name: 'Same' })).toEqual([
      { id: 'a', name: 'Same' },
      { id: 'b', name: 'Same' },
    ]);
    expect(await query.all(db, { id: 'a', name: 'Same' })).toEqual([{ id: 'a', name: 'Same' }]);
    expect(await query.all(db, { id: 'z', name: 'Other' })).toEqual([{ id: 'c', name: 'Other' }]);
  });

  it('runs within a transaction as outside of one', async () => {
    const [adding, query] = [add(), named()];
    const rolledBack = db.transaction().execute(async (transaction) => {
      await adding.run(transaction, { id: 'a', name: 'Same' });
      expect(await query.all(transaction, { id: 'a', name: 'Same' })).toHaveLength(1);
      throw new Error('Back again.');
    });
    await expect(rolledBack).rejects.toThrow('Back again.');
    expect(await query.all(db, { id: 'a', name: 'Same' })).toEqual([]);
  });

  it('refuses a value that the database cannot hold', async () => {
    const query = new KeptQuery((database, given: Given<{ id: object }>) =>
      database
        .selectFrom('workspaces')
        .select('name')
        .where('id', '=', database.fn<string>('lower', [given('id')]))
        .compile(),
    );
    await expect(query.first(db, { id: {} })).rejects.toThrow('SQLite has no such type');
  });
});
