import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type NoWebhook, NpcWebhooks } from '#src/adapters/discord/webhooks.ts';
import { EditPacer } from '#src/chat/edit-pacer.ts';
import { systemClock } from '#src/core/clock.ts';
import type { Log } from '#src/core/log.ts';
import { APPLICATION, CHANNEL } from './guild.ts';
import { type Answer, record, refusal } from './recorder.ts';

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const LOOK = `GET /channels/${CHANNEL}/webhooks`;
const MAKE = `POST /channels/${CHANNEL}/webhooks`;
const ours = { id: '1', token: 'ours', application_id: APPLICATION, channel_id: CHANNEL };

async function begin(answer: (request: string) => Answer | undefined) {
  const server = await record((request) => (request.endsWith('@me') ? undefined : answer(request)));
  await server.api.identify();
  const pacer = new EditPacer({ clock: systemClock, limits: [] });
  const webhooks = new NpcWebhooks(server.api, pacer, silent);
  return { server, webhooks, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

describe('webhooks', () => {
  it('finds ours again among those of others', async () => {
    const found = [
      { id: '2', token: 'theirs', application_id: '77' },
      { id: '3', application_id: APPLICATION, channel_id: CHANNEL },
      // Somebody moved it away.
      { ...ours, id: '4', channel_id: '999' },
      ours,
    ];
    await using begun = await begin((request) => (request === LOOK ? { body: found } : undefined));
    expect(await begun.webhooks.in(CHANNEL)).toEqual({ id: '1', token: 'ours' });
    expect(await begun.webhooks.in(CHANNEL)).toEqual({ id: '1', token: 'ours' });
    expect(begun.server.requests).toEqual([LOOK]);
  });

  it('makes one where there is none, and one only for speeches that begin at once', async () => {
    await using begun = await begin((request) => (request === LOOK ? { body: [] } : { body: ours }));
    const found = await Promise.all([1, 2, 3].map(() => begun.webhooks.in(CHANNEL)));
    expect(found).toEqual([1, 2, 3].map(() => ({ id: '1', token: 'ours' })));
    expect(begun.server.requests).toEqual([LOOK, MAKE]);
  });

  it('looks again for one that is gone, and not for one that was replaced already', async () => {
    let made = 0;
    await using begun = await begin((request) => {
      if (request === LOOK) return { body: [] };
      made += 1;
      return { body: { id: String(made), token: `made ${made}` } };
    });
    const first = await begun.webhooks.in(CHANNEL);
    if (typeof first === 'string') throw new Error(first);
    await begun.webhooks.forget(CHANNEL, first);
    expect(await begun.webhooks.in(CHANNEL)).toEqual({ id: '2', token: 'made 2' });
    await begun.webhooks.forget(CHANNEL, first);
    expect(await begun.webhooks.in(CHANNEL)).toEqual({ id: '2', token: 'made 2' });
  });

  it.each<[NoWebhook, Answer]>([
    ['may not', refusal(403, 50013)],
    ['too many', refusal(400, 30007)],
    ['too many in the server', refusal(400, 30058)],
    ['trouble', refusal(400, 0)],
  ])('says “%s”, and does not ask again with every line', async (reason, answer) => {
    await using begun = await begin((request) => (request === LOOK ? { body: [] } : answer));
    expect(await begun.webhooks.in(CHANNEL)).toBe(reason);
    expect(await begun.webhooks.in(CHANNEL)).toBe(reason);
    expect(begun.server.requests).toEqual([LOOK, MAKE]);
  });

  it('makes none twice where only the word of the first was lost', async () => {
    let isMade = false;
    await using begun = await begin((request) => {
      if (request === LOOK) return { body: isMade ? [ours] : [] };
      isMade = true;
      return { status: 502, body: {} };
    });
    expect(await begun.webhooks.in(CHANNEL)).toEqual({ id: '1', token: 'ours' });
    expect(begun.server.requests).toEqual([LOOK, MAKE, LOOK]);
  });

  it('are none where Discord fails, and are looked for again soon', async () => {
    let isDown = true;
    await using begun = await begin(() => (isDown ? refusal(400, 0) : { body: [ours] }));
    expect(await begun.webhooks.in(CHANNEL)).toBe('trouble');
    isDown = false;
    const later = performance.now() + 60_000;
    vi.spyOn(performance, 'now').mockReturnValue(later);
    onTestFinished(() => void vi.restoreAllMocks());
    await vi.waitFor(async () =>
      expect(await begun.webhooks.in(CHANNEL)).toEqual({ id: '1', token: 'ours' }),
    );
  });

  it('of a channel that is gone are asked for again', async () => {
    await using begun = await begin(() => refusal(404, 10003));
    await expect(begun.webhooks.in(CHANNEL)).rejects.toThrow('no');
    await expect(begun.webhooks.in(CHANNEL)).rejects.toThrow('no');
  });
});
