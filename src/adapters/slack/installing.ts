import { HTTPReceiver, type Installation, type InstallationStore, type Logger } from '@slack/bolt';
import type { Clock } from '#src/core/clock.ts';
import { Refusal } from '#src/core/errors.ts';
import type { Log } from '#src/core/log.ts';
import type { InstallationStore as OurStore } from '#src/core/store.ts';
import { INSTALL_PATH, REDIRECT_PATH } from './paths.ts';
import { SCOPE_NAMES } from './scopes.ts';
import { SLACK_API_URL } from './settings.ts';

export interface InstallingOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly stateSecret: string;
  readonly publicUrl: string;
  readonly apiUrl: string | undefined;
  readonly installations: OurStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly boltLogger: Logger;
  /** A workspace has installed the app, anew or for the first time. */
  readonly onInstalled: (teamId: string) => void;
}

/** The pages through which workspaces install the app: a receiver of Bolt's that answers nothing else. */
export function installingReceiver(options: InstallingOptions): HTTPReceiver {
  const { clientId, clientSecret, stateSecret, publicUrl, apiUrl = SLACK_API_URL, log, boltLogger } = options;
  return new HTTPReceiver({
    // It takes no events, so that it has nothing to verify.
    signingSecret: '',
    signatureVerification: false,
    endpoints: [],
    logger: boltLogger,
    clientId,
    clientSecret,
    stateSecret,
    scopes: [...SCOPE_NAMES],
    redirectUri: new URL(REDIRECT_PATH, publicUrl).href,
    installationStore: boltStore(options),
    installerOptions: {
      directInstall: true,
      stateVerification: true,
      installPath: INSTALL_PATH,
      redirectUriPath: REDIRECT_PATH,
      authorizationUrl: new URL('/oauth/v2/authorize', apiUrl).href,
      clientOptions: { slackApiUrl: apiUrl, retryConfig: { retries: 1 } },
      callbackOptions: {
        success: (installation, _options, _request, response) => {
          const name = installation.team?.name ?? 'your workspace';
          page(
            response,
            200,
            `Dramatis is installed in ${name}.`,
            'Go back to Slack, type /invite @Dramatis in a channel, and then /npc generate.',
          );
        },
        failure: (error, _options, _request, response) => {
          // Bolt hands over what was thrown, also where it is ours.
          const isOurs = error instanceof Refusal;
          if (!isOurs) log.warn('The Slack app could not be installed in a workspace', {}, error);
          const why = isOurs ? error.message : 'Nothing was installed. Start again from the beginning.';
          page(response, 400, 'Dramatis was not installed.', why);
        },
      },
    },
  });
}

/** Our store as Bolt's: it saves alone, since who an event is for is looked up elsewhere. */
function boltStore({ installations, clock, onInstalled }: InstallingOptions): InstallationStore {
  return {
    async storeInstallation(installation: Installation<'v1' | 'v2', boolean>) {
      const { team, bot, isEnterpriseInstall } = installation;
      if (isEnterpriseInstall || team === undefined || bot === undefined) {
        throw new Refusal('Install Dramatis in a workspace, not for a whole organisation.');
      }
      await installations.save({
        platform: 'slack',
        teamId: team.id,
        teamName: team.name ?? team.id,
        botToken: bot.token,
        botId: bot.id,
        botUserId: bot.userId,
        scopes: bot.scopes,
        installedAtInMs: clock.now(),
      });
      onInstalled(team.id);
    },
    fetchInstallation() {
      return Promise.reject(new Error('installations are looked up by workspace'));
    },
  };
}

interface Page {
  writeHead(status: number, headers: Readonly<Record<string, string>>): unknown;
  end(body: string): unknown;
}

function page(response: Page, status: number, title: string, words: string): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' });
  response.end(
    `<!doctype html><meta charset="utf-8"><title>Dramatis</title><h1>${html(title)}</h1><p>${html(words)}</p>`,
  );
}

function html(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
