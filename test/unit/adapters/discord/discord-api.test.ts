import { RateLimitError } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { CHANNEL } from './guild.ts';
import { record } from './recorder.ts';

const hook = { id: '300000000000000001', token: 'hook' };
const tooMany = {
  status: 429,
  headers: { 'retry-after': '0.01' },
  body: { retry_after: 0.01, global: false },
};

describe('what is sent', () => {
  it('mentions nobody, whichever way it goes', async () => {
    await using server = await record();
    const { api, journal } = server;
    await api.identify();
    const interaction = { id: '900', token: 'TOKEN' };
    const body = { content: '@everyone <@1>' };
    await api.post(CHANNEL, body, '42');
    await api.edit(CHANNEL, '5', body);
    await api.postAs(hook, { ...body, username: 'Hroon', avatarUrl: undefined, threadId: '9' });
    await api.editAs(hook, { messageId: '6', threadId: '9' }, body);
    await api.editAnswer(interaction, body);
    await api.editAnswered(interaction, '7', body);
    await api.followUp(interaction, body);
    await api.reply(interaction, body);
    expect(journal).toHaveLength(8);
    for (const { request, body: sent } of journal) {
      const data = request.endsWith('/callback') ? (sent.data as Record<string, unknown>) : sent;
      expect(data.allowed_mentions, request).toEqual({ parse: [], replied_user: false });
    }
    expect(journal[0]?.body.message_reference).toEqual({ message_id: '42', fail_if_not_exists: false });
    expect(journal[2]).toMatchObject({
      query: 'wait=true&thread_id=9&with_components=true',
      body: { username: 'Hroon' },
    });
    expect(journal[3]?.query).toBe('thread_id=9&with_components=true');
  });
});

describe('a rate limit', () => {
  it('is told at once of messages that are paced, so that no stale text waits', async () => {
    await using server = await record((request) => (request.startsWith('GET') ? undefined : tooMany));
    const { api } = server;
    await api.identify();
    const message = { content: 'x', username: 'Hroon', avatarUrl: undefined, threadId: undefined };
    await expect(api.post(CHANNEL, { content: 'x' })).rejects.toThrow(RateLimitError);
    await expect(api.edit(CHANNEL, '500000000000000001', { content: 'x' })).rejects.toThrow(RateLimitError);
    await expect(api.postAs(hook, message)).rejects.toThrow(RateLimitError);
    const place = { messageId: '500000000000000001', threadId: undefined };
    await expect(api.editAs(hook, place, { content: 'x' })).rejects.toThrow(RateLimitError);
  });

  it('is waited for by everything else', async () => {
    let refusals = 0;
    await using server = await record((request) => {
      if (request.startsWith('GET') || refusals >= 3) return undefined;
      refusals += 1;
      return tooMany;
    });
    const { api } = server;
    await api.identify();
    const interaction = { id: '900000000000000001', token: 'TOKEN' };
    await api.followUp(interaction, { content: 'x' });
    await api.editAnswer(interaction, { content: 'x' });
    await api.openDirect('1');
    expect(refusals).toBe(3);
  });
});
