import { describe, expect, it, onTestFinished } from 'vitest';
import { probeChroma } from '#src/adapters/chroma/probe.ts';
import { probeRedis } from '#src/adapters/redis/probe.ts';
import { checkChroma, checkRedis } from '#src/doctor/services.ts';
import { chromaMissing, startChroma } from '../support/servers/chroma.ts';
import { redisMissing, startRedis } from '../support/servers/redis.ts';

const PATIENT_IN_MS = 5_000;
const noRedis = await redisMissing();
const noChroma = await chromaMissing();

const redis = (url: string) => checkRedis(url, (address) => probeRedis(address, PATIENT_IN_MS));

describe.skipIf(noRedis)(`a real Redis (${noRedis ?? 'here'})`, () => {
  it('answers', async () => {
    const { url, stop } = await startRedis();
    onTestFinished(stop);
    expect(await redis(url)).toMatchObject({ state: 'ok', what: `${new URL(url).host} answers` });
  });

  it('wants its password, and tells a wrong one', async () => {
    const { url, stop } = await startRedis();
    onTestFinished(stop);
    const { Redis } = await import('ioredis');
    const admin = new Redis(url);
    await admin.config('SET', 'requirepass', 'open-sesame');
    admin.disconnect();
    const { host } = new URL(url);
    expect(await redis(url)).toMatchObject({ state: 'problem', what: `${host} wants a password` });
    expect(await redis(`redis://:hush@${host}`)).toMatchObject({
      state: 'problem',
      what: `${host} turns the name or password in REDIS_URL away`,
    });
    expect(await redis(`redis://:open-sesame@${host}`)).toMatchObject({ state: 'ok' });
  });

  it('is no Chroma', async () => {
    const { url, stop } = await startRedis();
    onTestFinished(stop);
    const finding = await checkChroma(url.replace('redis:', 'http:'), {
      remote: (address) => probeChroma(address, PATIENT_IN_MS),
      local: () => Promise.reject(new Error('The machine was asked.')),
    });
    expect(finding).toMatchObject({ state: 'problem', subject: 'Chroma' });
  });
});

describe.skipIf(noChroma)(`a real Chroma (${noChroma ?? 'here'})`, () => {
  it('answers', async () => {
    const { url, stop } = await startChroma();
    onTestFinished(stop);
    const finding = await checkChroma(url, {
      remote: (address) => probeChroma(address, PATIENT_IN_MS),
      local: () => Promise.reject(new Error('The machine was asked.')),
    });
    expect(finding).toEqual({ state: 'ok', subject: 'Chroma', what: `${url} answers` });
  });
});
