import { PlatformAway, Refusal } from '#src/core/errors.ts';
import { HOW_TO_ADD_SCOPES, missingScopes, SCOPES, withoutScope } from './scopes.ts';
import { SLACK_API_URL } from './settings.ts';

/** Whom a bot token speaks for. */
export interface TokenOwner {
  readonly teamId: string;
  readonly teamName: string;
  readonly botUserId: string;
  readonly botName: string;
  readonly botId: string;
  readonly scopes: readonly string[];
}

export type TokenTest =
  | { readonly outcome: 'accepted'; readonly owner: TokenOwner }
  /** Slack answered that it is not good; `code` is Slack's word for why. */
  | { readonly outcome: 'refused'; readonly code: string }
  /** No answer that makes sense; `cause` has the system's code where there is one. */
  | { readonly outcome: 'unreachable'; readonly cause: unknown };

interface TokenTestOptions {
  readonly token: string;
  readonly apiUrl: string | undefined;
  readonly timeoutInMs: number;
}

/** Asks Slack whose token this is. Never rejects for what Slack or the network does. */
export async function testBotToken(options: TokenTestOptions): Promise<TokenTest> {
  try {
    const { answer, scopes } = await call('auth.test', options);
    if (answer.ok !== true) return { outcome: 'refused', code: text(answer.error) };
    const owner = {
      teamId: text(answer.team_id),
      teamName: text(answer.team),
      botUserId: text(answer.user_id),
      botName: text(answer.user),
      botId: text(answer.bot_id),
      scopes,
    };
    return owner.botId === '' ? { outcome: 'refused', code: 'not_a_bot' } : { outcome: 'accepted', owner };
  } catch (cause) {
    return { outcome: 'unreachable', cause };
  }
}

/** Whether an app-level token opens Socket Mode; undefined: it does. */
export async function testAppToken(
  options: TokenTestOptions,
): Promise<Exclude<TokenTest, { readonly outcome: 'accepted' }> | undefined> {
  try {
    const { answer } = await call('apps.connections.open', options);
    return answer.ok === true ? undefined : { outcome: 'refused', code: text(answer.error) };
  } catch (cause) {
    return { outcome: 'unreachable', cause };
  }
}

/** @throws Refusal in plain words where the token does not do; PlatformAway where Slack did not say whether it does. */
export function ownerOf(test: TokenTest): TokenOwner {
  if (test.outcome === 'unreachable') {
    throw new PlatformAway(
      'Slack cannot be reached, or is in trouble. Check the network and SLACK_API_URL.',
      {
        cause: test.cause,
      },
    );
  }
  if (test.outcome === 'refused') throw new Refusal(botTokenWords(test.code));
  const vital = SCOPES.find(({ name, isVital }) => isVital && !test.owner.scopes.includes(name));
  if (vital !== undefined && test.owner.scopes.length > 0) {
    throw new Refusal(`${withoutScope(vital.name)} ${HOW_TO_ADD_SCOPES}`);
  }
  return test.owner;
}

/** The scopes that a token lacks; none where Slack did not say which it has. */
export function lackingScopes({ scopes }: Pick<TokenOwner, 'scopes'>): readonly string[] {
  return scopes.length === 0 ? [] : missingScopes(scopes);
}

/** Why a bot token is not good, and what to do. */
export function botTokenWords(code: string): string {
  switch (code) {
    case 'not_a_bot':
      return 'SLACK_BOT_TOKEN belongs to a person, not to the app. Take the one that begins with xoxb-.';
    case 'account_inactive':
    case 'token_revoked':
      return 'Slack says that SLACK_BOT_TOKEN was revoked: the app was removed from the workspace. Install it again and take the new token.';
    case 'token_expired':
      return 'SLACK_BOT_TOKEN has expired. Turn off token rotation for the app, or install it again and take the new token.';
    case 'missing_scope':
      return `SLACK_BOT_TOKEN may do too little. ${HOW_TO_ADD_SCOPES}`;
    default:
      return 'Slack does not accept SLACK_BOT_TOKEN. Copy it again from "OAuth & Permissions" on api.slack.com/apps.';
  }
}

/** Why an app-level token is not good, and what to do. */
export function appTokenWords(code: string): string {
  if (code === 'missing_scope' || code === 'not_allowed_token_type') {
    return 'SLACK_APP_TOKEN cannot open Socket Mode: make an app-level token with the scope connections:write under "Basic Information" on api.slack.com/apps.';
  }
  if (code === 'socket_mode_disabled' || code === 'forbidden_team') {
    return 'Socket Mode is switched off for the app. Switch it on under "Socket Mode" on api.slack.com/apps.';
  }
  return 'Slack does not accept SLACK_APP_TOKEN. Copy it again from "Basic Information" on api.slack.com/apps: it begins with xapp-.';
}

/** Whether Slack is in trouble, by its own word. */
export function isTrouble(code: string): boolean {
  return TROUBLES.has(code);
}

/** What Slack answers when the fault is its own, or only of the moment. */
const TROUBLES = new Set([
  'accesslimited',
  'fatal_error',
  'internal_error',
  'ratelimited',
  'request_timeout',
  'service_unavailable',
]);

async function call(method: string, { token, apiUrl = SLACK_API_URL, timeoutInMs }: TokenTestOptions) {
  const response = await fetch(new URL(method, apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/`), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-www-form-urlencoded' },
    signal: AbortSignal.timeout(timeoutInMs),
  });
  if (response.status !== 200) throw new Error(`Slack answered ${method} with ${response.status}`);
  const answer: unknown = await response.json();
  if (typeof answer !== 'object' || answer === null) throw new TypeError('no object came back');
  if ('error' in answer && isTrouble(text(answer.error))) {
    throw new Error(`Slack answered ${method} with ${text(answer.error)}`);
  }
  const scopes = (response.headers.get('x-oauth-scopes') ?? '').split(',').map((scope) => scope.trim());
  return {
    answer: answer as Readonly<Record<string, unknown>>,
    scopes: scopes.filter((scope) => scope !== ''),
  };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
