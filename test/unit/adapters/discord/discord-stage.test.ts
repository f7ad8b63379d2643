import { describe, expect, it } from 'vitest';
import { ActionCodes } from '#src/adapters/discord/action-codes.ts';
import { DiscordStage } from '#src/adapters/discord/discord-stage.ts';
import { InteractionAnswer } from '#src/adapters/discord/interaction-answer.ts';
import { NpcWebhooks } from '#src/adapters/discord/webhooks.ts';
import { EditPacer } from '#src/chat/edit-pacer.ts';
import { systemClock } from '#src/core/clock.ts';
import type { Log } from '#src/core/log.ts';
import { notice } from '#src/core/view.ts';
import { CHANNEL, GUILD } from './guild.ts';
import { record, refusal } from './recorder.ts';

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

describe('a long notice for everybody', () => {
  it('goes on in the channel where the time of its interaction is over, and says nothing twice', async () => {
    await using server = await record((request) =>
      request.startsWith('POST /webhooks/') ? refusal(404, 10015) : undefined,
    );
    const { api } = server;
    await api.identify();
    const pacer = new EditPacer({ clock: systemClock, limits: [] });
    const answer = new InteractionAnswer({
      api,
      clock: systemClock,
      interaction: { id: '900', token: 'TOKEN' },
      form: 'shown',
    });
    const stage = new DiscordStage(
      {
        api,
        pacer,
        webhooks: new NpcWebhooks(api, pacer, silent),
        codes: new ActionCodes({ shelve: () => Promise.resolve('code') }, silent),
        avatarOf: () => undefined,
        clock: systemClock,
        log: silent,
        once: () => Promise.resolve(),
      },
      { platform: 'discord', workspace: { platformId: GUILD, name: 'Docks' }, channelId: CHANNEL },
      { answer },
    );
    const sentences = Array.from({ length: 300 }, (_, index) => `This is sentence number ${index + 1}.`);
    await stage.tell(notice('plain', sentences.join(' ')), 'everyone');
    const shown = server.journal.filter(
      ({ request }) => request.startsWith('PATCH') || request === `POST /channels/${CHANNEL}/messages`,
    );
    expect(shown.length).toBeGreaterThan(1);
    const text = JSON.stringify(shown.map(({ body }) => body));
    expect(text.match(/sentence number 1\b/gu)).toHaveLength(1);
    expect(text.match(/sentence number 300\b/gu)).toHaveLength(1);
  });
});
