import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Refusal } from '#src/core/errors.ts';
import { checkDataDir, checkNode, checkStore, writingFault } from '#src/doctor/machine.ts';

describe('Node', () => {
  it.each(['22.18.0', '22.20.1', '24.0.0', '26.1.0'])('%s is new enough', (version) =>
    expect(checkNode(version)).toEqual({ state: 'ok', subject: 'Node', what: version }),
  );
  it.each(['22.17.9', '20.19.0'])('%s is too old', (version) =>
    expect(checkNode(version)).toMatchObject({ state: 'problem', what: `${version} is too old` }),
  );
});

describe('the data folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'doctor-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is made where it is missing, and left empty', async () => {
    const path = join(folder, 'deep', 'data');
    expect(await checkDataDir(path)).toMatchObject({
      state: expect.stringMatching(/^(ok|warning)$/),
      what: expect.stringMatching(/can be written to; [\d,]+ MB are free$/),
    });
    expect(await readdir(path)).toEqual([]);
  });

  it('is a warning where little room is left', async () => {
    expect(await checkDataDir(folder, Number.POSITIVE_INFINITY)).toMatchObject({
      state: 'warning',
      remedy: expect.stringContaining('Make room'),
    });
    expect(await checkDataDir(folder, 0)).toMatchObject({ state: 'ok' });
  });

  it('cannot be a file, nor lie in one', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    for (const path of [file, join(file, 'data')])
      expect(await checkDataDir(path)).toMatchObject({
        state: 'problem',
        what: `${path} is a file or lies in one`,
        remedy: expect.stringContaining('DATA_DIR'),
      });
    expect(existsSync(file)).toBe(true);
  });

  it.each([
    ['EACCES', 'this user may not write to /srv'],
    ['EPERM', 'this user may not write to /srv'],
    ['EROFS', '/srv lies on a disk that is read-only'],
    ['ENOSPC', 'there is no room left for /srv'],
    ['EIO', '/srv cannot be written to (EIO)'],
  ])('has words for %s', (code, what) => {
    const fault = writingFault(Object.assign(new Error('hush'), { code }), '/srv');
    expect(fault).toEqual({ what, remedy: expect.stringMatching(/^[A-Z]/) });
  });
});

describe('the database', () => {
  it('is opened and closed again', async () => {
    let isOpen = false;
    const finding = await checkStore('/srv/one.db', async () => {
      isOpen = true;
      return {
        close: async () => {
          isOpen = false;
        },
      };
    });
    expect(isOpen).toBe(false);
    expect(finding).toMatchObject({
      state: 'ok',
      what: '/srv/one.db can be opened, and its tables are up to date',
    });
  });

  it('is a problem in the words of whoever refuses it', async () => {
    const finding = await checkStore('/srv/one.db', () => Promise.reject(new Refusal('It is locked. Wait.')));
    expect(finding).toEqual({ state: 'problem', subject: 'Database', what: 'It is locked. Wait' });
  });

  it.each([
    [
      Object.assign(new Error('hush'), { code: 'ERR_SQLITE_ERROR' }),
      '/srv/one.db cannot be opened (ERR_SQLITE_ERROR)',
    ],
    [new Error('hush'), '/srv/one.db cannot be opened'],
  ])('is a problem whatever is thrown', async (error, what) => {
    const finding = await checkStore('/srv/one.db', () => Promise.reject(error));
    expect(finding).toMatchObject({
      state: 'problem',
      what,
      remedy: expect.stringContaining('DATABASE_URL'),
    });
  });
});
