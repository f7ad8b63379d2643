import {
  type APIGuildMember,
  type APIOverwrite,
  type APIRole,
  OverwriteType,
  PermissionFlagsBits,
} from 'discord.js';
import type { GameMasters, Privacy } from '#src/core/front.ts';
import { mayManage } from './people.ts';

/** A channel of a guild with all that decides who reads there, as it is now. */
export interface ChannelAccess {
  readonly guildId: string;
  readonly ownerId: string;
  /** Us. */
  readonly userId: string;
  readonly roles: readonly Pick<APIRole, 'id' | 'name' | 'permissions' | 'tags'>[];
  readonly overwrites: readonly APIOverwrite[];
  /** Those to whom an overwrite of their own opens the channel; undefined where they have left. */
  readonly members: ReadonlyMap<string, Pick<APIGuildMember, 'roles' | 'user' | 'nick'> | undefined>;
}

const ADMIN = PermissionFlagsBits.Administrator;
const VIEW = PermissionFlagsBits.ViewChannel;

/**
 * Whether nobody but these game masters reads in a channel. Whoever administers the server reads everything in any case,
 * and we have to read it ourselves. Who has a role is not known without a further intent: a role that reads there counts,
 * whether or not anybody has it.
 */
export function privacyOfChannel(access: ChannelAccess, gms: GameMasters): Privacy {
  const { guildId, ownerId, userId, roles, members } = access;
  if (!gms.roles.includes(guildId) && seesWith(access, undefined)) {
    return open('Everybody in the server can read this channel.');
  }
  for (const role of roles) {
    if (role.id === guildId || role.tags?.bot_id === userId) continue;
    if (leads(role, gms) || !seesWith(access, role)) continue;
    return open(`The role “${role.name}” can read this channel, and it is not a game master’s.`);
  }
  for (const id of openedTo(access)) {
    if (id === userId || id === ownerId || gms.people.includes(id)) continue;
    const member = members.get(id);
    if (member === undefined) continue;
    if (roles.some((role) => member.roles.includes(role.id) && leads(role, gms))) continue;
    const name = member.nick ?? member.user.global_name ?? member.user.username;
    return open(`${name} can read this channel, and is no game master.`);
  }
  return { isPrivate: true };
}

/** To whom an overwrite of their own opens the channel. */
export function openedTo({ overwrites }: Pick<ChannelAccess, 'overwrites'>): readonly string[] {
  return overwrites
    .filter(({ type, allow }) => type === OverwriteType.Member && (BigInt(allow) & VIEW) !== 0n)
    .map(({ id }) => id);
}

/** A role whose members may read what is for game masters. */
function leads({ id, permissions }: Pick<APIRole, 'id' | 'permissions'>, gms: GameMasters): boolean {
  const bits = BigInt(permissions);
  return gms.roles.includes(id) || (bits & ADMIN) !== 0n || (gms.areManagers && mayManage(bits));
}

/**
 * Whether somebody sees the channel who has this one role besides the one that everybody has. Nobody sees it by two roles
 * together who would not by one of them: what a role allows in a channel outweighs what another denies.
 */
function seesWith(
  { guildId, roles, overwrites }: ChannelAccess,
  role: Pick<APIRole, 'id' | 'permissions'> | undefined,
): boolean {
  const everyone = roles.find(({ id }) => id === guildId);
  let bits = BigInt(everyone?.permissions ?? '0') | BigInt(role?.permissions ?? '0');
  if ((bits & ADMIN) !== 0n) return true;
  for (const id of [guildId, role?.id]) {
    const overwrite = overwrites.find((each) => each.type === OverwriteType.Role && each.id === id);
    if (overwrite === undefined) continue;
    bits = (bits & ~BigInt(overwrite.deny)) | BigInt(overwrite.allow);
  }
  return (bits & VIEW) !== 0n;
}

/** Somebody in the server that a campaign is played in, as they are there now. */
export interface MemberAccess {
  readonly guildId: string;
  readonly ownerId: string;
  readonly roles: ChannelAccess['roles'];
  /** Undefined where they are not in the server, or not any more. */
  readonly member: Pick<APIGuildMember, 'roles'> | undefined;
}

/**
 * A direct conversation: nobody else ever reads there. Whoever leads a campaign of a server does so as long as they are
 * in it, and have there what makes them lead.
 */
export function privacyOfDirect(userId: string, gms: GameMasters, access: MemberAccess): Privacy {
  const { guildId, ownerId, roles, member } = access;
  const server = `the server “${gms.workspace.name}”`;
  if (member === undefined)
    return open(`This is a direct conversation with somebody who is not in ${server}.`);
  const held = [guildId, ...member.roles];
  const isManager =
    userId === ownerId ||
    roles.some(({ id, permissions }) => held.includes(id) && mayManage(BigInt(permissions)));
  const isGm =
    gms.people.includes(userId) ||
    gms.roles.some((id) => held.includes(id)) ||
    (gms.areManagers && isManager);
  return isGm
    ? { isPrivate: true }
    : open(`This is a direct conversation with somebody who is no game master in ${server}.`);
}

/** A campaign of its own that is played in a direct conversation, which belongs to whom it is with. */
export function privacyAtHome(userId: string, gms: GameMasters): Privacy {
  return gms.areManagers || gms.people.includes(userId)
    ? { isPrivate: true }
    : open('This is a direct conversation with somebody who is not named as a game master.');
}

export function open(why: string): Privacy {
  return { isPrivate: false, why };
}
