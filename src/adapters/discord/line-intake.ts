import type {
  APIUser,
  GatewayMessageCreateDispatchData,
  GatewayMessageDeleteBulkDispatchData,
  GatewayMessageUpdateDispatchData,
} from 'discord.js';
import type { Front, Place } from '#src/core/front.ts';
import type { Log } from '#src/core/log.ts';
import { type Notice, notice } from '#src/core/view.ts';
import type { Directory } from './directory.ts';
import { DiscordStage } from './discord-stage.ts';
import { isChannelGone } from './faults.ts';
import { type Ears, hear, hearChange } from './hearing.ts';
import { displayName } from './people.ts';
import { directPlace, guildPlace } from './places.ts';
import type { StageParts } from './stage-parts.ts';

export interface LineIntakeOptions {
  readonly front: Front;
  readonly parts: StageParts;
  readonly directory: Directory;
  readonly log: Log;
  readonly userId: string;
  readonly readsAll: () => boolean;
}

const UNREADABLE = notice(
  'hint',
  'I can see that you answered, but Discord keeps the words from me here. Mention me in the message, or use “Apps → Say to NPCs” in its menu.',
);

/** What people write: lines, their changes, their deletions. Nothing here throws. */
export class LineIntake {
  readonly #options: LineIntakeOptions;
  /** By channel, what came last; forgotten once it has been taken in. */
  readonly #newest = new Map<string, Promise<void>>();

  constructor(options: LineIntakeOptions) {
    this.#options = options;
  }

  message(data: GatewayMessageCreateDispatchData): Promise<void> {
    const { front, parts } = this.#options;
    return this.#inOrder('a message could not be taken in', data, async (ears) => {
      const heard = ears && hear(data, ears);
      if (ears === undefined || heard === undefined) return;
      const stage = new DiscordStage(parts, ears.place, { messageId: data.id });
      await (heard.kind === 'line' ? front.hear(heard.line, stage) : stage.tell(UNREADABLE, 'asker'));
    });
  }

  /** Nothing is taken in any more: who speaks to us is told so. */
  turnedAway(data: GatewayMessageCreateDispatchData, why: Notice): Promise<void> {
    const { parts } = this.#options;
    return this.#inOrder('nobody could be told that we are busy', data, async (ears) => {
      const heard = ears && hear(data, ears);
      if (ears === undefined || heard === undefined) return;
      if (heard.kind === 'line' && !heard.line.isDirect) return;
      await new DiscordStage(parts, ears.place, { messageId: data.id }).tell(why, 'asker');
    });
  }

  changed(data: GatewayMessageUpdateDispatchData): Promise<void> {
    const { front } = this.#options;
    return this.#inOrder('a changed message could not be taken in', data, async (ears) => {
      const heard = ears && hearChange(data, ears);
      if (ears === undefined || heard === undefined) return;
      const { place } = ears;
      await (heard.kind === 'revised'
        ? front.revise(heard.change)
        : front.retract({ place, messageId: data.id }));
    });
  }

  deleted(data: GatewayMessageDeleteBulkDispatchData): Promise<void> {
    const { front } = this.#options;
    return this.#inOrder('a deleted message could not be taken out', data, async (ears) => {
      if (ears === undefined) return;
      const { place } = ears;
      await Promise.all(data.ids.map((messageId) => front.retract({ place, messageId })));
    });
  }

  /**
   * What comes from one channel is handed inside in the order in which it came, though finding out where it belongs may
   * take some of it longer: what is deleted at once is not heard afterwards.
   * @param take its first part, up to handing it on, is done before the next one's turn.
   */
  async #inOrder(
    failure: string,
    data: Pick<GatewayMessageUpdateDispatchData, 'channel_id' | 'guild_id'> & { readonly author?: APIUser },
    take: (ears: Ears | undefined) => Promise<void>,
  ): Promise<void> {
    const { channel_id: channelId } = data;
    const before = this.#newest.get(channelId) ?? Promise.resolve();
    const turn = before.then(async () => {
      const ears = await this.#ears(data);
      return { taking: take(ears) };
    });
    const passed = turn.then(
      () => undefined,
      () => undefined,
    );
    this.#newest.set(channelId, passed);
    try {
      await (await turn).taking;
    } catch (error) {
      // Whoever wrote there has gone too: nobody is left to tell.
      if (isChannelGone(error)) this.#options.log.info(failure, { channelId });
      else this.#options.log.error(failure, { channelId }, error);
    } finally {
      if (this.#newest.get(channelId) === passed) this.#newest.delete(channelId);
    }
  }

  async #ears(
    data: Pick<GatewayMessageUpdateDispatchData, 'channel_id' | 'guild_id'> & { readonly author?: APIUser },
  ): Promise<Ears | undefined> {
    const { parts, directory, userId, readsAll } = this.#options;
    const { guild_id: guildId, author } = data;
    // Our own messages are the most frequent ones, and nobody needs to know where they stand.
    if (author?.id === userId) return undefined;
    const place = await this.#place(data.channel_id, guildId, author);
    if (place === undefined) return undefined;
    return {
      userId,
      applicationId: parts.api.applicationId,
      readsAll: readsAll(),
      place,
      guild: guildId === undefined ? undefined : directory.guild(guildId),
    };
  }

  async #place(
    channelId: string,
    guildId: string | undefined,
    author: APIUser | undefined,
  ): Promise<Place | undefined> {
    const { directory } = this.#options;
    if (guildId === undefined) {
      // With whom a conversation is does not come with a deletion.
      const user = author ?? (await directory.directUser(channelId));
      return user && directPlace({ id: user.id, name: displayName(user, undefined) }, channelId);
    }
    const guild = directory.guild(guildId);
    return guild === undefined ? undefined : guildPlace(guild, await directory.channel(channelId));
  }
}
