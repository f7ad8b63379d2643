import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromaMissing, startChroma } from '../../support/servers/chroma.ts';
import { redisMissing, startRedis } from '../../support/servers/redis.ts';
import type { RunningServer } from '../../support/servers/server-process.ts';

const noRedis = await redisMissing();
const noChroma = await chromaMissing();

/** Sends one inline command to Redis and gives its answer. */
async function ask(url: string, command: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).setEncoding('utf8');
  try {
    socket.write(`${command}\r\n`);
    const [answer] = await once(socket, 'data');
    return String(answer).trim();
  } finally {
    socket.destroy();
  }
}

describe.skipIf(noRedis)(`Redis (${noRedis ?? 'brought'})`, () => {
  let redis: RunningServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(async () => redis.stop());

  it('answers and keeps what it is given', async () => {
    expect(await ask(redis.url, 'PING')).toBe('+PONG');
    expect(await ask(redis.url, 'SET tavern salty-dog')).toBe('+OK');
    expect(await ask(redis.url, 'GET tavern')).toContain('salty-dog');
  });

  it('is one of its own for each who asks, and gone after stop', async () => {
    const other = await startRedis();
    expect(other.url).not.toBe(redis.url);
    expect(await ask(other.url, 'DBSIZE')).toBe(':0');
    await other.stop();
    await expect(ask(other.url, 'PING')).rejects.toThrow('ECONNREFUSED');
    expect(await ask(redis.url, 'PING')).toBe('+PONG');
  });
});

it.skipIf(noRedis)('goes with the process that started it, also when that is killed', async () => {
  const script = `import('${join(import.meta.dirname, '../../support/servers/redis.ts')}').then(({ startRedis }) => startRedis()).then(({ url }) => console.log(url))`;
  const starter = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [printed] = await once(starter.stdout.setEncoding('utf8'), 'data');
  const url = String(printed).trim();
  expect(await ask(url, 'PING')).toBe('+PONG');
  starter.kill('SIGKILL');
  await expect
    .poll(async () => ask(url, 'PING').catch(String), { timeout: 10_000 })
    .toContain('ECONNREFUSED');
});

describe.skipIf(noChroma)(`Chroma (${noChroma ?? 'brought'})`, () => {
  let chroma: RunningServer;
  beforeAll(async () => {
    chroma = await startChroma();
  });
  afterAll(async () => chroma.stop());

  it('answers and keeps what it is given', async () => {
    const collections = `${chroma.url}/api/v2/tenants/default_tenant/databases/default_database/collections`;
    const made = await fetch(collections, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'memories' }),
    });
    expect(made.ok).toBe(true);
    expect(await (await fetch(collections)).json()).toMatchObject([{ name: 'memories' }]);
  });

  it('is gone after stop', async () => {
    const other = await startChroma();
    expect((await fetch(`${other.url}/api/v2/heartbeat`)).ok).toBe(true);
    await other.stop();
    await expect(fetch(`${other.url}/api/v2/heartbeat`)).rejects.toThrow('fetch failed');
  });
});
