import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { COMMANDS } from '#commands/index.ts';
import { slackManifest } from '#src/adapters/slack/manifest.ts';
import { readConfig, secretsOf } from '#src/config.ts';
import { openLog } from '#src/log.ts';
import { playOnline } from '#src/online.ts';
import type { Reply } from '../model-reply.ts';
import { type ModelServer, startModelServer } from '../model-server.ts';
import type { SeenMessage } from './messages.ts';
import type { SlackPerson } from './slack-person.ts';
import { type AppManifest, type SlackServer, startSlackServer } from './slack-server.ts';
import type { Channel, Team } from './world.ts';

/** An evening in Slack: the whole product against the stand-ins of Slack and of a model, over real sockets. */
export interface SlackGame extends AsyncDisposable {
  readonly slack: SlackServer;
  readonly model: ModelServer;
  readonly team: Team;
  /** Manages the workspace: leads the campaign until it names somebody. */
  readonly gm: SlackPerson;
  readonly mira: SlackPerson;
  readonly tom: SlackPerson;
  readonly tavern: Channel;
  readonly dataDir: string;
  /** What the product said to whoever started it. */
  readonly said: readonly string[];
  /** Lines of its log, from the lowest level on. */
  readonly log: readonly string[];
  /** The product's own address, in HTTP mode. */
  readonly url: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Starts the product, again after `leave`. Resolves once it is connected. */
  start(): Promise<void>;
  /** Asks it to end, and waits for it. */
  leave(): Promise<void>;
  /** Brings an NPC on stage in the tavern; resolves once the channel shows it. */
  bringOn(...names: readonly string[]): Promise<void>;
  /** Waits until a message that this person sees in the channel fits, and gives the newest that does. */
  sees(
    person: SlackPerson,
    channel: Channel,
    fits: (seen: SeenMessage) => boolean,
    what: string,
  ): Promise<SeenMessage>;
}

export interface GameOptions {
  readonly transport?: 'socket' | 'http';
  readonly manifest?: AppManifest;
  /** Further settings of the product. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The app comes by OAuth alone: no bot token is configured. */
  readonly isInstalledByOAuth?: boolean;
  /** It is not started yet. */
  readonly isNotStarted?: boolean;
}

const SECRET_KEY = 'a-secret-key-of-the-tests-0123456789';

