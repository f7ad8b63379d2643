import { randomBytes } from 'node:crypto';
import { SettableClock } from './clock.ts';
import type { CommandBody } from './command-limits.ts';
import { fault } from './errors.ts';
import { BOTS, EVERYBODYS, PERMISSION, type PermissionName, permissionsIn } from './permissions.ts';
import {
  CHANNEL,
  type ChannelRecord,
  type GuildRecord,
  type InteractionRecord,
  type MessageRecord,
  type UserRecord,
  type WebhookRecord,
} from './records.ts';
import { Snowflakes } from './snowflakes.ts';

/** Something that a gateway connection is told, if it asked for it. */
export interface Dispatch {
  readonly t: string;
  readonly guildId: string | undefined;
  /** The bit that a connection must have asked for; 0: everybody gets it. */
  readonly intent: number;
  /** What one with these intents is told. */
  readonly d: (intents: number) => object;
}

export interface Violation {
  /** `spec`: the vendor's document; `limit`: a documented limit it does not hold; `gateway`: the socket's protocol. */
  readonly kind: 'spec' | 'limit' | 'gateway';
  readonly request: string;
  readonly why: string;
}

/** What of a bot's doing is asked about afterwards. */
export interface Findings {
  readonly violations: Violation[];
  /** Mention forms that called somebody. */
  readonly pings: { readonly request: string; readonly forms: readonly string[]; readonly text: string }[];
  /** Sends and edits that did not switch mentions off, whether or not they had any. */
  readonly unguarded: string[];
  /** Edits of a message that came while another edit of it was being answered. */
  readonly overlaps: string[];
}

/** Privileged intents, as they are switched on for the application. */
export interface PrivilegedIntents {
  messageContent: boolean;
  members: boolean;
  presences: boolean;
}

/** All of Discord that there is, and the one application that is tested. */
export class World {
  readonly clock = new SettableClock();
  readonly ids = new Snowflakes(this.clock);
  readonly applicationId = this.ids.next();
  readonly bot: UserRecord;
  /** What the bot has to show. */
  readonly token =
    `${Buffer.from(this.applicationId).toString('base64url')}.${randomBytes(4).toString('hex')}.${randomBytes(14).toString('hex')}`;
  readonly privileged: PrivilegedIntents = { messageContent: true, members: false, presences: false };
  readonly users = new Map<string, UserRecord>();
  readonly guilds = new Map<string, GuildRecord>();
  readonly channels = new Map<string, ChannelRecord>();
  readonly webhooks = new Map<string, WebhookRecord>();
  readonly interactions = new Map<string, InteractionRecord>();
  /** By guild id, and under `global`. */
  readonly commands = new Map<string, (CommandBody & { readonly id: string; readonly version: string })[]>();
  /** How often the commands of a scope were changed; how many commands were created. */
  commandCreates = 0;
  commandWrites = 0;
  readonly findings: Findings = { violations: [], pings: [], unguarded: [], overlaps: [] };
  /** Where files are fetched. */
  url = '';
  readonly #dispatchListeners = new Set<(dispatch: Dispatch) => void>();
  readonly #changeListeners = new Set<() => void>();

  constructor() {
    // A bot's user has its application's id.
    this.bot = { id: this.applicationId, name: 'Dramatis', isBot: true, isClosed: false };
    this.users.set(this.bot.id, this.bot);
  }

  onDispatch(listener: (dispatch: Dispatch) => void): void {
    this.#dispatchListeners.add(listener);
  }

