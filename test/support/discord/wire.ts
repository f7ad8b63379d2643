import {
  CHANNEL,
  type ChannelRecord,
  type GuildRecord,
  type MemberRecord,
  type MessageRecord,
  type RoleRecord,
  type UserRecord,
} from './records.ts';
import type { World } from './world.ts';

/** Bits of what a gateway connection asks for. */
export const INTENT = {
  guilds: 1 << 0,
  members: 1 << 1,
  webhooks: 1 << 5,
  presences: 1 << 8,
  guildMessages: 1 << 9,
  directMessages: 1 << 12,
  messageContent: 1 << 15,
} as const;

const DEFAULT_MESSAGE = 0;
const REPLY = 19;
const COMMAND_REPLY = 20;

const time = (inMs: number) => new Date(inMs).toISOString();

export function toUser(user: UserRecord): object {
  return {
    id: user.id,
    username: user.name.toLowerCase().replaceAll(/[^a-z0-9_.]/gu, '_'),
    global_name: user.isBot ? null : user.name,
    discriminator: '0',
    avatar: null,
    bot: user.isBot,
    public_flags: 0,
  };
}

export function toMember(member: MemberRecord, withUser = true): object {
  return {
    ...(withUser ? { user: toUser(member.user) } : {}),
    nick: member.nickname ?? null,
    avatar: null,
    roles: [...member.roles],
    joined_at: '2026-01-01T00:00:00.000Z',
    premium_since: null,
    deaf: false,
    mute: false,
    flags: 0,
    pending: false,
  };
}

export function toRole(role: RoleRecord, position: number): object {
  return {
    id: role.id,
    name: role.name,
    permissions: String(role.permissions),
    position,
    color: 0,
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    managed: role.botId !== undefined,
    ...(role.botId === undefined ? {} : { tags: { bot_id: role.botId } }),
    mentionable: false,
    flags: 0,
  };
}

export function toChannel(world: World, channel: ChannelRecord): object {
  const { id, type, name, guildId, parentId, thread, recipientId } = channel;
  if (guildId === undefined) {
    const recipient = recipientId === undefined ? undefined : world.users.get(recipientId);
    return {
      id,
      type,
      last_message_id: null,
      flags: 0,
      recipients: recipient === undefined ? [] : [toUser(recipient)],
    };
  }
  const common = {
    id,
    type,
    name,
    guild_id: guildId,
    parent_id: parentId ?? null,
    flags: 0,
    rate_limit_per_user: 0,
    last_message_id: null,
  };
  if (thread !== undefined)
    return {
      ...common,
      owner_id: thread.ownerId,
      message_count: channel.messages.size,
      total_message_sent: channel.messages.size,
      member_count: thread.members.size,
      thread_metadata: {
        archived: thread.isArchived,
        auto_archive_duration: thread.autoArchiveInMinutes,
        archive_timestamp: time(world.clock.now()),
        locked: thread.isLocked,
        ...(type === CHANNEL.privateThread ? { invitable: true } : {}),
      },
    };
  return {
    ...common,
    position: 0,
    topic: null,
    nsfw: false,
    permission_overwrites: channel.overwrites.map((each) => ({
      id: each.id,
      type: each.kind === 'role' ? 0 : 1,
      allow: String(each.allow),
      deny: String(each.deny),
    })),
  };
}

export function channelsOf(world: World, guild: GuildRecord): readonly ChannelRecord[] {
  return [...world.channels.values()].filter(({ guildId }) => guildId === guild.id);
}

export function toGuild(guild: GuildRecord): object {
  return {
    id: guild.id,
    name: guild.name,
    owner_id: guild.ownerId,
    icon: null,
    splash: null,
    discovery_splash: null,
    banner: null,
    description: null,
    region: 'deprecated',
    afk_channel_id: null,
    afk_timeout: 300,
    system_channel_id: null,
    system_channel_flags: 0,
    rules_channel_id: null,
    public_updates_channel_id: null,
    safety_alerts_channel_id: null,
    vanity_url_code: null,
    verification_level: 0,
    default_message_notifications: 0,
    explicit_content_filter: 0,
    mfa_level: 0,
    nsfw_level: 0,
    premium_tier: 0,
    premium_subscription_count: 0,
    premium_progress_bar_enabled: false,
    preferred_locale: 'en-US',
    application_id: null,
    features: [],
    emojis: [],
    stickers: [],
    incidents_data: null,
    roles: [...guild.roles.values()].map(toRole),
  };
}

