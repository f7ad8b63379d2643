import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { arch, userInfo } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { onceAcrossProcesses } from './once-across-processes.ts';

const execute = promisify(execFile);

const CACHE = join(import.meta.dirname, '../../../.cache/servers');
const FETCH_LIMIT_IN_MS = 5 * 60_000;
/** Rounds of "what is still missing": libraries need libraries, but never this deep. */
const LIBRARY_ROUNDS = 5;

/** The release to borrow from where a machine's own is too old: its next one with a glibc of at least 2.39. */
const NEWER_RELEASE: Readonly<Record<string, string>> = { debian: 'trixie', ubuntu: 'noble' };

/** A server for tests cannot be had on this machine; the message says why. Tests that need it are skipped. */
export class CannotBring extends Error {
  override readonly name = 'CannotBring';
}

export interface Wanted {
  /** Names the folder in the cache. */
  readonly name: string;
  readonly packages: readonly string[];
  readonly release: 'own' | 'newer';
  /** Relative to the folder: a program whose shared libraries are fetched too, where the machine lacks them. */
  readonly program?: string;
}

/** Where multi-arch libraries lie in an unpacked folder. */
export function libraryFolder(folder: string): string {
  const triplets: Readonly<Record<string, string>> = {
    x64: 'x86_64-linux-gnu',
    arm64: 'aarch64-linux-gnu',
  };
  return join(folder, 'usr/lib', triplets[arch()] ?? arch());
}

/**
 * Unpacks packages of the machine's own package sources into a folder of this repository's cache and returns it.
 * Nothing is installed, no rights are needed, and the system's own package state is neither used nor touched. The
 * first call fetches; files that ask at the same time wait for that one.
 *
 * @throws CannotBring where there is no apt, no network, or no such package
 */
export async function unpackedPackages(wanted: Wanted): Promise<string> {
  const system = await operatingSystem();
  const folder = join(CACHE, `${wanted.name}-${system.id}-${system.release}-${arch()}`);
  await mkdir(CACHE, { recursive: true });
  await onceAcrossProcesses(folder, async (part) => {
    try {
      await fetchInto(part, wanted, system);
    } catch (error) {
      if (error instanceof CannotBring) throw error;
      throw new CannotBring(`${wanted.packages.join(', ')} could not be fetched: ${faultOf(error)}`);
    }
  });
  return folder;
}

/** Runs a program to its end; false where it cannot be started or fails. */
export async function runs(command: readonly string[]): Promise<boolean> {
  const [program = '', ...args] = command;
  return execute(program, args, { timeout: 30_000 }).then(
    () => true,
    () => false,
  );
}

interface OperatingSystem {
  readonly id: string;
  /** "bookworm" */
  readonly release: string;
}

async function operatingSystem(): Promise<OperatingSystem> {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const fields = new Map(
    text.split('\n').map((line) => {
      const [key = '', value = ''] = line.split('=');
      return [key, value.replaceAll('"', '')];
    }),
  );
  return {
    id: fields.get('ID') ?? process.platform,
    release: fields.get('VERSION_CODENAME') ?? 'unknown',
  };
}

async function fetchInto(folder: string, wanted: Wanted, system: OperatingSystem): Promise<void> {
  if (!(await runs(['apt-get', '--version']))) {
    throw new CannotBring(`this machine has no apt-get to fetch ${wanted.packages.join(', ')} with`);
  }
  const aptFolder = join(folder, 'apt');
  const configuration = join(aptFolder, 'apt.conf');
  const downloads = join(aptFolder, 'downloads');
  for (const path of ['state/lists/partial', 'cache/archives/partial', 'downloads']) {
    await mkdir(join(aptFolder, path), { recursive: true });
  }
  await writeFile(join(aptFolder, 'status'), '');
  await writeFile(configuration, await aptConfiguration(aptFolder, wanted, system));

  const apt = async (...args: string[]): Promise<void> => {
    await execute('apt-get', ['-c', configuration, '-q', ...args], {
      cwd: downloads,
      timeout: FETCH_LIMIT_IN_MS,
      env: { ...process.env, LC_ALL: 'C' },
    });
  };
  // One source out of reach need not matter: only where a download fails is it the reason.
  const outOfReach = await apt('update').then(
    () => undefined,
    (error: unknown) => error,
  );
  const add = async (...packages: string[]): Promise<void> => {
    await apt('download', ...packages).catch((error: unknown) => {
      throw outOfReach ?? error;
    });
    for (const file of await readdir(downloads)) {
      await execute('dpkg-deb', ['-x', join(downloads, file), folder]);
      await rm(join(downloads, file));
    }
  };
  await add(...wanted.packages);
  if (wanted.program !== undefined) await addLibraries(folder, wanted.program, add);
  await rm(aptFolder, { recursive: true });
}

