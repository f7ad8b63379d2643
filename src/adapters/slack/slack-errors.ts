import { webApi } from '@slack/bolt';
import { MessageGone, RateLimited } from '#src/chat/failures.ts';
import { Refusal } from '#src/core/errors.ts';
import { HOW_TO_ADD_SCOPES, withoutScope } from './scopes.ts';

/** Slack answered with a code that says nothing to the person who plays. */
export class SlackFault extends Error {
  override readonly name = 'SlackFault';
  readonly method: string;
  readonly code: string;

  constructor(method: string, code: string, options?: ErrorOptions) {
    super(`${method}: ${code}`, options);
    this.method = method;
    this.code = code;
  }
}

/** The channel cannot be written to, or is gone; the message is for the person. */
const CHANNEL_WORDS: Readonly<Record<string, string>> = {
  not_in_channel: 'Dramatis is not in this channel. Type /invite @Dramatis there, then try again.',
  channel_not_found:
    'Dramatis cannot see this channel: it was deleted, or it is private. Type /invite @Dramatis there, then try again.',
  is_archived: 'This channel is archived, and nothing can be said in it any more.',
  restricted_action:
    'The workspace lets only some people post in this channel. Ask its admins to let Dramatis.',
  restricted_action_read_only_channel: 'Nobody but its admins can post in this channel.',
  restricted_action_thread_locked: 'This thread is locked.',
  cannot_reply_to_message: 'Slack takes no replies to this message.',
  thread_not_found: 'This thread is gone.',
  user_not_in_channel: 'This person is not in this channel.',
  user_not_found: 'Slack knows no such person.',
  user_disabled: 'This person has left the workspace.',
  cannot_dm_bot: 'Bots cannot be written to.',
};

/** A file that was handed in is gone, or lies where we may not look: in another workspace, in a channel without us. */
export const FILE_GONE = 'That file is gone from Slack, or Dramatis may not see it there. Hand it in again.';
/** Of `files.info`. */
const FILE_WORDS: Readonly<Record<string, string>> = {
  access_denied: FILE_GONE,
  file_deleted: FILE_GONE,
  file_not_found: FILE_GONE,
  no_permission: FILE_GONE,
  not_visible: FILE_GONE,
  slack_connect_file_link_sharing_blocked:
    'That file comes from another company’s Slack, which lets nobody else read it. Ask for the file itself, and hand that in.',
};

const GONE = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed', 'no_text']);
const DEAD_TOKEN = new Set([
  'invalid_auth',
  'account_inactive',
  'token_revoked',
  'not_authed',
  'token_expired',
]);
const TOO_MANY = new Set([
  'ratelimited',
  'rate_limited',
  'message_limit_exceeded',
  'team_message_limit_exceeded',
]);
/** What Slack counts for the whole workspace; posts it counts for each channel. */
const COUNTED_TOGETHER = new Set(['chat.update', 'chat.startStream', 'chat.appendStream', 'chat.stopStream']);
/** Where Slack says "too many" without saying for how long. */
const DEFAULT_PAUSE_IN_MS = 1000;

/** Slack's answer, in words that the inside and the pacing know. */
export function translated(method: string, error: unknown): unknown {
  const isGlobal = COUNTED_TOGETHER.has(method);
  if (error instanceof webApi.WebAPIRateLimitedError) {
    return new RateLimited(error.retryAfter * 1000, { isGlobal });
  }
  if (!(error instanceof webApi.WebAPIPlatformError)) return error;
  const { error: code } = error.data;
  if (TOO_MANY.has(code)) return new RateLimited(DEFAULT_PAUSE_IN_MS, { isGlobal });
  if (GONE.has(code)) return new MessageGone();
  if (method === 'chat.update' && code === 'channel_not_found') return new MessageGone();
  const words = CHANNEL_WORDS[code];
  if (words !== undefined) return new ChannelRefusal(words, code);
  const fileWords = method === 'files.info' ? FILE_WORDS[code] : undefined;
  if (fileWords !== undefined) return new Refusal(fileWords);
  if (code === 'missing_scope') return new MissingScope(neededScope(error.data));
  if (DEAD_TOKEN.has(code)) {
    return new Refusal('Slack no longer accepts the app’s token: install the app again, then try again.');
  }
  return new SlackFault(method, code);
}

/** A refusal that belongs to the place: nothing of ours can stand there. */
export class ChannelRefusal extends Refusal {
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}

export class MissingScope extends Refusal {
  readonly scope: string;

  constructor(scope: string) {
    super(`${withoutScope(scope)} ${HOW_TO_ADD_SCOPES}`);
    this.scope = scope;
  }
}

function neededScope(data: object): string {
  const needed = 'needed' in data && typeof data.needed === 'string' ? data.needed : '';
  return needed.split(',')[0] ?? '';
}

/** Slack was not reached, or could not cope: nothing says whether it did what was asked. */
export function mayPass(error: unknown): boolean {
  return error instanceof webApi.WebAPIRequestError || error instanceof webApi.WebAPIHTTPError;
}

const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH']);

/** Whether the request cannot have arrived, so that sending it again repeats nothing. */
export function wasNeverSent(error: unknown): boolean {
  for (let cause: unknown = error; cause instanceof Error; ) {
    if ('code' in cause && typeof cause.code === 'string' && NEVER_SENT.has(cause.code)) return true;
    cause = cause instanceof webApi.WebAPIRequestError ? cause.original : cause.cause;
  }
  return false;
}

/** Whether Slack may have done what was asked although it failed. Of what this module has translated. */
export function isOfUnknownFate(error: unknown): boolean {
  const isAnswer =
    error instanceof SlackFault ||
    error instanceof Refusal ||
    error instanceof RateLimited ||
    error instanceof MessageGone;
  return !isAnswer && !wasNeverSent(error);
}
