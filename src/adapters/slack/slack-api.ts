import { setTimeout as sleep } from 'node:timers/promises';
import { type types, webApi } from '@slack/bolt';
import type { SlackMessage } from './notice-blocks.ts';
import { SLACK_API_URL } from './settings.ts';
import { mayPass, translated, wasNeverSent } from './slack-errors.ts';

/** Slack answers within moments or is in trouble. */
const TIMEOUT_IN_MS = 10_000;
const RETRY_DELAYS_IN_MS = [300, 1000];
const PAGE_SIZE = 200;
/** Nobody plays in a channel with more people; beyond that it counts as public. */
export const MOST_MEMBERS = 2000;

/** The face under which a message is posted. */
export interface Look {
  readonly username?: string;
  readonly icon_url?: string;
  readonly icon_emoji?: string;
}

export interface Post extends SlackMessage {
  readonly channel: string;
  readonly threadTs: string | undefined;
  readonly look?: Look;
  readonly metadata?: types.MessageMetadata;
}

export interface SlackUser {
  readonly id: string;
  readonly name: string;
  readonly isBot: boolean;
  readonly isManager: boolean;
}

/**
 * Slack's Web API in one workspace, as the adapter uses it. Nothing it sends pings, is looked through for names, or
 * unfolds links.
 * @throws RateLimited, MessageGone, Refusal (ChannelRefusal, MissingScope), or what may pass by itself.
 */
export class SlackApi {
  readonly #client: webApi.WebClient;

