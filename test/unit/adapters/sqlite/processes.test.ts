import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteStore } from '#src/adapters/sqlite/open-sqlite-store.ts';
import type { CampaignStore, Store } from '#src/core/store.ts';
import { newLine, TestClock } from '../../../contract/store-samples.ts';
import { deadPid } from '../../../support/dead-pid.ts';

const clock = new TestClock();
let folder: string;
let file: string;
let store: Store;
let other: Store;
let theirs: CampaignStore;

/** Two stores on one file, of which the other is in the middle of a line. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-processes-'));
  file = join(folder, 'dramatis.db');
  store = await openSqliteStore({ file, clock });
  other = await openSqliteStore({ file, clock });
  const workspace = await other.openWorkspace({ platform: 'terminal', platformId: 'local', name: 'Table' });
  theirs = other.campaign((await other.campaignOf(workspace.id, 'table')).id);
  const scene = await theirs.scenes.open('table');
  await theirs.lines.append(newLine('line', scene.id, { state: 'speaking' }));
});
afterEach(async () => {
  await store.close();
  await other.close();
  await rm(folder, { recursive: true, force: true });
});

function edit(sql: string, ...values: readonly (string | number)[]) {
  const database = new DatabaseSync(file);
  database.prepare(sql).run(...values);
  database.close();
}

const rows = () => {
  const database = new DatabaseSync(file);
  const found = database.prepare('select * from processes').all();
  database.close();
  return found;
};

const recovered = async () => (await store.recoverLines()).map(({ line }) => line.id);

describe('a process counts as gone', () => {
  it('at once, where its pid does not live on this host', async () => {
    edit('update processes set pid = ?', await deadPid());
    expect(await recovered()).toEqual(['line']);
    expect(rows()).toEqual([]);
  });

  it('at once, where this process has its pid now', async () => {
    // In a container every process of ours is the first.
    edit('update processes set started_at_ms = started_at_ms - 1000');
    expect(await recovered()).toEqual(['line']);
  });

  it('only without its lease, where its pid means nothing here', async () => {
    edit("update processes set pid = ?, host = 'elsewhere'", await deadPid());
    expect(await recovered()).toEqual([]);
    clock.time += 30_001;
    expect(await recovered()).toEqual(['line']);
    expect(rows()).toEqual([]);
  });

  it('only without its lease, where some other program has its pid', async () => {
    edit('update processes set pid = ?', process.ppid);
    expect(await recovered()).toEqual([]);
    clock.time += 30_001;
    expect(await recovered()).toEqual(['line']);
  });

  it('where it was of a version that had no processes', async () => {
    edit('update lines set spoken_by = null');
    expect(await recovered()).toEqual(['line']);
  });
});

it('is known while it speaks or says that it lives, and leaves nothing behind', async () => {
  expect(rows()).toMatchObject([{ pid: process.pid }]);
  await store.keepAlive();
  await store.keepAlive();
  expect(rows()).toHaveLength(2);
  await other.close();
  expect(rows()).toHaveLength(1);
  await store.close();
  expect(rows()).toEqual([]);
});

it('closes without a lock where it never said that it lives', async () => {
  const holder = new DatabaseSync(file);
  holder.exec('begin immediate');
  await store.close();
  holder.exec('rollback');
  holder.close();
});
