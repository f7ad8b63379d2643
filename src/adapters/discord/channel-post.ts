import type { APIMessage } from 'discord.js';
import { MessageGone, RateLimited } from '#src/chat/failures.ts';
import { sendPaced } from '#src/chat/paced-send.ts';
import { Refusal } from '#src/core/errors.ts';
import {
  isChannelGone,
  isDirectRefused,
  isForbidden,
  isMessageGone,
  isThreadClosed,
  mayNotAnswer,
  rateLimitOf,
} from './faults.ts';
import type { MessageBody } from './message-body.ts';
import type { StageParts } from './stage-parts.ts';

/** Posts as ourselves, when it is this channel's turn. @throws Refusal where we may not, or the channel is gone. */
export async function postInChannel(
  { api, pacer }: Pick<StageParts, 'api' | 'pacer'>,
  channelId: string,
  body: MessageBody,
  replyTo?: string,
): Promise<APIMessage> {
  const send = async (answered?: string): Promise<APIMessage> => {
    try {
      return await api.post(channelId, body, answered);
    } catch (error) {
      if (answered !== undefined && mayNotAnswer(error)) return send();
      throw told(error);
    }
  };
  return sendPaced(pacer, { kind: 'first', channelId }, () => send(replyTo));
}

/** What Discord answered to a post or an edit, in the words that pacing and people understand. */
export function told(error: unknown): unknown {
  const limit = rateLimitOf(error);
  if (limit !== undefined) return new RateLimited(limit.retryAfterInMs, { isGlobal: limit.isGlobal });
  if (isMessageGone(error)) return new MessageGone();
  if (isChannelGone(error)) return new Refusal('The channel is gone. Choose another one.');
  if (isForbidden(error)) {
    return new Refusal(
      'I may not write in that channel. Give my role “View Channel”, “Send Messages” and, for threads, “Send Messages in Threads” there.',
    );
  }
  if (isThreadClosed(error))
    return new Refusal('That thread is closed. Open it again, or play in another one.');
  if (isDirectRefused(error)) {
    return new Refusal(
      'Discord does not let me write to this person. They can allow direct messages in the privacy settings of the server.',
    );
  }
  return error;
}

/** The same of an edit: with its channel a message is gone too, and nobody misses what it would have shown. */
export function toldOfEdit(error: unknown): unknown {
  return isChannelGone(error) ? new MessageGone() : told(error);
}
