import { describe, expect, it } from 'vitest';
import { probeDiscord } from '#src/adapters/discord/probe.ts';
import { APPLICATION } from './guild.ts';
import { type Answer, record } from './recorder.ts';

async function probe(answer?: (request: string) => Answer | undefined) {
  await using server = await record(answer);
  return await probeDiscord({ token: 'token', apiUrl: server.apiUrl, timeoutInMs: 2000 });
}

describe('asking Discord who we are', () => {
  it('tells the application, its name, and whether it may read messages', async () => {
    expect(await probe()).toEqual({
      outcome: 'reached',
      applicationId: APPLICATION,
      name: 'Dramatis',
      readsMessages: true,
    });
    const flags = (bits: number) => (request: string) =>
      request.includes('applications') ? { body: { id: APPLICATION, flags: bits } } : undefined;
    expect(await probe(flags(1 << 19))).toMatchObject({ readsMessages: true });
    expect(await probe(flags(1 << 12))).toMatchObject({ readsMessages: false });
  });

  it('tells what went wrong', async () => {
    expect(await probe(() => ({ status: 401, body: { message: '401: Unauthorized', code: 0 } }))).toEqual({
      outcome: 'turned away',
    });
    expect(await probe(() => ({ status: 503, body: {} }))).toEqual({ outcome: 'unwilling', status: 503 });
    expect(await probe(() => ({ body: 'welcome' }))).toEqual({ outcome: 'not discord' });
    const nobody = { token: 'token', apiUrl: 'http://127.0.0.1:9/api', timeoutInMs: 2000 };
    expect(await probeDiscord(nobody)).toMatchObject({ outcome: 'failed' });
  });
});
