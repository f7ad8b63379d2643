import { once } from 'node:events';
import { createServer, Server, request as send } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type HttpServerOptions, openHttpServer } from '#src/adapters/http/http-server.ts';
import type { HttpRoute } from '#src/core/adapter.ts';
import { Refusal } from '#src/core/errors.ts';
import { recordingLog } from '../../../support/recording-log.ts';

async function open(options: Partial<HttpServerOptions> = {}) {
  const { log, entries } = recordingLog();
  const server = await openHttpServer({
    host: '127.0.0.1',
    port: 0,
    routes: [],
    isReady: () => true,
    log,
    ...options,
  });
  let isOpen = true;
  const close = async () => {
    if (isOpen) await server.close();
    isOpen = false;
  };
  onTestFinished(close);
  return { ...server, close, entries };
}

const echo: HttpRoute = {
  path: '/slack/events',
  handle: (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => response.end(Buffer.concat(chunks)));
  },
};

/** Everything that comes back for bytes as they stand, until the server hangs up. */
async function raw(url: string, bytes: string): Promise<string> {
  const { port } = new URL(url);
  const socket = connect(Number(port), '127.0.0.1');
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    answer += text;
  });
  socket.on('error', () => {});
  socket.write(bytes);
  await once(socket, 'close');
  return answer;
}

