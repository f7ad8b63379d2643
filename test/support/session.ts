import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const main = join(import.meta.dirname, '../../src/start.js');

/** A session at the local table as it went. */
export interface Session {
  readonly stdout: string;
  readonly stderr: string;
  /** Null where a signal ended it. */
  readonly code: number | null;
}

/**
 * Plays a session with its lines from a file, as `npm start < FILE` does.
 * @param options.killAfterInMs ends the process with SIGKILL that long after its first output.
 */
export async function playSession(
  lines: readonly string[],
  options: {
    readonly dataDir: string;
    readonly environment?: Readonly<Record<string, string>>;
    readonly killAfterInMs?: number;
  },
): Promise<Session> {
  const child = spawn(process.execPath, [main], {
    // An empty folder: a developer's own .env plays no part.
    cwd: options.dataDir,
    env: { PATH: process.env.PATH, DATA_DIR: options.dataDir, ...options.environment },
    stdio: 'pipe',
  });
  let stdout = '';
  let stderr = '';
  let timer: NodeJS.Timeout | undefined;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (options.killAfterInMs !== undefined) {
      timer ??= setTimeout(() => child.kill('SIGKILL'), options.killAfterInMs);
    }
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin.on('error', () => {});
  child.stdin.end(lines.map((line) => `${line}\n`).join(''));
  await once(child, 'close');
  clearTimeout(timer);
  return { stdout, stderr, code: child.exitCode };
}
