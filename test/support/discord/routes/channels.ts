import { fault } from '../errors.ts';
import { checkFromBot, post, remove, revise } from '../messages.ts';
import { CHANNEL, type ChannelRecord, type MessageBody, type MessageRecord } from '../records.ts';
import { INTENT, toChannel, toMessage } from '../wire.ts';
import type { World } from '../world.ts';
import { NOTHING, ok, type Route, route } from './route.ts';

const MAX_HISTORY = 100;
const MAX_THREAD_NAME_IN_CHARACTERS = 100;

/** Channels, the bot's own messages in them, and threads. */
export function channelRoutes(): readonly Route[] {
  const messages = '/channels/{channel_id}/messages';
  return [
    route('GET', '/channels/{channel_id}', ({ world, param }) => {
      const channel = world.channel(param('channel_id'));
      world.requireBot(channel);
      return ok(toChannel(world, channel));
    }),
    route('PATCH', '/channels/{channel_id}', ({ world, param, body }) => {
      const channel = world.channel(param('channel_id'));
      world.requireBot(channel, channel.thread === undefined ? 'ManageChannels' : 'ManageThreads');
      const change = body as {
        readonly archived?: boolean;
        readonly locked?: boolean;
        readonly name?: string;
      };
      channel.name = change.name ?? channel.name;
      if (channel.thread !== undefined) {
        channel.thread.isArchived = change.archived ?? channel.thread.isArchived;
        channel.thread.isLocked = change.locked ?? channel.thread.isLocked;
      }
      announceChannel(world, channel, 'UPDATE');
      return ok(toChannel(world, channel));
    }),
    route('POST', '/channels/{channel_id}/typing', ({ world, param }) => {
      const channel = world.channel(param('channel_id'));
      requireSending(world, channel);
      return NOTHING;
    }),
    route('GET', messages, ({ world, param, query }) => {
      const channel = world.channel(param('channel_id'));
      world.requireBot(channel, 'ReadMessageHistory');
      const all = [...channel.messages.values()].filter(isPublic).toReversed();
      const before = query.get('before');
      const after = query.get('after');
      const chosen = all.filter(
        ({ id }) =>
          (before === null || BigInt(id) < BigInt(before)) && (after === null || BigInt(id) > BigInt(after)),
      );
      const limit = Math.min(Number(query.get('limit') ?? '50'), MAX_HISTORY);
      return ok(chosen.slice(0, limit).map((each) => readByBot(world, each)));
    }),
    route('GET', `${messages}/{message_id}`, ({ world, param }) => {
      const channel = world.channel(param('channel_id'));
      world.requireBot(channel, 'ReadMessageHistory');
      const message = world.message(channel.id, param('message_id'));
      if (!isPublic(message)) throw fault.unknownMessage();
      return ok(readByBot(world, message));
    }),
    route('POST', messages, ({ world, param, body, files, name }) => {
      const channel = world.channel(param('channel_id'));
      requireSending(world, channel);
      const sent = body as MessageBody;
      checkFromBot(world, name, sent, files);
      const reference = sent.message_reference;
      if (
        reference != null &&
        !channel.messages.has(reference.message_id) &&
        reference.fail_if_not_exists !== false
      )
        throw fault.invalidBody('message_reference: Unknown message');
      if (reference != null && !world.may(world.bot.id, channel, 'ReadMessageHistory'))
        throw fault.noHistory();
      const author = { kind: 'user', user: world.bot } as const;
      const message = post(world, { channel, author, body: sent, files, applicationId: world.applicationId });
      return ok(readByBot(world, message));
    }),
    route('PATCH', `${messages}/{message_id}`, ({ world, param, body, files, name, arrivedAtInMs }) => {
      const channel = world.channel(param('channel_id'));
      world.requireBot(channel);
      const message = world.message(channel.id, param('message_id'));
      if (!isBots(world, message)) throw fault.otherAuthor();
      if (channel.thread?.isArchived === true) throw fault.archivedThread();
      checkFromBot(world, name, body as MessageBody, files, message);
      revise(world, message, body as MessageBody, { files, arrivedAtInMs });
      return ok(readByBot(world, message));
    }),
    route('DELETE', `${messages}/{message_id}`, ({ world, param }) => {
      const channel = world.channel(param('channel_id'));
      const message = world.message(channel.id, param('message_id'));
      if (isBots(world, message)) world.requireBot(channel);
      else world.requireBot(channel, 'ManageMessages');
      remove(world, message);
      return NOTHING;
    }),
    route('POST', '/channels/{channel_id}/threads', ({ world, param, body }) =>
      openThread(world, world.channel(param('channel_id')), body as NewThread),
    ),
    route('POST', `${messages}/{message_id}/threads`, ({ world, param, body }) => {
      const channel = world.channel(param('channel_id'));
      world.message(channel.id, param('message_id'));
      return openThread(world, channel, { ...(body as NewThread), type: CHANNEL.publicThread });
    }),
  ];
}

interface NewThread {
  readonly name: string;
  readonly type?: number;
  readonly auto_archive_duration?: number;
}

function openThread(
  world: World,
  parent: ChannelRecord,
  { name, type, auto_archive_duration: minutes }: NewThread,
) {
  if (parent.guildId === undefined || parent.thread !== undefined) throw fault.wrongChannelType();
  const isPublicThread = type === CHANNEL.publicThread;
  world.requireBot(parent, isPublicThread ? 'CreatePublicThreads' : 'CreatePrivateThreads');
  if (name.trim() === '' || name.length > MAX_THREAD_NAME_IN_CHARACTERS)
    throw fault.invalidBody('name: 1 to 100 characters');
  const thread = world.addThread(parent, name, {
    isPrivate: !isPublicThread,
    ownerId: world.bot.id,
    autoArchiveInMinutes: minutes ?? 4320,
  });
  announceChannel(world, thread, 'CREATE');
  return { status: 201, body: toChannel(world, thread) };
}

function announceChannel(world: World, channel: ChannelRecord, what: 'CREATE' | 'UPDATE' | 'DELETE'): void {
  world.announceChannel(channel, what, toChannel(world, channel), INTENT.guilds);
}

function requireSending(world: World, channel: ChannelRecord): void {
  world.requireBot(channel, channel.thread === undefined ? 'SendMessages' : 'SendMessagesInThreads');
  if (channel.thread?.isLocked === true) throw fault.archivedThread();
  const recipient = channel.recipientId === undefined ? undefined : world.users.get(channel.recipientId);
  if (recipient?.isClosed === true) throw fault.closedDirectMessages();
}

function isPublic(message: MessageRecord): boolean {
  return message.deletedAtInMs === undefined && message.ephemeralFor === undefined;
}

function isBots(world: World, { author }: MessageRecord): boolean {
  return author.kind === 'user' && author.user.id === world.bot.id;
}

/** Over REST the same is withheld as over the gateway. */
function readByBot(world: World, message: MessageRecord): object {
  const { author } = message;
  const isWhole =
    world.privileged.messageContent ||
    world.channel(message.channelId).guildId === undefined ||
    (author.kind === 'user' && author.user.id === world.bot.id) ||
    message.mentions.includes(world.bot.id);
  return toMessage(world, message, { isWhole, isEvent: false });
}
