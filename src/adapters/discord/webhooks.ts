import { LRUCache } from 'lru-cache';
import type { EditPacer } from '#src/chat/edit-pacer.ts';
import type { Log } from '#src/core/log.ts';
import type { DiscordApi, WebhookRef } from './discord-api.ts';
import { isForbidden, isWebhookLimit } from './faults.ts';

/** Channels whose webhook is known without asking. */
const MAX_CHANNELS = 5000;
/** After this it is looked up whether the permission that was missing has been given. */
const RECHECK_IN_MS = 5 * 60_000;
/** As it stands in the server's settings; NPCs speak under names of their own. */
const WEBHOOK_NAME = 'Dramatis';

/** Why NPCs cannot speak under their own names in a channel. */
export type NoWebhook = 'may not' | 'too many';

/** The webhooks through which NPCs speak: one of ours in each channel, found again or made. */
export class NpcWebhooks {
  readonly #api: DiscordApi;
  readonly #pacer: EditPacer;
  readonly #log: Log;
  /** The search itself is kept, so that two speeches that begin at once make no two webhooks. */
  readonly #known = new LRUCache<string, Promise<WebhookRef>>({ max: MAX_CHANNELS });
  readonly #missing = new LRUCache<string, NoWebhook>({ max: MAX_CHANNELS, ttl: RECHECK_IN_MS });

  constructor(api: DiscordApi, pacer: EditPacer, log: Log) {
    this.#api = api;
    this.#pacer = pacer;
    this.#log = log;
  }

  /** @param channelId of a channel; threads use that of the channel they are in. */
  async in(channelId: string): Promise<WebhookRef | NoWebhook> {
    const missing = this.#missing.get(channelId);
    if (missing !== undefined) return missing;
    const known = this.#known.get(channelId) ?? this.#find(channelId);
    this.#known.set(channelId, known);
    try {
      return await known;
    } catch (error) {
      if (this.#known.peek(channelId) === known) this.#known.delete(channelId);
      const reason = isForbidden(error) ? 'may not' : isWebhookLimit(error) ? 'too many' : undefined;
      if (reason === undefined) throw error;
      this.#missing.set(channelId, reason);
      this.#log.warn('NPCs cannot speak under their own names in a channel', { channelId, reason });
      return reason;
    }
  }

  /** It is gone, or does not take what we send any more. */
  async forget(channelId: string, webhook: WebhookRef): Promise<void> {
    const known = this.#known.peek(channelId);
    const current = await known?.catch(() => undefined);
    if (current?.id === webhook.id && this.#known.peek(channelId) === known) this.#known.delete(channelId);
  }

  async #find(channelId: string): Promise<WebhookRef> {
    await this.#pacer.turn({ kind: 'first', channelId });
    const own = (await this.#api.webhooksOf(channelId)).find(
      (webhook) => webhook.application_id === this.#api.applicationId && webhook.token !== undefined,
    );
    const { id, token } = own ?? (await this.#make(channelId));
    if (token === undefined) throw new Error('Discord gave a webhook without its token');
    return { id, token };
  }

  async #make(channelId: string) {
    await this.#pacer.turn({ kind: 'first', channelId });
    return await this.#api.makeWebhook(channelId, WEBHOOK_NAME);
  }
}
