import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { CannotBring, libraryFolder, runs, unpackedPackages } from './debian-packages.ts';
import { whyMissing } from './missing.ts';
import { type RunningServer, startServer } from './server-process.ts';

/** Program and first arguments of Chroma's command line. */
type Launcher = readonly string[];

let located: Promise<Launcher> | undefined;

/**
 * Why Chroma cannot be had on this machine, or undefined where it can. For
 * `describe.skipIf(reason)('… (${reason})')` at the top of a test file; the first call ever may fetch for a minute.
 */
export async function chromaMissing(): Promise<string | undefined> {
  return whyMissing('chroma', locate);
}

/** An empty Chroma of one's own: the server that the npm package carries. */
export async function startChroma(): Promise<RunningServer> {
  const launcher = await locate();
  return startServer({
    name: 'chroma',
    command: (port, folder) => [
      ...launcher,
      ...['run', '--path', folder, '--host', '127.0.0.1', '--port', String(port)],
    ],
    environment: {},
    // SIGTERM does not end it and leaves a core spinning (chroma-core/chroma#5594).
    endSignal: 'SIGINT',
    url: (port) => `http://127.0.0.1:${port}`,
    answers: async (port) => {
      const url = `http://127.0.0.1:${port}/api/v2/heartbeat`;
      return (await fetch(url, { signal: AbortSignal.timeout(1_000) })).ok;
    },
  });
}

/** Program and first arguments that start Chroma's command line on this machine. */
export async function chromaLauncher(): Promise<readonly string[]> {
  return locate();
}

async function locate(): Promise<Launcher> {
  located ??= find();
  return located;
}

/**
 * The package's Linux binding needs glibc 2.39. Where the machine has an older one, Chroma alone is started by the
 * loader of a newer one that lies in a folder of its own.
 */
async function find(): Promise<Launcher> {
  const script = await realpath(join(import.meta.dirname, '../../../node_modules/.bin/chroma')).catch(() => {
    throw new CannotBring('the npm package "chromadb" is not installed: run npm ci');
  });
  const plain = [process.execPath, script];
  if (await runs([...plain, '--version'])) return plain;
  if (process.platform !== 'linux') {
    throw new CannotBring(`the npm package "chromadb" carries no server that runs on ${process.platform}`);
  }
  const folder = await unpackedPackages({
    name: 'glibc',
    packages: ['libc6', 'libgcc-s1', 'libstdc++6'],
    release: 'newer',
  });
  const libraries = libraryFolder(folder);
  const loader = (await readdir(libraries)).find((file) => file.startsWith('ld-linux-'));
  if (loader === undefined) throw new CannotBring(`no loader among the unpacked libraries in ${libraries}`);
  const own = [libraries, libraryFolder('/'), libraryFolder('/').replace('/usr', '')].join(':');
  const launcher = [join(libraries, loader), '--library-path', own, ...plain];
  if (await runs([...launcher, '--version'])) return launcher;
  throw new CannotBring(`Chroma does not start, neither as it is nor under the C library in ${libraries}`);
}