describe('the HTTP server', () => {
  it('says that it lives, and whether everything runs', async () => {
    let isReady = false;
    const { url } = await open({ isReady: () => isReady });
    const ask = async (path: string) => {
      const response = await fetch(`${url}${path}`);
      return [response.status, await response.text(), response.headers.get('cache-control')];
    };
    expect(await ask('/healthz')).toEqual([200, 'alive\n', 'no-store']);
    expect(await ask('/readyz')).toEqual([503, 'not ready\n', 'no-store']);
    isReady = true;
    expect(await ask('/readyz?now')).toEqual([200, 'ready\n', 'no-store']);
  });

  it('hands a request to its route, body and all', async () => {
    const { url } = await open({ routes: [echo] });
    const response = await fetch(`${url}/slack/events?x=1`, { method: 'POST', body: 'payload=1' });
    expect(await response.text()).toBe('payload=1');
  });

  it('gives a route that ends in a slash what is below it, and another only its own path', async () => {
    const below: HttpRoute = { path: '/avatars/', handle: (_, response) => response.end('below') };
    const { url } = await open({ routes: [below, echo] });
    const statusOf = async (path: string) => (await fetch(`${url}${path}`)).status;
    expect(await statusOf('/avatars/x.png')).toBe(200);
    expect(await statusOf('/avatars')).toBe(404);
    expect(await statusOf('/slack/events/more')).toBe(404);
    expect(await statusOf('/')).toBe(404);
    expect(await statusOf('//healthz')).toBe(404);
  });

  it('knows routes that were added later', async () => {
    const routes: HttpRoute[] = [];
    const { url } = await open({ routes });
    expect((await fetch(`${url}/slack/events`)).status).toBe(404);
    routes.push(echo);
    expect((await fetch(`${url}/slack/events`)).status).toBe(200);
  });

  it('answers in plain text, and names no file type to guess', async () => {
    const { url } = await open();
    const response = await fetch(`${url}/nowhere`);
    expect(await response.text()).toBe('Nothing is here.\n');
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('refuses methods that nothing here has', async () => {
    const { url } = await open({ routes: [echo] });
    const response = await fetch(`${url}/slack/events`, { method: 'DELETE' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
  });

  it('refuses a body that is too long, before it has come', async () => {
    const { url } = await open({ routes: [echo] });
    const head = `POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: ${1024 * 1024 + 1}\r\n\r\n`;
    const answer = await raw(url, head);
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(answer).toContain('longer than 1048576 bytes');
  });

  it('takes a body of just the longest length', async () => {
    const { url } = await open({ routes: [echo] });
    const body = 'x'.repeat(1024 * 1024);
    const response = await fetch(`${url}/slack/events`, { method: 'POST', body });
    expect((await response.text()).length).toBe(body.length);
  });

  it('takes a body that does not say how long it is', async () => {
    const { url } = await open({ routes: [echo] });
    const client = send(`${url}/slack/events`, { method: 'POST' });
    client.write('pay');
    client.end('load=1');
    const [response] = await once(client, 'response');
    expect(await text(response)).toBe('payload=1');
  });

  it('cuts off a body that does not say how long it is and has no end', async () => {
    const { url } = await open({ routes: [echo] });
    const client = send(`${url}/slack/events`, { method: 'POST' });
    const cut = once(client, 'error');
    let sentInKb = 0;
    const more = () => {
      while (!client.destroyed && client.write('x'.repeat(1024))) sentInKb += 1;
    };
    client.on('drain', more);
    more();
    expect((await cut)[0]).toMatchObject({ code: expect.stringMatching(/ECONNRESET|EPIPE/) });
    expect(sentInKb).toBeGreaterThanOrEqual(1024);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  it('refuses headers that are too long', async () => {
    const { url } = await open();
    const answer = await raw(url, `GET /healthz HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1.1 431 /);
  });

  it('survives what is no HTTP', async () => {
    const { url } = await open();
    expect(await raw(url, '\u0000\u0001nonsense\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  it('tells and logs a route that fails', async () => {
    const failing: HttpRoute = {
      path: '/x',
      handle: () => {
        throw new Error('broken');
      },
    };
    const { url, entries } = await open({ routes: [failing] });
    const response = await fetch(`${url}/x`);
    expect([response.status, await response.text()]).toEqual([500, 'This failed. Try again later.\n']);
    expect(entries).toEqual([
      {
        level: 'error',
        event: 'An HTTP request failed',
        details: { route: '/x' },
        error: new Error('broken'),
      },
    ]);
  });

  it('hangs up where a route fails in the middle of its answer', async () => {
    const failing: HttpRoute = {
      path: '/x',
      handle: (_, response) => {
        response.writeHead(200, { 'content-length': 100 }).write('some');
        throw new Error('broken');
      },
    };
    const { url } = await open({ routes: [failing] });
    await expect(fetch(`${url}/x`).then((response) => response.text())).rejects.toThrow();
  });

  it('lets what is being answered end when it closes, and waits for nothing more', async () => {
    const cut = vi.spyOn(Server.prototype, 'closeAllConnections');
    const asked = Promise.withResolvers<() => void>();
    const slow: HttpRoute = {
      path: '/x',
      handle: (_, response) => asked.resolve(() => response.end('done')),
    };
    const { url, close } = await open({ routes: [slow] });
    const answer = fetch(`${url}/x`).then((response) => response.text());
    const finish = await asked.promise;
    const closing = close();
    finish();
    expect(await answer).toBe('done');
    await closing;
    expect(cut).not.toHaveBeenCalled();
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  });

  it('waits for nobody for ever when it closes', async () => {
    const asked = Promise.withResolvers<void>();
    const { url, close } = await open({ routes: [{ path: '/x', handle: () => asked.resolve() }] });
    const client = send(`${url}/x`);
    const cut = once(client, 'error');
    client.end();
    await asked.promise;
    await close();
    expect((await cut)[0]).toMatchObject({ code: 'ECONNRESET' });
  });

  it('says in plain words that somebody else has the port', async () => {
    const other = createServer();
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => {
      other.close();
    });
    const address = other.address();
    if (typeof address !== 'object' || address === null) throw new Error('The server has no port.');
    const { port } = address;
    await expect(open({ port })).rejects.toThrow(
      new Refusal(
        `Another program listens at port ${port} of 127.0.0.1. Stop that one, or set HTTP_PORT to another port.`,
      ),
    );
  });

  it('says in plain words that this machine has no such address', async () => {
    await expect(open({ host: '192.0.2.1' })).rejects.toThrow('This machine has no address 192.0.2.1.');
    await expect(open({ host: 'nowhere.invalid' })).rejects.toThrow('no address nowhere.invalid');
  });
});
