import { fault } from './errors.ts';
import { faultsOfMessage, faultsOfWebhookName, MAX_FILE_IN_BYTES } from './limits.ts';
import { isUnguarded, mentioningText, pingsOf } from './pings.ts';
import {
  type Author,
  type ChannelRecord,
  COMPONENT,
  type ComponentBody,
  type FileRecord,
  FLAG,
  flatten,
  type MessageBody,
  type MessageRecord,
} from './records.ts';
import { INTENT, toMessage } from './wire.ts';
import type { World } from './world.ts';

export interface NewMessage {
  readonly channel: ChannelRecord;
  readonly author: Author;
  readonly body: MessageBody;
  readonly files?: readonly FileRecord[];
  readonly applicationId?: string;
  readonly ephemeralFor?: string;
  readonly interaction?: MessageRecord['interaction'];
  readonly stickers?: readonly string[];
  /** People who are mentioned without a form in the text: the one replied to. */
  readonly mentions?: readonly string[];
}

/** Posts a message and tells whoever listens. Limits are the caller's affair: people have others than bots. */
export function post(world: World, message: NewMessage): MessageRecord {
  const { channel, author, body, files = [] } = message;
  const now = world.clock.now();
  const record: MessageRecord = {
    id: world.ids.next(),
    channelId: channel.id,
    author,
    applicationId: message.applicationId,
    content: (body.content ?? '').trim(),
    embeds: body.embeds ?? [],
    components: numbered(body.components ?? []),
    flags: body.flags ?? 0,
    files,
    stickers: message.stickers ?? [],
    replyTo: body.message_reference?.message_id,
    mentions: [...new Set([...mentionedUsers(world, body), ...(message.mentions ?? [])])],
    ephemeralFor: message.ephemeralFor,
    interaction: message.interaction,
    createdAtInMs: now,
    firstText: textOf({
      content: body.content ?? '',
      embeds: body.embeds ?? [],
      components: body.components ?? [],
    }),
    editedAtInMs: undefined,
    deletedAtInMs: undefined,
    edits: [],
  };
  channel.messages.set(record.id, record);
  // Who writes in an archived thread opens it again.
  if (channel.thread !== undefined) channel.thread.isArchived = false;
  announce(world, 'MESSAGE_CREATE', record);
  return record;
}

/** Changes what is named in `body`, keeps it in the message's history, and tells whoever listens. */
export function revise(
  world: World,
  message: MessageRecord,
  body: MessageBody,
  options: { readonly files?: readonly FileRecord[]; readonly arrivedAtInMs?: number } = {},
): void {
  const now = world.clock.now();
  if (body.content !== undefined) message.content = (body.content ?? '').trim();
  if (body.embeds !== undefined) message.embeds = body.embeds ?? [];
  if (body.components !== undefined) message.components = numbered(body.components ?? []);
  if (body.flags != null) message.flags |= body.flags & FLAG.componentsV2;
  message.flags &= ~FLAG.loading;
  if (body.attachments !== undefined) {
    const kept = new Set((body.attachments ?? []).map(({ id }) => String(id)));
    message.files = message.files.filter(({ id }) => kept.has(id));
  }
  message.files = [...message.files, ...(options.files ?? [])];
  message.mentions = mentionedUsers(world, message);
  message.editedAtInMs = now;
  message.edits.push({ atInMs: options.arrivedAtInMs ?? now, text: textOf(message) });
  announce(world, 'MESSAGE_UPDATE', message);
}

export function remove(world: World, message: MessageRecord): void {
  message.deletedAtInMs = world.clock.now();
  const channel = world.channel(message.channelId);
  const { guildId } = channel;
  const told = {
    id: message.id,
    channel_id: message.channelId,
    ...(guildId === undefined ? {} : { guild_id: guildId }),
  };
  if (message.ephemeralFor === undefined && world.canRead(world.bot.id, channel))
    world.dispatch({
      t: 'MESSAGE_DELETE',
      guildId,
      intent: guildId === undefined ? INTENT.directMessages : INTENT.guildMessages,
      d: () => told,
    });
  else world.changed();
}

