import { SnowflakeUtil } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { ActionCodes } from '#src/adapters/discord/action-codes.ts';
import { NpcVoice } from '#src/adapters/discord/npc-voice.ts';
import type { StageParts } from '#src/adapters/discord/stage-parts.ts';
import { NpcWebhooks } from '#src/adapters/discord/webhooks.ts';
import { EditPacer } from '#src/chat/edit-pacer.ts';
import { RateLimited } from '#src/chat/failures.ts';
import { systemClock } from '#src/core/clock.ts';
import { Refusal } from '#src/core/errors.ts';
import type { Log } from '#src/core/log.ts';
import { APPLICATION, CHANNEL, GUILD, guild } from './guild.ts';
import { type Answer, record, refusal } from './recorder.ts';

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const HOOK = { id: '300000000000000001', token: 'hook', application_id: APPLICATION, channel_id: CHANNEL };
const POST = `POST /webhooks/${HOOK.id}/hook`;
const part = (text: string) => ({ text, actions: [] });

/** The voice of Hroon in a thread of the tavern. */
async function begin(answer: (request: string, count: number) => Answer | undefined) {
  const server = await record((request, count) =>
    request.endsWith('@me')
      ? undefined
      : (answer(request, count) ??
        (request.startsWith('GET') && request.endsWith('/webhooks') ? { body: [HOOK] } : undefined)),
  );
  const { api } = server;
  await api.identify();
  const pacer = new EditPacer({ clock: systemClock, limits: [] });
  const parts: StageParts = {
    api,
    pacer,
    webhooks: new NpcWebhooks(api, pacer, silent),
    codes: new ActionCodes({ shelve: () => Promise.resolve('code') }, silent),
    avatarOf: () => 'https://pictures.example/hroon.png',
    clock: systemClock,
    log: silent,
    once: () => Promise.resolve(),
  };
  const posted: string[] = [];
  const plain: string[] = [];
  const voice = new NpcVoice(parts, {
    place: {
      platform: 'discord',
      workspace: { platformId: GUILD, name: guild.name },
      channelId: '55',
      parentId: CHANNEL,
    },
    speech: {
      npc: { id: 'n1', name: 'Hroon', avatar: '' },
      lineId: 'l1',
      actions: [],
      posted: (id) => posted.push(id),
    },
    codeOf: () => undefined,
    onPlain: (reason) => plain.push(reason),
  });
  return { server, voice, posted, plain, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

describe('an NPC', () => {
  it('speaks under its own name and picture, in a thread by the webhook of its channel', async () => {
    await using begun = await begin(() => undefined);
    const id = await begun.voice.post(part('*Well* met.'));
    await begun.voice.edit(id, part('*Well* met. Sit.'));
    expect(begun.server.journal).toMatchObject([
      { request: `GET /channels/${CHANNEL}/webhooks` },
      {
        request: POST,
        query: 'wait=true&thread_id=55&with_components=true',
        body: {
          content: '*Well* met.',
          username: 'Hroon',
          avatar_url: 'https://pictures.example/hroon.png',
          flags: 4,
          components: [],
        },
      },
      { request: `PATCH /webhooks/${HOOK.id}/hook/messages/${id}`, body: { content: '*Well* met. Sit.' } },
    ]);
  });

  it('whose webhook is gone goes on in a further message with what is new', async () => {
    await using begun = await begin((request) =>
      request.startsWith('PATCH') ? refusal(404, 10015) : undefined,
    );
    const id = await begun.voice.post(part('One.'));
    await begun.voice.edit(id, part('One. Two.'));
    expect(begun.server.journal.at(-1)).toMatchObject({ request: POST, body: { content: ' Two.' } });
    expect(begun.posted).toHaveLength(1);
  });

  it('without a webhook speaks as we do, with its name before', async () => {
    await using begun = await begin((request) =>
      request.endsWith('/webhooks') ? refusal(403, 50013) : undefined,
    );
    await begun.voice.post(part('Well met.'));
    expect(begun.server.journal.at(-1)).toMatchObject({
      request: 'POST /channels/55/messages',
      body: { content: '**Hroon**: Well met.' },
    });
    expect(begun.plain).toEqual(['may not']);
  });

  it('whose name Discord does not take speaks as we do too', async () => {
    await using begun = await begin((request) => (request === POST ? refusal(400, 50035) : undefined));
    await begun.voice.post(part('Well met.'));
    expect(begun.server.requests.at(-1)).toBe('POST /channels/55/messages');
  });

  it('says nothing twice where only the answer was lost', async () => {
    const stands = {
      id: '8000',
      webhook_id: HOOK.id,
      content: 'Well met.',
      author: { id: HOOK.id, username: 'Hroon' },
    };
    await using begun = await begin((request) => {
      if (request === POST) return { status: 502, body: {} };
      return request === 'GET /channels/55/messages' ? { body: [stands] } : undefined;
    });
    expect(await begun.voice.post(part('Well met.'))).toBe('8000');
    expect(begun.server.requests.filter((request) => request === POST)).toHaveLength(1);
  });

  it('takes no older message of the same words for the one that is looked for', async () => {
    const author = { id: HOOK.id, username: 'Hroon' };
    const older = { id: '8000', channel_id: '55', webhook_id: HOOK.id, content: 'Aye.', author };
    let posts = 0;
    await using begun = await begin((request) => {
      if (request === 'GET /channels/55/messages') return { body: [older] };
      if (request !== POST) return undefined;
      posts += 1;
      if (posts === 1) return { body: older };
      return posts === 2 ? { status: 502, body: {} } : undefined;
    });
    expect(await begun.voice.post(part('Aye.'))).toBe('8000');
    expect(await begun.voice.post(part('Aye.'))).not.toBe('8000');
    expect(posts).toBe(3);
  });

  it.each<[string, { readonly id?: string; readonly webhook_id?: string; readonly content?: string }]>([
    ['where Discord keeps what was said from us', { content: '' }],
    ['but not by another webhook', { id: '7999', webhook_id: 'another' }],
  ])('knows again what arrived: %s', async (_, own) => {
    const stands = {
      id: '8000',
      webhook_id: HOOK.id,
      content: 'Well met.',
      author: { id: HOOK.id, username: 'Hroon' },
      ...own,
    };
    await using begun = await begin((request, count) => {
      if (request === POST) return count < 3 ? { status: 502, body: {} } : undefined;
      return request === 'GET /channels/55/messages' ? { body: [stands] } : undefined;
    });
    const sinceInMs = Date.now();
    const id = await begun.voice.post(part('Well met.'));
    expect(id === '8000').toBe(own.id === undefined);
    const look = begun.server.journal.find(({ request }) => request === 'GET /channels/55/messages');
    const after = new URLSearchParams(look?.query).get('after') ?? '';
    expect(Math.abs(SnowflakeUtil.timestampFrom(after) - sinceInMs)).toBeLessThan(3000);
  });

  it('whose webhook was moved takes back what stands elsewhere, and says it where it belongs', async () => {
    const elsewhere = { id: '8100', channel_id: '999' };
    await using begun = await begin((request, count) => {
      if (request === 'GET /channels/55/webhooks') return undefined;
      if (request === `POST /channels/${CHANNEL}/webhooks`) {
        return { body: { ...HOOK, id: '300000000000000002', token: 'new' } };
      }
      if (request.startsWith('GET') && count > 1) return { body: [{ ...HOOK, channel_id: '999' }] };
      return request === POST ? { body: elsewhere } : undefined;
    });
    await begun.voice.post(part('Well met.'));
    expect(begun.server.requests).toEqual([
      `GET /channels/${CHANNEL}/webhooks`,
      POST,
      `DELETE /webhooks/${HOOK.id}/hook/messages/8100`,
      `GET /channels/${CHANNEL}/webhooks`,
      `POST /channels/${CHANNEL}/webhooks`,
      'POST /webhooks/300000000000000002/new',
    ]);
  });

  it('whose thread the webhook does not know any more looks for another one once', async () => {
    await using begun = await begin((request) => (request === POST ? refusal(404, 10003) : undefined));
    await expect(begun.voice.post(part('x'))).rejects.toThrow(Refusal);
    expect(begun.server.requests.filter((request) => request === POST)).toHaveLength(2);
  });

  it('says it again where it did not arrive', async () => {
    let failures = 0;
    await using begun = await begin((request) => {
      if (request === 'GET /channels/55/messages') return { body: [] };
      if (request !== POST || failures > 0) return undefined;
      failures += 1;
      return { status: 502, body: {} };
    });
    await begun.voice.post(part('Well met.'));
    expect(begun.server.requests.filter((request) => request === POST)).toHaveLength(2);
  });

  it('tells pacing of a limit, and people of what we may not', async () => {
    await using limited = await begin((request) =>
      request === POST
        ? { status: 429, headers: { 'retry-after': '0.3' }, body: { retry_after: 0.3, global: false } }
        : undefined,
    );
    await expect(limited.voice.post(part('x'))).rejects.toThrow(RateLimited);
    await using closed = await begin((request) => (request === POST ? refusal(404, 10003) : undefined));
    await expect(closed.voice.post(part('x'))).rejects.toThrow(Refusal);
  });
});
