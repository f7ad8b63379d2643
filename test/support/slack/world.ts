import { randomBytes } from 'node:crypto';
import type { Fields } from './fields.ts';

/** What Slack knows of the app: as its manifest says. */
export interface SlackApp {
  readonly id: string;
  readonly name: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly signingSecret: string;
  readonly appToken: string;
  readonly verificationToken: string;
  readonly scopes: readonly string[];
  readonly events: readonly string[];
  /** With the slash: "/npc". Undefined: any. */
  readonly commands: readonly string[] | undefined;
  /** Callback ids. Undefined: any. */
  readonly shortcuts: readonly string[] | undefined;
}

export interface Member {
  readonly id: string;
  readonly team: Team;
  name: string;
  realName: string;
  isAdmin: boolean;
  isOwner: boolean;
  isGuest: boolean;
  readonly isBot: boolean;
  isDeleted: boolean;
}

export type ChannelKind = 'public' | 'private' | 'im' | 'mpim';

export interface Channel {
  readonly id: string;
  readonly team: Team;
  readonly name: string;
  readonly kind: ChannelKind;
  /** Ids, our bot's own among them where it was invited. */
  readonly members: Set<string>;
  isArchived: boolean;
  isDeleted: boolean;
}

export interface Team {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
  readonly bot: Member;
  readonly botId: string;
  readonly members: Map<string, Member>;
  readonly channels: Map<string, Channel>;
  /** User groups: id → ids of those in it. */
  readonly groups: Map<string, { readonly handle: string; readonly users: Set<string> }>;
  token: string;
  scopes: Set<string>;
  isInstalled: boolean;
  /** What every call with its token is answered, where something is wrong with the whole. */
  tokenFault: 'token_revoked' | 'account_inactive' | 'invalid_auth' | undefined;
}

let counted = 0;

/** An id in Slack's form, never given twice. */
export function newId(letter: string): string {
  counted += 1;
  return `${letter}0${counted.toString(36).toUpperCase().padStart(9, 'A')}`;
}

export function newToken(kind: string): string {
  return `${kind}-${randomBytes(12).toString('hex')}`;
}

export function openTeam(name: string, scopes: readonly string[], isInstalled: boolean): Team {
  const id = newId('T');
  const members = new Map<string, Member>();
  const team: Team = {
    id,
    name,
    domain: name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'),
    botId: newId('B'),
    members,
    channels: new Map(),
    groups: new Map(),
    token: newToken('xoxb'),
    scopes: new Set(scopes),
    isInstalled,
    tokenFault: undefined,
    get bot() {
      return bot;
    },
  };
  const bot = addMember(team, 'dramatis', { isBot: true });
  return team;
}

export function addMember(
  team: Team,
  name: string,
  traits: { readonly isAdmin?: boolean; readonly isOwner?: boolean; readonly isBot?: boolean } = {},
): Member {
  const member: Member = {
    id: newId('U'),
    team,
    name,
    realName: name,
    isAdmin: traits.isAdmin ?? false,
    isOwner: traits.isOwner ?? false,
    isGuest: false,
    isBot: traits.isBot ?? false,
    isDeleted: false,
  };
  team.members.set(member.id, member);
  return member;
}

const LETTERS: Readonly<Record<ChannelKind, string>> = { public: 'C', private: 'C', im: 'D', mpim: 'G' };

export function addChannel(team: Team, name: string, kind: ChannelKind, members: readonly string[]): Channel {
  const channel: Channel = {
    id: newId(LETTERS[kind]),
    team,
    name,
    kind,
    members: new Set(members),
    isArchived: false,
    isDeleted: false,
  };
  team.channels.set(channel.id, channel);
  return channel;
}

/** Whether a person can read a channel: its members, and of public ones everybody but guests. */
export function canRead(channel: Channel, personId: string): boolean {
  if (channel.members.has(personId)) return true;
  const person = channel.team.members.get(personId);
  return channel.kind === 'public' && person !== undefined && !person.isGuest;
}

export function memberFields(member: Member): Fields {
  return {
    id: member.id,
    team_id: member.team.id,
    name: member.name.toLowerCase(),
    deleted: member.isDeleted,
    real_name: member.realName,
    is_admin: member.isAdmin,
    is_owner: member.isOwner,
    is_primary_owner: member.isOwner,
    is_restricted: member.isGuest,
    is_ultra_restricted: false,
    is_bot: member.isBot,
    is_app_user: false,
    tz: 'Europe/London',
    profile: {
      real_name: member.realName,
      display_name: member.name,
      real_name_normalized: member.realName,
      display_name_normalized: member.name,
      team: member.team.id,
    },
  };
}

export function channelFields(channel: Channel, readerId: string): Fields {
  const isDirect = channel.kind === 'im';
  return {
    id: channel.id,
    context_team_id: channel.team.id,
    ...(isDirect
      ? { user: [...channel.members].find((id) => id !== readerId), is_user_deleted: false }
      : { name: channel.name, name_normalized: channel.name }),
    is_channel: channel.kind === 'public' || channel.kind === 'private',
    is_group: false,
    is_im: isDirect,
    is_mpim: channel.kind === 'mpim',
    is_private: channel.kind !== 'public',
    is_archived: channel.isArchived,
    is_member: channel.members.has(readerId),
    is_general: false,
    is_shared: false,
    is_ext_shared: false,
    is_org_shared: false,
    num_members: channel.members.size,
    created: 1_700_000_000,
    creator: [...channel.members][0] ?? '',
    unlinked: 0,
    updated: 1_700_000_000_000,
    shared_team_ids: [channel.team.id],
    topic: { value: '', creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
  };
}

/** As events name it. */
export function channelType(channel: Channel): string {
  return channel.kind === 'public' ? 'channel' : channel.kind === 'private' ? 'group' : channel.kind;
}
