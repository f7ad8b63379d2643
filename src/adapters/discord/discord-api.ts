import { randomUUID } from 'node:crypto';
import {
  type APIApplication,
  type APIChannel,
  type APIGuild,
  type APIGuildMember,
  type APIMessage,
  type APIModalInteractionResponseCallbackData,
  type APIRole,
  type APIUser,
  type APIWebhook,
  type ChannelType,
  InteractionResponseType,
  MessageFlags,
  type RateLimitData,
  REST,
  type RESTPutAPIApplicationCommandsJSONBody,
  Routes,
  SnowflakeUtil,
} from 'discord.js';
import { isAlreadyAcknowledged, mayHaveArrived } from './faults.ts';
import { isPaced, type MessageBody, sent, type WebhookMessage, webhookQuery } from './message-body.ts';

/** One request that is not answered. */
const REQUEST_TIMEOUT_IN_MS = 15_000;
/** After a server's fault or a lost connection. */
const RETRIES = 2;

/** Who sends keeps to Discord's 50 a second (`EditPacer`): discord.js, whose count also has what Discord does not count, holds up only a flood. */
const MOST_AT_ONCE = 500;

const MAX_NONCE_LENGTH = 25;
/** Among so many messages one is looked for that may have arrived; as many as Discord gives at once. */
const MESSAGES_LOOKED_THROUGH = 100;

/** An interaction, as far as answering it goes. */
export interface InteractionRef {
  readonly id: string;
  readonly token: string;
}

/** A webhook of ours. */
export interface WebhookRef {
  readonly id: string;
  readonly token: string;
}

/**
 * Discord's HTTP API, as far as we use it. Requests wait in discord.js's queues, save what src/chat paces, posts and edits
 * of messages: where those would have to wait they are refused (RateLimitError), so that the newest text is sent and no
 * stale one is replayed.
 */
export class DiscordApi {
  readonly #rest: REST;
  /** For what would stand twice if it were sent again unseen. */
  readonly #onceRest: REST;
  #applicationId = '';

  constructor(options: { readonly token: string; readonly apiUrl: string | undefined }) {
    const common = {
      ...(options.apiUrl === undefined ? {} : { api: options.apiUrl }),
      timeout: REQUEST_TIMEOUT_IN_MS,
      globalRequestsPerSecond: MOST_AT_ONCE,
      // What Discord asks for is waited for, and no more: the way there takes some time by itself.
      offset: 0,
      rejectOnRateLimit: (limit: RateLimitData) =>
        isPaced(limit) && !limit.url.includes(`/webhooks/${this.#applicationId}/`),
    };
    this.#rest = new REST({ ...common, retries: RETRIES }).setToken(options.token);
    this.#onceRest = new REST({ ...common, retries: 0 }).setToken(options.token);
  }

  get applicationId(): string {
    return this.#applicationId;
  }

  /** Asks whose token this is; everything else needs it. Resolves with the bot's own id. */
  async identify(): Promise<{ readonly userId: string }> {
    const [application, user] = await Promise.all([
      this.#rest.get(Routes.currentApplication()) as Promise<APIApplication>,
      this.#rest.get(Routes.user()) as Promise<APIUser>,
    ]);
    this.#applicationId = application.id;
    return { userId: user.id };
  }

