import { RateLimited } from '#src/chat/failures.ts';
import type { SpeechPart, SpeechPort } from '#src/chat/paced-speech.ts';
import { escapeText } from './mrkdwn.ts';
import { MissingScope, SlackFault } from './slack-errors.ts';
import type { MessagePort, SpeechPortOptions } from './speech-port.ts';

/** Slack ends a stream by itself after some minutes, or was told to by a person. */
const ENDED = new Set(['message_not_in_streaming_state', 'stopped_by_user']);

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
  /** What was streamed into each message that is still open. */
  readonly #streamed = new Map<string, string>();

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
    this.#streamed.set(ts, part.text);
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
    const streamed = this.#streamed.get(messageId);
    if (streamed === undefined) return messages.edit(messageId, part);
    try {
      const isContinued = part.text.startsWith(streamed);
      const more = isContinued ? part.text.slice(streamed.length) : '';
      if (more !== '') {
        await team.api.appendStream(channel, messageId, escapeText(more));
        this.#streamed.set(messageId, part.text);
      }
      if (isContinued && !isLast) return;
      await team.api.stopStream(channel, messageId);
      this.#streamed.delete(messageId);
      if (!isContinued) await messages.edit(messageId, part);
    } catch (error) {
      const code = codeOf(error);
      if (!ENDED.has(code)) throw error;
      this.#streamed.delete(messageId);
      if (code === 'stopped_by_user' && !isLast) this.#options.onStopped();
      await messages.edit(messageId, part);
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
