import { RateLimited } from '#src/chat/failures.ts';
import type { SpeechPart, SpeechPort } from '#src/chat/paced-speech.ts';
import { escapeText } from './mrkdwn.ts';
import { isOfUnknownFate, MissingScope, SlackFault } from './slack-errors.ts';
import type { MessagePort, SpeechPortOptions } from './speech-port.ts';

/** Slack ends a stream by itself after some minutes, or was told to by a person. */
const ENDED = new Set(['message_not_in_streaming_state', 'stopped_by_user']);

/** A message that is being streamed. */
interface OpenStream {
  /** What was streamed into it; undefined where Slack did not say whether it took the last of it. */
  readonly text: string | undefined;
}

export interface StreamPortOptions extends SpeechPortOptions {
  readonly threadTs: string;
  /** Who asked: Slack wants to know whom it streams to. */
  readonly recipient: string;
  /** Posts and edits where streaming does not apply. */
  readonly messages: MessagePort;
  /** Somebody pressed Slack's own button to stop it. */
  readonly onStopped: () => void;
}

/**
 * A reply in a thread, streamed as Slack offers it: what is appended needs no edit of the whole message. Where Slack
 * ends the stream the message is finished by edits, and where Slack will not stream, it is posted like any other.
 */
export class StreamPort implements SpeechPort {
  readonly #options: StreamPortOptions;
  readonly #open = new Map<string, OpenStream>();

  constructor(options: StreamPortOptions) {
    this.#options = options;
  }

  get maxLength(): number {
    return this.#options.messages.maxLength;
  }

  readonly measure = (text: string) => this.#options.messages.measure(text);

  async post(part: SpeechPart): Promise<string> {
    // What is whole already has no use for a stream.
    const ts = part.actions.length === 0 ? undefined : await this.#begun(part.text);
    if (ts === undefined) return this.#options.messages.post(part);
    this.#open.set(ts, { text: part.text });
    return ts;
  }

  /** Undefined where nothing of it stands. */
  async #begun(text: string): Promise<string | undefined> {
    const { team, look, channel, threadTs, recipient } = this.#options;
    if (team.streaming === 'refused') return undefined;
    const markdown = escapeText(text);
    try {
      const stream = { channel, threadTs, recipient, recipientTeam: team.id, look, markdown };
      const ts = await team.api.startStream(stream);
      return (await this.#keepsName(ts)) ? ts : undefined;
    } catch (error) {
      // So many streams may be begun in a minute; a message is posted meanwhile.
      if (error instanceof RateLimited) return undefined;
      if (!(error instanceof SlackFault) && !(error instanceof MissingScope)) throw error;
      // Slack did not take it: nothing was posted. It is not asked again.
      team.streaming = 'refused';
      team.log.info('Slack does not stream replies here; they are posted and edited', {
        code: codeOf(error),
      });
      return undefined;
    }
  }

  async edit(messageId: string, part: SpeechPart): Promise<void> {
    const { team, channel, messages } = this.#options;
    const isLast = part.actions.length === 0;
    const stream = this.#open.get(messageId);
    if (stream === undefined) return messages.edit(messageId, part);
    try {
      const isWhole = await this.#continued(messageId, stream, part.text);
      if (isWhole && !isLast) return;
      await team.api.stopStream(channel, messageId);
      this.#open.delete(messageId);
      if (!isWhole) await messages.edit(messageId, part);
    } catch (error) {
      const code = codeOf(error);
      if (!ENDED.has(code)) throw error;
      this.#open.delete(messageId);
      if (code === 'stopped_by_user' && !isLast) this.#options.onStopped();
      await messages.edit(messageId, part);
    }
  }

  /**
   * Whether the stream shows this text now. It cannot where the text did not only grow, and where Slack did not say
   * whether it took what was appended: appended again it might stand there twice.
   */
  async #continued(messageId: string, { text: standing }: OpenStream, text: string): Promise<boolean> {
    const { team, channel } = this.#options;
    if (standing === undefined || !text.startsWith(standing)) return false;
    const more = text.slice(standing.length);
    if (more === '') return true;
    try {
      await team.api.appendStream(channel, messageId, escapeText(more));
      this.#open.set(messageId, { text });
      return true;
    } catch (error) {
      if (!isOfUnknownFate(error)) throw error;
      team.log.warn(
        'Slack did not say whether it took a part of a reply; the reply is put right by an edit',
        {},
        error,
      );
      this.#open.set(messageId, { text: undefined });
      return false;
    }
  }

  /**
   * Whether the NPC's name survives a stream is nowhere written: the first message is looked at, and where it stands under
   * the app's name it is taken away again.
   */
  async #keepsName(messageId: string): Promise<boolean> {
    const { team, channel, threadTs, look } = this.#options;
    if (team.streaming !== 'untried') return true;
    try {
      const username = await team.api.usernameOf(channel, threadTs, messageId);
      team.streaming = username === look.username ? 'works' : 'refused';
      if (team.streaming === 'works') return true;
      team.log.info('Slack shows no names of NPCs on streamed replies; they are posted and edited');
      await team.api.stopStream(channel, messageId);
      await team.api.remove(channel, messageId);
      return false;
    } catch (error) {
      team.log.warn('A streamed reply could not be looked at', {}, error);
      return true;
    }
  }
}

function codeOf(error: unknown): string {
  return error instanceof SlackFault ? error.code : '';
}