  close(): void {
    for (const rest of [this.#rest, this.#onceRest]) {
      rest.clearHashSweeper();
      rest.clearHandlerSweeper();
    }
  }

  /** Shows that an answer is coming; `isHidden`: one that only the asker sees. */
  async defer(to: InteractionRef, isHidden: boolean): Promise<void> {
    await this.#answer(to, {
      type: InteractionResponseType.DeferredChannelMessageWithSource,
      ...(isHidden ? { data: { flags: MessageFlags.Ephemeral } } : {}),
    });
  }

  /** Takes a pressed button without showing anything: its message may be changed. */
  async deferUpdate(to: InteractionRef): Promise<void> {
    await this.#answer(to, { type: InteractionResponseType.DeferredMessageUpdate });
  }

  async reply(to: InteractionRef, body: MessageBody): Promise<void> {
    await this.#answer(to, { type: InteractionResponseType.ChannelMessageWithSource, data: sent(body) });
  }

  async showModal(to: InteractionRef, data: APIModalInteractionResponseCallbackData): Promise<void> {
    await this.#answer(to, { type: InteractionResponseType.Modal, data });
  }

  async suggest(to: InteractionRef, values: readonly string[]): Promise<void> {
    const choices = values.map((value) => ({ name: value, value }));
    await this.#answer(to, {
      type: InteractionResponseType.ApplicationCommandAutocompleteResult,
      data: { choices },
    });
  }

  async #answer({ id, token }: InteractionRef, body: unknown): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        await this.#onceRest.post(Routes.interactionCallback(id, token), { body, auth: false });
        return;
      } catch (error) {
        // It had arrived: only the word of it was lost.
        if (tries > 1 && isAlreadyAcknowledged(error)) return;
        if (tries > RETRIES || !mayHaveArrived(error)) throw error;
      }
    }
  }

  /** Changes the answer to an interaction; also puts the first one in place of what was deferred. */
  async editAnswer({ token }: InteractionRef, body: MessageBody): Promise<APIMessage> {
    return asMessage(
      await this.#rest.patch(Routes.webhookMessage(this.#applicationId, token), {
        body: sent(body),
        auth: false,
      }),
    );
  }

  /** Changes a message that answered an interaction, as long as its token lives. */
  async editAnswered({ token }: InteractionRef, messageId: string, body: MessageBody): Promise<void> {
    await this.#rest.patch(Routes.webhookMessage(this.#applicationId, token, messageId), {
      body: sent(body),
      auth: false,
    });
  }

  async deleteAnswer({ token }: InteractionRef): Promise<void> {
    await this.#rest.delete(Routes.webhookMessage(this.#applicationId, token), { auth: false });
  }

  /** Sent once: nobody sees twice what may have arrived. */
  async followUp({ token }: InteractionRef, body: MessageBody): Promise<APIMessage> {
    return asMessage(
      await this.#onceRest.post(Routes.webhook(this.#applicationId, token), {
        body: sent(body),
        auth: false,
      }),
    );
  }

  /** @param replyTo a message of the channel that this one answers, without a ping. */
  async post(channelId: string, body: MessageBody, replyTo?: string): Promise<APIMessage> {
    const reference =
      replyTo === undefined ? {} : { message_reference: { message_id: replyTo, fail_if_not_exists: false } };
    // A post whose answer got lost on the way is sent again by discord.js: by its nonce Discord knows it again.
    const once = { nonce: randomUUID().slice(0, MAX_NONCE_LENGTH), enforce_nonce: true };
    return asMessage(
      await this.#rest.post(Routes.channelMessages(channelId), {
        body: { ...sent(body), ...reference, ...once },
      }),
    );
  }

  async edit(channelId: string, messageId: string, body: MessageBody): Promise<void> {
    await this.#rest.patch(Routes.channelMessage(channelId, messageId), { body: sent(body) });
  }

  /** Sent once: whether it arrived all the same is not known after every failure (`mayHaveArrived`). */
  async postAs({ id, token }: WebhookRef, message: WebhookMessage): Promise<APIMessage> {
    const { username, avatarUrl, threadId, ...body } = message;
    return asMessage(
      await this.#onceRest.post(Routes.webhook(id, token), {
        body: { ...sent(body), username, ...(avatarUrl === undefined ? {} : { avatar_url: avatarUrl }) },
        query: webhookQuery(threadId, true),
        auth: false,
      }),
    );
  }

  async editAs(
    { id, token }: WebhookRef,
    message: { readonly messageId: string; readonly threadId: string | undefined },
    body: MessageBody,
  ): Promise<void> {
    await this.#rest.patch(Routes.webhookMessage(id, token, message.messageId), {
      body: sent(body),
      query: webhookQuery(message.threadId, false),
      auth: false,
    });
  }

  async deleteAs({ id, token }: WebhookRef, messageId: string): Promise<void> {
    await this.#rest.delete(Routes.webhookMessage(id, token, messageId), { auth: false });
  }

  async webhooksOf(channelId: string): Promise<readonly APIWebhook[]> {
    return (await this.#rest.get(Routes.channelWebhooks(channelId))) as readonly APIWebhook[];
  }

  /** Sent once: a second one would take the place of another in the channel. */
  async makeWebhook(channelId: string, name: string): Promise<APIWebhook> {
    return (await this.#onceRest.post(Routes.channelWebhooks(channelId), { body: { name } })) as APIWebhook;
  }

  async showTyping(channelId: string): Promise<void> {
    await this.#rest.post(Routes.channelTyping(channelId));
  }

  /** Opens a public thread beside the channel's messages. Sent once. */
  async openThread(
    channelId: string,
    thread: {
      readonly name: string;
      readonly type: ChannelType.PublicThread | ChannelType.AnnouncementThread;
    },
  ): Promise<APIChannel> {
    const body = { ...thread };
    return (await this.#onceRest.post(Routes.threads(channelId), { body })) as APIChannel;
  }

  async channel(channelId: string): Promise<APIChannel> {
    return (await this.#rest.get(Routes.channel(channelId))) as APIChannel;
  }

  /** @param sinceInMs milliseconds since 1970, by Discord's clock. */
  async messagesSince(channelId: string, sinceInMs: number): Promise<readonly APIMessage[]> {
    const after = String(
      SnowflakeUtil.generate({ timestamp: sinceInMs, increment: 0n, processId: 0n, workerId: 0n }),
    );
    const query = new URLSearchParams({ limit: String(MESSAGES_LOOKED_THROUGH), after });
    return (await this.#rest.get(Routes.channelMessages(channelId), { query })) as readonly APIMessage[];
  }

  async guild(guildId: string): Promise<APIGuild> {
    return (await this.#rest.get(Routes.guild(guildId))) as APIGuild;
  }

  async roles(guildId: string): Promise<readonly APIRole[]> {
    return (await this.#rest.get(Routes.guildRoles(guildId))) as readonly APIRole[];
  }

  async member(guildId: string, userId: string): Promise<APIGuildMember> {
    return (await this.#rest.get(Routes.guildMember(guildId, userId))) as APIGuildMember;
  }

  /** The conversation with one person alone. */
  async openDirect(userId: string): Promise<APIChannel> {
    return (await this.#rest.post(Routes.userChannels(), { body: { recipient_id: userId } })) as APIChannel;
  }

  /** Everywhere, or in one guild only. */
  async registeredCommands(guildId: string | undefined): Promise<unknown> {
    return this.#rest.get(this.#commandsRoute(guildId));
  }

  async registerCommands(
    guildId: string | undefined,
    commands: RESTPutAPIApplicationCommandsJSONBody,
  ): Promise<void> {
    await this.#rest.put(this.#commandsRoute(guildId), { body: commands });
  }

  #commandsRoute(guildId: string | undefined) {
    return guildId === undefined
      ? Routes.applicationCommands(this.#applicationId)
      : Routes.applicationGuildCommands(this.#applicationId, guildId);
  }
}

/** The library leaves answers untyped; their shape is Discord's word. */
function asMessage(answer: unknown): APIMessage {
  return answer as APIMessage;
}