/**
 * apt with a state of its own, in which nothing is installed, and without the machine's hooks, which would touch the
 * system.
 */
async function aptConfiguration(folder: string, wanted: Wanted, system: OperatingSystem): Promise<string> {
  const lines = [
    `Dir::State "${folder}/state";`,
    `Dir::State::status "${folder}/status";`,
    `Dir::Cache "${folder}/cache";`,
    `APT::Sandbox::User "${userInfo().username}";`,
    '#clear APT::Update::Pre-Invoke;',
    '#clear APT::Update::Post-Invoke;',
    '#clear APT::Update::Post-Invoke-Success;',
    'APT::Update::Error-Mode "any";',
    'Acquire::Languages "none";',
    'Acquire::Retries "1";',
    'Acquire::http::Timeout "20";',
    'Acquire::https::Timeout "20";',
  ];
  if (wanted.release === 'newer') {
    const sources = join(folder, 'sources.list');
    await writeFile(sources, await newerSources(system));
    lines.push(`Dir::Etc::sourcelist "${sources}";`, 'Dir::Etc::sourceparts "/dev/null";');
  }
  return `${lines.join('\n')}\n`;
}

/** The machine's own sources of its release, asked for a newer one: the same servers, another suite. */
async function newerSources(system: OperatingSystem): Promise<string> {
  const newer = NEWER_RELEASE[system.id];
  if (newer === undefined) {
    throw new CannotBring(`its C library is too old, and no newer release of "${system.id}" is known here`);
  }
  const format = 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)';
  const { stdout } = await execute('apt-get', ['indextargets', '--format', format, 'Created-By: Packages']);
  const own = new Set(stdout.split('\n').filter((line) => line.split(' ')[2] === system.release));
  if (own.size === 0) throw new CannotBring(`its package sources name no suite "${system.release}"`);
  return [...own].map((line) => `${line.replace(` ${system.release} `, ` ${newer} `)}\n`).join('');
}

async function addLibraries(
  folder: string,
  program: string,
  add: (...packages: string[]) => Promise<void>,
): Promise<void> {
  for (let round = 0; round < LIBRARY_ROUNDS; round += 1) {
    const { stdout } = await execute('ldd', [join(folder, program)], {
      env: { ...process.env, LD_LIBRARY_PATH: libraryFolder(folder) },
    });
    const missing = [...stdout.matchAll(/^\s*(\S+) => not found/gm)].map(([, library = '']) => library);
    if (missing.length === 0) return;
    for (const library of new Set(missing)) {
      const [name, afterTimeChange] = packagesOf(library);
      await add(name).catch(() => add(afterTimeChange));
    }
  }
  throw new CannotBring(`the libraries of ${basename(program)} could not be found among the packages`);
}

/**
 * Debian names the package of a shared library after it: libjemalloc.so.2 is in libjemalloc2, libfoo2.so.1 in
 * libfoo2-1 (Debian Policy 8.1); since the change to 64-bit time some carry "t64" at their end.
 */
function packagesOf(library: string): readonly [string, string] {
  const [stem = library, version = ''] = library.toLowerCase().split('.so.');
  const name = /\d$/.test(stem) ? `${stem}-${version}` : `${stem}${version}`;
  return [name, `${name}t64`];
}

/** The first fault that a failed program named, or why it could not run. */
function faultOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const said = 'stderr' in error && typeof error.stderr === 'string' ? error.stderr.trim().split('\n') : [];
  return said.find((line) => line.startsWith('E:')) ?? (said.at(-1) || error.message);
}
