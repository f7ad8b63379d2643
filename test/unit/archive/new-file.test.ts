import { writeFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeNewFile } from '#src/archive/new-file.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-new-file-'));
  file = join(folder, 'out');
});
afterEach(() => rm(folder, { recursive: true }));

const going = new AbortController().signal;
async function* pieces(onFirst?: () => void) {
  yield 'one ';
  onFirst?.();
  yield 'two';
}

describe('a new file', () => {
  it('is whole, and its owner alone reads it', async () => {
    expect(await writeNewFile(file, pieces(), going)).toBe(true);
    expect(await readFile(file, 'utf8')).toBe('one two');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['out']);
  });

  it('never takes the place of another', async () => {
    await writeFile(file, 'mine');
    await expect(writeNewFile(file, pieces(), going)).rejects.toThrow('is there already');
    expect(await readFile(file, 'utf8')).toBe('mine');
  });

  it('never takes the place of another that comes meanwhile', async () => {
    const writing = writeNewFile(
      file,
      pieces(() => writeFileSync(file, 'mine')),
      going,
    );
    await expect(writing).rejects.toThrow('is there already');
    expect(await readFile(file, 'utf8')).toBe('mine');
    expect(await readdir(folder)).toEqual(['out']);
  });

  it('is that of the one who ends first, where two write it at once', async () => {
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    const slow = async function* () {
      yield 'slow ';
      await ended;
      yield 'one';
    };
    const second = writeNewFile(file, slow(), going);
    expect(await writeNewFile(file, pieces(), going)).toBe(true);
    resolve();
    await expect(second).rejects.toThrow('is there already');
    expect(await readFile(file, 'utf8')).toBe('one two');
    expect(await readdir(folder)).toEqual(['out']);
  });

  it('leaves alone what lies beside it, and follows no link', async () => {
    await writeFile(join(folder, 'mine'), 'mine');
    await symlink(join(folder, 'mine'), join(folder, 'link'));
    await writeFile(`${file}.part`, 'mine too');
    await writeNewFile(file, pieces(), going);
    expect(await readFile(`${file}.part`, 'utf8')).toBe('mine too');
    await expect(writeNewFile(join(folder, 'link'), pieces(), going)).rejects.toThrow('is there already');
    expect(await readFile(join(folder, 'mine'), 'utf8')).toBe('mine');
  });

  it('is not made through a link to nowhere', async () => {
    await symlink(join(folder, 'nowhere'), file);
    await expect(writeNewFile(file, pieces(), going)).rejects.toThrow('is there already');
    expect(await readdir(folder)).toEqual(['out']);
  });

  it('is not there, nor a part of it, where it is broken off or fails', async () => {
    const ending = new AbortController();
    expect(
      await writeNewFile(
        file,
        pieces(() => ending.abort()),
        ending.signal,
      ),
    ).toBe(false);
    const failing = pieces(() => {
      throw new Error('out of records');
    });
    await expect(writeNewFile(file, failing, going)).rejects.toThrow('out of records');
    expect(await readdir(folder)).toEqual([]);
  });

  it('is refused where it cannot be', async () => {
    await expect(writeNewFile(join(folder, 'no/out'), pieces(), going)).rejects.toThrow('its folder is not');
  });
});
