import type { APIInteraction } from 'discord.js';
import type { Person, Place } from '#src/core/front.ts';
import type { GuildView } from './guild-view.ts';
import { displayName, personIn, personInDirect } from './people.ts';
import { directPlace, guildPlace } from './places.ts';

/** Who does something, and where. */
export interface InteractionScene {
  readonly place: Place;
  readonly person: Person;
  /** Undefined in direct messages. */
  readonly guild: GuildView | undefined;
}

/** Undefined where nothing can be played: a forum's front page, a conversation among friends. */
export function sceneOf(
  interaction: APIInteraction,
  guildOf: (id: string) => GuildView | undefined,
): InteractionScene | undefined {
  const { channel, guild_id: guildId, member } = interaction;
  if (channel === undefined) return undefined;
  if (guildId === undefined) {
    const { user } = interaction;
    if (user === undefined) return undefined;
    const place = directPlace({ id: user.id, name: displayName(user, undefined) }, channel.id);
    return { place, person: personInDirect(user), guild: undefined };
  }
  if (member === undefined) return undefined;
  const guild = guildOf(guildId);
  const place = guildPlace(
    { id: guildId, name: guild?.name ?? 'A Discord server' },
    {
      id: channel.id,
      type: channel.type,
      parentId: 'parent_id' in channel ? (channel.parent_id ?? undefined) : undefined,
    },
  );
  return place && { place, person: personIn(guild, member.user, member), guild };
}
