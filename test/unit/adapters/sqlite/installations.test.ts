import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteStore } from '#src/adapters/sqlite/open-sqlite-store.ts';
import { Seal } from '#src/adapters/sqlite/sealing.ts';
import { systemClock } from '#src/core/clock.ts';
import type { Installation, Store } from '#src/core/store.ts';

const SECRET_KEY = 'a key that nobody knows';
const TOKEN = 'xoxb-0123456789-not-a-real-one';

describe('a token in the database', () => {
  let folder: string;
  let file: string;
  let store: Store;
  const installation: Installation = {
    platform: 'slack',
    teamId: 'T1',
    teamName: 'Salt Docks',
    botToken: TOKEN,
    botId: 'B1',
    botUserId: 'U1',
    scopes: ['chat:write'],
    installedAtInMs: 1000,
  };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dramatis-installations-'));
    file = join(folder, 'dramatis.db');
    store = await openSqliteStore({ file, clock: systemClock, secretKey: SECRET_KEY });
    await store.installations.save(installation);
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  const holds = async (text: string) => {
    const files = await readdir(folder);
    const bytes = await Promise.all(files.map((name) => readFile(join(folder, name))));
    return bytes.some((each) => each.includes(text));
  };

  it('lies in no file in plain, nor does the key', async () => {
    const forms = (text: string) => [
      text,
      Buffer.from(text).toString('base64'),
      Buffer.from(text).toString('hex'),
    ];
    // The write-ahead log is beside the file while it is open.
    expect(await readdir(folder)).toContain('dramatis.db-wal');
    expect(await holds('Salt Docks')).toBe(true);
    for (const text of [...forms(TOKEN), ...forms(SECRET_KEY)]) expect(await holds(text)).toBe(false);
    await store.close();
    expect(await readdir(folder)).toEqual(['dramatis.db']);
    expect(await holds('Salt Docks')).toBe(true);
    for (const text of [...forms(TOKEN), ...forms(SECRET_KEY)]) expect(await holds(text)).toBe(false);
  });

  it('cannot be read in the place of another workspace’s, or damaged', async () => {
    await store.installations.save({ ...installation, teamId: 'T2', botToken: 'xoxb-another' });
    const database = new DatabaseSync(file);
    database.exec(
      "update installations set sealed_bot_token = (select sealed_bot_token from installations where team_id = 'T2') where team_id = 'T1'",
    );
    await expect(store.installations.byTeam('slack', 'T1')).rejects.toThrow(/T1 cannot be read.*SECRET_KEY/u);
    expect((await store.installations.byTeam('slack', 'T2'))?.botToken).toBe('xoxb-another');
    for (const damaged of ['', 'AQ==', 'not base64!'])
      database.prepare('update installations set sealed_bot_token = ?').run(damaged);
    database.close();
    await expect(store.installations.byTeam('slack', 'T2')).rejects.toThrow(/T2 cannot be read/u);
  });
});

describe('a seal', () => {
  const seal = new Seal(SECRET_KEY);

  it('opens with the same secret and use alone', async () => {
    const sealed = await seal.seal(TOKEN, 'one');
    expect(await seal.open(sealed, 'one')).toBe(TOKEN);
    expect(await new Seal(SECRET_KEY).open(sealed, 'one')).toBe(TOKEN);
    expect(await seal.open(sealed, 'other')).toBeUndefined();
    expect(await new Seal('another key').open(sealed, 'one')).toBeUndefined();
  });

  it('is different each time, and shows no more than the length', async () => {
    const sealed = await Promise.all(Array.from({ length: 5 }, () => seal.seal(TOKEN, 'one')));
    expect(new Set(sealed).size).toBe(5);
    expect(new Set(sealed.map((each) => each.slice(4, 16))).size).toBe(5);
    expect(Buffer.from(sealed[0] ?? '', 'base64')).toHaveLength(1 + 12 + 16 + TOKEN.length);
  });

  it('breaks with any byte that is changed, left out or added', async () => {
    const bytes = Buffer.from(await seal.seal(TOKEN, 'one'), 'base64');
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(await seal.open(changed.toString('base64'), 'one'), `byte ${at}`).toBeUndefined();
      expect(await seal.open(bytes.subarray(0, at).toString('base64'), 'one')).toBeUndefined();
    }
    expect(await seal.open(Buffer.concat([bytes, Buffer.of(0)]).toString('base64'), 'one')).toBeUndefined();
  });
});
