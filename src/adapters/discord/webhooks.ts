import type { APIWebhook } from 'discord.js';
import { LRUCache } from 'lru-cache';
import type { EditPacer } from '#src/chat/edit-pacer.ts';
import type { Log } from '#src/core/log.ts';
import type { DiscordApi, WebhookRef } from './discord-api.ts';
import {
  isChannelGone,
  isForbidden,
  isServersWebhookLimit,
  isWebhookLimit,
  mayHaveArrived,
} from './faults.ts';

/** Channels whose webhook is known without asking. */
const MAX_CHANNELS = 5000;
/** After this it is looked up whether the permission that was missing has been given. */
const RECHECK_IN_MS = 5 * 60_000;
/** The same after a failure of Discord's own. */
const RECHECK_TROUBLE_IN_MS = 30_000;
/** Messages of which it is known what they are: more than are spoken while one is looked for. */
const MAX_CLAIMED = 2000;
/** As it stands in the server's settings; NPCs speak under names of their own. */
const WEBHOOK_NAME = 'Dramatis';

/** Why NPCs cannot speak under their own names in a channel. */
export type NoWebhook = 'may not' | 'too many' | 'too many in the server' | 'trouble';

/** The webhooks through which NPCs speak: one of ours in each channel, found again or made. */
export class NpcWebhooks {
  readonly #api: DiscordApi;
  readonly #pacer: EditPacer;
  readonly #log: Log;
  /** The search itself is kept, so that two speeches that begin at once make no two webhooks. */
  readonly #known = new LRUCache<string, Promise<WebhookRef>>({ max: MAX_CHANNELS });
  readonly #missing = new LRUCache<string, NoWebhook>({ max: MAX_CHANNELS, ttl: RECHECK_IN_MS });

  readonly #claimed = new LRUCache<string, true>({ max: MAX_CLAIMED });

  constructor(api: DiscordApi, pacer: EditPacer, log: Log) {
    this.#api = api;
    this.#pacer = pacer;
    this.#log = log;
  }

  /**
   * @param channelId of a channel; threads use that of the channel they are in.
   * @throws what Discord answers where the channel is gone.
   */
  async in(channelId: string): Promise<WebhookRef | NoWebhook> {
    const missing = this.#missing.get(channelId);
    if (missing !== undefined) return missing;
    const known = this.#known.get(channelId) ?? this.#find(channelId);
    this.#known.set(channelId, known);
    try {
      return await known;
    } catch (error) {
      if (this.#known.peek(channelId) === known) this.#known.delete(channelId);
      if (isChannelGone(error)) throw error;
      const reason = reasonOf(error);
      const ttl = reason === 'trouble' ? RECHECK_TROUBLE_IN_MS : RECHECK_IN_MS;
      this.#missing.set(channelId, reason, { ttl });
      this.#log.warn('NPCs cannot speak under their own names in a channel', { channelId, reason }, error);
      return reason;
    }
  }

  /** A message belongs to a reply: no other reply is looked for in it. False where it belongs to one already. */
  claim(messageId: string): boolean {
    if (this.#claimed.has(messageId)) return false;
    this.#claimed.set(messageId, true);
    return true;
  }

  /** It is gone, or does not take what we send any more. */
  async forget(channelId: string, webhook: WebhookRef): Promise<void> {
    const known = this.#known.peek(channelId);
    const current = await known?.catch(() => undefined);
    if (current?.id === webhook.id && this.#known.peek(channelId) === known) this.#known.delete(channelId);
  }

  async #find(channelId: string): Promise<WebhookRef> {
    const { id, token } = (await this.#own(channelId)) ?? (await this.#make(channelId));
    if (token === undefined) throw new Error('Discord gave a webhook without its token');
    return { id, token };
  }

  /** One that somebody has moved to another channel is that channel's. */
  async #own(channelId: string): Promise<APIWebhook | undefined> {
    await this.#pacer.turn({ kind: 'first', channelId });
    return (await this.#api.webhooksOf(channelId)).find(
      (webhook) =>
        webhook.channel_id === channelId &&
        webhook.application_id === this.#api.applicationId &&
        webhook.token !== undefined,
    );
  }

  async #make(channelId: string): Promise<APIWebhook> {
    await this.#pacer.turn({ kind: 'first', channelId });
    try {
      return await this.#api.makeWebhook(channelId, WEBHOOK_NAME);
    } catch (error) {
      const own = mayHaveArrived(error) ? await this.#own(channelId) : undefined;
      if (own === undefined) throw error;
      return own;
    }
  }
}

function reasonOf(error: unknown): NoWebhook {
  if (isForbidden(error)) return 'may not';
  if (isWebhookLimit(error)) return 'too many';
  return isServersWebhookLimit(error) ? 'too many in the server' : 'trouble';
}
