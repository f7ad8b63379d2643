import { checkMessageBlocks, TEXT_OF_ALL_BLOCKS, textLength } from '../blocks.ts';
import { BlockFault, SlackFault } from '../faults.ts';
import { type Fields, flagOf, isFields } from '../fields.ts';
import { pingsIn } from '../mentions.ts';
import { type Author, messageFields, type Wording } from '../messages.ts';
import {
  argument,
  channelOf,
  type Method,
  type MethodCall,
  needScope,
  ownMessage,
  required,
} from '../state.ts';
import type { Channel } from '../world.ts';

/** Beyond it Slack cuts a new message in two, and refuses an edit. */
const TEXT = 4000;

const postMessage: Method = (call) => {
  needScope(call, 'chat:write');
  const channel = postable(call);
  const wording = wordingOf(call);
  if (wording.text.length > TEXT && wording.blocks.length === 0)
    call.state.journal.violate('limit', call.method, `text of ${wording.text.length} characters is split`);
  const author = authorOf(call);
  const message = call.state.book.post(channel, author, wording, {
    threadTs: threadOf(call, channel),
    ...(isFields(call.args.metadata) ? { metadata: call.args.metadata } : {}),
  });
  void call.state.deliveries.announce(message);
  return { channel: channel.id, ts: message.ts, message: messageFields(message) };
};

const postEphemeral: Method = (call) => {
  needScope(call, 'chat:write');
  const channel = postable(call);
  const user = required(call, 'user');
  if (!call.team.members.has(user)) throw new SlackFault('user_not_found');
  if (!channel.members.has(user)) throw new SlackFault('user_not_in_channel');
  const wording = wordingOf(call);
  if (wording.text.length > TEXT) throw new SlackFault('msg_too_long', { kind: 'limit' });
  const author = authorOf(call);
  const message = call.state.book.post(channel, author, wording, {
    threadTs: threadOf(call, channel),
    onlyFor: user,
  });
  return { message_ts: message.ts };
};

const update: Method = (call) => {
  needScope(call, 'chat:write');
  const channel = writable(call, channelOf(call));
  const message = ownMessage(call, channel, 'cant_update_message');
  if (message.streaming === 'open') throw new SlackFault('streaming_state_conflict', { kind: 'shape' });
  for (const name of ['username', 'icon_url', 'icon_emoji'])
    if (call.args[name] !== undefined)
      throw new SlackFault('invalid_arguments', { kind: 'shape', detail: `chat.update takes no ${name}` });
  const { text, blocks } = wordingOf(call);
  if (text.length > TEXT) throw new SlackFault('msg_too_long', { kind: 'limit' });
  // Blocks that are not named stay as they are; an empty list takes them away.
  const wording = { text, blocks: call.args.blocks === undefined ? message.wording.blocks : blocks };
  const before = messageFields(message);
  call.state.book.edit(message, wording);
  void call.state.deliveries.announceChange(message, before);
  return { channel: channel.id, ts: message.ts, text, message: messageFields(message) };
};

const remove: Method = (call) => {
  needScope(call, 'chat:write');
  const channel = writable(call, channelOf(call));
  const message = ownMessage(call, channel, 'cant_delete_message');
  message.isDeleted = true;
  void call.state.deliveries.announceDeletion(message);
  return { channel: channel.id, ts: message.ts };
};

const getPermalink: Method = (call) => {
  const channel = channelOf(call);
  const ts = required(call, 'message_ts');
  if (call.state.book.find(channel.id, ts) === undefined) throw new SlackFault('message_not_found');
  const permalink = `https://${call.team.domain}.slack.com/archives/${channel.id}/p${ts.replace('.', '')}`;
  return { channel: channel.id, permalink };
};

export const chatMethods: Readonly<Record<string, Method>> = {
  'chat.postMessage': postMessage,
  'chat.postEphemeral': postEphemeral,
  'chat.update': update,
  'chat.delete': remove,
  'chat.getPermalink': getPermalink,
};

/** A channel that takes posts from us. */
export function postable(call: MethodCall): Channel {
  const id = required(call, 'channel');
  // A person's id stands for the direct conversation with them.
  const direct = call.team.members.has(id)
    ? [...call.team.channels.values()].find(({ kind, members }) => kind === 'im' && members.has(id))
    : undefined;
  return writable(call, direct ?? channelOf(call));
}

function writable(call: MethodCall, channel: Channel): Channel {
  if (channel.isArchived) throw new SlackFault('is_archived');
  const mayPost = channel.members.has(call.team.bot.id) || call.team.scopes.has('chat:write.public');
  if (!mayPost) throw new SlackFault('not_in_channel');
  return channel;
}

export function authorOf(call: MethodCall): Author {
  const username = argument(call, 'username');
  const icon = argument(call, 'icon_url') || argument(call, 'icon_emoji');
  if (username === '' && icon === '') return { kind: 'app' };
  needScope(call, 'chat:write.customize');
  if (username.length > 80)
    call.state.journal.violate('limit', call.method, `a name of ${username.length} characters`);
  return { kind: 'app', username: username || call.team.bot.name, ...(icon === '' ? {} : { icon }) };
}

export function threadOf(call: MethodCall, channel: Channel): string | undefined {
  const ts = argument(call, 'thread_ts');
  if (ts === '') return undefined;
  const root = call.state.book.find(channel.id, ts);
  if (root === undefined || root.onlyFor !== undefined) throw new SlackFault('thread_not_found');
  // A reply to a reply goes to the thread of the first.
  return root.threadTs ?? root.ts;
}

function wordingOf(call: MethodCall): Wording {
  const wording = wordingFrom(call.args);
  recordPings(call, call.args);
  if (wording.text === '' && wording.blocks.length === 0 && argument(call, 'markdown_text') === '')
    throw new SlackFault('no_text', { kind: 'shape' });
  return wording.text === '' ? { ...wording, text: argument(call, 'markdown_text') } : wording;
}

export function recordPings({ state, method }: Pick<MethodCall, 'state' | 'method'>, args: Fields): void {
  for (const what of pingsIn(args, { isUpdate: method === 'chat.update' }))
    state.journal.pings.push({ of: method, what, text: JSON.stringify(args).slice(0, 500) });
}

/** Text and blocks of a message, checked as Slack does. */
export function wordingFrom(args: Fields): Wording {
  const text = typeof args.text === 'string' ? args.text : '';
  if (flagOf(args.as_user)) throw new SlackFault('as_user_not_supported', { kind: 'shape' });
  if (args.blocks === undefined) return { text, blocks: [] };
  try {
    const blocks = checkMessageBlocks(args.blocks);
    if (textLength(blocks) > TEXT_OF_ALL_BLOCKS)
      throw new SlackFault('msg_blocks_too_long', { kind: 'limit' });
    return { text, blocks };
  } catch (error) {
    if (!(error instanceof BlockFault)) throw error;
    throw new SlackFault('invalid_blocks', {
      kind: error.kind,
      detail: error.message,
      extras: { errors: [error.message], response_metadata: { messages: [`[ERROR] ${error.message}`] } },
    });
  }
}
