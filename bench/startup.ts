import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchOptions, Bounds, Metrics } from './support/benchmark.ts';
import { median, percentile } from './support/statistics.ts';

const STARTS = 15;
// Behind the speaker's name, in whatever colours.
const PROMPT = ' › ';
const root = join(import.meta.dirname, '..');

/** From the start of the process to the first prompt at a terminal, and the memory it then holds. */
export async function run({ progress }: BenchOptions): Promise<Metrics> {
  const dataDir = await mkdtemp(join(tmpdir(), 'dramatis-startup-'));
  try {
    progress('first start, on an empty folder …');
    const first = await start(dataDir);
    progress(`${STARTS} starts …`);
    await start(dataDir);
    const starts: Start[] = [];
    for (let index = 0; index < STARTS; index += 1) starts.push(await start(dataDir));
    const times = starts.map(({ promptInMs }) => promptInMs);
    return {
      medianMs: median(times),
      p95Ms: percentile(times, 95),
      firstMs: first.promptInMs,
      rssMb: median(starts.map(({ rssInMb }) => rssInMb)),
    };
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

export const bounds: Bounds = { medianMs: { atMost: 600 }, rssMb: { atMost: 120 } };

interface Start {
  readonly promptInMs: number;
  readonly rssInMb: number;
}

/** Starts the product as a person does, at a terminal: `script` (util-linux) lends one. */
async function start(dataDir: string): Promise<Start> {
  // As `npm start` does, without npm's own time.
  const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const command = String(scripts.start).replace(/^node /u, `'${process.execPath}' `);
  const environment = { PATH: process.env.PATH, TERM: 'xterm', DATA_DIR: dataDir };
  const startedAt = performance.now();
  const terminal = spawn('script', ['-qfec', `stty cols 100 rows 30; exec ${command}`, '/dev/null'], {
    cwd: root,
    env: environment,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const closed = once(terminal, 'close');
  let shown = '';
  const promptInMs = await new Promise<number>((resolve, reject) => {
    terminal.on('error', () =>
      reject(new Error('This needs "script" from util-linux, which lends a terminal.')),
    );
    closed.then(() => reject(new Error(`It ended before its first prompt:\n${shown}`)), reject);
    terminal.stdout.setEncoding('utf8').on('data', (text: string) => {
      shown += text;
      if (shown.includes(PROMPT)) resolve(performance.now() - startedAt);
    });
  });
  const rssInMb = await residentMb(terminal.pid ?? 0);
  terminal.stdin.write('/quit\r');
  await closed;
  return { promptInMs, rssInMb };
}

/** Memory of the one child of a process. Linux alone tells. */
async function residentMb(parent: number): Promise<number> {
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/u.test(pid)) continue;
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    if (!status.includes(`\nPPid:\t${parent}\n`)) continue;
    return Number(/^VmRSS:\s+(\d+) kB$/mu.exec(status)?.[1]) / 1024;
  }
  throw new Error('The product is not among the processes of this machine.');
}
