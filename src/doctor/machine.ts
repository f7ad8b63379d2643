import { mkdir, statfs, unlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Refusal } from '#src/core/errors.ts';
import type { Finding } from './finding.ts';

/** The first version that runs TypeScript as it stands. */
const OLDEST_NODE = [22, 18] as const;

/** @param version as `process.versions.node` has it: "24.21.0". */
export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  const isOld = major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
  return isOld
    ? {
        state: 'problem',
        subject: 'Node',
        what: `${version} is too old`,
        remedy: `Install Node ${OLDEST_NODE.join('.')} or newer, or start with npm start, which brings its own`,
      }
    : { state: 'ok', subject: 'Node', what: version };
}

/** Below this a campaign's file may soon find no room. */
const LITTLE_SPACE_IN_MB = 200;

/** Makes the folder where it is missing, writes to it, and looks how much room there is. */
export async function checkDataDir(dataDir: string, littleSpaceInMb = LITTLE_SPACE_IN_MB): Promise<Finding> {
  const subject = 'Data folder';
  const path = resolve(dataDir);
  const sign = join(path, `.doctor-${process.pid}`);
  try {
    await mkdir(path, { recursive: true });
    await writeFile(sign, 'Written to see whether this folder can be written to.\n');
    await unlink(sign);
    const { bavail, bsize } = await statfs(path);
    const freeInMb = Math.floor((bavail * bsize) / 1024 / 1024);
    const what = `${path} can be written to; ${freeInMb.toLocaleString('en-US')} MB are free`;
    return freeInMb < littleSpaceInMb
      ? { state: 'warning', subject, what, remedy: 'Make room on that disk, or set DATA_DIR to another one' }
      : { state: 'ok', subject, what };
  } catch (error) {
    return { state: 'problem', subject, ...writingFault(error, path) };
  }
}

/** Why a folder cannot be written to, and what to do. */
export function writingFault(
  error: unknown,
  path: string,
): { readonly what: string; readonly remedy: string } {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return {
        what: `this user may not write to ${path}`,
        remedy: 'Give this user the right to, or set DATA_DIR to another folder',
      };
    case 'EROFS':
      return {
        what: `${path} lies on a disk that is read-only`,
        remedy: 'Set DATA_DIR to a folder on another disk',
      };
    case 'ENOSPC':
    case 'EDQUOT':
      return {
        what: `there is no room left for ${path}`,
        remedy: 'Make room on that disk, or set DATA_DIR to another one',
      };
    case 'ENOTDIR':
    case 'EEXIST':
      return {
        what: `${path} is a file or lies in one`,
        remedy: 'Move that file away, or set DATA_DIR to a folder',
      };
    default:
      return { what: `${path} cannot be written to (${code})`, remedy: 'Set DATA_DIR to another folder' };
  }
}

/** Opens the store, which brings its tables up to date, and closes it. */
export async function checkStore(
  file: string,
  openStore: () => Promise<{ close(): Promise<void> }>,
): Promise<Finding> {
  const subject = 'Database';
  try {
    const store = await openStore();
    await store.close();
    return { state: 'ok', subject, what: `${resolve(file)} can be opened, and its tables are up to date` };
  } catch (error) {
    // A refusal tells all three: what, why, and what to do.
    if (error instanceof Refusal)
      return { state: 'problem', subject, what: error.message.replace(/\.$/, '') };
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    return {
      state: 'problem',
      subject,
      what: `${resolve(file)} cannot be opened${code}`,
      remedy: 'Set DATABASE_URL to another file to see whether this one is at fault, or restore a backup',
    };
  }
}
