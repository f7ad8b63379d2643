import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { libraryFolder, runs, unpackedPackages } from './debian-packages.ts';
import { whyMissing } from './missing.ts';
import { type RunningServer, startServer } from './server-process.ts';

interface Location {
  readonly program: string;
  readonly environment: Readonly<Record<string, string>>;
}

let located: Promise<Location> | undefined;

/**
 * Why Redis cannot be had on this machine, or undefined where it can. For
 * `describe.skipIf(reason)('… (${reason})')` at the top of a test file; the first call ever may fetch for a minute.
 */
export async function redisMissing(): Promise<string | undefined> {
  return whyMissing('redis', locate);
}

/** An empty Redis of one's own that keeps nothing on disk. */
export async function startRedis(): Promise<RunningServer> {
  const { program, environment } = await locate();
  return startServer({
    name: 'redis',
    command: (port, folder) => [
      program,
      ...['--bind', '127.0.0.1', '--port', String(port), '--dir', folder],
      ...['--save', '', '--appendonly', 'no', '--daemonize', 'no'],
    ],
    environment,
    endSignal: 'SIGTERM',
    url: (port) => `redis://127.0.0.1:${port}`,
    answers: ping,
  });
}

async function locate(): Promise<Location> {
  located ??= find();
  return located;
}

async function find(): Promise<Location> {
  if (await runs(['redis-server', '--version'])) return { program: 'redis-server', environment: {} };
  const program = 'usr/bin/redis-server';
  const folder = await unpackedPackages({
    name: 'redis',
    packages: ['redis-server', 'redis-tools'],
    release: 'own',
    program,
  });
  return { program: join(folder, program), environment: { LD_LIBRARY_PATH: libraryFolder(folder) } };
}

async function ping(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  try {
    socket.write('PING\r\n');
    const [answer] = await once(socket, 'data', { signal: AbortSignal.timeout(1_000) });
    return answer === '+PONG\r\n';
  } finally {
    socket.destroy();
  }
}
