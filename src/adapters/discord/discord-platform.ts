import { ChannelType } from 'discord.js';
import { MessageGone } from '#src/chat/failures.ts';
import { sendPaced } from '#src/chat/paced-send.ts';
import { markedText } from '#src/chat/speech-marks.ts';
import { splitText } from '#src/chat/split-text.ts';
import { Refusal } from '#src/core/errors.ts';
import type { BrokenReply, GameMasters, Place, Platform, Privacy } from '#src/core/front.ts';
import type { Speech, Stage } from '#src/core/view.ts';
import { told } from './channel-post.ts';
import { DiscordStage } from './discord-stage.ts';
import { escapeLine, escapeSpeech } from './escape.ts';
import { isChannelGone, isForbidden, isOthersMessage, isUnknownMember, isWebhookGone } from './faults.ts';
import { MAX_SPEECH_LENGTH, NpcVoice, speechLength } from './npc-voice.ts';
import { displayName } from './people.ts';
import { directPlace, directUserOf, guildPlace, webhookChannelOf } from './places.ts';
import { open, openedTo, privacyAtHome, privacyOfChannel, privacyOfDirect } from './privacy.ts';
import type { StageParts } from './stage-parts.ts';

/** Discord, as the inside uses it apart from what just came in. */
export class DiscordPlatform implements Platform {
  readonly name = 'discord';
  readonly #parts: StageParts;
  readonly #userId: string;

  constructor(parts: StageParts, userId: string) {
    this.#parts = parts;
    this.#userId = userId;
  }

  async stageAt(place: Place): Promise<Stage> {
    try {
      await this.#parts.api.channel(place.channelId);
    } catch (error) {
      throw told(error);
    }
    return new DiscordStage(this.#parts, place, {});
  }

  async directPlace(personId: string): Promise<Place> {
    try {
      const channel = await this.#parts.api.openDirect(personId);
      const user = channel.type === ChannelType.DM ? channel.recipients?.[0] : undefined;
      const name = user === undefined ? 'somebody' : displayName(user, undefined);
      return directPlace({ id: personId, name }, channel.id);
    } catch (error) {
      const refusal = told(error);
      if (refusal instanceof Refusal) throw refusal;
      throw new Refusal('Discord does not let me write to this person directly.', { cause: error });
    }
  }

  async privacyOf(place: Place, gms: GameMasters): Promise<Privacy> {
    const { channelId } = place;
    try {
      const userId = directUserOf(place);
      return userId === undefined
        ? await this.#privacyOfChannel(place, gms)
        : await this.#privacyOfDirect(userId, gms);
    } catch (error) {
      if (isChannelGone(error)) return open('The channel is gone.');
      if (isForbidden(error))
        return open('I may not look into this channel, so I cannot see who reads there.');
      this.#parts.log.warn('it could not be seen who reads in a channel', { channelId }, error);
      return open('Discord does not say at the moment who reads in this channel. Try again in a minute.');
    }
  }

  async #privacyOfDirect(userId: string, gms: GameMasters): Promise<Privacy> {
    const home = directUserOf(gms);
    if (home === userId) return privacyAtHome(userId, gms);
    if (home !== undefined) return open('This is a direct conversation with somebody else.');
    const { api } = this.#parts;
    const guildId = gms.workspace.platformId;
    const [guild, roles, member] = await Promise.all([
      api.guild(guildId),
      api.roles(guildId),
      this.#member(guildId, userId),
    ]);
    return privacyOfDirect(userId, gms, { guildId, ownerId: guild.owner_id, roles, member });
  }

