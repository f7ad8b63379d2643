import { setTimeout as sleep } from 'node:timers/promises';
import { type APIMessage, MessageFlags } from 'discord.js';
import type { SpeechPart, SpeechPort } from '#src/chat/paced-speech.ts';
import type { Place } from '#src/core/front.ts';
import type { Speech } from '#src/core/view.ts';
import { told, toldOfEdit } from './channel-post.ts';
import type { WebhookRef } from './discord-api.ts';
import { escapeLine, escapeSpeech } from './escape.ts';
import { isChannelGone, isInvalidForm, isMessageGone, isWebhookGone, mayHaveArrived } from './faults.ts';
import { MAX_AVATAR_ADDRESS_LENGTH, MAX_CONTENT_LENGTH } from './limits.ts';
import type { MessageBody, WebhookMessage } from './message-body.ts';
import { buttonRow } from './message-pages.ts';
import { buttonsOf, type CodeOf } from './notice-message.ts';
import { directUserOf, webhookChannelOf } from './places.ts';
import type { StageParts } from './stage-parts.ts';
import { webhookName } from './webhook-name.ts';
import type { NoWebhook } from './webhooks.ts';

/** What a name before the words takes at most where we speak under our own: 60 characters, escaped, and its marks. */
const LENGTH_FOR_NAME = 150;
/** How much of a reply is in one message, whichever way it is sent. */
export const MAX_SPEECH_LENGTH = MAX_CONTENT_LENGTH - LENGTH_FOR_NAME;

/** A message of which nobody knows whether it arrived is sent so often at most. */
const MAX_TRIES = 3;
/** Discord may still be busy with it. */
const LOOK_AFTER_IN_MS = 1000;
/** Our clock and Discord's may differ by so much. */
const CLOCK_SLACK_IN_MS = 2000;

/** Of a part of a reply, as Discord will see it. */
export function speechLength(markdown: string): number {
  return escapeSpeech(markdown).length;
}

/** Somebody has moved the webhook: what it says stands in another channel. */
class WebhookMoved extends Error {
  override readonly name = 'WebhookMoved';
}

/** Where a message of a reply stands. */
interface Post {
  readonly id: string;
  readonly way: Way;
  /** What of the part was shown elsewhere, by a webhook that is gone: this message goes on from there. */
  readonly from: number;
  shown: string;
}

type Way = WebhookRef | 'plain';

/** One NPC's voice in one place: through a webhook under its own name and picture, else as ourselves with its name before. */
export class NpcVoice implements SpeechPort {
  readonly maxLength = MAX_SPEECH_LENGTH;
  readonly measure = speechLength;
  readonly #parts: StageParts;
  readonly #place: Place;
  readonly #speech: Speech;
  readonly #codeOf: CodeOf;
  readonly #onPlain: (reason: NoWebhook) => void;
  readonly #posts = new Map<string, Post>();

  /** @param onPlain called where the channel gives us no webhook. */
  constructor(
    parts: StageParts,
    options: { place: Place; speech: Speech; codeOf: CodeOf; onPlain: (reason: NoWebhook) => void },
  ) {
    this.#parts = parts;
    this.#place = options.place;
    this.#speech = options.speech;
    this.#codeOf = options.codeOf;
    this.#onPlain = options.onPlain;
  }

  async post(part: SpeechPart): Promise<string> {
    try {
      const { id, way } = await this.#send(part, 0);
      this.#posts.set(id, { id, way, from: 0, shown: part.text });
      return id;
    } catch (error) {
      throw told(error);
    }
  }

  async edit(messageId: string, part: SpeechPart): Promise<void> {
    const post = this.#posts.get(messageId);
    if (post === undefined) return;
    const body = this.#body(post.way, part, post.from);
    try {
      if (post.way === 'plain') await this.#parts.api.edit(this.#place.channelId, post.id, body);
      else await this.#parts.api.editAs(post.way, { messageId: post.id, threadId: this.#threadId }, body);
      post.shown = part.text;
    } catch (error) {
      if (post.way === 'plain' || !isWebhookGone(error)) throw toldOfEdit(error);
      await this.#parts.webhooks.forget(this.#channelOfWebhook, post.way);
      await this.#goOn(messageId, post, part);
    }
  }

