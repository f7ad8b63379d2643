import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { Connections } from '#src/adapters/openai/connection.ts';
import { send } from '#src/adapters/openai/send.ts';

let server: Server | undefined;
const connections = new Connections({ maxIdle: 1 });
afterEach(async () => {
  await connections.close();
  server?.closeAllConnections();
  server?.close();
});

/** Sends a request to a server that answers so. */
async function sent(answer: RequestListener, init: RequestInit = {}) {
  server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const origin = `http://127.0.0.1:${address.port}`;
  const { dispatcher } = await connections.borrow(origin);
  // Two packages' types of one dispatcher are at odds.
  const lent: object = { ...init, dispatcher };
  return send(`${origin}/v1/models?of=us`, lent);
}

describe('send', () => {
  it('sends method, path, headers and body as they are asked for', async () => {
    const seen: IncomingMessage[] = [];
    const response = await sent(
      (request, answer) => {
        seen.push(request);
        request.pipe(answer.setHeader('x-model', 'small'));
      },
      { method: 'POST', headers: { authorization: 'Bearer key' }, body: '{"who":"Tilda – É"}' },
    );
    expect(response.status).toBe(200);
    expect(response.headers.get('x-model')).toBe('small');
    expect(await response.json()).toEqual({ who: 'Tilda – É' });
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/v1/models?of=us' });
    expect(seen[0]?.headers).toMatchObject({
      authorization: 'Bearer key',
      // Packed, a stream would come in lumps.
      'accept-encoding': 'identity',
    });
  });

  it('gives every value of a header', async () => {
    const response = await sent((_, answer) => answer.setHeader('set-cookie', ['a=1', 'b=2']).end());
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  });

  it('gives an answer without a body as one', async () => {
    const response = await sent((_, answer) => answer.writeHead(204).end());
    expect(response.status).toBe(204);
    expect(response.body).toBeNull();
  });

  it('gives a refusal with its status and what it says', async () => {
    const response = await sent((_, answer) => answer.writeHead(429, { 'retry-after': '3' }).end('Later.'));
    expect(response.ok).toBe(false);
    expect(response.headers.get('retry-after')).toBe('3');
    expect(await response.text()).toBe('Later.');
  });

  it('fails to read what breaks off, and nothing fails where nobody reads it', async () => {
    const breaking: RequestListener = (_, answer) => {
      answer.writeHead(200, { 'content-length': '100' });
      answer.write('half', () => answer.destroy());
    };
    await expect((await sent(breaking)).text()).rejects.toThrow();
    await connections.close();
    await sent(breaking);
    // It ends with its connection; an error that nobody hears would fail the test.
    await connections.close();
  });

  it('refuses what the client never asks for', async () => {
    await expect(send('http://127.0.0.1/')).rejects.toThrow('without a connection');
    await expect(sent(() => {}, { method: 'POST', body: new Blob(['x']) })).rejects.toThrow('is no text');
  });
});
