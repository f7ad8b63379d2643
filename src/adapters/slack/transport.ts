import { HTTPReceiver, type Logger, SocketModeReceiver } from '@slack/bolt';
import type { Log } from '#src/core/log.ts';
import { EVENTS_PATH } from './paths.ts';
import { SLACK_API_URL, type SlackSettings } from './settings.ts';
import { SocketLink } from './socket-link.ts';

const TIMEOUT_IN_MS = 10_000;

/** The way on which Slack reaches us. */
export interface Transport {
  readonly receiver: HTTPReceiver | SocketModeReceiver;
  /** Slack can reach us, as far as that is ours to know: a socket stands, or our own server is asked. */
  isOpen(): boolean;
  open(): Promise<void>;
  close(): Promise<void>;
}

/** A socket where there is an app-level token, else HTTP through our own server. */
export function transportOf(
  { appToken, signingSecret, apiUrl }: SlackSettings,
  logger: Logger,
  log: Log,
): Transport {
  if (appToken === undefined) {
    const receiver = new HTTPReceiver({
      signingSecret: signingSecret ?? '',
      endpoints: EVENTS_PATH,
      logger,
    });
    return { receiver, isOpen: () => true, open: async () => {}, close: async () => {} };
  }
  const receiver = new SocketModeReceiver({
    appToken,
    logger,
    autoReconnectEnabled: false,
    installerOptions: {
      clientOptions: {
        slackApiUrl: apiUrl ?? SLACK_API_URL,
        timeout: TIMEOUT_IN_MS,
        retryConfig: { retries: 0 },
      },
    },
    // Slack brings again what was not acknowledged.
    processEventErrorHandler: async ({ error }) => {
      log.warn('Slack sent what could not be taken in', {}, error);
      return false;
    },
  });
  const link = new SocketLink(receiver.client, log);
  let wasOpened = false;
  return {
    receiver,
    isOpen: () => link.isOpen,
    async open() {
      await link.open();
      wasOpened = true;
    },
    async close() {
      if (!wasOpened) return;
      wasOpened = false;
      await link.close();
    },
  };
}