  dispatch(dispatch: Dispatch): void {
    for (const listener of this.#dispatchListeners) listener(dispatch);
    this.changed();
  }

  /** Something is otherwise than before: whoever waits looks again. */
  changed(): void {
    for (const listener of [...this.#changeListeners]) listener();
  }

  onChange(listener: () => void): () => void {
    this.#changeListeners.add(listener);
    return () => this.#changeListeners.delete(listener);
  }

  addUser(name: string, isBot = false): UserRecord {
    const user = { id: this.ids.next(), name, isBot, isClosed: false };
    this.users.set(user.id, user);
    return user;
  }

  addGuild(name: string, ownerId: string): GuildRecord {
    const id = this.ids.next();
    const guild: GuildRecord = { id, name, ownerId, roles: new Map(), members: new Map() };
    guild.roles.set(id, { id, name: '@everyone', permissions: EVERYBODYS });
    const botRole = { id: this.ids.next(), name: this.bot.name, permissions: BOTS, botId: this.bot.id };
    guild.roles.set(botRole.id, botRole);
    this.guilds.set(id, guild);
    this.addMember(guild, this.bot, [botRole.id]);
    const owner = this.users.get(ownerId);
    if (owner !== undefined) this.addMember(guild, owner, []);
    return guild;
  }

  addMember(guild: GuildRecord, user: UserRecord, roles: readonly string[]): void {
    guild.members.set(user.id, { user, roles: new Set(roles), nickname: undefined });
  }

  addChannel(
    options: Partial<Omit<ChannelRecord, 'id' | 'messages'>> & { readonly name: string },
  ): ChannelRecord {
    const channel: ChannelRecord = {
      type: CHANNEL.text,
      guildId: undefined,
      parentId: undefined,
      overwrites: [],
      thread: undefined,
      recipientId: undefined,
      ...options,
      id: this.ids.next(),
      messages: new Map(),
    };
    this.channels.set(channel.id, channel);
    return channel;
  }

  addThread(
    parent: ChannelRecord,
    name: string,
    options: { readonly isPrivate: boolean; readonly ownerId: string; readonly autoArchiveInMinutes: number },
  ): ChannelRecord {
    const { isPrivate, ownerId, autoArchiveInMinutes } = options;
    return this.addChannel({
      name,
      type: isPrivate ? CHANNEL.privateThread : CHANNEL.publicThread,
      guildId: parent.guildId,
      parentId: parent.id,
      thread: {
        members: new Set([ownerId]),
        ownerId,
        isArchived: false,
        isLocked: false,
        autoArchiveInMinutes,
      },
    });
  }

  /** Tells that a channel or thread came, changed or went. */
  announceChannel(
    channel: ChannelRecord,
    what: 'CREATE' | 'UPDATE' | 'DELETE',
    told: object,
    intent: number,
  ): void {
    const t = `${channel.thread === undefined ? 'CHANNEL' : 'THREAD'}_${what}`;
    this.dispatch({ t, guildId: channel.guildId, intent, d: () => told });
  }

  addWebhook(webhook: Omit<WebhookRecord, 'id' | 'token'>): WebhookRecord {
    const made = { ...webhook, id: this.ids.next(), token: randomBytes(34).toString('base64url') };
    this.webhooks.set(made.id, made);
    return made;
  }

  guild(id: string): GuildRecord {
    const guild = this.guilds.get(id);
    if (guild === undefined) throw fault.unknownGuild();
    return guild;
  }

  channel(id: string): ChannelRecord {
    const channel = this.channels.get(id);
    if (channel === undefined) throw fault.unknownChannel();
    return channel;
  }

  message(channelId: string, id: string): MessageRecord {
    const message = this.channel(channelId).messages.get(id);
    if (message === undefined || message.deletedAtInMs !== undefined) throw fault.unknownMessage();
    return message;
  }

  webhook(id: string, token?: string): WebhookRecord {
    const webhook = this.webhooks.get(id);
    if (webhook === undefined) throw fault.unknownWebhook();
    if (token !== undefined && token !== webhook.token) throw fault.expiredToken();
    return webhook;
  }

  /** The channel that decides who may what: a thread's parent. */
  governing(channel: ChannelRecord): ChannelRecord {
    return channel.parentId === undefined || channel.thread === undefined
      ? channel
      : this.channel(channel.parentId);
  }

  may(userId: string, channel: ChannelRecord, ...names: readonly PermissionName[]): boolean {
    if (channel.guildId === undefined) return channel.recipientId === userId || userId === this.bot.id;
    const bits = permissionsIn(this.guild(channel.guildId), this.governing(channel), userId);
    return names.every((name) => (bits & PERMISSION[name]) !== 0n);
  }

  /** Whether somebody sees what is written in a channel. */
  canRead(userId: string, channel: ChannelRecord): boolean {
    if (!this.may(userId, channel, 'ViewChannel')) return false;
    if (channel.type !== CHANNEL.privateThread) return true;
    return channel.thread?.members.has(userId) === true || this.may(userId, channel, 'ManageThreads');
  }

  /** @throws DiscordFault as Discord refuses the bot. */
  requireBot(channel: ChannelRecord, ...names: readonly PermissionName[]): void {
    if (!this.canRead(this.bot.id, channel)) throw fault.missingAccess();
    if (!this.may(this.bot.id, channel, ...names)) throw fault.missingPermissions();
  }

  directChannel(user: UserRecord): ChannelRecord {
    const known = [...this.channels.values()].find(({ recipientId }) => recipientId === user.id);
    return known ?? this.addChannel({ name: user.name, type: CHANNEL.dm, recipientId: user.id });
  }
}
