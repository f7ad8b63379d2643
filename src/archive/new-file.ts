import { randomUUID } from 'node:crypto';
import { link, lstat, open, rename, rm } from 'node:fs/promises';
import { Refusal } from '#src/core/errors.ts';

/** Only its owner reads and writes it. */
const OWN_MODE = 0o600;

/**
 * Writes a file that nobody else can read. It lies under another name (`FILE.XXXXXXXX.part`) until it is whole and on the
 * disk, and nothing of it stays where it does not become so; a process that is killed leaves it there.
 * @returns whether it became whole: false where `signal` aborted.
 * @throws Refusal where there is such a file already, or it cannot be written there.
 */
export async function writeNewFile(
  file: string,
  pieces: AsyncIterable<string>,
  signal: AbortSignal,
): Promise<boolean> {
  if (await exists(file)) throw isThere(file);
  const part = `${file}.${randomUUID().slice(0, 8)}.part`;
  let isOurs = false;
  try {
    const handle = await open(part, 'wx', OWN_MODE);
    isOurs = true;
    try {
      for await (const piece of pieces) {
        if (signal.aborted) break;
        await handle.appendFile(piece);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (!signal.aborted) await giveName(part, file);
    return !signal.aborted;
  } catch (error) {
    throw refusalFor(error, file) ?? error;
  } finally {
    if (isOurs) await rm(part, { force: true }).catch(() => undefined);
  }
}

/** Unlike `rename`, a link takes nobody's place. @throws Refusal where there is such a file by now. */
async function giveName(part: string, file: string): Promise<void> {
  try {
    await link(part, file);
  } catch (error) {
    // Some file systems know no links (FAT, shared folders): there it can only be looked at.
    if (await exists(file)) throw isThere(file, error);
    await rename(part, file);
  }
}

function isThere(file: string, cause?: unknown): Refusal {
  return new Refusal(`${file} is there already. Choose another name, or move that file away.`, { cause });
}

async function exists(file: string): Promise<boolean> {
  try {
    await lstat(file);
    return true;
  } catch {
    return false;
  }
}

/** What to tell who named a file that cannot be written or read. */
export function refusalFor(error: unknown, file: string): Refusal | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const why = typeof code === 'string' ? WHY[code] : undefined;
  return why === undefined ? undefined : new Refusal(`${file} ${why}`, { cause: error });
}

const WHY: Readonly<Partial<Record<string, string>>> = {
  ENOENT: 'is not there, or its folder is not. Look at the name.',
  ENOTDIR: 'is not there: what it names as a folder is a file. Look at the name.',
  EISDIR: 'is a folder. Name a file.',
  EACCES: 'may not be read or written by this user. Choose another place, or give this user the right.',
  EPERM: 'may not be read or written by this user. Choose another place, or give this user the right.',
  EROFS: 'lies where nothing can be written. Choose another place.',
  ENOSPC: 'does not fit on the disk: it is full. Make room, or choose another place.',
  EDQUOT: 'does not fit: the quota of this user is used up. Make room, or choose another place.',
  ENAMETOOLONG: 'has too long a name. Choose a shorter one.',
};