  async #privacyOfChannel(place: Place, gms: GameMasters): Promise<Privacy> {
    const { api } = this.#parts;
    const guildId = gms.workspace.platformId;
    const here = await api.channel(place.channelId);
    if (here.type === ChannelType.PrivateThread) {
      return open(
        'Discord does not tell me who is in a private thread. Use a channel that only the game masters can see.',
      );
    }
    // A public thread is read by whoever reads the channel that it is in.
    const isThread = here.type === ChannelType.PublicThread || here.type === ChannelType.AnnouncementThread;
    const channel = isThread && here.parent_id ? await api.channel(here.parent_id) : here;
    if (!('guild_id' in channel) || channel.guild_id !== guildId) {
      return open('This channel is not in the server that the campaign is played in.');
    }
    const overwrites = ('permission_overwrites' in channel ? channel.permission_overwrites : undefined) ?? [];
    const [guild, roles, members] = await Promise.all([
      api.guild(guildId),
      api.roles(guildId),
      Promise.all(openedTo({ overwrites }).map(async (id) => [id, await this.#member(guildId, id)] as const)),
    ]);
    return privacyOfChannel(
      {
        guildId,
        ownerId: guild.owner_id,
        userId: this.#userId,
        roles,
        overwrites,
        members: new Map(members),
      },
      gms,
    );
  }

  /** Undefined where they have left the server. */
  async #member(guildId: string, userId: string) {
    try {
      return await this.#parts.api.member(guildId, userId);
    } catch (error) {
      if (isUnknownMember(error)) return undefined;
      throw error;
    }
  }

  async markBrokenOff({ messageIds, npcName, npcId, text, notice, ...broken }: BrokenReply): Promise<void> {
    const limits = { maxLength: MAX_SPEECH_LENGTH, measure: speechLength };
    const said = splitText(markedText(text, 'cut'), limits);
    const last = messageIds.at(-1);
    const standing = said[messageIds.length - 1];
    try {
      const place = await this.#inParent(broken.place);
      if (last !== undefined && standing !== undefined) await this.#mark(place, last, npcName, standing);
      const voice = this.#voice(place, { id: npcId, name: npcName, avatar: '' });
      // Committed, and not shown any more before the crash.
      for (const words of said.slice(messageIds.length)) await this.#say(place, voice, words);
      await new DiscordStage(this.#parts, place, {}).tell(notice, 'everyone');
    } catch (error) {
      // Where the channel is gone, or closed to us, nobody sees what stands there either.
      if (!(told(error) instanceof Refusal)) throw error;
    }
  }

  /** Where a channel is a thread, with the channel that it is in. */
  async #inParent(place: Place): Promise<Place> {
    if (directUserOf(place) !== undefined || place.parentId !== undefined) return place;
    const { platformId: id, name } = place.workspace;
    const channel = await this.#parts.api.channel(place.channelId);
    const parentId = 'parent_id' in channel ? (channel.parent_id ?? undefined) : undefined;
    return guildPlace({ id, name }, { id: channel.id, type: channel.type, parentId }) ?? place;
  }

  #voice(place: Place, npc: Speech['npc']): NpcVoice {
    const speech = { npc, lineId: '', actions: [], posted: () => undefined };
    const silent = () => undefined;
    return new NpcVoice(this.#parts, { place, speech, codeOf: silent, onPlain: silent });
  }

  async #say(place: Place, voice: NpcVoice, text: string): Promise<void> {
    const request = { kind: 'first', channelId: webhookChannelOf(place) } as const;
    await sendPaced(this.#parts.pacer, request, () => voice.post({ text, actions: [] }));
  }

  /** Through the webhook that said it, else as ourselves; a message that is neither's is left alone. */
  async #mark(place: Place, messageId: string, npcName: string, text: string): Promise<void> {
    const { api, webhooks, pacer } = this.#parts;
    const { channelId, parentId } = place;
    const words = escapeSpeech(text);
    const edit = (send: () => Promise<void>) =>
      sendPaced(pacer, { kind: 'last', channelId: webhookChannelOf(place) }, () =>
        send().catch((error: unknown) => {
          throw isOthersMessage(error) || isWebhookGone(error) ? new MessageGone() : told(error);
        }),
      );
    const webhook =
      directUserOf(place) === undefined ? await webhooks.in(webhookChannelOf(place)) : ('may not' as const);
    const threadId = parentId === undefined ? undefined : channelId;
    try {
      if (typeof webhook !== 'string') {
        await edit(() => api.editAs(webhook, { messageId, threadId }, { content: words, components: [] }));
        return;
      }
    } catch (error) {
      if (!(error instanceof MessageGone)) throw error;
    }
    try {
      const content = `**${escapeLine(npcName)}**: ${words}`;
      await edit(() => api.edit(channelId, messageId, { content, components: [] }));
    } catch (error) {
      if (!(error instanceof MessageGone)) throw error;
    }
  }
}
