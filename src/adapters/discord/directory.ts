import { type APIChannel, type APIUser, ChannelType, type Client, type Guild } from 'discord.js';
import { LRUCache } from 'lru-cache';
import type { DiscordApi } from './discord-api.ts';
import type { ChannelView, GuildView } from './guild-view.ts';
import { missingPermissions } from './permissions.ts';

/** Channels that the gateway did not tell of, kept for so long. */
const MAX_CHANNELS = 1000;
const KEPT_FOR_IN_MS = 10 * 60_000;

/** What we know of guilds and channels: from the gateway, and where that told nothing, asked for. */
export class Directory {
  readonly #client: () => Client<true> | undefined;
  readonly #api: DiscordApi;
  readonly #asked = new LRUCache<string, Promise<APIChannel>>({ max: MAX_CHANNELS, ttl: KEPT_FOR_IN_MS });

  /** @param client the one that is connected at the time, if any. */
  constructor(client: () => Client<true> | undefined, api: DiscordApi) {
    this.#client = client;
    this.#api = api;
  }

  guild(id: string): GuildView | undefined {
    const client = this.#client();
    const guild = client?.guilds.cache.get(id);
    return client && guild && guildView(guild, client.user.id);
  }

  get guildIds(): readonly string[] {
    return [...(this.#client()?.guilds.cache.keys() ?? [])];
  }

  /** What we may not do in a guild, though we need it, by the names that Discord's settings have for it. */
  missingIn(guildId: string): readonly string[] {
    const own = this.#client()?.guilds.cache.get(guildId)?.members.me;
    return own ? missingPermissions(own.permissions.bitfield) : [];
  }

  /** @throws what Discord answers where there is no such channel, or we may not see it. */
  async channel(id: string): Promise<ChannelView> {
    const known = this.#client()?.channels.cache.get(id);
    if (known === undefined || !('guildId' in known)) return channelView(await this.#ask(id));
    return {
      id,
      type: known.type,
      name: known.name,
      guildId: known.guildId,
      parentId: known.parentId ?? undefined,
    };
  }

  /** With whom we write in a direct conversation; undefined where it is none. */
  async directUser(channelId: string): Promise<APIUser | undefined> {
    const channel = await this.#ask(channelId);
    return channel.type === ChannelType.DM ? channel.recipients?.[0] : undefined;
  }

  /** Asked once for all that comes from a channel meanwhile, which so keeps its order. */
  async #ask(id: string): Promise<APIChannel> {
    const asked = this.#asked.get(id) ?? this.#api.channel(id);
    this.#asked.set(id, asked);
    try {
      return await asked;
    } catch (error) {
      this.#asked.delete(id);
      throw error;
    }
  }
}

function guildView(guild: Guild, userId: string): GuildView {
  return {
    id: guild.id,
    name: guild.name,
    ownerId: guild.ownerId,
    get ownRoleId() {
      return guild.roles.cache.find(({ tags }) => tags?.botId === userId)?.id;
    },
    role: (id) => {
      const role = guild.roles.cache.get(id);
      return role === undefined ? undefined : { name: role.name, permissions: role.permissions.bitfield };
    },
    channelName: (id) => guild.channels.cache.get(id)?.name,
  };
}

function channelView(channel: APIChannel): ChannelView {
  return {
    id: channel.id,
    type: channel.type,
    name: channel.name ?? '',
    guildId: 'guild_id' in channel ? channel.guild_id : undefined,
    parentId: 'parent_id' in channel ? (channel.parent_id ?? undefined) : undefined,
  };
}
