import { access, open, rename, rm } from 'node:fs/promises';
import { Refusal } from '#src/core/errors.ts';

/** Only its owner reads and writes it. */
const OWN_MODE = 0o600;

/**
 * Writes a file that nobody else can read. It lies under another name (`FILE.part`) until it is whole and on the disk, and
 * nothing of it stays where it does not become so.
 * @returns whether it became whole: false where `signal` aborted.
 * @throws Refusal where there is such a file already, or it cannot be written there.
 */
export async function writeNewFile(
  file: string,
  pieces: AsyncIterable<string>,
  signal: AbortSignal,
): Promise<boolean> {
  if (await exists(file))
    throw new Refusal(`${file} is there already. Choose another name, or move that file away.`);
  const part = `${file}.part`;
  try {
    // What a crash left of an earlier one.
    await rm(part, { force: true });
    const handle = await open(part, 'wx', OWN_MODE);
    try {
      for await (const piece of pieces) {
        if (signal.aborted) break;
        await handle.appendFile(piece);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (!signal.aborted) await rename(part, file);
    return !signal.aborted;
  } catch (error) {
    throw refusalFor(error, file) ?? error;
  } finally {
    await rm(part, { force: true }).catch(() => undefined);
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
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
