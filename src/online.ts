import { createHmac } from 'node:crypto';
import { avatarAddress } from './adapters/avatars/avatar-address.ts';
import { avatarRoute } from './adapters/avatars/avatar-route.ts';
import { openHttpServer } from './adapters/http/http-server.ts';
import { type App, openApp } from './app.ts';
import type { Config } from './config.ts';
import type { AvatarAddress, HttpRoute, RunningAdapter } from './core/adapter.ts';
import { type Clock, systemClock } from './core/clock.ts';
import { Refusal } from './core/errors.ts';
import type { Front } from './core/front.ts';
import type { Log } from './core/log.ts';
import type { InstallationStore } from './core/store.ts';
import { expectManyStreams } from './heap.ts';
import { type Joined, joinPlatform, letGo } from './join-platform.ts';

/** Replies under way have so long to end when the process is asked to. */
const GRACE_IN_MS = 8_000;
const LONGEST_TIMER_IN_MS = 2 ** 31 - 1;

/** What the adapters of all platforms are given. */
interface Surroundings {
  readonly front: Front;
  readonly clock: Clock;
  readonly log: Log;
  readonly avatarOf: AvatarAddress;
}

/** How what is online is started; each is loaded when it is. */
export interface Starters {
  app(options: { readonly config: Config; readonly log: Log }): Promise<App>;
  discord(config: NonNullable<Config['discord']>, surroundings: Surroundings): Promise<RunningAdapter>;
  slack(
    config: NonNullable<Config['slack']>,
    surroundings: Surroundings & {
      readonly installations: InstallationStore;
      readonly publicUrl: string | undefined;
      readonly stateSecret: string | undefined;
    },
  ): Promise<RunningAdapter & { readonly routes: readonly HttpRoute[] }>;
}

const ownStarters: Starters = {
  app: openApp,
  discord: async (config, surroundings) => {
    const { startDiscord } = await import('./adapters/discord/discord-adapter.ts');
    return startDiscord({ ...config, ...surroundings });
  },
  slack: async (config, { stateSecret, ...surroundings }) => {
    const { startSlack } = await import('./adapters/slack/slack-adapter.ts');
    return startSlack({ ...surroundings, settings: { ...config, stateSecret } });
  },
};

export interface OnlineOptions {
  readonly config: Config;
  readonly log: Log;
  /** Shows one line to whoever started the process. */
  readonly say: (line: string) => void;
  /** Aborts when the process is asked to end. */
  readonly leave: AbortSignal;
  readonly starters?: Starters;
}

/**
 * Joins every platform that is configured, and plays there until the process is asked to end. Resolves when what was
 * being said has ended and everything is closed.
 * @throws Refusal where no platform could be joined; why was said before.
 */
export async function playOnline({
  config,
  log,
  say,
  leave,
  starters = ownStarters,
}: OnlineOptions): Promise<void> {
  expectManyStreams();
  const app = await starters.app({ config, log });
  // While the platforms are joined, nobody waits for it.
  const warmingUp = app.warmUp();
  const joined: Joined[] = [];
  const routes: HttpRoute[] = [avatarRoute({ clock: systemClock, log })];
  let isUp = false;
  let http: Awaited<ReturnType<typeof openHttp>>;
  try {
    http = await openHttp({
      config,
      log,
      say,
      routes,
      isReady: () =>
        isUp && app.isReady() && joined.every(({ adapter }) => adapter.isConnected?.() !== false),
    });
    const surroundings: Surroundings = {
      front: app.front,
      clock: systemClock,
      log,
      avatarOf: avatarAddress(http === undefined ? undefined : config.publicUrl),
    };
    const { discord, slack } = config;
    const join = (name: string, start: () => Promise<RunningAdapter>) =>
      joinPlatform({ name, start, joined, leave, log, say });
    const starts = [
      ...(discord === undefined ? [] : [join('Discord', () => starters.discord(discord, surroundings))]),
      ...(slack === undefined
        ? []
        : [
            join('Slack', async () => {
              if (slack.appToken === undefined && http === undefined) throw new Refusal(NO_SERVER_FOR_SLACK);
              const adapter = await starters.slack(slack, {
                ...surroundings,
                installations: app.installations,
                publicUrl: config.publicUrl,
                stateSecret: derivedSecret(config.secretKey),
              });
              routes.push(...adapter.routes);
              return adapter;
            }),
          ]),
    ];
    // One that is away is tried again meanwhile: until it is there, we are not ready.
    await Promise.race([Promise.all(starts), aborted(leave)]);
    if (joined.length === 0 && !leave.aborted) throw new Refusal(NOTHING_JOINED);
    await warmingUp;
    isUp = joined.length === starts.length;
    await aborted(leave);
    say(`Leaving. What is being said has ${GRACE_IN_MS / 1000} seconds to end.`);
  } finally {
    isUp = false;
    // Sockets are let go of before the last words are sent: until those stand, nothing else need keep the process alive.
    const holding = setInterval(() => {}, LONGEST_TIMER_IN_MS);
    await letGo(joined, 'stopHearing', log);
    try {
      await app.close({ graceInMs: GRACE_IN_MS });
    } finally {
      clearInterval(holding);
      await letGo(joined, 'close', log);
      await http?.close();
    }
  }
}

const NOTHING_JOINED =
  'Nothing is connected, so the program ends. Correct what is named above, and start it again; npm run doctor looks closer.';
const NO_SERVER_FOR_SLACK =
  'Slack sends what is said to our HTTP server, which could not be opened. Correct what is named above, or set SLACK_APP_TOKEN, which needs no server.';

/** Where pictures, Slack and whoever watches over us reach us; undefined where nobody does or it cannot be opened. */
async function openHttp(options: {
  readonly config: Config;
  readonly log: Log;
  readonly say: (line: string) => void;
  readonly routes: readonly HttpRoute[];
  readonly isReady: () => boolean;
}) {
  const { config, log, say, routes, isReady } = options;
  if (config.http === undefined) return undefined;
  try {
    const server = await openHttpServer({ ...config.http, routes, isReady, log });
    const outside = config.publicUrl === undefined ? '' : `, which ${config.publicUrl} must lead to`;
    say(`HTTP: listening at ${server.url}${outside}.`);
    return server;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    say(`HTTP: not listening, and NPCs stay without pictures of ours. ${error.message}`);
    return undefined;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** Another secret than the one that seals tokens, for what a browser carries through an installation. */
function derivedSecret(secretKey: string | undefined): string | undefined {
  if (secretKey === undefined) return undefined;
  return createHmac('sha256', secretKey).update('installations: state').digest('base64url');
}
