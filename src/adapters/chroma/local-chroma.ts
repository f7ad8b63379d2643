import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Refusal } from '#src/core/errors.ts';
import { type LocalChromaProbe, probeLocalChroma } from './probe.ts';

const START_LIMIT_IN_MS = 15_000;
const LOOK_AGAIN_IN_MS = 50;
const KEPT_OUTPUT_IN_CHARACTERS = 500;
const GUARD = fileURLToPath(new URL('./local-chroma-guard.ts', import.meta.url));

export interface LocalChroma {
  readonly url: string;
  /** Ends the server; resolves when it has ended. */
  stop(): Promise<void>;
}

export interface LocalChromaOptions {
  /** Where it keeps its data. */
  readonly folder: string;
  /** Hears that the server ended by itself. */
  readonly onEnded: () => void;
  /** Program and first arguments of Chroma's command line, where that is not what the npm package brings. */
  readonly launcher?: readonly string[];
}

/**
 * Starts the server that the chromadb package carries, on a free port of this machine that nobody else reaches.
 * @throws Refusal where it cannot run here, or does not start: why, and what to do.
 */
export async function startLocalChroma(options: LocalChromaOptions): Promise<LocalChroma> {
  const launcher = options.launcher ?? packagedLauncher();
  await mkdir(options.folder, { recursive: true });
  const port = await freePort();
  const [program = '', ...args] = launcher;
  const place = ['run', '--path', options.folder, '--host', '127.0.0.1', '--port', String(port)];
  const guard = spawn(process.execPath, [GUARD, program, ...args, ...place], {
    stdio: ['pipe', 'ignore', 'pipe'],
    windowsHide: true,
    // In a group of its own: Ctrl-C at the terminal ends the program, and that ends the server in order.
    detached: process.platform !== 'win32',
  });
  let output = '';
  guard.stderr.setEncoding('utf8').on('data', (text: string) => {
    output = (output + text).slice(-KEPT_OUTPUT_IN_CHARACTERS);
  });
  let state: 'starting' | 'runs' | 'stopping' | 'ended' = 'starting';
  const ended = once(guard, 'exit').then(() => {
    if (state === 'runs') options.onEnded();
    state = 'ended';
  });
  const stop = async () => {
    if (state !== 'ended') state = 'stopping';
    guard.stdin.destroy();
    await ended;
  };
  const deadline = Date.now() + START_LIMIT_IN_MS;
  const url = `http://127.0.0.1:${port}`;
  while (!(await answers(url))) {
    if (!isStarting(state) || Date.now() > deadline) {
      await stop();
      throw new Refusal(
        `The Chroma server of the npm package does not start: ${lastLine(output)}. Look whether another program uses ${options.folder}, or set CHROMA_URL to a server of your own, or leave it out.`,
      );
    }
    await delay(LOOK_AGAIN_IN_MS);
  }
  state = 'runs';
  return { url, stop };
}

/** @throws Refusal where the package's server cannot run on this machine. */
function packagedLauncher(): readonly string[] {
  const found = probeLocalChroma();
  if (found.outcome !== 'runs')
    throw new Refusal(
      `CHROMA_URL=local cannot be used: ${whyNot(found)}. Run Chroma elsewhere (docker-compose.yml has it) and set CHROMA_URL to its address, or leave it out: the search then goes by the database alone.`,
    );
  const packageFile = createRequire(import.meta.url).resolve('chromadb/package.json');
  return [process.execPath, join(dirname(packageFile), 'dist/cli.mjs')];
}

function whyNot(found: Exclude<LocalChromaProbe, { outcome: 'runs' }>): string {
  switch (found.outcome) {
    case 'missing':
      return `the npm package carries no server for ${process.platform} on ${process.arch}, or it was not installed`;
    case 'too old':
      return `its server needs the C library ${found.needs} or later, and this machine has ${found.has}`;
    case 'broken':
      return `its server cannot be loaded (${found.code})`;
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const heartbeat = await fetch(`${url}/api/v2/heartbeat`, { signal: AbortSignal.timeout(1_000) });
    return heartbeat.ok;
  } catch {
    return false;
  }
}

/** A function, since what it reads is changed where the compiler does not look. */
function isStarting(state: string): boolean {
  return state === 'starting';
}

function lastLine(output: string): string {
  return output.trim().split('\n').at(-1)?.trim() || 'it says nothing';
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}
