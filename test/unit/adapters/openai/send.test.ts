import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import {
  brotliCompressSync,
  createBrotliCompress,
  createDeflate,
  createGzip,
  deflateSync,
  gzipSync,
} from 'node:zlib';
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

  it('follows one redirect to the same origin, with all that was sent', async () => {
    const paths: (string | undefined)[] = [];
    const moving: RequestListener = (request, answer) => {
      paths.push(request.url);
      if (paths.length % 2 === 1)
        answer.writeHead(paths.length === 1 ? 307 : 308, { location: '../v2/models?at=all' }).end('Moved.');
      else request.pipe(answer.setHeader('x-key', request.headers.authorization ?? ''));
    };
    const init = { method: 'POST', headers: { authorization: 'Bearer key' }, body: '{"who":"Tilda"}' };
    for (let time = 0; time < 2; time += 1) {
      const response = await sent(moving, init);
      expect(await response.json()).toEqual({ who: 'Tilda' });
      expect(response.headers.get('x-key')).toBe('Bearer key');
      await connections.close();
    }
    expect(paths).toEqual(['/v1/models?of=us', '/v2/models?at=all', '/v1/models?of=us', '/v2/models?at=all']);
  });

  it.each([
    ['a second time', '/v1/models', 2],
    ['to another origin', 'http://localhost:1/v1/models', 1],
    ['to no address', 'http://', 1],
  ])('gives the answer that sends it on %s as it is', async (_, location, times) => {
    let asked = 0;
    const response = await sent((_request, answer) => {
      asked += 1;
      answer.writeHead(308, { location }).end();
    });
    expect(response.status).toBe(308);
    expect(asked).toBe(times);
  });

  it('refuses what the client never asks for', async () => {
    await expect(send('http://127.0.0.1/')).rejects.toThrow('without a connection');
    await expect(sent(() => {}, { method: 'POST', body: new Blob(['x']) })).rejects.toThrow('is no text');
  });
});

describe('what a server packs all the same', () => {
  const words = { who: 'Tilda – É', said: 'the bell '.repeat(50_000) };
  const json = JSON.stringify(words);

  /** What a server answers that packs its whole answer. */
  function packed(coding: string, body: Buffer): RequestListener {
    return (_, answer) => {
      answer.writeHead(200, { 'content-encoding': coding, 'content-length': body.length }).end(body);
    };
  }

  it.each([
    ['gzip', gzipSync(json)],
    ['X-GZip', gzipSync(json)],
    ['deflate', deflateSync(json)],
    ['br', brotliCompressSync(json)],
    ['identity', Buffer.from(json)],
  ])('is unpacked from %s', async (coding, body) => {
    const response = await sent(packed(coding, body));
    expect(await response.json()).toEqual(words);
    // Both speak of what came, and it is that no longer.
    if (coding !== 'identity')
      expect(['content-encoding', 'content-length'].filter((name) => response.headers.has(name))).toEqual([]);
  });

  it('may be nothing at all', async () => {
    expect(await (await sent(packed('gzip', Buffer.alloc(0)))).text()).toBe('');
  });

  it.each([
    ['gzip', createGzip],
    ['deflate', createDeflate],
    ['br', createBrotliCompress],
  ])('is read as it comes, from a %s stream', async (coding, createPacker) => {
    const packer = createPacker();
    const response = await sent((_, answer) => {
      packer.pipe(answer.setHeader('content-encoding', coding));
      packer.write('data: one');
      packer.flush();
    });
    const reader = response.body?.getReader();
    // The server has not ended its answer.
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('data: one');
    packer.end('data: two');
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('data: two');
    expect((await reader?.read())?.done).toBe(true);
  });

  it('fails to be read where it is packed in another way, which the error names', async () => {
    const response = await sent(packed('gzip, zstd', gzipSync(json)));
    await expect(response.text()).rejects.toThrow('packed as gzip, zstd: have the server send it unpacked');
  });

  it('repeats nothing of a name that is none', async () => {
    const response = await sent(packed('<b>secret</b>', gzipSync(json)));
    await expect(response.text()).rejects.toThrow('packed as what has no plain name');
  });

  it('fails to be read where it is damaged, and nothing fails where nobody reads it', async () => {
    const damaged = packed('gzip', Buffer.from('no gzip'));
    await expect((await sent(damaged)).text()).rejects.toThrow('incorrect header check');
    await connections.close();
    for (const broken of [damaged, packed('zstd', gzipSync(json))]) {
      let isClosed = false;
      await sent((request, answer) => {
        request.socket.once('close', () => (isClosed = true));
        broken(request, answer);
      });
      // An error that nobody hears would fail the test.
      await connections.close();
      await expect.poll(() => isClosed).toBe(true);
    }
  });

  it('fails to be read where the connection breaks', async () => {
    const response = await sent((_, answer) => {
      answer.writeHead(200, { 'content-encoding': 'gzip', 'content-length': '1000000' });
      answer.write(gzipSync(json).subarray(0, 100), () => answer.destroy());
    });
    await expect(response.text()).rejects.toThrow();
  });

  it('is no longer sent once nobody wants it', async () => {
    let isClosed = false;
    const response = await sent((request, answer) => {
      request.socket.once('close', () => (isClosed = true));
      answer.setHeader('content-encoding', 'gzip').write(gzipSync(json));
    });
    const reader = response.body?.getReader();
    expect((await reader?.read())?.value?.length).toBeGreaterThan(0);
    await reader?.cancel();
    await expect.poll(() => isClosed).toBe(true);
  });

  it('is read no further than any answer goes', async () => {
    const mebibyte = Buffer.alloc(1_048_576);
    const piece = gzipSync(mebibyte);
    // Members of one gzip: 129 MiB out of some 130 KB.
    const response = await sent(packed('gzip', Buffer.concat(Array.from({ length: 129 }, () => piece))));
    let inBytes = 0;
    const reading = (async () => {
      for await (const bytes of response.body ?? []) inBytes += bytes.length;
    })();
    await expect(reading).rejects.toThrow('too large unpacked');
    expect(inBytes).toBeLessThanOrEqual(128 * mebibyte.length);
    expect(inBytes).toBeGreaterThan(100 * mebibyte.length);
  });
});
