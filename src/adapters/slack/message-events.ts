import type { SharedFile } from './incoming-text.ts';

/** What Slack tells of a message, as far as it is used. Every field comes from outside and may be missing. */
export interface SlackMessageEvent {
  readonly type?: string;
  readonly subtype?: string | undefined;
  readonly channel?: string;
  readonly channel_type?: string;
  readonly user?: string;
  readonly bot_id?: string;
  readonly text?: string;
  readonly ts?: string;
  readonly thread_ts?: string;
  readonly parent_user_id?: string;
  readonly files?: readonly SharedFile[];
  readonly hidden?: boolean;
  /** Of `message_changed`. */
  readonly message?: SlackMessageEvent;
  /** Of `message_changed` and `message_deleted`. */
  readonly previous_message?: SlackMessageEvent;
  readonly deleted_ts?: string;
}

export interface Said {
  readonly kind: 'said';
  readonly channel: string;
  readonly ts: string;
  readonly userId: string;
  /** In Slack's escaped form. */
  readonly text: string;
  readonly isDirect: boolean;
  /** Shown in the channel too. */
  readonly isBroadcast: boolean;
  readonly threadTs: string | undefined;
  readonly parentUserId: string | undefined;
  readonly files: readonly SharedFile[];
}

export type MessageNews =
  | Said
  | (Pick<Said, 'channel' | 'ts' | 'userId' | 'text' | 'threadTs'> & { readonly kind: 'changed' })
  | (Pick<Said, 'channel' | 'ts' | 'threadTs'> & {
      readonly kind: 'deleted';
      /** Whose it was; undefined where Slack no longer says. */
      readonly userId: string | undefined;
    });

/** Kinds of messages in which a person speaks; all others tell of joins, topics and the like. */
const SPOKEN = new Set([undefined, 'file_share', 'thread_broadcast', 'me_message']);
const SLACKBOT = 'USLACKBOT';

/**
 * What a message event is to us: something a person said, changed or deleted. Undefined for what programs post, ourselves
 * among them, and for what is no speech.
 */
export function messageNews(event: SlackMessageEvent, botUserId: string): MessageNews | undefined {
  const { channel, subtype } = event;
  if (channel === undefined) return undefined;
  if (subtype === 'message_changed') return changed(channel, event, botUserId);
  if (subtype === 'message_deleted')
    return deleted(channel, event.previous_message, event.deleted_ts, botUserId);
  const { ts, user, files = [] } = event;
  if (!SPOKEN.has(subtype) || !isPerson(event, botUserId) || ts === undefined || user === undefined)
    return undefined;
  return {
    kind: 'said',
    channel,
    ts,
    userId: user,
    text: spokenText(event),
    isDirect: event.channel_type === 'im' || event.channel_type === 'app_home',
    isBroadcast: subtype === 'thread_broadcast',
    threadTs: threadOf(event),
    parentUserId: event.parent_user_id,
    files,
  };
}

function changed(
  channel: string,
  { message, previous_message: before }: SlackMessageEvent,
  botUserId: string,
): MessageNews | undefined {
  // A deleted message under which a thread goes on stays as a tombstone.
  if (message?.subtype === 'tombstone') return deleted(channel, before, message.ts, botUserId);
  if (message?.ts === undefined || message.user === undefined || !isPerson(message, botUserId))
    return undefined;
  // Slack also tells of links that were unfolded: what was said is the same.
  if (before !== undefined && before.text === message.text) return undefined;
  return {
    kind: 'changed',
    channel,
    ts: message.ts,
    userId: message.user,
    text: spokenText(message),
    threadTs: threadOf(message),
  };
}

function deleted(
  channel: string,
  before: SlackMessageEvent | undefined,
  ts: string | undefined,
  botUserId: string,
): MessageNews | undefined {
  if (ts === undefined) return undefined;
  // Slack need not say what it was: what was said in the channel is known by its id.
  if (before === undefined) return { kind: 'deleted', channel, ts, userId: undefined, threadTs: undefined };
  if (before.user === undefined || !isPerson(before, botUserId)) return undefined;
  return { kind: 'deleted', channel, ts, userId: before.user, threadTs: threadOf(before) };
}

function isPerson({ user, bot_id, subtype }: SlackMessageEvent, botUserId: string): boolean {
  return bot_id === undefined && user !== botUserId && user !== SLACKBOT && subtype !== 'bot_message';
}

/** The first message of a thread names itself as its thread. */
function threadOf({ ts, thread_ts: threadTs }: SlackMessageEvent): string | undefined {
  return threadTs === ts ? undefined : threadTs;
}

/** "/me waves" comes as "waves". */
function spokenText({ subtype, text = '' }: SlackMessageEvent): string {
  return subtype === 'me_message' ? `*${text}*` : text;
}
