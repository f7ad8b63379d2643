import { ChannelType } from 'discord.js';
import type { Place } from '#src/core/front.ts';
import type { ChannelView } from './guild-view.ts';

const THREADS: ReadonlySet<number> = new Set([
  ChannelType.AnnouncementThread,
  ChannelType.PublicThread,
  ChannelType.PrivateThread,
]);

/** Where people write to each other; forums, categories and the rest hold no conversation of their own. */
const PLAYABLE: ReadonlySet<number> = new Set([
  ChannelType.GuildText,
  ChannelType.GuildAnnouncement,
  ChannelType.GuildVoice,
  ChannelType.GuildStageVoice,
  ...THREADS,
]);

/** A direct conversation is a workspace of its own, whose id begins so. */
const DIRECT = 'dm:';

function isThread(type: number): boolean {
  return THREADS.has(type);
}

/** A channel or thread of a guild as a place; undefined where nothing can be played. */
export function guildPlace(
  guild: { readonly id: string; readonly name: string },
  channel: Pick<ChannelView, 'id' | 'type' | 'parentId'>,
): Place | undefined {
  if (!PLAYABLE.has(channel.type)) return undefined;
  return {
    platform: 'discord',
    workspace: { platformId: guild.id, name: guild.name },
    channelId: channel.id,
    ...(isThread(channel.type) && channel.parentId !== undefined ? { parentId: channel.parentId } : {}),
  };
}

/** The conversation with one person alone. */
export function directPlace(user: { readonly id: string; readonly name: string }, channelId: string): Place {
  return {
    platform: 'discord',
    workspace: { platformId: DIRECT + user.id, name: `Direct messages with ${user.name}` },
    channelId,
  };
}

/** The channel whose webhook speaks in a place, and whose pace all its threads share. */
export function webhookChannelOf({ channelId, parentId }: Pick<Place, 'channelId' | 'parentId'>): string {
  return parentId ?? channelId;
}

/** Whose direct conversation a place is; undefined for one in a guild. */
export function directUserOf(place: Pick<Place, 'workspace'>): string | undefined {
  const { platformId } = place.workspace;
  return platformId.startsWith(DIRECT) ? platformId.slice(DIRECT.length) : undefined;
}
