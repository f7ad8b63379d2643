import type { Clock } from '#src/core/clock.ts';
import { Refusal } from '#src/core/errors.ts';
import {
  type Action,
  type Notice,
  notice,
  type Speech,
  type SpeechEnding,
  type SpeechOutput,
} from '#src/core/view.ts';
import type { EditPacer } from './edit-pacer.ts';
import type { Mark } from './open-marks.ts';
import { PacedMessage } from './paced-message.ts';
import { sendPaced } from './paced-send.ts';
import { markedText } from './speech-marks.ts';
import { firstPart, type TextLimits } from './split-text.ts';

/** One message of a reply. */
export interface SpeechPart {
  /** Markdown within the limits, not yet rendered for the platform; never empty. */
  readonly text: string;
  /** Shown while it is being spoken, on its newest message; then none. */
  readonly actions: readonly Action[];
}

/** Where a reply is shown: a channel of a platform, under the NPC's name. */
export interface SpeechPort extends TextLimits {
  /**
   * Posts a further message and resolves with its id. Not called again before that.
   * @throws RateLimited; Refusal where we may not; anything else counts as failed for good too, since the message may
   * stand all the same.
   */
  post(part: SpeechPart): Promise<string>;
  /** @throws as `PacedMessageOptions.edit`. */
  edit(messageId: string, part: SpeechPart): Promise<void>;
}

/** What a message shows, and where its text ends. */
interface Page {
  readonly part: SpeechPart;
  /** It will not change any more. */
  readonly isFinal: boolean;
  readonly end: number;
  /** What the message after it opens again. */
  readonly open: readonly Mark[];
}

export interface PacedSpeechOptions {
  readonly speech: Speech;
  readonly port: SpeechPort;
  readonly pacer: EditPacer;
  readonly channelId: string;
  readonly clock: Clock;
  /** Tells everybody in the channel, once what was said stands. */
  readonly tell: (notice: Notice) => Promise<void>;
  /** For the log: an edit failed that others follow. */
  readonly onFault: (error: unknown) => void;
}

/**
 * One NPC's reply as messages that grow: the first text is posted at once, then edited at the platform's pace; what is
 * too long for a message goes on in the next, which is posted once the one before is complete. The last words are
 * always shown.
 */
export class PacedSpeech implements SpeechOutput {
  readonly #options: PacedSpeechOptions;
  /** What the newest message is to show, and what follows it. */
  #text = '';
  /** Markup that the newest message opens again. */
  #open: readonly Mark[] = [];
  #message: PacedMessage<SpeechPart> | undefined;
  #hasPosted = false;
  #isEnding = false;
  #isWorking = false;
  #working: Promise<void> = Promise.resolve();
  /** Why nothing more can be shown. */
  #fault: { readonly error: unknown } | undefined;

  constructor(options: PacedSpeechOptions) {
    this.#options = options;
  }

  append(text: string): void {
    if (this.#isEnding) return;
    this.#text += text;
    this.#advance();
  }

  /** @throws what kept the reply from being shown, after people were told so. */
  async end(ending: SpeechEnding): Promise<void> {
    this.#isEnding = true;
    if (this.#hasPosted || this.#text.trim() !== '')
      this.#text = markedText(this.#text, ending.state, this.#open);
    this.#advance();
    await this.#working;
    const { tell } = this.#options;
    if (this.#fault !== undefined) {
      const { error } = this.#fault;
      await tell(this.#unshown(error)).catch(() => undefined);
      throw error;
    }
    if ('notice' in ending) await tell(ending.notice);
  }

  #advance(): void {
    if (this.#isWorking) return;
    this.#isWorking = true;
    this.#working = this.#work();
  }

  /** Shows all there is; middle edits are left to the message. Never rejects. */
  async #work(): Promise<void> {
    try {
      while (this.#fault === undefined && this.#text.trim() !== '') {
        this.#message ??= await this.#post();
        const page = this.#page();
        if (!page.isFinal) {
          this.#message.show(page.part);
          return;
        }
        await this.#message.close(page.part);
        this.#message = undefined;
        this.#text = this.#text.slice(page.end);
        this.#open = page.open;
      }
    } catch (error) {
      this.#fault = { error };
    } finally {
      this.#isWorking = false;
    }
  }

  /** What the newest message is to show as things are. */
  #page(): Page {
    const { text, isCut, end, open } = firstPart(this.#text, this.#options.port, this.#open);
    const isFinal = isCut || this.#isEnding;
    return { part: { text, actions: isFinal ? [] : this.#options.speech.actions }, isFinal, end, open };
  }

  /** Posts a further message, with all that is there when its turn comes. */
  async #post(): Promise<PacedMessage<SpeechPart>> {
    const { port, pacer, channelId, clock, onFault, speech } = this.#options;
    let standing = this.#page().part;
    const messageId = await sendPaced(pacer, { kind: 'first', channelId }, () => {
      standing = this.#page().part;
      return port.post(standing);
    });
    this.#hasPosted = true;
    speech.posted(messageId);
    return new PacedMessage<SpeechPart>({
      pacer,
      channelId,
      clock,
      standing,
      isSame: (one, other) => one.text === other.text && one.actions.length === other.actions.length,
      edit: (newest) => port.edit(messageId, newest),
      onFault,
    });
  }

  #unshown(error: unknown): Notice {
    if (error instanceof Refusal) return notice('refusal', error.message);
    const { name } = this.#options.speech.npc;
    const what = `Not all that ${name} said could be shown here: the platform did not take it.`;
    return notice('trouble', `${what} The transcript has it: see it with the command "scene".`);
  }
}
