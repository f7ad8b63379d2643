import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ROOT } from './planted-tree.ts';

const execute = promisify(execFile);

let folder: string;
let cache: string;

/** The helpers in a tree without packages, on a machine that has no program but those that a test puts there. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-bring-'));
  cache = join(folder, '.cache/servers');
  await mkdir(join(folder, 'bin'));
  await cp(join(ROOT, 'test/support/servers'), join(folder, 'test/support/servers'), { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

async function program(name: string, script: string): Promise<void> {
  const file = join(folder, 'bin', name);
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
}

/** Package tools that write down what they were asked; the package holds a program that needs one library. */
async function packageTools(update: string): Promise<void> {
  const journal = join(folder, 'journal.txt');
  await program(
    'apt-get',
    `case "$*" in *update*) echo update >> ${journal}; ${update};; *download*) shift 4; echo "$@" >> ${journal}; : > one.deb;; esac`,
  );
  await program('dpkg-deb', '/bin/mkdir -p "$3/usr/bin"; : > "$3/usr/bin/redis-server"');
  await program(
    'ldd',
    `/bin/grep -q libfoo2-1 ${journal} || echo "	libFoo2.so.1 => not found"; echo "	libc.so.6 => /lib/libc.so.6"`,
  );
}

async function bring(): Promise<unknown> {
  const script = join(folder, 'test/support/servers/bring.ts');
  const { stdout } = await execute(process.execPath, [script], { env: { PATH: join(folder, 'bin') } });
  return JSON.parse(stdout);
}

const journal = async (): Promise<readonly string[]> =>
  (await readFile(join(folder, 'journal.txt'), 'utf8')).trim().split('\n');

describe('bringing servers', () => {
  it('says why where there is nothing to bring them with', async () => {
    expect(await bring()).toEqual({
      redis: 'this machine has no apt-get to fetch redis-server, redis-tools with',
      chroma: 'the npm package "chromadb" is not installed: run npm ci',
    });
  });

  it('takes the Redis that the machine has', async () => {
    await program('redis-server', 'exit 0');
    expect(await bring()).toMatchObject({ redis: null });
    expect(await readdir(cache).catch(() => [])).toEqual([]);
  });

  it('fetches once, with the libraries that the machine lacks, for all who ask', async () => {
    // Nobody's fetch goes on before all three have come.
    await program('redis-server', `: > ${folder}/asked.$$; exit 1`);
    const asked = `$(/bin/ls ${folder} | /bin/grep -c asked)`;
    await packageTools(`while [ ${asked} -lt 3 ]; do /bin/sleep 0.01; done; exit 0`);
    const all = await Promise.all([bring(), bring(), bring()]);
    for (const each of all) expect(each).toMatchObject({ redis: null });
    expect(await journal()).toEqual(['update', 'redis-server redis-tools', 'libfoo2-1']);
    expect(await readdir(cache)).toEqual([expect.stringMatching(/^redis-[^.]+$/)]);
  });

  it('goes on with what it has where one package source is out of reach', async () => {
    await packageTools('exit 100');
    expect(await bring()).toMatchObject({ redis: null });
  });

  it('says what kept it from fetching, and leaves nothing behind', async () => {
    await program(
      'apt-get',
      'case "$*" in *--version*) exit 0;; esac; echo "E: no route to anywhere" >&2; exit 100',
    );
    expect(await bring()).toMatchObject({
      redis: 'redis-server, redis-tools could not be fetched: E: no route to anywhere',
    });
    expect(await readdir(cache)).toEqual([]);
  });

  it('takes over from a fetch that was killed', async () => {
    await packageTools('exit 0');
    await bring();
    const [whole = ''] = await readdir(cache);
    await rm(join(cache, whole), { recursive: true });
    const gone = execFile(process.execPath, ['-e', '']);
    await new Promise((resolve) => gone.once('exit', resolve));
    await writeFile(join(cache, `${whole}.lock`), String(gone.pid));
    expect(await bring()).toMatchObject({ redis: null });
    expect(await readdir(cache)).toEqual([whole]);
  });
});
