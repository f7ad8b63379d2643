import { Gateway } from './gateway.ts';
import { HttpApi } from './http-api.ts';
import { Faults } from './injected-faults.ts';
import type { Until } from './interacted.ts';
import { remove } from './messages.ts';
import { BOTS, type PermissionName, permissionBits } from './permissions.ts';
import { Person } from './person.ts';
import type { ChannelRecord, GuildRecord, MessageRecord, RoleRecord } from './records.ts';
import { channelRoutes } from './routes/channels.ts';
import { commandRoutes } from './routes/commands.ts';
import { identityRoutes } from './routes/identity.ts';
import { interactionRoutes } from './routes/interactions.ts';
import { webhookRoutes, webhooksOf } from './routes/webhooks.ts';
import { INTENT, toChannel, toGuildCreate, toMember, toRole } from './wire.ts';
import { World } from './world.ts';

const DEFAULT_WAIT_IN_MS = 20_000;

/**
 * Discord on loopback, as far as a bot meets it: REST and gateway for discord.js, its documented limits, rates and
 * refusals, and people who use it. Judges every request by the vendor's document where that is there.
 */
export class DiscordServer {
  readonly world: World;
  readonly gateway: Gateway;
  readonly http: HttpApi;
  readonly faults = new Faults();

  static async start(options: { readonly port?: number } = {}): Promise<DiscordServer> {
    const server = new DiscordServer();
    await new Promise<void>((resolve) => server.http.server.listen(options.port ?? 0, '127.0.0.1', resolve));
    const address = server.http.server.address();
    if (address === null || typeof address === 'string') throw new Error('the Discord server has no port');
    server.world.url = `http://127.0.0.1:${address.port}`;
    return server;
  }

  private constructor() {
    this.world = new World();
    const routes = [
      ...identityRoutes(() => this.gateway.shards),
      ...commandRoutes(),
      ...channelRoutes(),
      ...webhookRoutes(),
      ...interactionRoutes(),
    ];
    this.http = new HttpApi(this.world, routes, this.faults);
    this.gateway = new Gateway(this.world, this.http.server);
  }

  /** For `rest: { api }`. */
  get apiUrl(): string {
    return `${this.world.url}/api`;
  }

  get token(): string {
    return this.world.token;
  }

  get findings() {
    return this.world.findings;
  }

  get clock() {
    return this.world.clock;
  }

  /** A guild with its owner; the bot is in it, with the permissions that the set-up page asks for. */
  guild(
    name = 'The Salt Docks',
    ownerName = 'Olga',
  ): { readonly guild: GuildRecord; readonly owner: Person } {
    const owner = this.world.addUser(ownerName);
    const guild = this.world.addGuild(name, owner.id);
    this.world.dispatch({
      t: 'GUILD_CREATE',
      guildId: guild.id,
      intent: INTENT.guilds,
      d: (intents) => toGuildCreate(this.world, guild, intents),
    });
    return { guild, owner: new Person(this.world, owner, this.until) };
  }

  /** Somebody who joins a guild, or is met in direct conversation alone. */
  person(name: string, guild?: GuildRecord, roles: readonly RoleRecord[] = []): Person {
    const user = this.world.addUser(name);
    if (guild !== undefined)
      this.world.addMember(
        guild,
        user,
        roles.map(({ id }) => id),
      );
    return new Person(this.world, user, this.until);
  }

  /** Another program in the guild. */
  otherBot(name: string, guild: GuildRecord): Person {
    const user = this.world.addUser(name, true);
    this.world.addMember(guild, user, []);
    return new Person(this.world, user, this.until);
  }

  role(guild: GuildRecord, name: string, permissions: readonly PermissionName[] = []): RoleRecord {
    const role = { id: this.world.ids.next(), name, permissions: permissionBits(permissions) };
    guild.roles.set(role.id, role);
    const told = { guild_id: guild.id, role: toRole(role, guild.roles.size) };
    this.world.dispatch({ t: 'GUILD_ROLE_CREATE', guildId: guild.id, intent: INTENT.guilds, d: () => told });
    return role;
  }

  /** Gives roles to a member, or takes them; a connection hears of it with the members' intent alone. */
  setRoles(guild: GuildRecord, person: Pick<Person, 'id'>, roles: readonly RoleRecord[]): void {
    const member = guild.members.get(person.id);
    if (member === undefined) throw new Error('no such member');
    member.roles.clear();
    for (const { id } of roles) member.roles.add(id);
    const told = { guild_id: guild.id, ...toMember(member) };
    this.world.dispatch({
      t: 'GUILD_MEMBER_UPDATE',
      guildId: guild.id,
      intent: INTENT.members,
      d: () => told,
    });
  }

  channel(guild: GuildRecord, name: string): ChannelRecord {
    const channel = this.world.addChannel({ name, guildId: guild.id });
    this.world.announceChannel(channel, 'CREATE', toChannel(this.world, channel), INTENT.guilds);
    return channel;
  }