/** Notes what would call somebody, and refuses what Discord refuses of a bot. @throws DiscordFault */
export function checkFromBot(
  world: World,
  request: string,
  body: MessageBody,
  files: readonly FileRecord[],
  before?: MessageRecord,
): void {
  const forms = pingsOf(body);
  if (forms.length > 0)
    world.findings.pings.push({ request, forms, text: mentioningText(body).slice(0, 200) });
  if (isUnguarded(body)) world.findings.unguarded.push(request);
  if (files.some(({ bytes }) => bytes.length > MAX_FILE_IN_BYTES)) throw fault.fileTooLarge();
  const faults = [
    ...faultsOfMessage(body, before),
    ...(body.username == null ? [] : faultsOfWebhookName(body.username)),
  ];
  if (faults.length > 0) throw fault.invalidBody(faults.join('; '));
  const isEmpty =
    (body.content ?? before?.content ?? '').trim() === '' &&
    (body.embeds ?? before?.embeds ?? []).length === 0 &&
    (body.components ?? before?.components ?? []).length === 0 &&
    files.length + (body.attachments === undefined ? (before?.files.length ?? 0) : 0) === 0 &&
    (body.sticker_ids ?? []).length === 0 &&
    body.poll == null;
  if (isEmpty) throw fault.emptyMessage();
}

/** Everything that a person reads of a message: content, embeds, components. */
export function textOf(message: Pick<MessageRecord, 'content' | 'embeds' | 'components'>): string {
  const embeds = message.embeds.flatMap(({ title, description, fields, footer, author }) => [
    author?.name,
    title,
    description,
    ...(fields ?? []).flatMap(({ name, value }) => [name, value]),
    footer?.text,
  ]);
  const shown = flatten(message.components).flatMap(({ type, content }) =>
    type === COMPONENT.text ? [content] : [],
  );
  return [message.content, ...embeds, ...shown]
    .filter((part) => part !== undefined && part !== '')
    .join('\n');
}

function mentionedUsers(world: World, body: Pick<MessageBody, 'content' | 'components'>): readonly string[] {
  const ids = [...mentioningText(body).matchAll(/<@!?(\d+)>/gu)].map(([, id = '']) => id);
  return [...new Set(ids)].filter((id) => world.users.has(id));
}

/** Discord gives every component a number within its message. */
function numbered(components: readonly ComponentBody[]): readonly ComponentBody[] {
  let next = 0;
  const number = (each: ComponentBody): ComponentBody => {
    next += 1;
    return {
      id: next,
      ...each,
      ...(each.components === undefined ? {} : { components: each.components.map(number) }),
      ...(each.component === undefined ? {} : { component: number(each.component) }),
      ...(each.accessory === undefined ? {} : { accessory: number(each.accessory) }),
    };
  };
  return components.map(number);
}

/** Nobody's connection hears of what one person alone sees, nor of where the bot may not read. */
function announce(world: World, t: 'MESSAGE_CREATE' | 'MESSAGE_UPDATE', message: MessageRecord): void {
  const channel = world.channel(message.channelId);
  if (message.ephemeralFor !== undefined || !world.canRead(world.bot.id, channel)) {
    world.changed();
    return;
  }
  const { guildId } = channel;
  // As it is now, whoever is told later.
  const told = new Map(
    [true, false].map((isWhole) => [isWhole, toMessage(world, message, { isWhole, isEvent: true })]),
  );
  const isWholeFor = (intents: number) =>
    (intents & INTENT.messageContent) !== 0 ||
    guildId === undefined ||
    message.mentions.includes(world.bot.id) ||
    (message.author.kind === 'user' && message.author.user.id === world.bot.id);
  world.dispatch({
    t,
    guildId,
    intent: guildId === undefined ? INTENT.directMessages : INTENT.guildMessages,
    d: (intents) => told.get(isWholeFor(intents)) ?? {},
  });
}
