import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { fetchFile } from '#src/chat/fetch-file.ts';

const closing: (() => unknown)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function serving(answer: (response: ServerResponse) => void): Promise<string> {
  const server = createServer((_, response) => answer(response));
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/file`;
}

describe('a file that was handed in', () => {
  it('is read whole, up to the most that it may be', async () => {
    const url = await serving((response) => response.end('# Toll'));
    expect(new TextDecoder().decode(await fetchFile(url, { mostBytes: 6 }))).toBe('# Toll');
    await expect(fetchFile(url, { mostBytes: 5 })).rejects.toThrow('longer than it was said');
  });

  it('is not read on where it never ends', async () => {
    const hungUp = Promise.withResolvers<void>();
    const url = await serving((response) => {
      const more = () => {
        if (!response.destroyed) response.write('x'.repeat(1000), more);
      };
      response.once('close', hungUp.resolve);
      more();
    });
    await expect(fetchFile(url, { mostBytes: 10_000 })).rejects.toThrow('longer than it was said');
    await hungUp.promise;
  });

  it('is not waited for for ever', async () => {
    const silent = await serving(() => {});
    const stalling = await serving((response) => void response.write('# T'));
    for (const url of [silent, stalling]) {
      await expect(fetchFile(url, { mostBytes: 6, timeLimitInMs: 50 })).rejects.toThrow(/timeout/iu);
    }
  });

  it('is what was asked for, or nothing', async () => {
    const gone = await serving((response) => response.writeHead(404).end('gone'));
    await expect(fetchFile(gone, { mostBytes: 6 })).rejects.toThrow('answered with 404');
    const strange = await serving((response) => response.end('?'));
    const accept = () => {
      throw new Error('not this one');
    };
    await expect(fetchFile(strange, { mostBytes: 6, accept })).rejects.toThrow('not this one');
  });
});
