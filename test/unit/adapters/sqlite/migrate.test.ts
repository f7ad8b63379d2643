import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeSqliteDialect } from '#src/adapters/sqlite/dialect.ts';
import { migrate } from '#src/adapters/sqlite/migrate.ts';
import { MIGRATIONS } from '#src/adapters/sqlite/migrations/index.ts';
import type { Tables } from '#src/adapters/sqlite/tables.ts';
import { Refusal } from '#src/core/errors.ts';

let database: DatabaseSync;
let db: Kysely<Tables>;
beforeEach(() => {
  database = new DatabaseSync(':memory:');
  db = new Kysely<Tables>({ dialect: nodeSqliteDialect(database, 1) });
});
afterEach(() => db.destroy());

const tables = () =>
  database.prepare("select name from sqlite_master where type = 'table' order by name").all();
const makes = (table: string): Migration => ({
  up: async (on) => on.schema.createTable(table).addColumn('id', 'text').execute(),
});
const fails: Migration = {
  up: async (on) => {
    await on.schema.createTable('half').addColumn('id', 'text').execute();
    throw new Error('out of luck');
  },
};

describe('migrate', () => {
  it('runs what has not been run yet, in the order of names', async () => {
    await migrate(db, { '0001-a': makes('a') });
    await migrate(db, { '0002-b': makes('b'), '0001-a': fails });
    expect(tables().map(({ name }) => name)).toEqual(['a', 'b', 'kysely_migration', 'kysely_migration_lock']);
  });

  it('leaves nothing behind where one of them fails', async () => {
    await expect(migrate(db, { '0001-a': makes('a'), '0002-b': fails })).rejects.toThrow('out of luck');
    expect(tables()).toEqual([]);
    await migrate(db, { '0001-a': makes('a'), '0002-half': makes('half') });
    expect(tables()).toHaveLength(4);
  });

  it('refuses a database that knows more migrations', async () => {
    await migrate(db, { '0001-a': makes('a'), '0002-b': makes('b') });
    await expect(migrate(db, { '0001-a': makes('a') })).rejects.toThrow(Refusal);
  });

  it('names its own migrations by number, so that they run in order', () => {
    for (const [index, name] of Object.keys(MIGRATIONS).entries())
      expect(name).toMatch(new RegExp(`^${String(index + 1).padStart(4, '0')}-[a-z-]+$`));
  });
});