  constructor(token: string, apiUrl: string | undefined, options: Pick<webApi.WebClientOptions, 'logger'>) {
    this.#client = new webApi.WebClient(token, {
      ...options,
      slackApiUrl: apiUrl ?? SLACK_API_URL,
      timeout: TIMEOUT_IN_MS,
      // Whether a request may be sent again is decided here, and a pause that Slack asks for by the pacing.
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      allowAbsoluteUrls: false,
    });
  }

  /** @returns the id of the message. */
  async post({ channel, threadTs, look, metadata, text, blocks }: Post): Promise<string> {
    const { ts } = await this.#once('chat.postMessage', {
      ...SILENT,
      ...UNFOLDED,
      ...look,
      channel,
      text,
      blocks,
      ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
      ...(metadata === undefined ? {} : { metadata }),
    });
    return stringOf(ts);
  }

  async update(channel: string, ts: string, { text, blocks }: SlackMessage): Promise<void> {
    await this.#repeatable('chat.update', { ...SILENT, channel, ts, text, blocks });
  }

  async remove(channel: string, ts: string): Promise<void> {
    await this.#repeatable('chat.delete', { channel, ts });
  }

  async postEphemeral(post: Omit<Post, 'look' | 'metadata'> & { readonly user: string }): Promise<void> {
    const { channel, threadTs, user, text, blocks } = post;
    await this.#once('chat.postEphemeral', {
      ...SILENT,
      channel,
      user,
      text,
      blocks,
      ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
    });
  }

  async openView(triggerId: string, view: types.ModalView): Promise<void> {
    await this.#once('views.open', { trigger_id: triggerId, view });
  }

  async user(id: string): Promise<SlackUser> {
    const { user } = await this.#as<webApi.UsersInfoResponse>('users.info', { user: id });
    const { profile, is_admin, is_owner, is_primary_owner, is_bot, real_name, name } = user ?? {};
    return {
      id,
      name: [profile?.display_name, profile?.real_name, real_name, name].find((each) => each?.trim()) ?? id,
      isBot: is_bot ?? false,
      isManager: is_admin === true || is_owner === true || is_primary_owner === true,
    };
  }

  /** The people of every user group, by its id. */
  async userGroups(): Promise<ReadonlyMap<string, readonly string[]>> {
    const { usergroups = [] } = await this.#as<webApi.UsergroupsListResponse>('usergroups.list', {
      include_users: true,
    });
    return new Map(usergroups.map(({ id = '', users = [] }) => [id, users]));
  }

  async groupMembers(usergroup: string): Promise<readonly string[]> {
    const { users = [] } = await this.#as<webApi.UsergroupsUsersListResponse>('usergroups.users.list', {
      usergroup,
    });
    return users;
  }

  async channel(channel: string): Promise<NonNullable<webApi.ConversationsInfoResponse['channel']>> {
    const answer = await this.#as<webApi.ConversationsInfoResponse>('conversations.info', { channel });
    return answer.channel ?? {};
  }

  /** What Slack tells of a file that we may see. */
  async file(id: string): Promise<NonNullable<webApi.FilesInfoResponse['file']>> {
    const { file } = await this.#as<webApi.FilesInfoResponse>('files.info', { file: id });
    return file ?? {};
  }

  /** What the app may do as it is installed now. */
  async scopes(): Promise<readonly string[]> {
    const { response_metadata: answer } = await this.#repeatable('auth.test', {});
    return answer?.scopes ?? [];
  }

  /** With whom a direct conversation is; undefined where Slack does not say. */
  async personOfDirect(channel: string): Promise<string | undefined> {
    return personOf(await this.channel(channel));
  }

  /** Undefined where there are more than `MOST_MEMBERS`. */
  async members(channel: string): Promise<readonly string[] | undefined> {
    const found: string[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const page: webApi.ConversationsMembersResponse = await this.#as('conversations.members', {
        channel,
        limit: PAGE_SIZE,
        ...(cursor === '' ? {} : { cursor }),
      });
      found.push(...(page.members ?? []));
      if (found.length > MOST_MEMBERS) return undefined;
      cursor = page.response_metadata?.next_cursor || undefined;
    }
    return found;
  }

  /** The channel of the conversation with one person. */
  async openDirect(user: string): Promise<string> {
    const { channel } = await this.#as<webApi.ConversationsOpenResponse>('conversations.open', {
      users: user,
    });
    return channel?.id ?? '';
  }

  /** The first messages of a thread, its root first. */
  async thread(channel: string, ts: string, limit: number) {
    const { messages = [] } = await this.#as<webApi.ConversationsRepliesResponse>('conversations.replies', {
      channel,
      ts,
      limit,
      include_all_metadata: true,
    });
    return messages;
  }

  /** The name that a message of a thread is shown under. */
  async usernameOf(channel: string, threadTs: string, ts: string): Promise<string | undefined> {
    const { messages = [] } = await this.#as<webApi.ConversationsRepliesResponse>('conversations.replies', {
      channel,
      ts: threadTs,
      oldest: ts,
      latest: ts,
      inclusive: true,
      limit: 2,
    });
    const message = messages.find((each) => each.ts === ts);
    return message !== undefined && 'username' in message && typeof message.username === 'string'
      ? message.username
      : undefined;
  }

  async isEmpty(channel: string): Promise<boolean> {
    const { messages = [] } = await this.#as<webApi.ConversationsHistoryResponse>('conversations.history', {
      channel,
      limit: 1,
    });
    return messages.length === 0;
  }

  /** @returns the id of the message that is being written. */
  async startStream(stream: {
    readonly channel: string;
    readonly threadTs: string;
    readonly recipient: string;
    readonly recipientTeam: string;
    readonly look: Look;
    readonly markdown: string;
  }): Promise<string> {
    const { ts } = await this.#once('chat.startStream', {
      ...stream.look,
      channel: stream.channel,
      thread_ts: stream.threadTs,
      recipient_user_id: stream.recipient,
      recipient_team_id: stream.recipientTeam,
      chunks: [{ type: 'markdown_text', text: stream.markdown }],
    });
    return stringOf(ts);
  }

  async appendStream(channel: string, ts: string, markdown: string): Promise<void> {
    const chunks = [{ type: 'markdown_text', text: markdown }];
    await this.#once('chat.appendStream', { channel, ts, chunks });
  }

  async stopStream(channel: string, ts: string): Promise<void> {
    await this.#once('chat.stopStream', { channel, ts });
  }

  async #as<T extends webApi.WebAPICallResult>(method: string, args: Record<string, unknown>): Promise<T> {
    // What a method answers is Slack's own declaration, with every field optional.
    return (await this.#repeatable(method, args)) as T;
  }

  /** What may reach Slack twice without harm is sent again where Slack did not answer. */
  async #repeatable(method: string, args: Record<string, unknown>): Promise<webApi.WebAPICallResult> {
    return this.#trying(method, args, mayPass);
  }

  async #once(method: string, args: Record<string, unknown>): Promise<Record<string, unknown>> {
    return { ...(await this.#trying(method, args, wasNeverSent)) };
  }

  async #trying(method: string, args: Record<string, unknown>, isWorthwhile: (error: unknown) => boolean) {
    for (let tries = 0; ; tries += 1) {
      try {
        return await this.#client.apiCall(method, args);
      } catch (error) {
        const delayInMs = RETRY_DELAYS_IN_MS[tries];
        if (delayInMs === undefined || !isWorthwhile(error)) throw translated(method, error);
        await sleep(delayInMs, undefined, { ref: false });
      }
    }
  }
}

/** Nothing in the text becomes a mention or a link by itself. */
const SILENT = { parse: 'none', link_names: false } as const;
const UNFOLDED = { unfurl_links: false, unfurl_media: false } as const;

/** Slack names the person of a direct conversation; its own types leave that out. */
export function personOf(channel: object): string | undefined {
  return 'user' in channel && typeof channel.user === 'string' ? channel.user : undefined;
}

function stringOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
