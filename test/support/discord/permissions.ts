import type { ChannelRecord, GuildRecord } from './records.ts';

/** The permissions that the stand-in asks for, by Discord's names. */
export const PERMISSION = {
  Administrator: 1n << 3n,
  ManageChannels: 1n << 4n,
  ManageGuild: 1n << 5n,
  ViewChannel: 1n << 10n,
  SendMessages: 1n << 11n,
  ManageMessages: 1n << 13n,
  EmbedLinks: 1n << 14n,
  AttachFiles: 1n << 15n,
  ReadMessageHistory: 1n << 16n,
  MentionEveryone: 1n << 17n,
  ManageRoles: 1n << 28n,
  ManageWebhooks: 1n << 29n,
  UseApplicationCommands: 1n << 31n,
  ManageThreads: 1n << 34n,
  CreatePublicThreads: 1n << 35n,
  CreatePrivateThreads: 1n << 36n,
  SendMessagesInThreads: 1n << 38n,
} as const;
export type PermissionName = keyof typeof PERMISSION;

export function permissionBits(names: readonly PermissionName[]): bigint {
  return names.reduce((bits, name) => bits | PERMISSION[name], 0n);
}

const ALL = permissionBits(
  Object.keys(PERMISSION).filter((name) => Object.hasOwn(PERMISSION, name)) as PermissionName[],
);

/** What everybody may in a new guild. */
export const EVERYBODYS = permissionBits([
  'ViewChannel',
  'SendMessages',
  'EmbedLinks',
  'AttachFiles',
  'ReadMessageHistory',
  'UseApplicationCommands',
  'CreatePublicThreads',
  'SendMessagesInThreads',
]);

/** What the set-up page has an admin grant the bot. */
export const BOTS = EVERYBODYS | permissionBits(['ManageWebhooks', 'CreatePrivateThreads', 'ManageThreads']);

/** Discord's own order: everybody's role, roles, then the channel's overwrites for everybody, roles, the member. */
export function permissionsIn(
  guild: GuildRecord,
  channel: ChannelRecord | undefined,
  userId: string,
): bigint {
  const member = guild.members.get(userId);
  if (member === undefined) return 0n;
  if (guild.ownerId === userId) return ALL;
  let bits = guild.roles.get(guild.id)?.permissions ?? 0n;
  for (const id of member.roles) bits |= guild.roles.get(id)?.permissions ?? 0n;
  if ((bits & PERMISSION.Administrator) !== 0n) return ALL;
  const overwrites = channel?.overwrites ?? [];
  const apply = (chosen: typeof overwrites) => {
    for (const { deny } of chosen) bits &= ~deny;
    for (const { allow } of chosen) bits |= allow;
  };
  apply(overwrites.filter(({ id }) => id === guild.id));
  apply(overwrites.filter(({ kind, id }) => kind === 'role' && id !== guild.id && member.roles.has(id)));
  apply(overwrites.filter(({ kind, id }) => kind === 'member' && id === userId));
  return bits;
}
