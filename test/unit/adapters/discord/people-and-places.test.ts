import { type APIInteraction, ChannelType, InteractionType, PermissionFlagsBits } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { sceneOf } from '#src/adapters/discord/interaction-scene.ts';
import { inviteLink } from '#src/adapters/discord/invite.ts';
import { missingPermissions, NEEDED_PERMISSIONS } from '#src/adapters/discord/permissions.ts';
import { directPlace, directUserOf, guildPlace } from '#src/adapters/discord/places.ts';
import { APPLICATION, CHANNEL, GUILD, guild, PLAYER } from './guild.ts';

const user = { id: PLAYER, username: 'bob_1', global_name: 'Bob', discriminator: '0', avatar: null };

/** What Discord sends of an interaction, as far as it says who and where. */
function interaction(change: object): APIInteraction {
  const given: unknown = {
    id: '1',
    type: InteractionType.ApplicationCommand,
    token: 'TOKEN',
    guild_id: GUILD,
    channel: { id: CHANNEL, type: ChannelType.GuildText, parent_id: '8' },
    member: { user, nick: 'Sir Bob', roles: ['21'], permissions: '0' },
    ...change,
  };
  return given as APIInteraction;
}
const scene = (change: object) => sceneOf(interaction(change), (id) => (id === GUILD ? guild : undefined));

describe('a place', () => {
  const at = (type: ChannelType) => guildPlace(guild, { id: CHANNEL, type, parentId: '8' });

  it('is a channel where people write, without the category that it is in', () => {
    expect(at(ChannelType.GuildText)).toEqual({
      platform: 'discord',
      workspace: { platformId: GUILD, name: guild.name },
      channelId: CHANNEL,
    });
    for (const type of [ChannelType.GuildVoice, ChannelType.GuildAnnouncement])
      expect(at(type)).toBeDefined();
  });

  it('is a thread with the channel that it is in', () => {
    for (const type of [ChannelType.PublicThread, ChannelType.PrivateThread, ChannelType.AnnouncementThread])
      expect(at(type)?.parentId).toBe('8');
  });

  it('is not where nobody writes', () => {
    for (const type of [ChannelType.GuildForum, ChannelType.GuildCategory, ChannelType.GuildMedia])
      expect(at(type)).toBeUndefined();
  });

  it('is a workspace of its own in direct messages', () => {
    const place = directPlace({ id: PLAYER, name: 'Bob' }, '55');
    expect(place).toMatchObject({ workspace: { platformId: `dm:${PLAYER}` }, channelId: '55' });
    expect(directUserOf(place)).toBe(PLAYER);
    expect(
      directUserOf(guildPlace(guild, { id: '1', type: 0, parentId: undefined }) ?? place),
    ).toBeUndefined();
  });
});

describe('an interaction', () => {
  it('says who does something, and where', () => {
    expect(scene({})).toEqual({
      place: { platform: 'discord', workspace: { platformId: GUILD, name: guild.name }, channelId: CHANNEL },
      person: { id: PLAYER, name: 'Sir Bob', permission: 'player', roles: ['21'], isManager: false },
      guild,
    });
  });

  it('knows who manages the server, also where the server is not known yet', () => {
    const member = { user, roles: [], permissions: '32' };
    expect(scene({ member })?.person.isManager).toBe(true);
    expect(scene({ member, guild_id: '404' })?.person.isManager).toBe(true);
    expect(scene({ member: { ...member, permissions: '8' } })?.person.isManager).toBe(true);
  });

  it('in direct messages is by whoever leads there', () => {
    const direct = {
      guild_id: undefined,
      member: undefined,
      user,
      channel: { id: '55', type: ChannelType.DM },
    };
    expect(scene(direct)).toMatchObject({
      place: { workspace: { platformId: `dm:${PLAYER}` } },
      person: { name: 'Bob', isManager: true },
      guild: undefined,
    });
  });

  it('has no scene where nothing can be played', () => {
    expect(scene({ channel: { id: CHANNEL, type: ChannelType.GuildForum } })).toBeUndefined();
    expect(scene({ channel: undefined })).toBeUndefined();
  });
});

describe('permissions', () => {
  it('are Discord’s own bits, and all that the invite link asks for', () => {
    const { ViewChannel, SendMessages, EmbedLinks, ReadMessageHistory } = PermissionFlagsBits;
    const { ManageWebhooks, CreatePublicThreads, SendMessagesInThreads } = PermissionFlagsBits;
    expect(NEEDED_PERMISSIONS.map(({ bit }) => bit)).toEqual([
      ViewChannel,
      SendMessages,
      EmbedLinks,
      ReadMessageHistory,
      ManageWebhooks,
      CreatePublicThreads,
      SendMessagesInThreads,
    ]);
    const link = new URL(inviteLink(APPLICATION));
    expect(link.searchParams.get('client_id')).toBe(APPLICATION);
    expect(link.searchParams.get('scope')).toBe('bot applications.commands');
    const all = NEEDED_PERMISSIONS.reduce((bits, { bit }) => bits | bit, 0n);
    expect(link.searchParams.get('permissions')).toBe(all.toString());
  });

  it('that are missing are named as in Discord’s settings; an administrator lacks none', () => {
    expect(missingPermissions(PermissionFlagsBits.Administrator)).toEqual([]);
    const all = NEEDED_PERMISSIONS.reduce((bits, { bit }) => bits | bit, 0n);
    expect(missingPermissions(all)).toEqual([]);
    expect(missingPermissions(all & ~PermissionFlagsBits.ManageWebhooks)).toEqual(['Manage Webhooks']);
  });
});
