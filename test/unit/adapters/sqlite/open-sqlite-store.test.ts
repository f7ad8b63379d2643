import { chmod, mkdir, mkdtemp, open, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteStore } from '#src/adapters/sqlite/open-sqlite-store.ts';
import { systemClock } from '#src/core/clock.ts';
import { Refusal } from '#src/core/errors.ts';
import type { CampaignStore } from '#src/core/store.ts';
import { notice } from '#src/core/view.ts';
import { addNpc, castRequest, newNpc } from '../../../contract/store-samples.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-sqlite-'));
  file = join(folder, 'dramatis.db');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const openStore = (path = file) => openSqliteStore({ file: path, clock: systemClock, lockAttempts: 2 });

/** Opens and closes it once: a database with every table. */
const makeDatabase = async () => (await openStore()).close();

const overwrite = async (position: number, bytes: Uint8Array) => {
  const handle = await open(file, 'r+');
  await handle.write(bytes, 0, bytes.length, position);
  await handle.close();
};

const editDatabase = (sql: string) => {
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
};

describe('openSqliteStore', () => {
  it('makes the file and its folders, in WAL mode', async () => {
    const deep = join(folder, 'a', 'b', 'dramatis.db');
    const store = await openStore(deep);
    expect((await stat(`${deep}-wal`)).isFile()).toBe(true);
    await store.close();
    const database = new DatabaseSync(deep);
    expect(database.prepare('pragma journal_mode').get()).toEqual({ journal_mode: 'wal' });
    database.close();
  });

  it('makes a file that its owner alone reads, and leaves the mode of one that is there', async () => {
    const modes = async () => {
      const files = ['dramatis.db', 'dramatis.db-shm', 'dramatis.db-wal'];
      return Promise.all(files.map(async (name) => (await stat(join(folder, name))).mode & 0o777));
    };
    const first = await openStore();
    expect(await modes()).toEqual([0o600, 0o600, 0o600]);
    await first.close();
    await chmod(file, 0o640);
    const second = await openStore();
    expect(await modes()).toEqual([0o640, 0o640, 0o640]);
    await second.close();
  });

  it('keeps a store in memory, apart from every other', async () => {
    const [one, other] = [await openStore(':memory:'), await openStore(':memory:')];
    const ref = { platform: 'terminal', platformId: 'local', name: 'Table' } as const;
    const { id } = await one.openWorkspace(ref);
    expect((await other.openWorkspace(ref)).id).not.toBe(id);
    await one.close();
    await other.close();
  });

  it('opens a new database in many connections at once', async () => {
    const stores = await Promise.all(
      Array.from({ length: 5 }, () => openSqliteStore({ file, clock: systemClock })),
    );
    for (const store of stores) await store.close();
    editDatabase('select * from lines');
  });

  it.each([
    [
      'is not a database',
      /not a database.*DATABASE_URL/,
      () => writeFile(file, 'A diary, not a database. '.repeat(50)),
    ],
    [
      'is damaged',
      /damaged.*backup/,
      async () => {
        await makeDatabase();
        await overwrite(100, new Uint8Array(2000).fill(0xee));
      },
    ],
    [
      'may not be written',
      /cannot be written.*right to write.*DATABASE_URL/,
      async () => {
        await makeDatabase();
        // The header's "write version": from 3 on SQLite treats the file as read-only, whoever runs this test.
        await overwrite(18, new Uint8Array([3]));
      },
    ],
    ['is a folder', /cannot be written/, () => mkdir(file)],
    [
      'is of a newer version',
      /newer version.*backup/,
      async () => {
        await makeDatabase();
        editDatabase(
          "insert into kysely_migration values ('9999-from-the-future', '2031-01-01T00:00:00.000Z')",
        );
      },
    ],
  ])('refuses a file that %s, and says what to do', async (_, message, prepare) => {
    await prepare();
    const refusal = await openStore().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(Refusal);
    expect(refusal).toHaveProperty('message', expect.stringMatching(message));
    // The last connection to be closed takes the write-ahead log with it: none is left open.
    expect(await readdir(folder)).toEqual(['dramatis.db']);
  });

  it('refuses a place below a file', async () => {
    await writeFile(file, '');
    const place = join(file, 'dramatis.db');
    await expect(openStore(place)).rejects.toThrow(/cannot be written/);
    await expect(openStore(place)).rejects.toThrow(place);
  });

  it('refuses a locked file, and opens it once it is free', async () => {
    await makeDatabase();
    const holder = new DatabaseSync(file);
    holder.exec('begin immediate');
    await expect(openStore()).rejects.toThrow(/another program keeps it locked/);
    const patient = openSqliteStore({ file, clock: systemClock });
    holder.exec('commit');
    await (await patient).close();
    holder.close();
  });

  it('passes on what is no fault of the file', async () => {
    await makeDatabase();
    editDatabase('drop table kysely_migration');
    const error = await openStore().catch((thrown: unknown) => thrown);
    expect(error).not.toBeInstanceOf(Refusal);
    expect(error).toHaveProperty('message', expect.stringContaining('already exists'));
  });
});

describe('stored JSON that cannot be read', () => {
  const listNpcs = (campaign: CampaignStore): Promise<unknown> => campaign.npcs.list();
  const newestCasts = (campaign: CampaignStore): Promise<unknown> => campaign.casts.recent(1);
  const settings = (campaign: CampaignStore): Promise<unknown> => campaign.settings();

  const waiting = (campaign: CampaignStore): Promise<unknown> => campaign.waiting.list('gale');

  it.each([
    ['npc_versions', 'persona', 'npc-1, version 1,', listNpcs],
    ['npcs', 'locks', 'npc-1', listNpcs],
    ['casts', 'request', 'cast-1', newestCasts],
    ['casts', 'members', 'cast-1', newestCasts],
    ['campaigns', 'settings', undefined, settings],
    ['waiting', 'notice', 'item-1', waiting],
  ])('names row and table: %s (%s)', async (table, column, row, read) => {
    for (const [broken, json] of [
      ['half', '{"name":"the butler did it'],
      ['other', '"the butler did it"'],
    ]) {
      const place = join(folder, `${broken}.db`);
      const store = await openStore(place);
      const workspace = await store.openWorkspace({ platform: 'terminal', platformId: 'local', name: '' });
      const campaign = store.campaign((await store.campaignOf(workspace.id, '')).id);
      await addNpc(campaign, newNpc('npc-1'));
      await campaign.casts.add({ id: 'cast-1', request: castRequest, members: [] });
      const item = {
        id: 'item-1',
        personId: undefined,
        permission: 'gm' as const,
        notice: notice('plain', 'x'),
        sinceInMs: 0,
      };
      await campaign.waiting.add(item);
      const database = new DatabaseSync(place);
      database.prepare(`update ${table} set ${column} = ?`).run(json ?? '');
      database.close();

      const error = await read(campaign).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).toHaveProperty(
        'message',
        expect.stringContaining(`Row ${row ?? campaign.campaignId} of table ${table}`),
      );
      expect(JSON.stringify(error, ['message', 'stack', 'cause'])).not.toContain('butler');
      await store.close();
    }
  });
});
