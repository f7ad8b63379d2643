import { describe, expect, it } from 'vitest';
import { type LocalChromaProbe, probeChroma, probeLocalChroma } from '#src/adapters/chroma/probe.ts';
import { probeRedis } from '#src/adapters/redis/probe.ts';
import { checkChroma, checkRedis } from '#src/doctor/services.ts';
import { deadAddress, httpServer, socketServer, tlsServer } from './loopback.ts';

const PATIENT_IN_MS = 5_000;

async function redis(url: string, timeoutInMs = PATIENT_IN_MS): Promise<string> {
  const { state, what, remedy } = await checkRedis(url, (address) => probeRedis(address, timeoutInMs));
  return `${state}: ${what} → ${remedy ?? ''}`;
}

/** Answers every command with the same line of Redis's protocol. */
const answering = (line: string) =>
  socketServer(
    () => {},
    (socket) => socket.write(`${line}\r\n`),
  );

describe('Redis', () => {
  it('is not asked where it is not set', async () => {
    const finding = await checkRedis(undefined, () => Promise.reject(new Error('It was asked.')));
    expect(finding).toEqual({
      state: 'ok',
      subject: 'Redis',
      what: 'REDIS_URL is not set: vectors are kept in this process',
    });
  });

  it.each<[string, string, string, RegExp]>([
    [
      'wants a password',
      '-NOAUTH Authentication required.',
      '',
      /^problem: 127.*wants a password → Write it into REDIS_URL/,
    ],
    [
      'wants another password',
      '-WRONGPASS invalid username-password pair',
      ':hush@',
      /^problem: 127.*turns the name or password in REDIS_URL away/,
    ],
    [
      'is loading',
      '-LOADING Redis is loading the dataset in memory',
      '',
      /answers with an error \(LOADING\)/,
    ],
    [
      'is no Redis',
      'HTTP/1.1 400 Bad Request',
      '',
      /does not speak as Redis does → Check the port in REDIS_URL, and begin it with rediss/,
    ],
  ])('that %s is told so', async (_, answer, login, words) => {
    const told = await redis(`redis://${login}${await answering(answer)}`);
    expect(told).toMatch(words);
    expect(told).not.toContain('hush');
  });

  it('that hangs up is told so', async () => {
    expect(await redis(`redis://${await socketServer((socket) => socket.destroy())}`)).toMatch(
      /hangs up or does not speak|hung up without/,
    );
  });

  it('that refuses is told so, and its password is not', async () => {
    const told = await redis(`redis://:hush@${await deadAddress()}`);
    expect(told).toMatch(/^problem: nothing listens at 127/);
    expect(told).not.toContain('hush');
  });

  it('of an unknown name is told so', async () => {
    expect(await redis('redis://nowhere.invalid')).toMatch(
      /no server is known by the name in nowhere.invalid → Check the spelling of REDIS_URL/,
    );
  });

  it('that never answers is told so', async () => {
    expect(await redis(`redis://${await socketServer(() => {})}`, 100)).toMatch(/did not answer in time/);
  });

  it('that speaks without TLS is told so', async () => {
    expect(await redis(`rediss://${await answering('-ERR')}`)).toMatch(/no encrypted connection/);
  });
});

async function chroma(url: string, timeoutInMs = PATIENT_IN_MS): Promise<string> {
  const { state, what, remedy } = await checkChroma(url, {
    remote: (address) => probeChroma(address, timeoutInMs),
    local: () => Promise.reject(new Error('The machine was asked.')),
  });
  return `${state}: ${what} → ${remedy ?? ''}`;
}

describe('Chroma', () => {
  it('is not asked where it is not set', async () => {
    const finding = await checkChroma(undefined, {
      remote: () => Promise.reject(new Error('It was asked.')),
      local: () => Promise.reject(new Error('The machine was asked.')),
    });
    expect(finding).toEqual({
      state: 'ok',
      subject: 'Chroma',
      what: 'CHROMA_URL is not set: the database searches long memory and lore',
    });
  });

  it.each([
    [401, 'login'],
    [403, 'login'],
    [404, 'not as Chroma'],
    [500, 'not as Chroma'],
  ])('that answers %d is told so', async (status, words) => {
    const address = await httpServer((_, response) => response.writeHead(status).end('{}'));
    expect(await chroma(`http://${address}`)).toMatch(
      new RegExp(`^problem: http://${address} .*${words}.*→ `),
    );
  });

  it('that answers with something else is no Chroma', async () => {
    const address = await httpServer((_, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
    );
    expect(await chroma(`http://${address}`)).toMatch(/not as Chroma 1.0/);
  });

  it.each<[string, () => Promise<string>, RegExp]>([
    ['refuses', async () => `http://${await deadAddress()}`, /nothing listens at/],
    ['is unknown', async () => 'http://nowhere.invalid', /no server is known by the name/],
    [
      'has its own certificate',
      async () => `https://${await tlsServer((_, response) => response.end())}`,
      /is not signed by anybody/,
    ],
  ])('that %s is told so', async (_, start, words) => {
    expect(await chroma(await start())).toMatch(words);
  });

  it('that never answers is told so', async () => {
    expect(await chroma(`http://${await httpServer(() => {})}`, 100)).toMatch(/did not answer in time/);
  });

  it('that answers the second time only is a connection without a reason', async () => {
    let calls = 0;
    const address = await httpServer((request, response) => {
      calls += 1;
      if (calls === 1) request.socket.destroy();
      else response.end('{}');
    });
    expect(await chroma(`http://${address}`)).toMatch(/failed \(the system gives no reason\)/);
  });

  it('without a port is looked for at the usual one', async () => {
    expect(await chroma('https://nowhere.invalid')).toMatch(/in https:\/\/nowhere.invalid/);
    expect(await chroma('http://nowhere.invalid')).toMatch(/in http:\/\/nowhere.invalid/);
  });
});

describe('the Chroma of the npm package', () => {
  const finding = async (result: LocalChromaProbe) => {
    const { state, what } = await checkChroma('local', {
      remote: () => Promise.reject(new Error('A server was asked.')),
      local: async () => result,
    });
    return `${state}: ${what}`;
  };
  const failing = (code: string, message: string) => () => {
    throw Object.assign(new Error(message), { code });
  };

  it('is in order where it loads', async () => {
    const loaded: string[] = [];
    const result = probeLocalChroma((name) => loaded.push(name));
    expect(loaded).toEqual([expect.stringMatching(/^chromadb-js-bindings-/)]);
    expect(await finding(result)).toMatch(/^ok: .* can run on this machine/);
  });

  it.each([
    ['MODULE_NOT_FOUND', 'Cannot find module', /^problem: .* carries no server for this machine \(/],
    [
      'ERR_DLOPEN_FAILED',
      "libc.so.6: version `GLIBC_9.99' not found",
      /^problem: .* needs glibc 9.99, and this machine has \S/,
    ],
    [
      'ERR_DLOPEN_FAILED',
      'file too short',
      /^problem: .* cannot be loaded on this machine \(ERR_DLOPEN_FAILED\)/,
    ],
  ])('says why it cannot be loaded: %s, %s', async (code, message, words) => {
    expect(await finding(probeLocalChroma(failing(code, message)))).toMatch(words);
  });

  it('is told not to be there where the package has nothing for a system', () => {
    expect(probeLocalChroma(() => true, 'sunos sparc')).toEqual({ outcome: 'missing' });
  });
});
