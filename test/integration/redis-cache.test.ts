import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { RedisCache } from '#src/adapters/redis/redis-cache.ts';
import { cacheContract } from '../contract/cache.ts';
import { openRedisCache } from '../support/redis-cache.ts';
import { redisMissing, startRedis } from '../support/servers/redis.ts';
import type { RunningServer } from '../support/servers/server-process.ts';

const missing = await redisMissing();
const entry = { key: 'a', value: Uint8Array.of(1, 2) };

function heard() {
  return { onAway: vi.fn(), onBack: vi.fn(), onMissed: vi.fn() };
}

describe.skipIf(missing)(`a cache on Redis (${missing ?? 'brought'})`, () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server?.stop());

  cacheContract('does what every cache does', () => openRedisCache(server.url));

  test('is shared, and lets go of things by itself', async () => {
    const [one, other] = [await openRedisCache(server.url), await openRedisCache(server.url)];
    await one.set([entry]);
    expect((await other.get(['a']))[0]).toEqual(Buffer.from([1, 2]));
    await one.close();
    const { Redis } = await import('ioredis');
    const client = new Redis(server.url);
    expect(await client.ttl('dramatis:cache:a')).toBeGreaterThan(29 * 24 * 3_600);
    client.disconnect();
    await other.close();
  });

  test('goes on without its server, tells so once, and takes it up again', async () => {
    const relay = await startRelay(Number(new URL(server.url).port));
    const events = heard();
    const cache = await RedisCache.open({ url: `redis://127.0.0.1:${relay.port}`, ...events });
    await vi.waitFor(async () => {
      await cache.set([entry]);
      expect((await cache.get(['a']))[0]).toBeDefined();
    });
    expect(events.onAway).not.toHaveBeenCalled();
    const missedBefore = events.onMissed.mock.calls.length;
    await relay.stop();
    await vi.waitFor(async () => {
      expect(await cache.get(['a'])).toEqual([undefined]);
      await cache.set([entry]);
      expect(events.onAway).toHaveBeenCalled();
    });
    for (let index = 0; index < 5; index += 1)
      expect(await cache.get(['a', 'b'])).toEqual([undefined, undefined]);
    expect(events.onAway).toHaveBeenCalledTimes(1);
    expect(events.onBack).not.toHaveBeenCalled();
    expect(events.onMissed.mock.calls.length).toBeGreaterThanOrEqual(missedBefore + 5);
    await relay.start();
    await vi.waitFor(async () => expect((await cache.get(['a']))[0]).toBeDefined(), { timeout: 5_000 });
    expect(events.onBack).toHaveBeenCalledTimes(1);
    await cache.close();
    await relay.stop();
  });
});

test('a cache whose server was never there holds nothing', async () => {
  const events = heard();
  const relay = await startRelay(0);
  await relay.stop();
  const cache = await RedisCache.open({ url: `redis://127.0.0.1:${relay.port}`, ...events });
  await vi.waitFor(() => expect(events.onAway).toHaveBeenCalledTimes(1));
  await cache.set([entry]);
  expect(await cache.get(['a'])).toEqual([undefined]);
  expect(events.onMissed).toHaveBeenCalledTimes(2);
  await cache.close();
});

test('a cache whose server says nothing is not waited for', async () => {
  const events = heard();
  const silent = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => silent.once('listening', resolve));
  const address = silent.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const cache = await RedisCache.open({ url: `redis://127.0.0.1:${port}`, ...events });
  expect(await cache.get(['a'])).toEqual([undefined]);
  await cache.close();
  await new Promise((resolve) => silent.close(resolve));
});

/** A way to a server that can be cut and opened again at the same port. */
async function startRelay(target: number) {
  const { connect } = await import('node:net');
  const sockets = new Set<Socket>();
  let listening: Server | undefined;
  let port = 0;
  const start = async () => {
    listening = createServer((socket) => {
      const onward = connect(target, '127.0.0.1');
      for (const each of [socket, onward]) {
        sockets.add(each);
        each.on('error', () => undefined).on('close', () => sockets.delete(each));
      }
      socket.pipe(onward).pipe(socket);
    }).listen(port, '127.0.0.1');
    const opened = listening;
    await new Promise((resolve) => opened.once('listening', resolve));
    const address = opened.address();
    port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  };
  await start();
  return {
    get port() {
      return port;
    },
    start,
    async stop() {
      const open = listening;
      listening = undefined;
      for (const socket of sockets) socket.destroy();
      if (open !== undefined) await new Promise((resolve) => open.close(resolve));
    },
  };
}
