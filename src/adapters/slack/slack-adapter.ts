import type { IncomingMessage, ServerResponse } from 'node:http';
import { App, HTTPReceiver, type Logger } from '@slack/bolt';
import type { AvatarAddress, HttpRoute, RunningAdapter } from '#src/core/adapter.ts';
import type { Clock } from '#src/core/clock.ts';
import type { Front } from '#src/core/front.ts';
import type { Log } from '#src/core/log.ts';
import type { InstallationStore } from '#src/core/store.ts';
import { lackingScopes, ownerOf, type TokenOwner, testBotToken } from './auth-test.ts';
import { boltLogger } from './bolt-log.ts';
import { CommandDesk } from './command-desk.ts';
import { Greeter } from './greeter.ts';
import { Hearing } from './hearing.ts';
import { installingReceiver } from './installing.ts';
import { Interactions } from './interactions.ts';
import { listen } from './listeners.ts';
import { EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH } from './paths.ts';
import { spotOf } from './place.ts';
import { HOW_TO_ADD_SCOPES, withoutScope } from './scopes.ts';
import { checkSettings, SLACK_API_URL, type SlackSettings } from './settings.ts';
import { SlackPlatform } from './slack-platform.ts';
import { SlackStage, type StageTools } from './slack-stage.ts';
import { SlackTeams } from './slack-teams.ts';
import { ThreadBook } from './threads.ts';
import { transportOf } from './transport.ts';

export type { SlackSettings } from './settings.ts';

const START_TIMEOUT_IN_MS = 10_000;

export interface SlackOptions {
  readonly front: Front;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: SlackSettings;
  readonly installations: InstallationStore;
  /** The https address under which people reach our own server. */
  readonly publicUrl: string | undefined;
  readonly avatarOf: AvatarAddress;
}

export type RunningSlack = RunningAdapter & {
  /** For our own server: events over HTTP, and the pages of an installation. */
  readonly routes: readonly HttpRoute[];
};

/**
 * Plays in Slack: over a socket where there is an app-level token, else over HTTP; in the workspace of the bot token, or
 * in all that install the app. Resolves when it hears.
 * @throws Refusal in plain words where settings or tokens do not do.
 */
export async function startSlack(options: SlackOptions): Promise<RunningSlack> {
  const { front, clock, log, settings, installations, publicUrl, avatarOf } = options;
  checkSettings(settings, publicUrl);
  const { botToken, apiUrl } = settings;
  const only =
    botToken === undefined ? undefined : { token: botToken, owner: await tokenOwner(botToken, apiUrl, log) };
  const logger = boltLogger(log);
  const teams = new SlackTeams({ only, installations, apiUrl, clock, log, boltLogger: logger });
  const threads = new ThreadBook();
  const tools: StageTools = {
    front,
    avatarOf,
    threads,
    stopFor: (team, place, personId, key) => {
      const asker = { id: personId, responseUrl: undefined };
      const stage = new SlackStage(tools, { team, place, spot: spotOf(place), asker });
      desk
        .stop(team, place, personId, stage, key)
        .catch((error: unknown) => log.error('A reply in Slack could not be stopped', {}, error));
    },
  };
  const desk = new CommandDesk(tools);
  const hearing = new Hearing(tools, desk);
  const interactions = new Interactions(tools, desk, hearing);
  const transport = transportOf(settings, logger, log);
  const app = new App({
    receiver: transport.receiver,
    authorize: async ({ teamId }) => {
      const team = await teams.byId(teamId ?? '');
      // Acknowledged like all the rest, and dropped by the listeners.
      if (team === undefined) return teamId === undefined ? {} : { teamId };
      const { id, token, botId, botUserId } = team;
      return { teamId: id, botToken: token, botId, botUserId };
    },
    // Who speaks is decided in one place, message-events.ts.
    ignoreSelf: false,
    // Bolt's own remembers every conversation for ever.
    convoStore: false,
    logger,
    clientOptions: { slackApiUrl: apiUrl ?? SLACK_API_URL },
  });
  app.error(async (error) => log.warn('Slack sent what could not be taken in', {}, error));
  listen(app, { teams, tools, hearing, interactions, greeter: new Greeter(tools), log });
  await transport.open();
  // What waits for its places is put right there meanwhile; it never rejects.
  void front.join(new SlackPlatform(teams, tools));

  let isHearing = true;
  const served: readonly (readonly [path: string, receiver: HTTPReceiver])[] = [
    ...(transport.receiver instanceof HTTPReceiver ? [[EVENTS_PATH, transport.receiver] as const] : []),
    ...(only === undefined ? installingPages(options, teams, logger) : []),
  ];
  const routes = served.map(([path, receiver]) => ({
    path,
    handle: (request: IncomingMessage, response: ServerResponse) => {
      if (isHearing) answer(receiver, request, response);
      else response.writeHead(503).end();
    },
  }));
  return {
    connection: only === undefined ? 'for every workspace that installs it' : connectionWords(only.owner),
    routes,
    isConnected: () => isHearing && transport.isOpen(),
    async stopHearing() {
      isHearing = false;
      await transport.close();
    },
    async close() {
      isHearing = false;
      await transport.close();
    },
  };
}

/** Where, and what does not work there. */
function connectionWords(owner: TokenOwner): string {
  const lacking = lackingScopes(owner).map(withoutScope);
  const where = `to ${owner.teamName}`;
  if (lacking.length === 0) return where;
  return [`${where}.`, ...lacking, HOW_TO_ADD_SCOPES.replace(/\.$/u, '')].join(' ');
}

/** @throws Refusal in plain words. What is missing beyond that is warned of. */
async function tokenOwner(token: string, apiUrl: string | undefined, log: Log): Promise<TokenOwner> {
  const owner = ownerOf(await testBotToken({ token, apiUrl, timeoutInMs: START_TIMEOUT_IN_MS }));
  for (const scope of lackingScopes(owner)) {
    log.warn('The Slack app lacks a scope', { scope, meaning: withoutScope(scope) });
  }
  return owner;
}

function installingPages(
  { settings, publicUrl, installations, clock, log }: SlackOptions,
  teams: SlackTeams,
  logger: Logger,
): readonly (readonly [path: string, receiver: HTTPReceiver])[] {
  const { clientId, clientSecret, stateSecret, apiUrl } = settings;
  // Checked with the settings already.
  if (clientId === undefined || clientSecret === undefined) return [];
  if (stateSecret === undefined || publicUrl === undefined) return [];
  const receiver = installingReceiver({
    clientId,
    clientSecret,
    stateSecret,
    publicUrl,
    apiUrl,
    installations,
    clock,
    log,
    boltLogger: logger,
    onInstalled: (teamId) => teams.forget(teamId),
  });
  return [
    [INSTALL_PATH, receiver],
    [REDIRECT_PATH, receiver],
  ];
}

/** Bolt throws for addresses and methods that it does not serve. */
function answer(receiver: HTTPReceiver, request: IncomingMessage, response: ServerResponse): void {
  try {
    receiver.requestListener(request, response);
  } catch {
    response.writeHead(404).end();
  }
}
