import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A pid that nobody has any more. */
export async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['--eval', '']);
  await once(child, 'exit');
  return child.pid ?? 0;
}