  /** The webhook is gone, and with it the way to change its message: what is new stands in another one. */
  async #goOn(messageId: string, post: Post, part: SpeechPart): Promise<void> {
    const from = part.text.startsWith(post.shown) ? post.shown.length : 0;
    if (part.text.slice(from).trim() === '') return;
    let another: { readonly id: string; readonly way: Way };
    try {
      another = await this.#send(part, from);
    } catch (error) {
      throw toldOfEdit(error);
    }
    this.#posts.set(messageId, { ...another, from, shown: part.text });
    this.#speech.posted(another.id);
  }

  async #send(part: SpeechPart, from: number): Promise<{ readonly id: string; readonly way: Way }> {
    const way = await this.#way();
    const sent = way === 'plain' ? undefined : await this.#postAs(way, part, from);
    return sent ?? (await this.#postPlain(part, from));
  }

  async #postPlain(part: SpeechPart, from: number) {
    const { id } = await this.#parts.api.post(this.#place.channelId, this.#body('plain', part, from));
    return { id, way: 'plain' as const };
  }

  /** Undefined where Discord takes neither the webhook nor a new one, or not the name: it is said as ourselves then. */
  async #postAs(webhook: WebhookRef, part: SpeechPart, from: number) {
    try {
      return await this.#sendAs(webhook, part, from);
    } catch (error) {
      if (isInvalidForm(error)) {
        this.#parts.log.warn('Discord did not take the name or the picture of an NPC', {}, error);
        return undefined;
      }
      if (!this.#isLost(error)) throw error;
    }
    await this.#parts.webhooks.forget(this.#channelOfWebhook, webhook);
    const another = await this.#way();
    return another === 'plain' ? undefined : await this.#sendAs(another, part, from);
  }

  /** Whether another webhook may serve. Discord knows no thread of a channel that a webhook was moved away from. */
  #isLost(error: unknown): boolean {
    const isMoved = error instanceof WebhookMoved || (this.#threadId !== undefined && isChannelGone(error));
    return isMoved || isWebhookGone(error);
  }

  async #sendAs(webhook: WebhookRef, part: SpeechPart, from: number): Promise<{ id: string; way: Way }> {
    const { api, avatarOf, clock, log, webhooks } = this.#parts;
    const { npc } = this.#speech;
    const sinceInMs = clock.now() - CLOCK_SLACK_IN_MS;
    const message = {
      ...this.#body(webhook, part, from),
      username: webhookName(npc.name),
      avatarUrl: avatarUrl(avatarOf(npc)),
      threadId: this.#threadId,
    };
    for (let tries = 1; ; tries += 1) {
      try {
        const { id, channel_id: channelId } = await api.postAs(webhook, message);
        if (channelId !== this.#place.channelId) await this.#takeBack(webhook, id);
        webhooks.claim(id);
        return { id, way: webhook };
      } catch (error) {
        if (error instanceof WebhookMoved) throw error;
        if (tries >= MAX_TRIES || !mayHaveArrived(error)) throw error;
        log.warn('it is not known whether a reply has arrived; it is looked for', { tries }, error);
      }
      await sleep(LOOK_AFTER_IN_MS, undefined, { ref: false });
      const id = await this.#arrived(webhook, message, sinceInMs);
      if (id !== undefined) return { id, way: webhook };
    }
  }

  /** @throws WebhookMoved always: the words are gone from where they were not meant to be. */
  async #takeBack(webhook: WebhookRef, messageId: string): Promise<never> {
    const { api, log } = this.#parts;
    const { channelId } = this.#place;
    log.warn('the webhook of NPCs was moved to another channel; another one is made', { channelId });
    await api.deleteAs(webhook, messageId).catch((error: unknown) => {
      if (!isMessageGone(error))
        log.error('what an NPC said stands in the wrong channel', { channelId, messageId }, error);
    });
    throw new WebhookMoved();
  }

  /** The message that stands there although we were told otherwise. */
  async #arrived(
    webhook: WebhookRef,
    { content, username }: WebhookMessage,
    sinceInMs: number,
  ): Promise<string | undefined> {
    const { api, webhooks } = this.#parts;
    // Where we may not read back, it is better said twice than not at all.
    const newest = await api.messagesSince(this.#place.channelId, sinceInMs).catch(() => []);
    const isIt = (message: APIMessage) =>
      message.webhook_id === webhook.id &&
      message.author.username === username &&
      // Where Discord keeps what was said from us, it is empty.
      (message.content === '' || message.content === content?.trim()) &&
      webhooks.claim(message.id);
    return newest.find(isIt)?.id;
  }

  async #way(): Promise<Way> {
    if (directUserOf(this.#place) !== undefined) return 'plain';
    const webhook = await this.#parts.webhooks.in(this.#channelOfWebhook);
    if (typeof webhook !== 'string') return webhook;
    this.#onPlain(webhook);
    return 'plain';
  }

  #body(way: Way, { text, actions }: SpeechPart, from: number): MessageBody {
    const shown = escapeSpeech(text.slice(from));
    // Marks alone leave nothing that Discord would show.
    const words = shown.trim() === '' ? '…' : shown;
    const buttons = buttonsOf(actions, this.#codeOf);
    return {
      content: way === 'plain' ? `**${escapeLine(this.#speech.npc.name)}**: ${words}` : words,
      components: buttons.length === 0 ? [] : [buttonRow(buttons)],
      flags: MessageFlags.SuppressEmbeds,
    };
  }

  get #channelOfWebhook(): string {
    return webhookChannelOf(this.#place);
  }

  get #threadId(): string | undefined {
    return this.#place.parentId === undefined ? undefined : this.#place.channelId;
  }
}

/** Only an address that Discord can fetch. */
function avatarUrl(address: string | undefined): string | undefined {
  const isUsable =
    address !== undefined && /^https?:\/\//iu.test(address) && address.length <= MAX_AVATAR_ADDRESS_LENGTH;
  return isUsable ? address : undefined;
}
