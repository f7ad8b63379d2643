/** A role, as far as we use it. */
export interface RoleView {
  readonly name: string;
  /** Discord's permission bits. */
  readonly permissions: bigint;
}

/** A channel or thread, as far as we use it. */
export interface ChannelView {
  readonly id: string;
  /** Discord's number of its kind. */
  readonly type: number;
  readonly name: string;
  /** Undefined for direct messages. */
  readonly guildId: string | undefined;
  /** For a thread its channel, for a channel its category. */
  readonly parentId: string | undefined;
}

/** A guild (a server, as people call it), as we know it from the gateway. */
export interface GuildView {
  readonly id: string;
  readonly name: string;
  readonly ownerId: string;
  /** The role that Discord made for us; people mention it when they mean us. */
  readonly ownRoleId: string | undefined;
  role(id: string): RoleView | undefined;
  channelName(id: string): string | undefined;
}
