import type {
  APIMessageTopLevelComponent,
  RateLimitData,
  RESTPostAPIChannelMessageJSONBody,
} from 'discord.js';

/** What a message holds; mentions are turned off where it is sent. */
export interface MessageBody {
  readonly content?: string | null;
  readonly components?: readonly APIMessageTopLevelComponent[];
  readonly flags?: number;
}

/** A message as a webhook sends it. */
export interface WebhookMessage extends MessageBody {
  readonly username: string;
  readonly avatarUrl: string | undefined;
  readonly threadId: string | undefined;
}

/** A message as Discord takes it. Every send and every edit says it again: nobody is pinged, whatever the text holds. */
export function sent(body: MessageBody): RESTPostAPIChannelMessageJSONBody {
  const { content, components, flags } = body;
  return {
    // An edit takes null for a message without text; the type is that of a new one.
    ...(content === undefined ? {} : { content: content as string }),
    ...(components === undefined ? {} : { components: [...components] }),
    ...(flags === undefined ? {} : { flags }),
    allowed_mentions: { parse: [], replied_user: false },
  };
}

export function webhookQuery(threadId: string | undefined, isNew: boolean): URLSearchParams {
  return new URLSearchParams({
    ...(isNew ? { wait: 'true' } : {}),
    ...(threadId === undefined ? {} : { thread_id: threadId }),
    with_components: 'true',
  });
}

/** Posts and edits of messages, in channels and through webhooks; answers to interactions look alike but for their id. */
export function isPaced({ method, route }: RateLimitData): boolean {
  const isPost = method.toUpperCase() === 'POST';
  return isPost
    ? /^\/(?:channels\/:id\/messages|webhooks\/:id\/:token)$/u.test(route)
    : method.toUpperCase() === 'PATCH' && /\/messages\/:id$/u.test(route);
}
