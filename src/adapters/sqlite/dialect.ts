import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  SqliteAdapter,
  type SqliteDatabase,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type SqliteStatement,
  type TransactionSettings,
} from 'kysely';
import { whileBusy } from './busy.ts';

/** More than the store has distinct statements; preparing one costs more than running it. */
const KEPT_STATEMENTS = 128;

/**
 * Kysely's SQLite dialect over Node's own driver.
 *
 * @param lockAttempts how often a transaction tries to begin while another process writes.
 */
export function nodeSqliteDialect(database: DatabaseSync, lockAttempts: number): Dialect {
  return {
    createDriver: () => new ImmediateDriver(database, lockAttempts),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new TransactionalDdlAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  };
}

/**
 * Begins every transaction as a writer, but one that says it only reads. One that begins as a reader and writes later
 * fails at once, without waiting, when somebody else wrote in between; this one waits for its turn here and nowhere else.
 */
class ImmediateDriver extends SqliteDriver {
  readonly #database: DatabaseSync;
  readonly #lockAttempts: number;

  constructor(database: DatabaseSync, lockAttempts: number) {
    super({ database: withKeptStatements(database) });
    this.#database = database;
    this.#lockAttempts = lockAttempts;
  }

  override async beginTransaction(
    connection: DatabaseConnection,
    settings?: TransactionSettings,
  ): Promise<void> {
    const begin = CompiledQuery.raw(
      settings?.accessMode === 'read only' ? 'begin deferred' : 'begin immediate',
    );
    await whileBusy(this.#lockAttempts, () => connection.executeQuery(begin));
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // SQLite has done so by itself where the disk is full or fails; to do it again would be an error in place of that one.
    if (this.#database.isTransaction) await super.rollbackTransaction(connection);
  }
}

/** SQLite rolls back changes of the schema too, which Kysely's adapter denies: a migration is whole or not at all. */
class TransactionalDdlAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** The shape that Kysely's driver expects, with the statements used last kept prepared. */
function withKeptStatements(database: DatabaseSync): SqliteDatabase {
  const kept = new Map<string, SqliteStatement>();
  return {
    prepare: (sql) => {
      const statement = kept.get(sql) ?? prepare(database, sql);
      // A Map keeps the order of insertion: the first key is the one used longest ago.
      kept.delete(sql);
      kept.set(sql, statement);
      const [oldest] = kept.keys();
      if (kept.size > KEPT_STATEMENTS && oldest !== undefined) kept.delete(oldest);
      return statement;
    },
    close: () => {
      kept.clear();
      database.close();
    },
  };
}

function prepare(database: DatabaseSync, sql: string): SqliteStatement {
  const statement = database.prepare(sql);
  const reader = statement.columns().length > 0;
  // The driver's own objects have no prototype, and take twice as long to be made and to be read.
  statement.setReturnArrays(true);
  const rowOf = rowMaker(statement);
  return {
    reader,
    all: (parameters) => statement.all(...bindable(parameters)).map(rowOf),
    run: (parameters) => statement.run(...bindable(parameters)),
    *iterate(parameters) {
      for (const values of statement.iterate(...bindable(parameters))) yield rowOf(values);
    },
  };
}

function rowMaker(statement: StatementSync): (values: unknown) => Readonly<Record<string, unknown>> {
  let columns: readonly string[] = [];
  return (values) => {
    if (!Array.isArray(values)) throw new TypeError('A row came that is no array.');
    // Once, and again where a migration gave `select *` more columns.
    if (columns.length !== values.length) columns = statement.columns().map(({ name }) => name);
    const row: Record<string, unknown> = {};
    for (let at = 0; at < columns.length; at += 1) row[columns[at] ?? ''] = values[at];
    return row;
  };
}

/** @throws TypeError for what SQLite cannot hold (undefined, booleans, objects but bytes). It does not show the value. */
function bindable(parameters: readonly unknown[]): SQLInputValue[] {
  return parameters.map((value, index) => {
    if (value instanceof Uint8Array) return value;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' || value === null)
      return value;
    throw new TypeError(
      `Parameter ${index + 1} of a statement is a ${typeof value}: SQLite has no such type.`,
    );
  });
}
