import { SlackFault } from '../faults.ts';
import { type Fields, flagOf } from '../fields.ts';
import { type Message, messageFields } from '../messages.ts';
import { argument, channelOf, type Method, type MethodCall, needScope, required } from '../state.ts';
import { addChannel, type Channel, type ChannelKind, channelFields, memberFields } from '../world.ts';

/** The middle of a scope's name: `groups:history`. */
const FAMILY: Readonly<Record<ChannelKind, string>> = {
  public: 'channels',
  private: 'groups',
  im: 'im',
  mpim: 'mpim',
};

const PAGE = 100;

const info: Method = (call) => {
  const channel = channelOf(call);
  needScope(call, `${FAMILY[channel.kind]}:read`);
  return { channel: channelFields(channel, call.team.bot.id) };
};

const members: Method = (call) => {
  const channel = channelOf(call);
  needScope(call, `${FAMILY[channel.kind]}:read`);
  return paged(call, 'members', [...channel.members]);
};

const open: Method = (call) => {
  const people = required(call, 'users').split(',');
  needScope(call, people.length > 1 ? 'mpim:write' : 'im:write');
  for (const id of people) {
    const person = call.team.members.get(id);
    if (person === undefined) throw new SlackFault('user_not_found');
    if (person.isDeleted) throw new SlackFault('user_disabled');
    if (person.isBot) throw new SlackFault('cannot_dm_bot');
  }
  const all = [...people, call.team.bot.id];
  const isSame = ({ members }: Channel) => members.size === all.length && all.every((id) => members.has(id));
  const known = [...call.team.channels.values()].find(
    (channel) => (channel.kind === 'im' || channel.kind === 'mpim') && isSame(channel),
  );
  const channel = known ?? addChannel(call.team, '', people.length > 1 ? 'mpim' : 'im', all);
  return { channel: { id: channel.id } };
};

const history: Method = (call) => {
  const channel = channelOf(call);
  needScope(call, `${FAMILY[channel.kind]}:history`);
  if (!channel.members.has(call.team.bot.id)) throw new SlackFault('not_in_channel');
  const messages = readable(call, channel)
    .filter((message) => message.threadTs === undefined && isWithin(call, message))
    .toReversed();
  return paged(call, 'messages', messages.map(fieldsFor(call)));
};

const replies: Method = (call) => {
  const channel = channelOf(call);
  needScope(call, `${FAMILY[channel.kind]}:history`);
  const ts = required(call, 'ts');
  const thread = readable(call, channel).filter((message) => (message.threadTs ?? message.ts) === ts);
  if (thread.length === 0) throw new SlackFault('thread_not_found');
  // The first message is always there, whatever was asked for.
  const messages = thread.filter((message) => message.ts === ts || isWithin(call, message));
  return paged(call, 'messages', messages.map(fieldsFor(call)));
};

const listAll: Method = (call) => {
  needScope(call, 'channels:read', 'groups:read');
  const seen = [...call.team.channels.values()].filter(
    ({ kind, members, isDeleted }) =>
      !isDeleted && (kind === 'public' || (kind === 'private' && members.has(call.team.bot.id))),
  );
  return paged(
    call,
    'channels',
    seen.map((channel) => channelFields(channel, call.team.bot.id)),
  );
};

const join: Method = (call) => {
  needScope(call, 'channels:join');
  const channel = channelOf(call);
  if (channel.isArchived) throw new SlackFault('is_archived');
  channel.members.add(call.team.bot.id);
  return { channel: channelFields(channel, call.team.bot.id) };
};

const userInfo: Method = (call) => {
  needScope(call, 'users:read');
  const person = call.team.members.get(required(call, 'user'));
  if (person === undefined) throw new SlackFault('user_not_found');
  return { user: memberFields(person) };
};

const userList: Method = (call) => {
  needScope(call, 'users:read');
  return paged(call, 'members', [...call.team.members.values()].map(memberFields));
};

const groupList: Method = (call) => {
  needScope(call, 'usergroups:read');
  const usergroups = [...call.team.groups].map(([id, { handle, users }]) => ({
    id,
    team_id: call.team.id,
    is_usergroup: true,
    name: handle,
    handle,
    date_delete: 0,
    user_count: users.size,
    ...(flagOf(call.args.include_users) ? { users: [...users] } : {}),
  }));
  return { usergroups };
};

const groupUsers: Method = (call) => {
  needScope(call, 'usergroups:read');
  const group = call.team.groups.get(required(call, 'usergroup'));
  if (group === undefined) throw new SlackFault('no_such_subteam');
  return { users: [...group.users] };
};

export const conversationMethods: Readonly<Record<string, Method>> = {
  'conversations.history': history,
  'conversations.info': info,
  'conversations.join': join,
  'conversations.list': listAll,
  'conversations.members': members,
  'conversations.open': open,
  'conversations.replies': replies,
  'users.info': userInfo,
  'users.list': userList,
  'usergroups.list': groupList,
  'usergroups.users.list': groupUsers,
};

function readable(call: MethodCall, channel: Channel) {
  return call.state.book.in(channel).filter((message) => !message.isDeleted && message.onlyFor === undefined);
}

function isWithin(call: MethodCall, { ts }: Message): boolean {
  const oldest = argument(call, 'oldest');
  const latest = argument(call, 'latest');
  const isInclusive = flagOf(call.args.inclusive);
  const isEdge = isInclusive && (ts === oldest || ts === latest);
  return isEdge || ((oldest === '' || ts > oldest) && (latest === '' || ts < latest));
}

function fieldsFor(call: MethodCall): (message: Message) => Fields {
  const withMetadata = flagOf(call.args.include_all_metadata);
  return (message) => ({
    ...messageFields(message),
    ...(withMetadata && message.metadata !== undefined ? { metadata: message.metadata } : {}),
  });
}

/** One page of a list, with the cursor of the next. */
function paged(call: MethodCall, name: string, items: readonly unknown[]): Fields {
  const start = Number(argument(call, 'cursor') || '0');
  if (!Number.isInteger(start)) throw new SlackFault('invalid_cursor', { kind: 'shape' });
  const limit = Math.min(1000, Number(argument(call, 'limit')) || PAGE);
  const next = start + limit < items.length ? String(start + limit) : '';
  return {
    [name]: items.slice(start, start + limit),
    has_more: next !== '',
    response_metadata: { next_cursor: next },
  };
}
