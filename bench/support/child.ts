import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** A process under measurement. Use it with `await using`: whatever happens, it does not outlive its benchmark. */
export interface Child extends AsyncDisposable {
  /** Resolves with all that standard output carried once it holds `text`. Rejects where the process ends before. */
  waitFor(text: string, timeoutInMs: number): Promise<string>;
  write(text: string): void;
  /** Memory that the process holds now. Linux alone tells. */
  residentMb(): Promise<number>;
  /** Closes its standard input and resolves with its exit code (-1 where a signal ended it); after `timeoutInMs` it is killed and this rejects. */
  finish(timeoutInMs: number): Promise<number>;
}

/** Starts this Node on `args`, with `environment` in place of the benchmark's own. */
export function startNode(
  args: readonly string[],
  { environment, cwd }: { readonly environment: NodeJS.ProcessEnv; readonly cwd?: string },
): Child {
  const child = spawn(process.execPath, args, { env: environment, cwd, stdio: 'pipe' });
  const ended: Promise<unknown> = once(child, 'close');
  let output = '';
  let complaint = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-2000);
  });
  // Writing to a process that has ended: `waitFor` and `finish` tell what became of it.
  child.stdin.on('error', () => {});

  async function within<T>(timeoutInMs: number, what: string, work: Promise<T>): Promise<T> {
    const timer = new AbortController();
    const late = delay(timeoutInMs, undefined, { signal: timer.signal }).then(() => {
      child.kill('SIGKILL');
      throw new Error(`No ${what} within ${timeoutInMs} ms.\n${complaint}`);
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      timer.abort();
      late.catch(() => {});
    }
  }

  async function shown(text: string): Promise<string> {
    const gone = ended.then(() => {
      throw new Error(`The process ended before it showed ${JSON.stringify(text)}.\n${complaint}`);
    });
    gone.catch(() => {});
    while (!output.includes(text)) await Promise.race([once(child.stdout, 'data'), gone]);
    return output;
  }

  return {
    waitFor: (text, timeoutInMs) => within(timeoutInMs, JSON.stringify(text), shown(text)),
    write: (text) => {
      child.stdin.write(text);
    },
    async residentMb() {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
      const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
      if (kilobytes === undefined)
        throw new Error('This system does not tell how much memory a process holds.');
      return Number(kilobytes) / 1024;
    },
    async finish(timeoutInMs) {
      child.stdin.end();
      await within(timeoutInMs, 'end of the process', ended);
      return child.exitCode ?? -1;
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await ended;
    },
  };
}