  thread(
    parent: ChannelRecord,
    name: string,
    options: { readonly isPrivate?: boolean; readonly owner?: Pick<Person, 'id'> } = {},
  ): ChannelRecord {
    const thread = this.world.addThread(parent, name, {
      isPrivate: options.isPrivate ?? false,
      ownerId: options.owner?.id ?? this.world.bot.id,
      autoArchiveInMinutes: 1440,
    });
    this.world.announceChannel(thread, 'CREATE', toChannel(this.world, thread), INTENT.guilds);
    return thread;
  }

  /** Lets somebody, or a role, do more or less in a channel than elsewhere. */
  overwrite(
    channel: ChannelRecord,
    whom: { readonly id: string },
    change: { readonly allow?: readonly PermissionName[]; readonly deny?: readonly PermissionName[] },
  ): void {
    const kind = this.world.users.has(whom.id) ? 'member' : 'role';
    const overwrite = {
      id: whom.id,
      kind,
      allow: permissionBits(change.allow ?? []),
      deny: permissionBits(change.deny ?? []),
    } as const;
    channel.overwrites = [...channel.overwrites.filter(({ id }) => id !== whom.id), overwrite];
    this.world.announceChannel(channel, 'UPDATE', toChannel(this.world, channel), INTENT.guilds);
  }

  /** A channel that only these see, besides the owner and, if it is to, the bot. */
  privateChannel(
    guild: GuildRecord,
    name: string,
    whom: readonly { readonly id: string }[],
    withBot = true,
  ): ChannelRecord {
    const channel = this.channel(guild, name);
    this.overwrite(channel, guild, { deny: ['ViewChannel'] });
    for (const each of [...whom, ...(withBot ? [this.world.bot] : [])])
      this.overwrite(channel, each, { allow: ['ViewChannel'] });
    return channel;
  }

  /** What the bot's own role may in a guild from now on; without names, what the set-up page asks for. */
  setBotPermissions(guild: GuildRecord, permissions?: readonly PermissionName[]): void {
    const id = [...(guild.members.get(this.world.bot.id)?.roles ?? [])][0];
    const role = id === undefined ? undefined : guild.roles.get(id);
    if (role === undefined) throw new Error('the bot has no role');
    role.permissions = permissions === undefined ? BOTS : permissionBits(permissions);
    const told = { guild_id: guild.id, role: toRole(role, 1) };
    this.world.dispatch({ t: 'GUILD_ROLE_UPDATE', guildId: guild.id, intent: INTENT.guilds, d: () => told });
  }

  deleteChannel(channel: ChannelRecord): void {
    this.world.channels.delete(channel.id);
    this.world.announceChannel(channel, 'DELETE', toChannel(this.world, channel), INTENT.guilds);
  }

  deleteMessage(message: MessageRecord): void {
    remove(this.world, message);
  }

  /** Somebody deletes the bot's webhooks of a channel by hand. */
  deleteWebhooks(channel: ChannelRecord): number {
    const all = webhooksOf(this.world, channel);
    for (const { id } of all) this.world.webhooks.delete(id);
    const told = { guild_id: channel.guildId, channel_id: channel.id };
    this.world.dispatch({
      t: 'WEBHOOKS_UPDATE',
      guildId: channel.guildId,
      intent: INTENT.webhooks,
      d: () => told,
    });
    return all.length;
  }

  /** Somebody moves the bot's webhooks of one channel to another by hand. */
  moveWebhooks(from: ChannelRecord, to: ChannelRecord): void {
    for (const webhook of webhooksOf(this.world, from)) webhook.channelId = to.id;
    for (const channel of [from, to]) {
      const told = { guild_id: channel.guildId, channel_id: channel.id };
      this.world.dispatch({
        t: 'WEBHOOKS_UPDATE',
        guildId: channel.guildId,
        intent: INTENT.webhooks,
        d: () => told,
      });
    }
  }

  webhooks(channel: ChannelRecord) {
    return webhooksOf(this.world, channel);
  }

  /** Everything that stands in a channel for those who may read there, oldest first. */
  messages(channel: ChannelRecord): readonly MessageRecord[] {
    return [...channel.messages.values()].filter(({ deletedAtInMs }) => deletedAtInMs === undefined);
  }

  /** Waits until something holds; looks whenever anything changes, and at the end says what did not come. */
  readonly until: Until = (find, what, timeoutInMs = DEFAULT_WAIT_IN_MS) =>
    new Promise((resolve, reject) => {
      const look = () => {
        try {
          const found = find();
          if (found === undefined || found === false) return;
          done();
          resolve(found);
        } catch (error) {
          done();
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      const forget = this.world.onChange(look);
      const timer = setTimeout(() => {
        done();
        reject(new Error(`never came about: ${what}`));
      }, timeoutInMs);
      const done = () => {
        forget();
        clearTimeout(timer);
      };
      look();
    });

  async close(): Promise<void> {
    await this.gateway.close();
    await new Promise<void>((resolve) => {
      this.http.server.close(() => resolve());
      this.http.server.closeAllConnections();
    });
  }
}
