import { DatabaseSync } from 'node:sqlite';
import { setImmediate as breathe } from 'node:timers/promises';
import { Kysely, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SQLITE, sqliteCode } from '#src/adapters/sqlite/busy.ts';
import { nodeSqliteDialect } from '#src/adapters/sqlite/dialect.ts';

interface Counters {
  counter: { name: string; value: number };
}

let database: DatabaseSync;
let db: Kysely<Counters>;
beforeEach(async () => {
  database = new DatabaseSync(':memory:');
  database.exec(
    "create table counter (name text primary key, value integer); insert into counter values ('a', 0)",
  );
  db = new Kysely<Counters>({ dialect: nodeSqliteDialect(database, 1) });
});
afterEach(() => db.destroy());

const value = async (name = 'a') =>
  (await db.selectFrom('counter').select('value').where('name', '=', name).executeTakeFirst())?.value;

describe('the dialect', () => {
  it('runs transactions one after another, however long they take', async () => {
    const increment = async () =>
      db.transaction().execute(async (transaction) => {
        const row = await transaction.selectFrom('counter').select('value').executeTakeFirstOrThrow();
        await breathe();
        await transaction
          .updateTable('counter')
          .set({ value: row.value + 1 })
          .execute();
      });
    await Promise.all(Array.from({ length: 20 }, increment));
    expect(await value()).toBe(20);
  });

  it('keeps a statement from outside out of an open transaction', async () => {
    const failing = db.transaction().execute(async (transaction) => {
      await transaction.insertInto('counter').values({ name: 'inside', value: 1 }).execute();
      for (let turn = 0; turn < 5; turn++) await breathe();
      throw new Error('rolled back');
    });
    const outside = db.insertInto('counter').values({ name: 'outside', value: 1 }).execute();
    await expect(failing).rejects.toThrow('rolled back');
    await outside;
    expect(await value('inside')).toBeUndefined();
    expect(await value('outside')).toBe(1);
  });

  it('begins every transaction as a writer', async () => {
    const prepare = vi.spyOn(database, 'prepare');
    await db.transaction().execute(async () => {});
    expect(prepare.mock.calls.map(([text]) => text)).toEqual(['begin immediate', 'commit']);
  });

  it('begins one that only reads as a reader', async () => {
    const prepare = vi.spyOn(database, 'prepare');
    const reading = db.transaction().setAccessMode('read only');
    await reading.execute(async () => {});
    expect(prepare.mock.calls.map(([text]) => text)).toEqual(['begin deferred', 'commit']);
  });

  it('says that the disk is full where SQLite has rolled back by itself', async () => {
    database.exec('pragma max_page_count = 8');
    const filling = db.transaction().execute(async (transaction) => {
      for (let number = 0; ; number += 1)
        await transaction
          .insertInto('counter')
          .values({ name: `${number}${'x'.repeat(1_000)}`, value: 0 })
          .execute();
    });
    await expect(filling).rejects.toThrow('database or disk is full');
    await expect(filling.catch((error: unknown) => sqliteCode(error))).resolves.toBe(SQLITE.full);
    await db.transaction().execute(async (transaction) => {
      await transaction.updateTable('counter').set({ value: 7 }).execute();
    });
    expect(await value()).toBe(7);
  });

  it('prepares a statement once, and keeps a bounded number of them', async () => {
    const prepare = vi.spyOn(database, 'prepare');
    const run = async (number: number) => sql`select ${sql.lit(number)} as n`.execute(db);
    for (let round = 0; round < 3; round++) expect((await run(0)).rows).toEqual([{ n: 0 }]);
    expect(prepare).toHaveBeenCalledTimes(1);
    for (let number = 1; number < 128; number++) await run(number);
    await run(0);
    expect(prepare).toHaveBeenCalledTimes(128);
    await run(128);
    await run(0);
    expect(prepare).toHaveBeenCalledTimes(129);
    await run(1);
    expect(prepare).toHaveBeenCalledTimes(130);
  });

  it('streams, again after a reader that stopped half-way', async () => {
    await db.insertInto('counter').values({ name: 'b', value: 1 }).execute();
    const names = db.selectFrom('counter').select('name').orderBy('name');
    for await (const { name } of names.stream()) {
      expect(name).toBe('a');
      break;
    }
    const seen: string[] = [];
    for await (const { name } of names.stream()) seen.push(name);
    expect(seen).toEqual(['a', 'b']);
  });

  it.each([[undefined], [true], [{ secret: 1 }]])('refuses what SQLite cannot hold: %s', async (wrong) => {
    await expect(sql`select ${sql.val(wrong)}, ${1}`.execute(db)).rejects.toThrow(
      `Parameter 1 of a statement is a ${typeof wrong}`,
    );
  });
});
