import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ARCHIVED_CAMPAIGN,
  ARCHIVED_TABLES,
  UNARCHIVED_TABLES,
} from '#src/adapters/sqlite/archive-tables.ts';
import { type ArchivePlace, openArchivePlace } from '../../../support/archives.ts';

let place: ArchivePlace;
let database: DatabaseSync;
beforeAll(async () => {
  place = await openArchivePlace();
  database = new DatabaseSync(place.file);
});
afterAll(async () => {
  database.close();
  await place.remove();
});

const all = [ARCHIVED_CAMPAIGN, ...ARCHIVED_TABLES];
const names = (rows: readonly Record<string, unknown>[], column = 'name') =>
  rows.map((row) => String(row[column]));

describe('what an archive holds', () => {
  it('is every table of the database, but those that are left out for a reason', () => {
    const tables = names(
      database
        .prepare("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'")
        .all(),
    ).filter((table) => !table.startsWith('search_words') && !table.startsWith('kysely_migration_lock'));
    const told = [...all.map(({ table }) => table), ...Object.keys(UNARCHIVED_TABLES)];
    expect(told.toSorted()).toEqual(tables.toSorted());
  });

  it.each(all)('is every column of $table, but those that stay behind', ({ table, columns, left }) => {
    const own = names(database.prepare(`pragma table_info(${table})`).all());
    const told = [...columns, ...left, ...(table === 'campaigns' ? [] : ['campaign_id'])];
    expect(told.toSorted()).toEqual(own.toSorted());
  });

  it.each(ARCHIVED_TABLES)('tells the rows of $table apart', ({ table, key }) => {
    const unique = database
      .prepare(`pragma index_list(${table})`)
      .all()
      .filter((index) => index.unique === 1 && index.partial === 0)
      .map((index) => names(database.prepare(`pragma index_info(${String(index.name)})`).all()));
    expect(unique).toContainEqual(['campaign_id', ...key]);
  });

  it.each(ARCHIVED_TABLES)('has what $table refers to before it', ({ table }) => {
    const before = all.slice(
      0,
      all.findIndex((each) => each.table === table),
    );
    const referred = names(database.prepare(`pragma foreign_key_list(${table})`).all(), 'table');
    expect(before.map((each) => each.table)).toEqual(expect.arrayContaining(referred));
  });
});
