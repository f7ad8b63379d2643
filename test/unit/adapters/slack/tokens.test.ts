import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ownerOf, testBotToken } from '#src/adapters/slack/auth-test.ts';
import { probeSlack } from '#src/adapters/slack/probe.ts';
import { SCOPE_NAMES } from '#src/adapters/slack/scopes.ts';
import { checkSettings, type SlackSettings } from '#src/adapters/slack/settings.ts';
import { PlatformAway } from '#src/core/errors.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

interface Answer {
  readonly status?: number;
  readonly scopes?: readonly string[];
  readonly body: unknown;
}

const OWNER = {
  ok: true,
  team: 'Salt Docks',
  team_id: 'T1',
  user: 'dramatis',
  user_id: 'UBOT',
  bot_id: 'B1',
};

/** A Slack that answers each method as given. */
async function slack(answers: Readonly<Record<string, Answer>>): Promise<string> {
  const server = createServer((request, response) => {
    const method = request.url?.split('/').at(-1) ?? '';
    const { status = 200, scopes = SCOPE_NAMES, body } = answers[method] ?? { body: { ok: true } };
    response.writeHead(status, { 'x-oauth-scopes': scopes.join(',') });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
}

async function ownerAt(answer: Answer) {
  const apiUrl = await slack({ 'auth.test': answer });
  return testBotToken({ token: 'xoxb-1', apiUrl, timeoutInMs: 5000 });
}

describe('a bot token', () => {
  it('that Slack accepts names its workspace', async () => {
    expect(ownerOf(await ownerAt({ body: OWNER }))).toEqual({
      teamId: 'T1',
      teamName: 'Salt Docks',
      botUserId: 'UBOT',
      botName: 'dramatis',
      botId: 'B1',
      scopes: SCOPE_NAMES,
    });
  });

  it.each([
    ['is wrong', { ok: false, error: 'invalid_auth' }, /does not accept SLACK_BOT_TOKEN/],
    ['was revoked', { ok: false, error: 'token_revoked' }, /was revoked/],
    ['has expired', { ok: false, error: 'token_expired' }, /expired/],
    ['is a person’s', { ...OWNER, bot_id: undefined }, /belongs to a person/],
  ])('that %s is refused in plain words', async (_, body, words) => {
    const test = await ownerAt({ body });
    expect(() => ownerOf(test)).toThrow(words);
    // It is as wrong when it is tried again.
    expect(() => ownerOf(test)).not.toThrow(PlatformAway);
  });

  it.each([
    ['an error of its own', { status: 500, body: { ok: false, error: 'invalid_auth' } }],
    ['too many requests', { status: 429, body: '' }],
    ['a trouble of its own', { body: { ok: false, error: 'internal_error' } }],
    ['a page', { body: '<html>' }],
    ['nothing at all that makes sense', { body: 'null' }],
  ])('is not blamed where Slack answers with %s', async (_, answer) => {
    const test = await ownerAt(answer);
    expect(test.outcome).toBe('unreachable');
    expect(() => ownerOf(test)).toThrow(/cannot be reached, or is in trouble/);
    expect(() => ownerOf(test)).toThrow(PlatformAway);
  });

  it('without a scope that nothing works without is refused, naming it', async () => {
    const scopes = SCOPE_NAMES.filter((scope) => scope !== 'chat:write');
    const test = await ownerAt({ body: OWNER, scopes });
    expect(() => ownerOf(test)).toThrow(/lacks the scope chat:write: nothing can be said/);
  });
});

describe('the probe', () => {
  const probe = (apiUrl: string, appToken?: string) =>
    probeSlack({ botToken: 'xoxb-1', appToken, apiUrl, timeoutInMs: 5000 });

  it('names workspace, user and what is missing', async () => {
    const apiUrl = await slack({ 'auth.test': { body: OWNER, scopes: ['chat:write', 'commands'] } });
    expect(await probe(apiUrl)).toEqual({
      outcome: 'reached',
      team: 'Salt Docks',
      user: 'dramatis',
      missingScopes: SCOPE_NAMES.filter((scope) => !['chat:write', 'commands'].includes(scope)),
    });
  });

  it('tells which token is turned away', async () => {
    const wrongApp = await slack({
      'auth.test': { body: OWNER },
      'apps.connections.open': { body: { ok: false, error: 'invalid_auth' } },
    });
    expect(await probe(wrongApp, 'xapp-1')).toEqual({
      outcome: 'turned away',
      why: expect.stringContaining('SLACK_APP_TOKEN'),
    });
    expect(await probe(wrongApp)).toMatchObject({ outcome: 'reached' });
    const wrongBot = await slack({ 'auth.test': { body: { ok: false, error: 'invalid_auth' } } });
    expect(await probe(wrongBot)).toEqual({
      outcome: 'turned away',
      why: expect.stringContaining('SLACK_BOT_TOKEN'),
    });
  });

  it('tells where nobody answers', async () => {
    expect(await probe('http://127.0.0.1:9/api/')).toMatchObject({ outcome: 'failed' });
  });
});

describe('settings', () => {
  const whole: SlackSettings = { botToken: 'xoxb-1', appToken: 'xapp-1' };
  it('for a socket, for HTTP and for installations do', () => {
    checkSettings(whole, undefined);
    checkSettings({ botToken: 'xoxb-1', signingSecret: 's' }, undefined);
    checkSettings(
      { appToken: 'xapp-1', clientId: '1', clientSecret: '2', stateSecret: '3' },
      'https://x.example',
    );
  });

  it.each<[string, SlackSettings, string | undefined, RegExp]>([
    ['without a bot token', { appToken: 'xapp-1' }, undefined, /SLACK_BOT_TOKEN for one workspace/],
    ['with a person’s token', { ...whole, botToken: 'xoxp-1' }, undefined, /begins with xoxb-/],
    ['with the wrong app token', { ...whole, appToken: 'xoxb-1' }, undefined, /begins with xapp-/],
    ['without a transport', { botToken: 'xoxb-1' }, undefined, /SLACK_APP_TOKEN .* or SLACK_SIGNING_SECRET/],
    [
      'without an address',
      { appToken: 'xapp-1', clientId: '1', clientSecret: '2', stateSecret: '3' },
      undefined,
      /PUBLIC_URL/,
    ],
    [
      'without a secret',
      { appToken: 'xapp-1', clientId: '1', clientSecret: '2' },
      'https://x.example',
      /SECRET_KEY/,
    ],
  ])('%s are refused in plain words', (_, settings, publicUrl, words) => {
    expect(() => checkSettings(settings, publicUrl)).toThrow(words);
  });
});
