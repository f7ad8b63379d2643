import { type APIMessage, MessageReferenceType, MessageType } from 'discord.js';
import type { IncomingLine, Place, RevisedLine } from '#src/core/front.ts';
import { clip } from '#src/core/text.ts';
import type { GuildView } from './guild-view.ts';
import { attachmentsOf, type ReadableMessage, readableText } from './message-text.ts';
import { type MemberFacts, personIn, personInDirect } from './people.ts';

/** Programs that post for players' characters, by the id of their application. */
const PROXIES: ReadonlySet<string> = new Set([
  /** PluralKit */ '466378653216014359',
  /** Tupperbox */ '431544605209788416',
]);

/** How many attachments one line names. */
const MAX_ATTACHMENTS = 10;
const MAX_ATTACHMENT_LENGTH = 100;

/** Who hears, and where. */
export interface Ears {
  readonly userId: string;
  readonly applicationId: string;
  /** We may read what is not said to us. */
  readonly readsAll: boolean;
  readonly place: Place;
  /** Undefined in a direct conversation. */
  readonly guild: GuildView | undefined;
}

/** A message as it comes in: in a guild with the author's place in it. */
export type IncomingMessage = APIMessage & { readonly member?: MemberFacts | undefined };

export type Heard =
  | { readonly kind: 'line'; readonly line: IncomingLine }
  /** Said to us beyond doubt, yet Discord keeps the words from us. */
  | { readonly kind: 'unreadable' };

/** What a message says to us; undefined where it is none of our business: our own, a program's, a system's. */
export function hear(message: IncomingMessage, ears: Ears): Heard | undefined {
  const source = sourceOf(message, ears);
  if (source === undefined) return undefined;
  if (message.type !== MessageType.Default && message.type !== MessageType.Reply) return undefined;
  const isDirect = isToUs(message, ears);
  const attachments = attachmentsOf(message);
  if (!ears.readsAll && message.content === '' && attachments.length === 0) {
    return isDirect ? { kind: 'unreadable' } : undefined;
  }
  return { kind: 'line', line: lineOf(message, ears, { source, isDirect, attachments }) };
}

/** The message as a line, whoever it was said to: somebody asked for it to be heard. Undefined for programs' ones. */
export function hearAnyway(message: IncomingMessage, ears: Ears): IncomingLine | undefined {
  const source = sourceOf(message, ears);
  if (source === undefined) return undefined;
  return lineOf(message, ears, { source, isDirect: true, attachments: attachmentsOf(message) });
}

function lineOf(
  message: IncomingMessage,
  ears: Ears,
  known: { source: IncomingLine['source']; isDirect: boolean; attachments: readonly string[] },
): IncomingLine {
  const { author, member } = message;
  const { place, guild } = ears;
  const isProxy = known.source === 'proxy';
  // A program's character is nobody's account: it is known by its name.
  const proxyId = `proxy:${author.username}`;
  const person = isProxy
    ? { id: proxyId, name: author.username, permission: 'player' as const, roles: [], isManager: false }
    : guild === undefined
      ? personInDirect(author)
      : personIn(guild, author, member ?? { roles: [] });
  return {
    place,
    messageId: message.id,
    person,
    speaker: isProxy ? { kind: 'character', id: proxyId, name: author.username } : undefined,
    text: readableText(message, ears),
    isDirect: known.isDirect,
    repliesTo: repliedTo(message),
    attachments: known.attachments
      .slice(0, MAX_ATTACHMENTS)
      .map((attachment) => clip(attachment, MAX_ATTACHMENT_LENGTH)),
    source: known.source,
  };
}

/** Undefined: nobody whom NPCs listen to. */
function sourceOf(
  message: Pick<Partial<APIMessage>, 'author' | 'webhook_id' | 'application_id'>,
  { userId, guild }: Ears,
): IncomingLine['source'] | undefined {
  const { author, webhook_id: webhookId, application_id: byApplication } = message;
  if (author === undefined || author.id === userId) return undefined;
  if (webhookId !== undefined) {
    return byApplication !== undefined && PROXIES.has(byApplication) ? 'proxy' : undefined;
  }
  if (author.bot === true || author.system === true) return undefined;
  return guild === undefined ? 'person' : 'proxiable';
}

function isToUs(message: IncomingMessage, { userId, applicationId, guild }: Ears): boolean {
  if (guild === undefined || message.mentions.some(({ id }) => id === userId)) return true;
  if (guild.ownRoleId !== undefined && message.mention_roles.includes(guild.ownRoleId)) return true;
  const answered = repliedTo(message) === undefined ? undefined : message.referenced_message;
  // What an NPC says comes from a webhook of ours, which is known by the application.
  return answered?.author.id === userId || answered?.application_id === applicationId;
}

function repliedTo({ message_reference: reference }: Pick<APIMessage, 'message_reference'>) {
  const isReply = reference !== undefined && reference.type !== MessageReferenceType.Forward;
  return isReply ? reference.message_id : undefined;
}

/** What a change of a message means: new words, none any more, or nothing to us. */
export function hearChange(
  message: ReadableMessage & { readonly id: string },
  ears: Ears,
): { readonly kind: 'revised'; readonly change: RevisedLine } | { readonly kind: 'emptied' } | undefined {
  // Pins, previews of links and the like change a message too; nobody edited it then.
  if (message.content === undefined || typeof message.edited_timestamp !== 'string') return undefined;
  if (sourceOf(message, ears) === undefined) return undefined;
  if (message.content === '')
    return ears.readsAll || ears.guild === undefined ? { kind: 'emptied' } : undefined;
  const text = readableText(message, ears);
  if (text === '') return { kind: 'emptied' };
  return { kind: 'revised', change: { place: ears.place, messageId: message.id, text } };
}
