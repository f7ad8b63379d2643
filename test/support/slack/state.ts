import type { Deliveries } from './deliveries.ts';
import { SlackFault } from './faults.ts';
import type { Fields } from './fields.ts';
import type { FileShelf } from './files.ts';
import type { Journal } from './journal.ts';
import type { Message, MessageBook } from './messages.ts';
import type { Rates } from './rates.ts';
import type { StandInClock } from './stand-in-clock.ts';
import type { ResponseUrls, Triggers } from './tickets.ts';
import type { ViewDesk } from './view-desk.ts';
import type { Channel, Member, SlackApp, Team } from './world.ts';

/** What all parts of the stand-in share. */
export interface State {
  readonly app: SlackApp;
  readonly clock: StandInClock;
  readonly teams: Map<string, Team>;
  readonly book: MessageBook;
  readonly journal: Journal;
  readonly rates: Rates;
  readonly triggers: Triggers;
  readonly responseUrls: ResponseUrls;
  readonly views: ViewDesk;
  readonly files: FileShelf;
  readonly deliveries: Deliveries;
  /** Codes that the OAuth page gave out, each good once. */
  readonly codes: Map<
    string,
    { readonly team: Team; readonly installer: Member; readonly redirectUri: string }
  >;
  /** Edits under way, by channel and ts. */
  readonly underWay: Map<string, number>;
  readonly settings: Settings;
  /** Base URL without a slash at its end. */
  url: string;
  /** Something changed: whoever waits for a condition looks again. */
  changed(): void;
}

export interface Settings {
  /** How long an answer of the Web API takes. */
  latencyInMs: number;
  /** `off`: chat.startStream and its like are unknown methods, as in workspaces without them. */
  streaming: 'on' | 'off';
  /** `off`: Slack takes nothing at a response_url. */
  responseUrls: 'on' | 'off';
  /** Whether a streamed message is shown under the name that the app gave: nobody knows for sure. */
  streamsKeepNames: boolean;
}

/** A call of a method, with who calls and what it may do. */
export interface MethodCall {
  readonly state: State;
  readonly method: string;
  readonly team: Team;
  readonly args: Fields;
}

export type Method = (call: MethodCall) => Fields | Promise<Fields>;

/** Text arguments; '' where left out. */
export function argument({ args }: MethodCall, name: string): string {
  const value = args[name];
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

export function required(call: MethodCall, name: string): string {
  const value = argument(call, name);
  if (value === '')
    throw new SlackFault('invalid_arguments', {
      kind: 'shape',
      detail: `missing required field: ${name}`,
      extras: { response_metadata: { messages: [`[ERROR] missing required field: ${name}`] } },
    });
  return value;
}

export function needScope({ team, method }: MethodCall, ...anyOf: readonly string[]): void {
  if (anyOf.some((scope) => team.scopes.has(scope))) return;
  throw new SlackFault('missing_scope', {
    kind: 'scope',
    detail: `${method} needs ${anyOf.join(' or ')}`,
    extras: { needed: anyOf.join(','), provided: [...team.scopes].join(',') },
  });
}

/** The channel of an id, as far as our bot can see it. */
export function channelOf(call: MethodCall, name = 'channel'): Channel {
  const id = required(call, name);
  const channel = call.team.channels.get(id);
  const isHidden =
    channel === undefined ||
    channel.isDeleted ||
    (channel.kind !== 'public' && !channel.members.has(call.team.bot.id));
  if (isHidden) throw new SlackFault('channel_not_found');
  return channel;
}

/** A message of ours that may be changed. */
export function ownMessage(call: MethodCall, channel: Channel, fault: string): Message {
  const message = call.state.book.find(channel.id, required(call, 'ts'));
  if (message === undefined || message.isDeleted || message.onlyFor !== undefined)
    throw new SlackFault('message_not_found');
  if (message.author.kind !== 'app') throw new SlackFault(fault);
  return message;
}
