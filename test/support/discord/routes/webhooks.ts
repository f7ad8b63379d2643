import { fault } from '../errors.ts';
import { interactionByToken } from '../interactions.ts';
import { faultsOfWebhookName } from '../limits.ts';
import { checkFromBot, post, remove, revise } from '../messages.ts';
import {
  CHANNEL,
  type ChannelRecord,
  type MessageBody,
  type MessageRecord,
  type WebhookRecord,
} from '../records.ts';
import { INTENT, toMessage, toUser } from '../wire.ts';
import type { World } from '../world.ts';
import { followUp, interactionMessage } from './interactions.ts';
import { type Answer, type Asked, NOTHING, ok, type Route, route } from './route.ts';

const MAX_PER_CHANNEL = 15;
const MAX_PER_GUILD = 1000;
/** Channels that hold webhooks; threads use their channel's. */
const HOLDERS: ReadonlySet<number> = new Set([
  CHANNEL.text,
  CHANNEL.news,
  CHANNEL.voice,
  CHANNEL.stage,
  CHANNEL.forum,
  CHANNEL.media,
]);

/** Webhooks of channels, and the follow-ups of interactions, which come by the same road. */
export function webhookRoutes(): readonly Route[] {
  const byToken = '/webhooks/{webhook_id}/{webhook_token}';
  const message = `${byToken}/messages/{message_id}`;
  return [
    route('GET', '/channels/{channel_id}/webhooks', ({ world, param }) => {
      const channel = world.channel(param('channel_id'));
      if (!HOLDERS.has(channel.type)) throw fault.wrongChannelType();
      world.requireBot(channel, 'ManageWebhooks');
      return ok(webhooksOf(world, channel).map((each) => shown(world, each)));
    }),
    route('POST', '/channels/{channel_id}/webhooks', ({ world, param, body }) => {
      const channel = world.channel(param('channel_id'));
      const { guildId } = channel;
      if (guildId === undefined || !HOLDERS.has(channel.type)) throw fault.wrongChannelType();
      world.requireBot(channel, 'ManageWebhooks');
      const { name } = body as { readonly name: string };
      const faults = faultsOfWebhookName(name);
      if (faults.length > 0) throw fault.invalidBody(faults.join('; '));
      if (webhooksOf(world, channel).length >= MAX_PER_CHANNEL) throw fault.tooManyWebhooks();
      const inGuild = [...world.webhooks.values()].filter((each) => each.guildId === guildId);
      if (inGuild.length >= MAX_PER_GUILD) throw fault.tooManyWebhooksInGuild();
      const { applicationId } = world;
      const webhook = world.addWebhook({
        channelId: channel.id,
        guildId,
        name,
        applicationId,
      });
      announce(world, webhook);
      return ok(shown(world, webhook));
    }),
    route('GET', '/guilds/{guild_id}/webhooks', ({ world, param }) => {
      const guild = world.guild(param('guild_id'));
      const all = [...world.webhooks.values()].filter(({ guildId }) => guildId === guild.id);
      return ok(all.map((each) => shown(world, each)));
    }),
    route('GET', '/webhooks/{webhook_id}', ({ world, param }) => {
      const webhook = world.webhook(param('webhook_id'));
      world.requireBot(world.channel(webhook.channelId), 'ManageWebhooks');
      return ok(shown(world, webhook));
    }),
    route(
      'GET',
      byToken,
      ({ world, param }) => ok(shown(world, world.webhook(param('webhook_id'), param('webhook_token')))),
      'path',
    ),
    route('DELETE', '/webhooks/{webhook_id}', ({ world, param }) => {
      const webhook = world.webhook(param('webhook_id'));
      world.requireBot(world.channel(webhook.channelId), 'ManageWebhooks');
      return withdraw(world, webhook);
    }),
    route(
      'DELETE',
      byToken,
      ({ world, param }) => withdraw(world, world.webhook(param('webhook_id'), param('webhook_token'))),
      'path',
    ),
    route('POST', byToken, (asked) => (isInteraction(asked) ? followUp(asked) : execute(asked)), 'path'),
    route(
      'GET',
      message,
      (asked) => ok(toMessage(asked.world, found(asked), { isWhole: true, isEvent: false })),
      'path',
    ),
    route('PATCH', message, edit, 'path'),
    route(
      'DELETE',
      message,
      (asked) => {
        const { world } = asked;
        const record = found(asked);
        const isFirst = asked.param('message_id') === '@original';
        remove(world, record);
        if (isFirst && isInteraction(asked))
          interactionByToken(world, asked.param('webhook_token')).originalId = undefined;
        return NOTHING;
      },
      'path',
    ),
  ];
}

