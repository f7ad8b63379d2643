import { SlackFault } from '../faults.ts';
import { fieldsOf, listOf, textOf } from '../fields.ts';
import { messageFields } from '../messages.ts';
import { argument, channelOf, type Method, type MethodCall, needScope, ownMessage } from '../state.ts';
import { authorOf, postable, recordPings, threadOf, wordingFrom } from './chat.ts';

const LIFE_IN_MS = 5 * 60_000;
const MARKDOWN_TEXT = 12_000;

const startStream: Method = (call) => {
  available(call);
  const channel = postable(call);
  if (channel.kind !== 'im') {
    if (argument(call, 'recipient_user_id') === '')
      throw new SlackFault('missing_recipient_user_id', { kind: 'shape' });
    if (argument(call, 'recipient_team_id') === '')
      throw new SlackFault('missing_recipient_team_id', { kind: 'shape' });
  }
  const threadTs = threadOf(call, channel);
  if (threadTs === undefined && channel.kind === 'im')
    throw new SlackFault('invalid_thread_ts', { kind: 'shape', detail: 'a stream in a DM needs a thread' });
  const author = authorOf(call);
  const message = call.state.book.post(
    channel,
    call.state.settings.streamsKeepNames ? author : { kind: 'app' },
    { text: streamed(call), blocks: [] },
    { threadTs },
  );
  message.streaming = 'open';
  message.streamedFor = argument(call, 'recipient_user_id');
  call.state.clock.after(LIFE_IN_MS, () => {
    if (message.streaming === 'open') message.streaming = 'expired';
    call.state.changed();
  });
  return { channel: channel.id, ts: message.ts };
};

const appendStream: Method = (call) => {
  const message = streamingMessage(call);
  const text = streamed(call);
  if (text === '') throw new SlackFault('no_text', { kind: 'shape' });
  message.wording = { ...message.wording, text: message.wording.text + text };
  return { channel: message.channel.id, ts: message.ts };
};

const stopStream: Method = (call) => {
  const message = streamingMessage(call);
  const { blocks } = wordingFrom({ blocks: call.args.blocks });
  message.wording = { text: message.wording.text + streamed(call), blocks };
  message.streaming = 'stopped';
  void call.state.deliveries.announce(message);
  return { channel: message.channel.id, ts: message.ts, message: messageFields(message) };
};

export const streamMethods: Readonly<Record<string, Method>> = {
  'chat.startStream': startStream,
  'chat.appendStream': appendStream,
  'chat.stopStream': stopStream,
};

function available(call: MethodCall): void {
  if (call.state.settings.streaming === 'off') throw new SlackFault('unknown_method');
  needScope(call, 'chat:write');
}

function streamingMessage(call: MethodCall) {
  available(call);
  const message = ownMessage(call, channelOf(call), 'message_not_owned_by_app');
  if (message.streaming === 'stopped by user') throw new SlackFault('stopped_by_user');
  if (message.streaming !== 'open') throw new SlackFault('message_not_in_streaming_state');
  return message;
}

function streamed(call: MethodCall): string {
  const chunks = listOf(call.args.chunks).map((chunk) => textOf(fieldsOf(chunk).text));
  const text = [argument(call, 'markdown_text'), ...chunks].join('');
  if (text.length > MARKDOWN_TEXT) throw new SlackFault('msg_too_long', { kind: 'limit' });
  recordPings(call, { markdown_text: text, blocks: call.args.blocks });
  return text;
}
