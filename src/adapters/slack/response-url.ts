import type { Clock } from '#src/core/clock.ts';
import type { Log } from '#src/core/log.ts';
import type { SlackMessage } from './notice-blocks.ts';

/** Slack takes so many answers at one address, for so long; a little less, so that none is lost on the way. */
const MOST_USES = 5;
const FRESH_FOR_IN_MS = 29 * 60_000;
const TIMEOUT_IN_MS = 10_000;
/** Slack's status for an address that was used up, or is too old. */
const USED_UP = 404;

/** The address that comes with an interaction: what is sent there only the person who acted sees. */
export class ResponseUrl {
  readonly #url: string;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #freshUntilInMs: number;
  #usesLeft = MOST_USES;

  constructor(url: string, clock: Clock, log: Log) {
    this.#url = url;
    this.#clock = clock;
    this.#log = log;
    this.#freshUntilInMs = clock.now() + FRESH_FOR_IN_MS;
  }

  /** False where Slack does not take it any more. Where it fails otherwise that is logged, and it counts as not shown. */
  async send(
    message: SlackMessage,
    how: { readonly threadTs: string | undefined; readonly replacesOriginal: boolean },
  ): Promise<boolean> {
    if (this.#usesLeft === 0 || this.#clock.now() > this.#freshUntilInMs) return false;
    this.#usesLeft -= 1;
    try {
      const response = await fetch(this.#url, {
        method: 'POST',
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body: JSON.stringify({
          ...message,
          response_type: 'ephemeral',
          replace_original: how.replacesOriginal,
          parse: 'none',
          link_names: false,
          ...(how.threadTs === undefined ? {} : { thread_ts: how.threadTs }),
        }),
        signal: AbortSignal.timeout(TIMEOUT_IN_MS),
      });
      await response.arrayBuffer();
      if (!response.ok && response.status !== USED_UP) {
        this.#log.warn('Slack did not take an answer to somebody alone', { status: response.status });
      }
      return response.ok;
    } catch (error) {
      this.#log.warn('Slack was not reached with an answer to somebody alone', {}, error);
      return false;
    }
  }
}
