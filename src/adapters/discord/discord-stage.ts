import { ChannelType, MessageFlags } from 'discord.js';
import { PacedSpeech } from '#src/chat/paced-speech.ts';
import { AskerUnreachable, Refusal } from '#src/core/errors.ts';
import type { Place } from '#src/core/front.ts';
import { plainLine } from '#src/core/text.ts';
import {
  type Audience,
  type Board,
  type BoardView,
  type Notice,
  notice,
  type Speech,
  type SpeechOutput,
  type Stage,
} from '#src/core/view.ts';
import { postInChannel, told } from './channel-post.ts';
import { DiscordBoard } from './discord-board.ts';
import { isForbidden, isWrongChannel } from './faults.ts';
import type { InteractionAnswer } from './interaction-answer.ts';
import { MAX_THREAD_NAME_LENGTH } from './limits.ts';
import { actionsOf, noticePages } from './notice-message.ts';
import { NpcVoice } from './npc-voice.ts';
import { directUserOf, webhookChannelOf } from './places.ts';
import type { StageParts } from './stage-parts.ts';
import { showTyping } from './typing.ts';
import type { NoWebhook } from './webhooks.ts';

/** What is being answered: an interaction, a message, or nothing at all. */
export interface Occasion {
  readonly answer?: InteractionAnswer;
  readonly messageId?: string;
}

/** One channel, thread or direct conversation. */
export class DiscordStage implements Stage {
  readonly #parts: StageParts;
  readonly #place: Place;
  readonly #occasion: Occasion;

  constructor(parts: StageParts, place: Place, occasion: Occasion) {
    this.#parts = parts;
    this.#place = place;
    this.#occasion = occasion;
  }

  async tell(said: Notice, audience: Audience): Promise<void> {
    const { codes } = this.#parts;
    const pages = noticePages(said, await codes.forAll(this.#place, actionsOf(said)));
    const { answer, messageId } = this.#occasion;
    let saidPages = 0;
    if (answer !== undefined) {
      try {
        await answer.tell(pages, audience, () => {
          saidPages += 1;
        });
        return;
      } catch (error) {
        if (!(error instanceof AskerUnreachable) || audience === 'asker') throw error;
      }
    }
    // There is no private answer to a message: it is an ordinary reply.
    let replyTo = audience === 'asker' ? messageId : undefined;
    for (const components of pages.slice(saidPages)) {
      const body = { components, flags: MessageFlags.IsComponentsV2 };
      await postInChannel(this.#parts, this.#place.channelId, body, replyTo);
      replyTo = undefined;
    }
  }

  async refresh(shown: Notice): Promise<boolean> {
    const { codes, log } = this.#parts;
    const { channelId } = this.#place;
    try {
      const [page = []] = noticePages(shown, await codes.forAll(this.#place, actionsOf(shown)));
      return (await this.#occasion.answer?.refresh(page)) ?? false;
    } catch (error) {
      log.warn('a message could not be brought up to date', { channelId }, error);
      return false;
    }
  }

  openBoard(view: BoardView): Promise<Board> {
    return DiscordBoard.open(this.#parts, this.#place, this.#occasion.answer, view);
  }

  async speak(speech: Speech): Promise<SpeechOutput> {
    const { pacer, clock, codes, log, webhooks } = this.#parts;
    const { channelId } = this.#place;
    const hasBegun = new AbortController();
    void showTyping(this.#parts, channelId, hasBegun.signal);
    // Looked up while the model still thinks. Where it fails, the first post says so.
    if (directUserOf(this.#place) === undefined) {
      webhooks.in(webhookChannelOf(this.#place)).catch(() => undefined);
    }
    const codeOf = await codes.forAll(this.#place, speech.actions);
    const port = new NpcVoice(this.#parts, {
      place: this.#place,
      speech,
      codeOf,
      onPlain: (reason) => this.#explainPlain(reason),
    });
    const output = new PacedSpeech({
      speech: {
        ...speech,
        posted: (messageId) => {
          hasBegun.abort();
          speech.posted(messageId);
        },
      },
      port,
      pacer,
      // All threads of a channel speak through one webhook, which has one limit.
      channelId: webhookChannelOf(this.#place),
      clock,
      tell: (ending) => this.#atPlace().tell(ending, 'everyone'),
      onFault: (error) => log.warn('a reply could not be brought up to date', { channelId }, error),
    });
    return {
      append: (text) => output.append(text),
      end: async (ending) => {
        try {
          await output.end(ending);
        } finally {
          hasBegun.abort();
        }
      },
    };
  }

  async openThread(name: string): Promise<{ readonly channelId: string; readonly stage: Stage }> {
    const { platform, workspace, channelId, parentId } = this.#place;
    if (directUserOf(this.#place) !== undefined) {
      throw new Refusal(
        'There are no threads in direct messages. Leave it out, or play in a channel of a server.',
      );
    }
    if (parentId !== undefined) {
      throw new Refusal(
        'This is a thread already, and a thread holds no threads. Ask for it in the channel.',
      );
    }
    try {
      const { type } = await this.#parts.api.channel(channelId);
      const thread = await this.#parts.api.openThread(channelId, {
        name: threadName(name),
        type:
          type === ChannelType.GuildAnnouncement ? ChannelType.AnnouncementThread : ChannelType.PublicThread,
      });
      const place = { platform, workspace, channelId: thread.id, parentId: channelId };
      return { channelId: thread.id, stage: new DiscordStage(this.#parts, place, {}) };
    } catch (error) {
      if (isForbidden(error)) {
        throw new Refusal(
          'I may not open threads here. Give my role “Create Public Threads” in this channel.',
        );
      }
      if (isWrongChannel(error)) {
        throw new Refusal('This kind of channel holds no threads. Leave it out, or ask in a text channel.');
      }
      throw told(error);
    }
  }

  /** Said once in a channel: the voice goes on without, and people see why it looks so. */
  #explainPlain(reason: NoWebhook): void {
    const { once, log } = this.#parts;
    const { channelId } = this.#place;
    once(`${reason} ${webhookChannelOf(this.#place)}`, () =>
      this.#atPlace().tell(notice('hint', WHY_PLAIN[reason]), 'everyone'),
    ).catch((error: unknown) =>
      log.warn('a channel could not be told why NPCs look plain', { channelId }, error),
    );
  }

  /** This place by itself: what belongs to the channel is no answer to whoever asked. */
  #atPlace(): DiscordStage {
    return new DiscordStage(this.#parts, this.#place, {});
  }
}

const WHY_PLAIN: Readonly<Record<NoWebhook, string>> = {
  'may not':
    'I may not use webhooks in this channel, so NPCs speak under my name. Give my role “Manage Webhooks” here, and they speak under their own names, with pictures.',
  'too many':
    'This channel has as many webhooks as Discord allows (15), so NPCs speak under my name. Remove one in the channel’s settings under “Integrations”, and they speak under their own names.',
  'too many in the server':
    'This server has as many webhooks as Discord allows (1000), so NPCs speak under my name. Remove some in the server’s settings under “Integrations”, and they speak under their own names.',
  trouble:
    'Discord gives me no webhook in this channel at the moment, so NPCs speak under my name. It is tried again with what is said later.',
};

function threadName(name: string): string {
  const plain = plainLine(name);
  return (
    plain
      .slice(0, MAX_THREAD_NAME_LENGTH)
      .replace(/[\uD800-\uDBFF]$/u, '')
      .trim() || 'Scene'
  );
}