/** What a connection is told when it comes to a guild: members apart from ourselves only with their intent. */
export function toGuildCreate(world: World, guild: GuildRecord, intents: number): object {
  const members = [...guild.members.values()].filter(
    ({ user }) => (intents & INTENT.members) !== 0 || user.id === world.bot.id,
  );
  const all = channelsOf(world, guild);
  return {
    ...toGuild(guild),
    joined_at: '2026-01-01T00:00:00.000Z',
    large: false,
    unavailable: false,
    member_count: guild.members.size,
    members: members.map((member) => toMember(member)),
    channels: all.filter(({ thread }) => thread === undefined).map((each) => toChannel(world, each)),
    threads: all.filter(({ thread }) => thread?.isArchived === false).map((each) => toChannel(world, each)),
    presences: [],
    voice_states: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  };
}

/**
 * @param isWhole whether content, embeds, components and attachments are given.
 * @param isEvent the gateway adds guild and member.
 */
export function toMessage(
  world: World,
  message: MessageRecord,
  { isWhole, isEvent }: { readonly isWhole: boolean; readonly isEvent: boolean },
): object {
  const { author } = message;
  const channel = world.channels.get(message.channelId);
  const guild = channel?.guildId === undefined ? undefined : world.guilds.get(channel.guildId);
  const member = author.kind === 'user' ? guild?.members.get(author.user.id) : undefined;
  const { mentions, replyTo } = message;
  const original = replyTo === undefined ? undefined : channel?.messages.get(replyTo);
  const users = mentions.flatMap((id) => {
    const user = world.users.get(id);
    return user === undefined ? [] : [toUser(user)];
  });
  return {
    id: message.id,
    channel_id: message.channelId,
    type: replyTo !== undefined ? REPLY : message.interaction !== undefined ? COMMAND_REPLY : DEFAULT_MESSAGE,
    author:
      author.kind === 'user'
        ? toUser(author.user)
        : {
            id: author.webhookId,
            username: author.name,
            global_name: null,
            avatar: null,
            discriminator: '0000',
            bot: true,
            public_flags: 0,
          },
    content: isWhole ? message.content : '',
    embeds: isWhole ? message.embeds.map((embed) => ({ type: 'rich', ...embed })) : [],
    components: isWhole ? message.components : [],
    attachments: isWhole
      ? message.files.map(({ id, name, type, bytes }) => ({
          id,
          filename: name,
          content_type: type,
          size: bytes.length,
          url: `${world.url}/attachments/${message.channelId}/${id}/${encodeURIComponent(name)}`,
          proxy_url: `${world.url}/attachments/${message.channelId}/${id}/${encodeURIComponent(name)}`,
        }))
      : [],
    ...(message.stickers.length === 0
      ? {}
      : {
          sticker_items: message.stickers.map((name, index) => ({
            id: String(index + 1),
            name,
            format_type: 1,
          })),
        }),
    timestamp: time(message.createdAtInMs),
    edited_timestamp: message.editedAtInMs === undefined ? null : time(message.editedAtInMs),
    tts: false,
    pinned: false,
    flags: message.flags,
    mentions: users,
    mention_roles: [...message.content.matchAll(/<@&(\d+)>/gu)].map(([, id]) => id),
    mention_everyone: /@(everyone|here)/u.test(message.content),
    ...(author.kind === 'webhook' ? { webhook_id: author.webhookId } : {}),
    ...(message.applicationId === undefined ? {} : { application_id: message.applicationId }),
    ...(message.interaction === undefined
      ? {}
      : {
          interaction_metadata: {
            id: message.interaction.id,
            type: message.interaction.type,
            user: toUser(message.interaction.user),
            authorizing_integration_owners: {},
          },
        }),
    ...(replyTo === undefined
      ? {}
      : {
          message_reference: {
            type: 0,
            message_id: replyTo,
            channel_id: message.channelId,
            ...(guild === undefined ? {} : { guild_id: guild.id }),
          },
          referenced_message:
            original === undefined || original.deletedAtInMs !== undefined
              ? null
              : toMessage(world, { ...original, replyTo: undefined }, { isWhole, isEvent: false }),
        }),
    ...(isEvent ? { channel_type: channel?.type } : {}),
    ...(isEvent && guild !== undefined ? { guild_id: guild.id } : {}),
    ...(isEvent && member !== undefined ? { member: toMember(member, false) } : {}),
  };
}
