import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A free port can be taken by somebody else before the server has it. */
const TRIES = 3;
const START_LIMIT_IN_MS = 30_000;
const STOP_LIMIT_IN_MS = 5_000;
const KEPT_OUTPUT_IN_CHARACTERS = 4_000;

export interface RunningServer {
  readonly url: string;
  /** Kills it with SIGKILL and starts it again on the same port and folder; resolves when it answers. */
  crash(): Promise<void>;
  /** Ends the server and removes its folder; resolves when both are gone. */
  stop(): Promise<void>;
}

export interface ServerProgram {
  readonly name: string;
  /** Program and arguments for a port of 127.0.0.1 and an empty folder of its own. */
  command(port: number, folder: string): readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** The signal on which it ends in order. */
  readonly endSignal: 'SIGTERM' | 'SIGINT';
  url(port: number): string;
  /** Asks it something that only a server ready for use answers; false or a rejection means "not yet". */
  answers(port: number): Promise<boolean>;
}

/** Starts a server on a free port of 127.0.0.1 and resolves when it really answers. */
export async function startServer(program: ServerProgram): Promise<RunningServer> {
  let fault: unknown;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    try {
      return await startOnce(program);
    } catch (error) {
      fault = error;
    }
  }
  throw fault;
}

async function startOnce(program: ServerProgram): Promise<RunningServer> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), `dramatis-${program.name}-`));
  const start = () => startProcess(program, port, folder);
  let running = await start().catch(async (error: unknown) => {
    await rm(folder, { recursive: true, force: true });
    throw error;
  });
  return {
    url: program.url(port),
    async crash() {
      await running.end('SIGKILL');
      running = await start();
    },
    async stop() {
      await running.end(program.endSignal);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A server in its folder, once it answers. */
async function startProcess(program: ServerProgram, port: number, folder: string) {
  const [file = '', ...args] = program.command(port, folder);
  const child = spawn(file, args, {
    env: { ...process.env, ...program.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-KEPT_OUTPUT_IN_CHARACTERS);
    });
  }
  let hasEnded = false;
  const ended = new Promise<void>((resolve) => {
    const end = (): void => {
      hasEnded = true;
      resolve();
    };
    child.once('exit', end);
    child.once('error', (error) => {
      output += String(error);
      end();
    });
  });
  // Whatever becomes of this process, also a kill -9: its end of the pipe closes, and the server goes with it.
  // It is in a group of its own, so that it outlives whatever ends this one's.
  const guard = spawn('/bin/sh', ['-c', 'cat; kill -9 "$0"; rm -rf "$1"', String(child.pid), folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.unref();

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (!hasEnded) child.kill(signal);
    const patience = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_IN_MS);
    await ended;
    clearTimeout(patience);
    guard.kill('SIGKILL');
  };

  const deadline = Date.now() + START_LIMIT_IN_MS;
  while (!(await program.answers(port).catch(() => false))) {
    if (hasEnded || Date.now() > deadline) {
      await end(program.endSignal);
      throw new Error(`${program.name} did not come up on port ${port}:\n${output}`);
    }
    await delay(25);
  }
  return { end };
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
