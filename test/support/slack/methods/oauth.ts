import type { IncomingMessage } from 'node:http';
import { SlackFault } from '../faults.ts';
import { type Fields, textOf } from '../fields.ts';
import type { State } from '../state.ts';
import { type Member, newId, newToken, type Team } from '../world.ts';

/** What a bot can be permitted, as Slack's list of scopes has it. */
const SCOPES = new Set(
  `app_mentions:read assistant:write bookmarks:read bookmarks:write channels:history channels:join channels:manage
  channels:read chat:write chat:write.customize chat:write.public commands dnd:read emoji:read files:read files:write
  groups:history groups:read groups:write im:history im:read im:write links:read links:write metadata.message:read
  mpim:history mpim:read mpim:write pins:read pins:write reactions:read reactions:write reminders:read reminders:write
  team:read usergroups:read usergroups:write users.profile:read users:read users:read.email users:write`.split(
    /\s+/,
  ),
);

/**
 * What happens on Slack's page when somebody agrees: gives the address that their browser is sent to.
 * @throws Error with what Slack's page would say instead.
 */
export function authorize(state: State, address: string, installer: Member): string {
  const asked = new URL(address).searchParams;
  if (asked.get('client_id') !== state.app.clientId) throw new Error('Slack: Invalid client_id parameter');
  const scopes = (asked.get('scope') ?? '').split(/[ ,]/).filter(Boolean);
  if (scopes.length === 0) throw new Error('Slack: no scopes requested');
  const unknown = scopes.filter((scope) => !SCOPES.has(scope));
  if (unknown.length > 0) throw new Error(`Slack: Invalid permissions requested: ${unknown.join(', ')}`);
  const redirectUri = asked.get('redirect_uri') ?? '';
  if (redirectUri === '') throw new Error('Slack: redirect_uri did not match any configured URIs');
  const code = newId('code');
  state.codes.set(code, { team: installer.team, installer, redirectUri });
  installer.team.scopes = new Set(scopes);
  const target = new URL(redirectUri);
  target.searchParams.set('code', code);
  target.searchParams.set('state', asked.get('state') ?? '');
  return target.href;
}

/** `oauth.v2.access`: a code for a token. */
export function exchangeCode(state: State, args: Fields, request: IncomingMessage): Fields {
  const [basicId = '', basicSecret = ''] = Buffer.from(
    textOf(request.headers.authorization).replace(/^Basic /, ''),
    'base64',
  )
    .toString()
    .split(':');
  if ((textOf(args.client_id) || basicId) !== state.app.clientId) throw new SlackFault('invalid_client_id');
  if ((textOf(args.client_secret) || basicSecret) !== state.app.clientSecret)
    throw new SlackFault('bad_client_secret');
  const grant = state.codes.get(textOf(args.code));
  if (grant === undefined) throw new SlackFault('invalid_code');
  state.codes.delete(textOf(args.code));
  if (textOf(args.redirect_uri) !== grant.redirectUri) throw new SlackFault('bad_redirect_uri');
  const { team, installer } = grant;
  install(team);
  return {
    access_token: team.token,
    token_type: 'bot',
    scope: [...team.scopes].join(','),
    bot_user_id: team.bot.id,
    app_id: state.app.id,
    team: { id: team.id, name: team.name },
    enterprise: null,
    is_enterprise_install: false,
    authed_user: { id: installer.id },
  };
}

function install(team: Team): void {
  team.token = newToken('xoxb');
  team.tokenFault = undefined;
  team.isInstalled = true;
}
