import type { GuildView } from '#src/adapters/discord/guild-view.ts';

export const US = '100000000000000001';
export const APPLICATION = '100000000000000002';
export const OWNER = '100000000000000003';
export const PLAYER = '100000000000000004';
export const GUILD = '100000000000000005';
export const OUR_ROLE = '100000000000000006';
export const CHANNEL = '100000000000000007';
export const MANAGE_GUILD = 1n << 5n;
export const ADMINISTRATOR = 1n << 3n;

/** A guild with a role that manages it, one that does not, and ours. */
export const guild: GuildView = {
  id: GUILD,
  name: 'The Salt Docks',
  ownerId: OWNER,
  ownRoleId: OUR_ROLE,
  role: (id) =>
    new Map([
      [GUILD, { name: '@everyone', permissions: 0n }],
      [OUR_ROLE, { name: 'Dramatis', permissions: 0n }],
      ['20', { name: 'Wardens', permissions: MANAGE_GUILD }],
      ['21', { name: 'Players', permissions: 1n }],
      ['22', { name: 'Kings', permissions: ADMINISTRATOR }],
    ]).get(id),
  channelName: (id) => (id === CHANNEL ? 'tavern' : undefined),
};
