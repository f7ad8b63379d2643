import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

const LOOK_AGAIN_IN_MS = 200;
/** A lock in which no name stands for this long was left by a process that died between making and writing it. */
const NAMELESS_LIMIT_IN_MS = 60_000;

/**
 * Makes `folder` whole or not at all, once, whoever asks: a lock file beside it names the process that is at it, and
 * the others wait for that one. A process that died on the way is succeeded by the next.
 *
 * @param make fills the folder that it is given, which then becomes `folder`
 */
export async function onceAcrossProcesses(
  folder: string,
  make: (part: string) => Promise<void>,
): Promise<void> {
  const lock = `${folder}.lock`;
  while (!existsSync(folder)) {
    if (!(await takeLock(lock))) {
      await delay(LOOK_AGAIN_IN_MS);
      continue;
    }
    const part = await mkdtemp(`${folder}.part-`);
    try {
      if (existsSync(folder)) return;
      await make(part);
      await rename(part, folder).catch((error: unknown) => {
        if (!existsSync(folder)) throw error;
      });
    } finally {
      await rm(part, { recursive: true, force: true });
      await rm(lock, { force: true });
    }
  }
}

async function takeLock(lock: string): Promise<boolean> {
  try {
    await writeFile(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    if (await isAbandoned(lock)) await rm(lock, { force: true });
    return false;
  }
}

async function isAbandoned(lock: string): Promise<boolean> {
  const owner = Number(await readFile(lock, 'utf8').catch(() => ''));
  if (!Number.isInteger(owner) || owner <= 0) {
    const info = await stat(lock).catch(() => undefined);
    return info !== undefined && Date.now() - info.mtimeMs > NAMELESS_LIMIT_IN_MS;
  }
  try {
    process.kill(owner, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}
