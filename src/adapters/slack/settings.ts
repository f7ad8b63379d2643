import { Refusal } from '#src/core/errors.ts';

/** How the app is reached and what it holds. Either `appToken` (Socket Mode) or `signingSecret` (HTTP). */
export interface SlackSettings {
  /** `xoxb-…`: one workspace. Without it, workspaces install the app by themselves (`clientId`, `clientSecret`). */
  readonly botToken?: string | undefined;
  /** `xapp-…`: Socket Mode. */
  readonly appToken?: string | undefined;
  /** HTTP: what Slack signs its requests with. */
  readonly signingSecret?: string | undefined;
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  /** Another server than Slack's; tests have one. */
  readonly apiUrl?: string | undefined;
  /** Signs what a browser carries through an installation. */
  readonly stateSecret?: string | undefined;
}

export const SLACK_API_URL = 'https://slack.com/api/';

/** @throws Refusal where the settings do not go together. */
export function checkSettings(settings: SlackSettings, publicUrl: string | undefined): void {
  const { botToken, appToken, signingSecret, clientId, clientSecret, stateSecret } = settings;
  const installs = clientId !== undefined && clientSecret !== undefined;
  if (botToken === undefined && !installs) {
    throw new Refusal(
      'Slack needs SLACK_BOT_TOKEN for one workspace, or SLACK_CLIENT_ID and SLACK_CLIENT_SECRET so that workspaces can install the app themselves.',
    );
  }
  if (botToken !== undefined && !botToken.startsWith('xoxb-')) {
    throw new Refusal(
      'SLACK_BOT_TOKEN is not a bot token: that one begins with xoxb- and stands under "OAuth & Permissions" on api.slack.com/apps.',
    );
  }
  if (appToken !== undefined && !appToken.startsWith('xapp-')) {
    throw new Refusal(
      'SLACK_APP_TOKEN is not an app-level token: that one begins with xapp- and stands under "Basic Information" on api.slack.com/apps.',
    );
  }
  if (appToken === undefined && signingSecret === undefined) {
    throw new Refusal(
      'Slack needs SLACK_APP_TOKEN (Socket Mode, no public address needed) or SLACK_SIGNING_SECRET (HTTP).',
    );
  }
  if (botToken === undefined && publicUrl === undefined) {
    throw new Refusal(
      'Workspaces install the app through a page of ours: set PUBLIC_URL to the https address under which people reach it.',
    );
  }
  if (botToken === undefined && stateSecret === undefined) {
    throw new Refusal(
      'Installations are signed and tokens are sealed with SECRET_KEY: set it to a long random value.',
    );
  }
}
