import { setTimeout as sleep } from 'node:timers/promises';
import { type SocketModeReceiver, webApi } from '@slack/bolt';
import { PlatformAway, Refusal } from '#src/core/errors.ts';
import type { Log } from '#src/core/log.ts';
import { appTokenWords, isTrouble } from './auth-test.ts';

/** Slack greets a new socket within moments. */
const GREETING_TIMEOUT_IN_MS = 15_000;
/** Before the second try to connect again; doubled each time. */
const FIRST_DELAY_IN_MS = 500;
const LONGEST_DELAY_IN_MS = 30_000;

type SocketClient = SocketModeReceiver['client'];

/**
 * The socket that Slack sends through. Slack closes and renews it every few hours; whatever ends it, it is opened again
 * at once, and then ever less eagerly. (The library's own way back waits five seconds, in which people act in vain, and
 * leaves a rejection that nobody sees where Slack turns it away.)
 */
export class SocketLink {
  readonly #client: SocketClient;
  readonly #log: Log;
  readonly #stopping = new AbortController();
  #isOpen = false;

  constructor(client: SocketClient, log: Log) {
    this.#client = client;
    this.#log = log;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** @throws Refusal in plain words where Slack does not let us in; PlatformAway where it may do so later. */
  async open(): Promise<void> {
    try {
      await this.#connect();
    } catch (error) {
      if (error instanceof webApi.WebAPIPlatformError && !isTrouble(error.data.error))
        throw new Refusal(appTokenWords(error.data.error));
      throw new PlatformAway('Slack opened no socket. Check the network.', { cause: error });
    }
    this.#watch();
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    this.#isOpen = false;
    this.#client.removeAllListeners('disconnected');
    await this.#client.disconnect();
  }

  #watch(): void {
    this.#isOpen = true;
    this.#client.once('disconnected', () => {
      this.#isOpen = false;
      void this.#reopen();
    });
  }

  async #reopen(): Promise<void> {
    for (let delayInMs = 0; !this.#stopping.signal.aborted; delayInMs = nextDelay(delayInMs)) {
      try {
        await sleep(delayInMs, undefined, { signal: this.#stopping.signal });
        await this.#connect();
        this.#watch();
        this.#log.info('The Slack socket is open again');
        return;
      } catch (error) {
        if (this.#stopping.signal.aborted) return;
        this.#log.warn('The Slack socket could not be opened again yet', {}, error);
      }
    }
  }

  async #connect(): Promise<void> {
    const late = AbortSignal.timeout(GREETING_TIMEOUT_IN_MS);
    const isLate = new Promise<never>((_, reject) => {
      late.addEventListener('abort', () => reject(new Error('Slack did not greet the socket in time')), {
        once: true,
      });
    });
    try {
      await Promise.race([this.#client.start(), isLate]);
    } catch (error) {
      // A socket that was opened and not greeted must not be left behind.
      if (late.aborted) void this.#client.disconnect();
      throw error ?? new Error('the socket was closed before Slack greeted it');
    }
  }
}

function nextDelay(delayInMs: number): number {
  return delayInMs === 0 ? FIRST_DELAY_IN_MS : Math.min(LONGEST_DELAY_IN_MS, delayInMs * 2);
}
