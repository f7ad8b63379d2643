import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSqliteStore } from '#src/adapters/sqlite/open-sqlite-store.ts';
import { systemClock } from '#src/core/clock.ts';
import type { Store } from '#src/core/store.ts';
import { deadPid } from '../../../support/dead-pid.ts';

const LEASE_IN_MS = 600_000;

let folder: string;
let file: string;
let store: Store;

/** Another holds the lock. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-locks-'));
  file = join(folder, 'dramatis.db');
  store = await openSqliteStore({ file, clock: systemClock });
  expect(await store.locks.take('door', 'theirs', LEASE_IN_MS)).toBe(true);
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

function edit(sql: string, ...values: readonly (string | number)[]) {
  const database = new DatabaseSync(file);
  database.prepare(sql).run(...values);
  database.close();
}

const isOurs = () => store.locks.take('door', 'ours', LEASE_IN_MS);

it('a lock is free at once where its holder’s pid does not live on this host', async () => {
  edit('update locks set pid = ?', await deadPid());
  expect(await isOurs()).toBe(true);
  expect(await store.locks.renew('door', 'theirs', LEASE_IN_MS)).toBe(false);
});

it('a lock is free at once where this process has its holder’s pid now', async () => {
  // In a container every process of ours is the first.
  edit('update locks set started_at_ms = started_at_ms - 1000');
  expect(await isOurs()).toBe(true);
});

it('a lock is kept where its holder lives, and where its pid means nothing here', async () => {
  expect(await isOurs()).toBe(false);
  edit('update locks set pid = ?', process.ppid);
  expect(await isOurs()).toBe(false);
  edit("update locks set pid = ?, host = 'elsewhere'", await deadPid());
  expect(await isOurs()).toBe(false);
});
