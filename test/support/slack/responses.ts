import type { IncomingMessage, ServerResponse } from 'node:http';
import { SlackFault } from './faults.ts';
import { type Fields, fieldsOf, flagOf, textOf } from './fields.ts';
import { type Message, messageFields } from './messages.ts';
import { recordPings, wordingFrom } from './methods/chat.ts';
import type { State } from './state.ts';
import type { ResponseTicket } from './tickets.ts';
import { bodyOf } from './web-api.ts';

/** Answers `POST /response/KEY`, the address that comes with an interaction. */
export async function respond(
  state: State,
  key: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = fieldsOf(JSON.parse(await bodyOf(request)));
  const reply = (status: number, text: string) => {
    response.writeHead(status, { 'content-type': 'text/plain' }).end(text);
    state.changed();
  };
  if (state.settings.responseUrls === 'off') {
    reply(404, 'used_url');
    return;
  }
  const ticket = state.responseUrls.use(key);
  if (ticket === undefined) {
    reply(404, 'used_url');
    return;
  }
  try {
    carryOut(state, ticket, body, 'response_url');
    reply(200, 'ok');
  } catch (error) {
    if (!(error instanceof SlackFault)) throw error;
    if (error.kind !== undefined) state.journal.violate(error.kind, 'response_url', error.message);
    reply(error.code === 'channel_not_found' ? 404 : 400, error.code);
  }
}

/** Does what a body for a response_url, or in the acknowledgement of a command, asks for. */
export function carryOut(state: State, ticket: ResponseTicket, body: Fields, of: string): void {
  const channel = state.teams.get(ticket.teamId)?.channels.get(ticket.channelId);
  if (channel === undefined || channel.isDeleted) throw new SlackFault('channel_not_found');
  recordPings({ state, method: of }, body);
  const source = ticket.messageTs === undefined ? undefined : state.book.find(channel.id, ticket.messageTs);
  if (flagOf(body.delete_original)) {
    if (source !== undefined) remove(state, source);
    return;
  }
  const wording = wordingFrom(body);
  if (wording.text === '' && wording.blocks.length === 0) throw new SlackFault('no_text', { kind: 'shape' });
  if (wording.text.length > 4000)
    state.journal.violate('limit', of, `text of ${wording.text.length} characters is split`);
  if (flagOf(body.replace_original) && source !== undefined) {
    const before = messageFields(source);
    state.book.edit(source, wording);
    if (source.onlyFor === undefined) void state.deliveries.announceChange(source, before);
    return;
  }
  const isForAll = body.response_type === 'in_channel';
  const message = state.book.post(channel, { kind: 'app' }, wording, {
    threadTs: textOf(body.thread_ts) || undefined,
    ...(isForAll ? {} : { onlyFor: ticket.personId }),
  });
  if (isForAll) void state.deliveries.announce(message);
}

function remove(state: State, message: Message): void {
  message.isDeleted = true;
  if (message.onlyFor === undefined) void state.deliveries.announceDeletion(message);
}