function isInteraction({ world, param }: Asked): boolean {
  return param('webhook_id') === world.applicationId;
}

export function webhooksOf(world: World, channel: ChannelRecord): readonly WebhookRecord[] {
  return [...world.webhooks.values()].filter(({ channelId }) => channelId === channel.id);
}

function withdraw(world: World, webhook: WebhookRecord): Answer {
  world.webhooks.delete(webhook.id);
  announce(world, webhook);
  return NOTHING;
}

function announce(world: World, { guildId, channelId }: WebhookRecord): void {
  const told = { guild_id: guildId, channel_id: channelId };
  world.dispatch({ t: 'WEBHOOKS_UPDATE', guildId, intent: INTENT.webhooks, d: () => told });
}

function shown(world: World, webhook: WebhookRecord): object {
  return {
    id: webhook.id,
    type: 1,
    name: webhook.name,
    avatar: null,
    channel_id: webhook.channelId,
    guild_id: webhook.guildId,
    application_id: webhook.applicationId ?? null,
    // Only who made a webhook is given its token, and the maker as its user.
    ...(webhook.applicationId === world.applicationId
      ? { token: webhook.token, user: toUser(world.bot) }
      : {}),
    url: `https://discord.com/api/webhooks/${webhook.id}/${webhook.token}`,
  };
}

function execute(asked: Asked): Answer {
  const { world, param, query, files, name } = asked;
  const body = asked.body as MessageBody;
  const webhook = world.webhook(param('webhook_id'), param('webhook_token'));
  const channel = target(world, webhook, query.get('thread_id'));
  const hasComponents = (body.components ?? []).length > 0;
  if (hasComponents && webhook.applicationId === undefined && query.get('with_components') !== 'true')
    throw fault.invalidBody('components: only webhooks of applications have buttons');
  checkFromBot(world, name, body, files);
  const message = post(world, {
    channel,
    author: {
      kind: 'webhook',
      webhookId: webhook.id,
      name: body.username ?? webhook.name,
      avatarUrl: body.avatar_url ?? undefined,
    },
    body,
    files,
    ...(webhook.applicationId === undefined ? {} : { applicationId: webhook.applicationId }),
  });
  return query.get('wait') === 'true'
    ? ok(toMessage(world, message, { isWhole: true, isEvent: false }))
    : NOTHING;
}

/** Where a webhook posts: in its channel, or in one of that channel's threads. */
function target(world: World, webhook: WebhookRecord, threadId: string | null): ChannelRecord {
  const channel = world.channel(webhook.channelId);
  if (threadId === null) return channel;
  const thread = world.channel(threadId);
  if (thread.parentId !== channel.id) throw fault.unknownChannel();
  if (thread.thread?.isLocked === true) throw fault.archivedThread();
  return thread;
}

function found(asked: Asked): MessageRecord {
  const { world, param, query } = asked;
  if (isInteraction(asked)) return interactionMessage(asked);
  const webhook = world.webhook(param('webhook_id'), param('webhook_token'));
  const message = world.message(target(world, webhook, query.get('thread_id')).id, param('message_id'));
  if (message.author.kind !== 'webhook' || message.author.webhookId !== webhook.id)
    throw fault.unknownMessage();
  return message;
}

function edit(asked: Asked): Answer {
  const { world, files, name, arrivedAtInMs } = asked;
  const body = asked.body as MessageBody;
  const message = found(asked);
  if (!isInteraction(asked) && world.channel(message.channelId).thread?.isArchived === true)
    throw fault.archivedThread();
  checkFromBot(world, name, body, files, message);
  revise(world, message, body, { files, arrivedAtInMs });
  return ok(toMessage(world, message, { isWhole: true, isEvent: false }));
}
