import { DiscordAPIError, HTTPError, RateLimitError, RESTJSONErrorCodes } from 'discord.js';

/** Discord's word on why it refused a request, by its code or, where it gives none, by the HTTP status. */
function refusedWith(error: unknown, codes: readonly number[]): boolean {
  return error instanceof DiscordAPIError && codes.includes(Number(error.code));
}

/** The interaction was not answered in time, or its 15 minutes are over. */
export function isTokenGone(error: unknown): boolean {
  return refusedWith(error, [
    RESTJSONErrorCodes.UnknownInteraction,
    RESTJSONErrorCodes.InvalidWebhookToken,
    RESTJSONErrorCodes.UnknownWebhook,
  ]);
}

export function isMessageGone(error: unknown): boolean {
  return refusedWith(error, [RESTJSONErrorCodes.UnknownMessage]);
}

export function isWebhookGone(error: unknown): boolean {
  return refusedWith(error, [RESTJSONErrorCodes.UnknownWebhook, RESTJSONErrorCodes.InvalidWebhookToken]);
}

/** The channel or thread is no more. */
export function isChannelGone(error: unknown): boolean {
  return refusedWith(error, [RESTJSONErrorCodes.UnknownChannel]);
}

export function isForbidden(error: unknown): boolean {
  return refusedWith(error, [RESTJSONErrorCodes.MissingAccess, RESTJSONErrorCodes.MissingPermissions]);
}

export function isWebhookLimit(error: unknown): boolean {
  return refusedWith(error, [RESTJSONErrorCodes.MaximumNumberOfWebhooksReached]);
}

/** A server holds 1000 in all. */
export function isServersWebhookLimit(error: unknown): boolean {
  return refusedWith(error, [RESTJSONErrorCodes.MaximumNumberOfWebhooksPerGuildReached]);
}

/** We may write there, and not answer a message, since we may not read what was said before. */
export function mayNotAnswer(error: unknown): boolean {
  return refusedWith(error, [RESTJSONErrorCodes.CannotReplyWithoutPermissionToReadMessageHistory]);
}

/** The thread is archived and may not be opened again, or locked. */
export function isThreadClosed(error: unknown): boolean {
  return refusedWith(error, [
    RESTJSONErrorCodes.InvalidActionOnArchivedThread,
    RESTJSONErrorCodes.ThreadLocked,
  ]);
}

export function isDirectRefused(error: unknown): boolean {
  return refusedWith(error, [RESTJSONErrorCodes.CannotSendMessagesToThisUser]);
}

export function isAlreadyAcknowledged(error: unknown): boolean {
  return refusedWith(error, [RESTJSONErrorCodes.InteractionHasAlreadyBeenAcknowledged]);
}

/** The token is not one of Discord's, or was replaced. */
export function isUnauthorized(error: unknown): boolean {
  return (error instanceof DiscordAPIError || error instanceof HTTPError) && error.status === 401;
}

/** What answered will answer the same again: nothing of ours, or nothing of Discord's, is there. */
export function isRefused(error: unknown): boolean {
  if (!(error instanceof DiscordAPIError || error instanceof HTTPError)) return false;
  return error.status >= 400 && error.status < 500 && error.status !== 429;
}

/** How long to wait before anything like it may be sent; undefined where it failed for another reason. */
export function rateLimitOf(
  error: unknown,
): { readonly retryAfterInMs: number; readonly isGlobal: boolean } | undefined {
  if (!(error instanceof RateLimitError)) return undefined;
  const retryAfterInMs = Math.max(0, error.retryAfter, error.sublimitTimeout);
  return { retryAfterInMs, isGlobal: error.global };
}

/** Discord does not take the form of what was sent: a name or an address that it has a rule against. */
export function isInvalidForm(error: unknown): boolean {
  return refusedWith(error, [RESTJSONErrorCodes.InvalidFormBodyOrContentType]);
}

/** A message that somebody else posted, in Discord's eyes also a webhook of ours. */
export function isOthersMessage(error: unknown): boolean {
  return refusedWith(error, [RESTJSONErrorCodes.CannotEditMessageAuthoredByAnotherUser]);
}

/** The channel holds no such thing: threads in a voice channel. */
export function isWrongChannel(error: unknown): boolean {
  return refusedWith(error, [RESTJSONErrorCodes.CannotExecuteActionOnThisChannelType]);
}

/** Who is asked for is not in the guild. */
export function isUnknownMember(error: unknown): boolean {
  return refusedWith(error, [RESTJSONErrorCodes.UnknownMember, RESTJSONErrorCodes.UnknownUser]);
}

/** Nobody knows whether Discord did what it was asked: the answer was lost, or told of a fault of its own. */
export function mayHaveArrived(error: unknown): boolean {
  if (error instanceof RateLimitError) return false;
  return !(error instanceof DiscordAPIError || error instanceof HTTPError) || error.status >= 500;
}
