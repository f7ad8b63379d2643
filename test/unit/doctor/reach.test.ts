import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readConfig } from '#src/config.ts';
import { checkHttp } from '#src/doctor/reach.ts';
import { deadAddress } from './loopback.ts';

const DISCORD = { DISCORD_TOKEN: 'a.b.c' };
const examine = (environment: Readonly<Record<string, string>>) => checkHttp(readConfig(environment).config);

describe('our HTTP server', () => {
  it('is not looked at where nothing needs it', async () => {
    const nothing = [{ state: 'ok', subject: 'HTTP server', what: 'nothing needs it' }];
    expect(await examine(DISCORD)).toEqual(nothing);
    expect(await examine({ HTTP_PORT: '8787' })).toEqual(nothing);
  });

  it('can listen where nobody else does', async () => {
    const [, port = ''] = (await deadAddress()).split(':');
    expect(await examine({ ...DISCORD, HTTP_PORT: port })).toEqual([
      { state: 'ok', subject: 'HTTP server', what: `npm start can listen at port ${port} of 127.0.0.1` },
    ]);
  });

  it('cannot listen where somebody else does', async () => {
    const other = createServer();
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => {
      other.close();
    });
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? String(address.port) : '';
    expect(await examine({ ...DISCORD, HTTP_PORT: port })).toMatchObject([
      { state: 'warning', what: `nothing can listen at port ${port} of 127.0.0.1 now (EADDRINUSE)` },
    ]);
  });

  it('cannot listen at an address that this machine has not', async () => {
    expect(await examine({ ...DISCORD, HTTP_PORT: '0', HTTP_HOST: '192.0.2.1' })).toMatchObject([
      { state: 'warning', remedy: expect.stringContaining('HTTP_HOST') },
    ]);
  });

  it('is to be reached under PUBLIC_URL, which only somebody outside can see', async () => {
    const [, outside] = await examine({ ...DISCORD, HTTP_PORT: '0', PUBLIC_URL: 'https://game.example' });
    expect(outside).toMatchObject({
      state: 'ok',
      subject: 'PUBLIC_URL',
      remedy: expect.stringContaining('https://game.example/healthz'),
    });
  });
});
