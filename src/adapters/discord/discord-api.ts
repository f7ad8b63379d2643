import { randomUUID } from 'node:crypto';
import {
  type APIApplication,
  type APIChannel,
  type APIGuild,
  type APIGuildMember,
  type APIMessage,
  type APIMessageTopLevelComponent,
  type APIModalInteractionResponseCallbackData,
  type APIRole,
  type APIUser,
  type APIWebhook,
  type ChannelType,
  InteractionResponseType,
  MessageFlags,
  type RateLimitData,
  REST,
  type RESTPostAPIChannelMessageJSONBody,
  type RESTPutAPIApplicationCommandsJSONBody,
  Routes,
} from 'discord.js';

/** One request that is not answered. */
const REQUEST_TIMEOUT_IN_MS = 15_000;
/** After a server's fault or a lost connection. */
const RETRIES = 2;

/** Who sends keeps to Discord's 50 a second (`EditPacer`): discord.js, whose count also has what Discord does not count, holds up only a flood. */
const MOST_AT_ONCE = 500;

const MAX_NONCE_LENGTH = 25;
/** So far back a message is looked for that may have arrived. */
const NEWEST_MESSAGES = 20;

/** What a message holds; mentions are turned off where it is sent. */
export interface MessageBody {
  readonly content?: string | null;
  readonly components?: readonly APIMessageTopLevelComponent[];
  readonly flags?: number;
}

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

/** A message as a webhook sends it. */
export interface WebhookMessage extends MessageBody {
  readonly username: string;
  readonly avatarUrl: string | undefined;
  readonly threadId: string | undefined;
}

/** Every send and every edit says it again: nobody is pinged, whatever the text holds. */
const NO_MENTIONS = { parse: [], replied_user: false } as const;

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
    await this.#rest.post(Routes.interactionCallback(id, token), { body, auth: false });
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

  async followUp({ token }: InteractionRef, body: MessageBody): Promise<APIMessage> {
    return asMessage(
      await this.#rest.post(Routes.webhook(this.#applicationId, token), { body: sent(body), auth: false }),
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

  async webhooksOf(channelId: string): Promise<readonly APIWebhook[]> {
    return (await this.#rest.get(Routes.channelWebhooks(channelId))) as readonly APIWebhook[];
  }

  async makeWebhook(channelId: string, name: string): Promise<APIWebhook> {
    return (await this.#rest.post(Routes.channelWebhooks(channelId), { body: { name } })) as APIWebhook;
  }

  async showTyping(channelId: string): Promise<void> {
    await this.#rest.post(Routes.channelTyping(channelId));
  }

  /** Opens a public thread beside the channel's messages. */
  async openThread(
    channelId: string,
    thread: {
      readonly name: string;
      readonly type: ChannelType.PublicThread | ChannelType.AnnouncementThread;
    },
  ): Promise<APIChannel> {
    const body = { ...thread };
    return (await this.#rest.post(Routes.threads(channelId), { body })) as APIChannel;
  }

  async channel(channelId: string): Promise<APIChannel> {
    return (await this.#rest.get(Routes.channel(channelId))) as APIChannel;
  }

  /** The newest first. */
  async newestMessages(channelId: string): Promise<readonly APIMessage[]> {
    const query = new URLSearchParams({ limit: String(NEWEST_MESSAGES) });
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

function sent(body: MessageBody): RESTPostAPIChannelMessageJSONBody {
  const { content, components, flags } = body;
  return {
    // An edit takes null for a message without text; the type is that of a new one.
    ...(content === undefined ? {} : { content: content as string }),
    ...(components === undefined ? {} : { components: [...components] }),
    ...(flags === undefined ? {} : { flags }),
    allowed_mentions: { ...NO_MENTIONS, parse: [] },
  };
}

function webhookQuery(threadId: string | undefined, isNew: boolean): URLSearchParams {
  return new URLSearchParams({
    ...(isNew ? { wait: 'true' } : {}),
    ...(threadId === undefined ? {} : { thread_id: threadId }),
    with_components: 'true',
  });
}

/** The library leaves answers untyped; their shape is Discord's word. */
function asMessage(answer: unknown): APIMessage {
  return answer as APIMessage;
}

/** Posts and edits of messages, in channels and through webhooks; answers to interactions look alike but for their id. */
function isPaced({ method, route }: RateLimitData): boolean {
  const isPost = method.toUpperCase() === 'POST';
  return isPost
    ? /^\/(?:channels\/:id\/messages|webhooks\/:id\/:token)$/u.test(route)
    : method.toUpperCase() === 'PATCH' && /\/messages\/:id$/u.test(route);
}
