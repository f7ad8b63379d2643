import type { Clock } from '#src/core/clock.ts';
import type { SlackMessage } from './notice-blocks.ts';

/** Slack takes so many answers at one address, for so long; a little less, so that none is lost on the way. */
const MOST_USES = 5;
const FRESH_FOR_IN_MS = 29 * 60_000;
const TIMEOUT_IN_MS = 10_000;

/** The address that comes with an interaction: what is sent there only the person who acted sees. */
export class ResponseUrl {
  readonly #url: string;
  readonly #clock: Clock;
  readonly #freshUntilInMs: number;
  #usesLeft = MOST_USES;

  constructor(url: string, clock: Clock) {
    this.#url = url;
    this.#clock = clock;
    this.#freshUntilInMs = clock.now() + FRESH_FOR_IN_MS;
  }

  /** False where Slack would not take it (any more), or did not answer: it was shown to nobody. */
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
      return response.ok;
    } catch {
      return false;
    }
  }
}
