import type { Clock } from '#src/core/clock.ts';
import { Refusal } from '#src/core/errors.ts';
import type { EditPacer } from './edit-pacer.ts';
import { MessageGone, RateLimited } from './failures.ts';
import { heed, isHopeless } from './paced-send.ts';
import { waitInMs } from './wait.ts';

/** Between two requests that show one message. */
export const MIN_EDIT_INTERVAL_IN_MS = 1200;
/** So often is the last edit tried before it counts as failed. */
export const LAST_EDIT_TRIES = 4;
/** Before the second try of the last edit; doubled before each further one. */
const RETRY_DELAY_IN_MS = 1000;

export interface PacedMessageOptions<T> {
  readonly pacer: EditPacer;
  readonly channelId: string;
  readonly clock: Clock;
  /** What the message shows already: it was posted just now. */
  readonly standing: T;
  /** Whether a person would see no difference; identity where left out. */
  readonly isSame?: (one: T, other: T) => boolean;
  /**
   * Shows the content in place of what stands.
   * @throws RateLimited, MessageGone, or Refusal where we may not; anything else may pass by itself.
   */
  readonly edit: (content: T) => Promise<void>;
  /** Called once where the message is gone: nothing is shown any more. */
  readonly onGone?: () => void;
  /** Called once where edits fail that others follow. */
  readonly onFault?: (error: unknown) => void;
}

/**
 * One message that is kept up to date: at most one edit is under way, the newest content wins, what stands already is
 * not sent again, and the last content always is.
 */
export class PacedMessage<T> {
  readonly #options: PacedMessageOptions<T>;
  readonly #isSame: (one: T, other: T) => boolean;
  /** Undefined where nobody knows: an edit failed that may have arrived all the same. */
  #standing: { readonly content: T } | undefined;
  /** What is still to be shown. */
  #wanted: { readonly content: T } | undefined;
  #sentAtInMs: number;
  #isClosing = false;
  #isGone = false;
  #hasReported = false;
  /** Of the last edit. */
  #failedTries = 0;
  /** How often in a row the platform had too many. */
  #rateLimits = 0;
  /** Aborts when a middle edit need not wait any more, since the last one is due. */
  readonly #lastIsDue = new AbortController();
  #isWorking = false;
  #working: Promise<void> = Promise.resolve();

  constructor(options: PacedMessageOptions<T>) {
    this.#options = options;
    this.#isSame = options.isSame ?? Object.is;
    this.#standing = { content: options.standing };
    this.#sentAtInMs = options.clock.now();
  }

  /** Shows the content when it may, unless something newer comes before that. Nothing after `close`. */
  show(content: T): void {
    if (this.#isClosing || this.#isGone) return;
    this.#wanted = { content };
    // It rejects for the last content alone, which `close` hands on.
    this.#start().catch(() => undefined);
  }

  /**
   * Shows the last content. Resolves when it stands, or the message is gone. To be called once.
   * @throws what the platform answered to the last of several tries.
   */
  async close(content: T): Promise<void> {
    if (this.#isGone) return;
    this.#isClosing = true;
    this.#rateLimits = 0;
    this.#wanted = { content };
    this.#lastIsDue.abort();
    await this.#start();
  }

  #start(): Promise<void> {
    if (!this.#isWorking) {
      this.#isWorking = true;
      this.#working = this.#work();
    }
    return this.#working;
  }

  async #work(): Promise<void> {
    try {
      this.#dropWhatStands();
      while (this.#wanted !== undefined) {
        await this.#waitForInterval();
        await this.#edit();
        this.#dropWhatStands();
      }
    } finally {
      this.#isWorking = false;
    }
  }

  #dropWhatStands(): void {
    if (this.#wanted === undefined || this.#standing === undefined) return;
    if (this.#isSame(this.#wanted.content, this.#standing.content)) this.#wanted = undefined;
  }

  async #waitForInterval(): Promise<void> {
    const { clock } = this.#options;
    const retryDelayInMs = this.#failedTries === 0 ? 0 : RETRY_DELAY_IN_MS * 2 ** (this.#failedTries - 1);
    const intervalInMs = Math.max(MIN_EDIT_INTERVAL_IN_MS, retryDelayInMs);
    for (;;) {
      const leftInMs = this.#sentAtInMs + intervalInMs - clock.now();
      if (leftInMs <= 0) return;
      await waitInMs(Math.min(leftInMs, intervalInMs));
      // The clock was set back: the interval is over all the same.
      if (leftInMs > intervalInMs) return;
    }
  }

  /** Shows what is newest once it is this message's turn. */
  async #edit(): Promise<void> {
    this.#dropWhatStands();
    if (this.#wanted === undefined) return;
    const { pacer, channelId, clock, edit } = this.#options;
    const isLast = this.#isClosing;
    const mayGo = await pacer.turn(
      isLast ? { kind: 'last', channelId } : { kind: 'middle', channelId, signal: this.#lastIsDue.signal },
    );
    this.#dropWhatStands();
    const sent = this.#wanted;
    if (!mayGo || sent === undefined) return;
    this.#sentAtInMs = clock.now();
    try {
      await edit(sent.content);
      this.#standing = sent;
      this.#failedTries = 0;
      this.#rateLimits = 0;
    } catch (error) {
      if (error instanceof MessageGone) this.#leave();
      else if (error instanceof RateLimited) this.#slowDown(error, isLast);
      else this.#failed(error, isLast, sent);
    }
  }

  #leave(): void {
    this.#isGone = true;
    this.#wanted = undefined;
    this.#options.onGone?.();
  }

  #slowDown(rateLimited: RateLimited, isLast: boolean): void {
    this.#rateLimits += 1;
    heed(this.#options.pacer, rateLimited, this.#options.channelId);
    if (isLast && isHopeless(rateLimited, this.#rateLimits)) throw rateLimited;
  }

  #failed(error: unknown, isLast: boolean, sent: { readonly content: T }): void {
    this.#standing = undefined;
    if (isLast) {
      this.#failedTries += 1;
      if (error instanceof Refusal || this.#failedTries >= LAST_EDIT_TRIES) throw error;
      return;
    }
    // Another edit follows: this content is not tried again by itself.
    if (this.#wanted === sent) this.#wanted = undefined;
    if (!this.#hasReported) this.#options.onFault?.(error);
    this.#hasReported = true;
  }
}
