import { OverwriteType } from 'discord.js';
import { describe, expect, it } from 'vitest';
import {
  type ChannelAccess,
  type MemberAccess,
  privacyAtHome,
  privacyOfChannel,
  privacyOfDirect,
} from '#src/adapters/discord/privacy.ts';
import type { GameMasters } from '#src/core/front.ts';
import { ADMINISTRATOR, GUILD, MANAGE_GUILD, OUR_ROLE, OWNER, PLAYER, US } from './guild.ts';

const VIEW = 1n << 10n;
const GM = '30';
const MODERATORS = '31';
const workspace = { platformId: GUILD, name: 'The Salt Docks' };
const gms: GameMasters = { people: [PLAYER], roles: [GM], areManagers: false, workspace };
const nobody: GameMasters = { people: [], roles: [], areManagers: false, workspace };
const managers: GameMasters = { ...nobody, areManagers: true };

const role = (id: string, name: string, permissions = 0n, botId?: string) => ({
  id,
  name,
  permissions: String(permissions),
  ...(botId === undefined ? {} : { tags: { bot_id: botId } }),
});
const overwrite = (id: string, allow: bigint, deny = 0n, type = OverwriteType.Role) => ({
  id,
  type,
  allow: String(allow),
  deny: String(deny),
});
const forMember = (id: string, allow = VIEW) => overwrite(id, allow, 0n, OverwriteType.Member);
const member = (
  id: string,
  name: string,
  roles: readonly string[] = [],
): [string, NonNullable<ReturnType<ChannelAccess['members']['get']>>] => [
  id,
  {
    roles: [...roles],
    nick: null,
    user: { id, username: name, global_name: null, discriminator: '0', avatar: null },
  },
];

/** A channel that everybody but those with a game master's role is kept out of. */
function access(change: Partial<ChannelAccess> = {}): ChannelAccess {
  return {
    guildId: GUILD,
    ownerId: OWNER,
    userId: US,
    roles: [
      role(GUILD, '@everyone', VIEW),
      role(GM, 'Game masters'),
      role(MODERATORS, 'Moderators', VIEW),
      role(OUR_ROLE, 'Dramatis', VIEW, US),
    ],
    overwrites: [overwrite(GUILD, 0n, VIEW), overwrite(GM, VIEW), overwrite(OUR_ROLE, VIEW)],
    members: new Map(),
    ...change,
  };
}
const base = access();
const why = (given: ChannelAccess, who = gms) => {
  const privacy = privacyOfChannel(given, who);
  return privacy.isPrivate ? 'private' : privacy.why;
};

describe('a channel', () => {
  it('is private where only game masters and we read', () => {
    expect(why(base)).toBe('private');
  });

  it('is not where everybody reads', () => {
    expect(why({ ...base, overwrites: [] })).toBe('Everybody in the server can read this channel.');
    expect(why({ ...base, overwrites: [overwrite(GUILD, VIEW)] })).toContain('Everybody');
    const hidden = [role(GUILD, '@everyone'), ...base.roles.slice(1)];
    expect(why({ ...base, roles: hidden, overwrites: [overwrite(GUILD, VIEW)] })).toContain('Everybody');
  });

  it('is not where another role reads, by the channel or by the server', () => {
    const opened = [...base.overwrites, overwrite(MODERATORS, VIEW)];
    expect(why({ ...base, overwrites: opened })).toBe(
      'The role “Moderators” can read this channel, and it is not a game master’s.',
    );
    // Nobody is kept out here, but the role that everybody has does not let them in.
    const roles = [role(GUILD, '@everyone'), ...base.roles.slice(1)];
    expect(why({ ...base, roles, overwrites: [] })).toContain('Moderators');
    expect(why({ ...base, roles, overwrites: [overwrite(MODERATORS, 0n, VIEW)] })).toBe('private');
  });

  it('may be read by whoever administers the server', () => {
    const roles = [...base.roles, role('32', 'Kings', ADMINISTRATOR)];
    expect(why({ ...base, roles })).toBe('private');
  });

  it('may be read by whoever manages the server only while they lead', () => {
    const roles = [...base.roles, role('33', 'Wardens', MANAGE_GUILD)];
    const overwrites = [overwrite(GUILD, 0n, VIEW), overwrite('33', VIEW)];
    expect(why({ ...base, roles, overwrites }, managers)).toBe('private');
    expect(why({ ...base, roles, overwrites })).toContain('Wardens');
  });

  it('is not private where another bot’s role is let in', () => {
    const roles = [...base.roles, role('34', 'Logger', 0n, '999')];
    expect(why({ ...base, roles, overwrites: [...base.overwrites, overwrite('34', VIEW)] })).toContain(
      'Logger',
    );
  });

  it('lets single people in: game masters, the owner and us, and who has left counts no more', () => {
    const overwrites = [
      ...base.overwrites,
      forMember(PLAYER),
      forMember(OWNER),
      forMember(US),
      forMember('88'),
    ];
    expect(why({ ...base, overwrites, members: new Map([['88', undefined]]) })).toBe('private');
    expect(why({ ...base, overwrites, members: new Map([member('88', 'eve')]) })).toBe(
      'eve can read this channel, and is no game master.',
    );
    expect(why({ ...base, overwrites, members: new Map([member('88', 'eve', [GM])]) })).toBe('private');
  });

  it('counts the role of everybody as a game master’s where it was named one', () => {
    expect(why({ ...base, overwrites: [] }, { ...gms, roles: [GUILD, MODERATORS, GM] })).toBe('private');
  });
});

describe('a direct conversation', () => {
  const roles = [role(GUILD, '@everyone'), role(GM, 'Game masters'), role('33', 'Wardens', MANAGE_GUILD)];
  const having = (...held: readonly string[]): MemberAccess => ({
    guildId: GUILD,
    ownerId: OWNER,
    roles,
    member: { roles: [...held] },
  });

  it('is private with whom the campaign names, by themselves or by a role that they have now', () => {
    expect(privacyOfDirect(PLAYER, gms, having())).toEqual({ isPrivate: true });
    expect(privacyOfDirect('88', gms, having(GM))).toEqual({ isPrivate: true });
    expect(privacyOfDirect('88', gms, having('33')).isPrivate).toBe(false);
    expect(privacyOfDirect(OWNER, nobody, having()).isPrivate).toBe(false);
  });

  it('is private with whoever manages the server now, where nobody is named', () => {
    expect(privacyOfDirect(OWNER, managers, having())).toEqual({ isPrivate: true });
    expect(privacyOfDirect('88', managers, having('33'))).toEqual({ isPrivate: true });
    expect(privacyOfDirect('88', managers, having())).toEqual({
      isPrivate: false,
      why: 'This is a direct conversation with somebody who is no game master in the server “The Salt Docks”.',
    });
  });

  it('is not private with who has left the server', () => {
    expect(privacyOfDirect(PLAYER, gms, { ...having(), member: undefined }).isPrivate).toBe(false);
  });

  it('with a campaign of its own belongs to whom it is with', () => {
    expect(privacyAtHome(PLAYER, managers)).toEqual({ isPrivate: true });
    expect(privacyAtHome(PLAYER, gms)).toEqual({ isPrivate: true });
    expect(privacyAtHome(PLAYER, nobody).isPrivate).toBe(false);
  });
});
