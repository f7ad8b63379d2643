import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

export const ROOT = join(import.meta.dirname, '../../..');

/** A folder with this repository's settings and files that a test planted: the checks run over it for real. */
export interface PlantedTree {
  readonly folder: string;
  remove(): Promise<void>;
}

/**
 * @param files path → text
 * @param packages names of empty packages to stand in its node_modules, so that imports of them lead somewhere
 */
export async function plant(
  files: Readonly<Record<string, string>>,
  packages: readonly string[] = [],
): Promise<PlantedTree> {
  const folder = await mkdtemp(join(tmpdir(), 'dramatis-planted-'));
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  for (const setting of ['package.json', 'tsconfig.json']) {
    await copyFile(join(ROOT, setting), join(folder, setting));
  }
  for (const name of packages) {
    await write(
      `node_modules/${name}/package.json`,
      JSON.stringify({ name, version: '1.0.0', type: 'module' }),
    );
    await write(`node_modules/${name}/index.js`, 'export {};\n');
  }
  await mkdir(join(folder, 'node_modules'), { recursive: true });
  await symlink(join(ROOT, 'node_modules/@types'), join(folder, 'node_modules/@types'));
  for (const [path, text] of Object.entries(files)) await write(path, text);
  return { folder, remove: async () => rm(folder, { recursive: true, force: true }) };
}

/** Runs one of the packages' programs and gives its standard output, whether or not it found something. */
export async function output(folder: string, program: string, ...args: string[]): Promise<string> {
  const run = execute(process.execPath, [join(ROOT, 'node_modules/.bin', program), ...args], {
    cwd: folder,
    maxBuffer: 64 * 1024 * 1024,
  });
  try {
    return (await run).stdout;
  } catch (error) {
    if (
      error instanceof Error &&
      'stdout' in error &&
      typeof error.stdout === 'string' &&
      error.stdout !== ''
    )
      return error.stdout;
    throw error;
  }
}