export async function openGame(options: GameOptions = {}): Promise<SlackGame> {
  const { transport = 'socket', isInstalledByOAuth = false } = options;
  const slack = await startSlackServer({ transport, manifest: options.manifest ?? ownManifest() });
  const model = await startModelServer();
  const dataDir = await mkdtemp(join(tmpdir(), 'dramatis-slack-'));
  const team = slack.openTeam('Salt Docks', { isInstalled: !isInstalledByOAuth });
  const gm = slack.person(team, 'Gwen', { isAdmin: true });
  const mira = slack.person(team, 'Mira');
  const tom = slack.person(team, 'Tom');
  const tavern = slack.channel(team, 'tavern', { members: [gm, mira, tom] });
  const needsHttp = transport === 'http' || isInstalledByOAuth;
  const port = needsHttp ? await freePort() : 0;
  const url = `http://127.0.0.1:${port}`;
  const environment: Record<string, string> = {
    DATA_DIR: dataDir,
    OPENAI_BASE_URL: model.url,
    CHAT_MODEL: 'stand-in',
    SLACK_API_URL: slack.apiUrl,
    ...(transport === 'socket'
      ? { SLACK_APP_TOKEN: slack.app.appToken }
      : { SLACK_SIGNING_SECRET: slack.app.signingSecret }),
    ...(isInstalledByOAuth
      ? {
          SLACK_CLIENT_ID: slack.app.clientId,
          SLACK_CLIENT_SECRET: slack.app.clientSecret,
          SECRET_KEY,
        }
      : { SLACK_BOT_TOKEN: team.token }),
    ...(needsHttp ? { PUBLIC_URL: url, HTTP_PORT: String(port), HTTP_HOST: '127.0.0.1' } : {}),
    ...options.environment,
  };
  if (transport === 'http') slack.http.url = `${url}/slack/events`;
  const said: string[] = [];
  const logged: string[] = [];
  let running: { readonly leave: AbortController; readonly ended: Promise<void> } | undefined;

  const game: SlackGame = {
    slack,
    model,
    team,
    gm,
    mira,
    tom,
    tavern,
    dataDir,
    said,
    log: logged,
    url,
    environment,
    async start() {
      const { config } = readConfig(environment);
      const destination = { write: (line: string) => void logged.push(line) };
      const log = openLog({ level: 'debug', secrets: secretsOf(config), destination });
      const leave = new AbortController();
      const before = said.length;
      const ended = playOnline({ config, log, say: (line) => said.push(line), leave: leave.signal });
      let failure: unknown;
      ended.catch((error: unknown) => {
        failure = error;
      });
      running = { leave, ended };
      await slack.until(
        () => {
          if (failure !== undefined) {
            running = undefined;
            throw failure;
          }
          return said.slice(before).some((line) => line.startsWith('Slack: connected'));
        },
        `the product is connected; it said: ${said.join(' / ')}`,
      );
    },
    async leave() {
      const now = running;
      running = undefined;
      now?.leave.abort();
      await now?.ended;
    },
    async bringOn(...names) {
      for (const name of names) {
        const before = gm.sees(tavern).length;
        await gm.slash(tavern, '/npc', `talk ${name}`);
        await slack.until(() => gm.sees(tavern).length > before, `${name} comes on stage`);
      }
    },
    async sees(person, channel, fits, what) {
      await slack.until(() => person.sees(channel).some(fits), what);
      const seen = person.sees(channel).findLast(fits);
      if (seen === undefined) throw new Error(`gone again: ${what}`);
      return seen;
    },
    async [Symbol.asyncDispose]() {
      await game.leave();
      await slack.close();
      await model.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
  if (options.isNotStarted !== true) await game.start();
  return game;
}

/** What the product's own manifest tells Slack: nothing else can be typed, chosen or heard. */
export function ownManifest(): AppManifest {
  const written = parse(slackManifest({ commands: COMMANDS, publicUrl: undefined, socketMode: true }));
  const { features, oauth_config: oauth, settings } = MANIFEST.parse(written);
  return {
    scopes: oauth.scopes.bot,
    events: settings.event_subscriptions.bot_events,
    commands: features.slash_commands.map(({ command }) => command),
    shortcuts: features.shortcuts.map(({ callback_id: id }) => id),
  };
}

const MANIFEST = z.object({
  features: z.object({
    slash_commands: z.array(z.object({ command: z.string() })),
    shortcuts: z.array(z.object({ callback_id: z.string() })),
  }),
  oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
  settings: z.object({ event_subscriptions: z.object({ bot_events: z.array(z.string()) }) }),
});

/** Speech is answered in turn as given, the last for good; drafts and plans sensibly. */
export function speaking(model: ModelServer, ...replies: readonly Reply[]): void {
  let index = 0;
  model.script((request) => {
    if (request.response_format !== undefined) return {};
    const reply = replies[Math.min(index, replies.length - 1)];
    index += 1;
    return reply ?? {};
  });
}

/** What Slack would have refused or only suffered, calls to anybody, and what the log tells of what was said. */
export function judged({ slack, team, log }: SlackGame): unknown {
  const { violations, pings } = slack.journal;
  const secrets = [team.token, slack.app.appToken, slack.app.signingSecret, slack.app.clientSecret];
  const words = [...secrets, ...slack.wordsOfPeople()];
  return { violations, pings, leaks: log.filter((line) => words.some((word) => line.includes(word))) };
}

export const SPOTLESS = { violations: [], pings: [], leaks: [] };

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}
