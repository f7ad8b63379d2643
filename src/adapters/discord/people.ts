import { type APIUser, PermissionFlagsBits } from 'discord.js';
import type { Person } from '#src/core/front.ts';
import type { GuildView } from './guild-view.ts';

/** What comes with a message or an interaction of who sent it. */
export interface MemberFacts {
  readonly nick?: string | null | undefined;
  readonly roles: readonly string[];
  /** Permission bits in the channel; only interactions bring them. */
  readonly permissions?: string | undefined;
}

type Names = Pick<APIUser, 'username' | 'global_name'>;

/** As people see somebody here: the name in this guild, else the one everywhere, else the account's. */
export function displayName(user: Names, member: Pick<MemberFacts, 'nick'> | undefined): string {
  return member?.nick || user.global_name || user.username;
}

/** Somebody in a guild. */
export function personIn(
  guild: GuildView | undefined,
  user: Names & Pick<APIUser, 'id'>,
  member: MemberFacts,
): Person {
  return {
    id: user.id,
    name: displayName(user, member),
    permission: 'player',
    roles: member.roles,
    isManager: guild?.ownerId === user.id || mayManage(permissionsOf(guild, member)),
  };
}

/** Somebody who writes to us alone: that conversation is theirs. */
export function personInDirect(user: Names & Pick<APIUser, 'id'>): Person {
  return {
    id: user.id,
    name: displayName(user, undefined),
    permission: 'player',
    roles: [],
    isManager: true,
  };
}

function permissionsOf(guild: GuildView | undefined, member: MemberFacts): bigint {
  if (member.permissions !== undefined) return BigInt(member.permissions);
  if (guild === undefined) return 0n;
  // Everybody has the role whose id is the guild's.
  return [guild.id, ...member.roles].reduce(
    (bits, roleId) => bits | (guild.role(roleId)?.permissions ?? 0n),
    0n,
  );
}

/** Managing a server is granted by roles alone: no channel adds or takes it. */
export function mayManage(permissions: bigint): boolean {
  return (permissions & (PermissionFlagsBits.Administrator | PermissionFlagsBits.ManageGuild)) !== 0n;
}
