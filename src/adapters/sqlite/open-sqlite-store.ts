import { mkdir, open } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import type { Clock } from '#src/core/clock.ts';
import { Refusal } from '#src/core/errors.ts';
import type { Store } from '#src/core/store.ts';
import { LOCK_ATTEMPTS, LOCK_WAIT_IN_MS, SQLITE, sqliteCode, whileBusy } from './busy.ts';
import { nodeSqliteDialect } from './dialect.ts';
import { migrate } from './migrate.ts';
import { MIGRATIONS } from './migrations/index.ts';
import { openNews } from './news.ts';
import { sqlStore } from './sql-store.ts';
import type { Database, Tables } from './tables.ts';

const IN_MEMORY = ':memory:';
/** Only its owner reads and writes it: players' words and secrets are in it. */
const OWN_MODE = 0o600;

/**
 * WAL: readers and the one writer do not stop each other. `normal` syncs at checkpoints only: what was committed
 * survives the death of the process (the kernel has it); a power cut may take the last commits, but breaks nothing.
 * The id ("Dram") marks the file as ours. Writing it also shows whether the file can be written at all: until its first
 * write SQLite treats one that cannot like any other.
 */
const PREPARE_FILE =
  'pragma journal_mode = wal; pragma synchronous = normal; pragma application_id = 0x4472616d;';

/**
 * Opens the store in a file, making it and its folder where they are missing, and brings its tables up to date. Several
 * processes may have the same file open.
 *
 * @param options.file a path, or `:memory:`.
 * @param options.secretKey seals the tokens of installations; without it none is kept.
 * @param options.lockAttempts how often (every 25 to 50 ms) to try while another process writes.
 * @throws Refusal where the file cannot serve: not a database, damaged, locked, not writable, from a newer version.
 */
export async function openSqliteStore(options: {
  readonly file: string;
  readonly clock: Clock;
  readonly secretKey?: string | undefined;
  readonly lockAttempts?: number;
}): Promise<Store> {
  const { db, file } = await openFile(options);
  return sqlStore(db, options.clock, options.secretKey, (processId) => openNews(file, processId));
}

/** The database in a file, its tables brought up to date; see `openSqliteStore`. */
export async function openDatabase(options: Parameters<typeof openFile>[0]): Promise<Database> {
  return (await openFile(options)).db;
}

async function openFile(options: {
  readonly file: string;
  readonly lockAttempts?: number;
}): Promise<{ readonly db: Database; readonly file: DatabaseSync }> {
  const { lockAttempts = LOCK_ATTEMPTS } = options;
  const file = options.file === IN_MEMORY ? IN_MEMORY : resolve(options.file);
  let database: DatabaseSync | undefined;
  try {
    if (file !== IN_MEMORY) await makeOwn(file);
    const opened = new DatabaseSync(file, { timeout: LOCK_WAIT_IN_MS, enableForeignKeyConstraints: true });
    database = opened;
    await whileBusy(lockAttempts, () => opened.exec(PREPARE_FILE));
    const db = new Kysely<Tables>({ dialect: nodeSqliteDialect(opened, lockAttempts) });
    await migrate(db, MIGRATIONS);
    return { db, file: opened };
  } catch (error) {
    database?.close();
    throw refusalFor(error, file, 'opened') ?? error;
  }
}

/**
 * Makes a file where there is none. SQLite takes an empty one for a new database, and gives what it lays beside it (`-wal`,
 * `-shm`) the same mode. One that is there is left alone, and not even opened: with its closing this process would lose
 * whatever locks it has on it.
 */
async function makeOwn(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  try {
    const made = await open(file, 'wx', OWN_MODE);
    await made.close();
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
  }
}

/** What to tell the admin, where the file is at fault. */
function refusalFor(error: unknown, file: string, what: 'opened' | 'used'): Refusal | undefined {
  const fault = faultOf(error);
  return fault === undefined
    ? undefined
    : new Refusal(`The database ${file} cannot be ${what}: ${fault}`, { cause: error });
}

/** What to tell the admin of an error of a database that is open; undefined where its file is not at fault. */
export function databaseRefusal(error: unknown, file: string): Refusal | undefined {
  return sqliteCode(error) === undefined ? undefined : refusalFor(error, file, 'used');
}

function faultOf(error: unknown): string | undefined {
  switch (sqliteCode(error) ?? systemCode(error)) {
    case SQLITE.notADatabase:
      return 'it is not a database. Move that file away, or set DATABASE_URL to another file.';
    case SQLITE.corrupt:
      return 'it is damaged. Restore it from a backup, or move it away to start anew.';
    case SQLITE.busy:
    case SQLITE.locked:
      return 'another program keeps it locked. Close that program, then start again.';
    case SQLITE.permission:
    case SQLITE.readonly:
    case SQLITE.cannotOpen:
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOTDIR':
    case 'EEXIST':
    case 'ENOENT':
      return 'it cannot be written there. Give this user the right to write to that folder and file, or set DATABASE_URL to another file.';
    case SQLITE.io:
      return 'its disk did not read or write it. Look at that disk and how much space is left there, then start again.';
    case SQLITE.full:
    case 'ENOSPC':
      return 'the disk is full. Free some space, then start again.';
    default:
      return undefined;
  }
}

function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
