import { describe, expect, it } from 'vitest';
import type { SlackProbe } from '#src/adapters/slack/probe.ts';
import { readConfig } from '#src/config.ts';
import { checkSlack } from '#src/doctor/slack.ts';

const TOKENS = { SLACK_BOT_TOKEN: 'xoxb-hush', SLACK_APP_TOKEN: 'xapp-hush' };

async function examine(environment: Readonly<Record<string, string>>, result?: SlackProbe) {
  const findings = await checkSlack(readConfig(environment).config, async () => {
    if (result === undefined) throw new Error('Slack was asked.');
    return result;
  });
  expect(JSON.stringify(findings)).not.toContain('hush');
  return findings;
}

describe('Slack', () => {
  it('is not asked where it is not set; how to begin is said', async () => {
    expect(await examine({})).toMatchObject([
      {
        state: 'ok',
        subject: 'Slack',
        what: 'SLACK_BOT_TOKEN is not set, and we do not join',
        remedy: expect.stringContaining('docs/slack-manifest.yaml'),
      },
    ]);
  });

  it('that takes the tokens says who we are there, and how it is heard', async () => {
    const reached = { outcome: 'reached', team: 'The Docks', user: 'dramatis', missingScopes: [] } as const;
    expect(await examine(TOKENS, reached)).toMatchObject([
      { state: 'ok', what: 'SLACK_BOT_TOKEN is taken: we are dramatis in The Docks' },
      { state: 'ok', what: expect.stringContaining('Socket Mode') },
    ]);
  });

  it('that gives too few scopes says what is missed without each', async () => {
    const reached = {
      outcome: 'reached',
      team: 'T',
      user: 'u',
      missingScopes: ['chat:write.customize', 'users:read'],
    } as const;
    const [, ...rest] = await examine(TOKENS, reached);
    expect(rest.slice(0, 2)).toMatchObject([
      { state: 'warning', what: expect.stringMatching(/lacks the scope chat:write\.customize: NPCs speak/) },
      { state: 'warning', what: expect.stringMatching(/lacks the scope users:read: /) },
    ]);
  });

  it('that turns a token away says why', async () => {
    const [finding] = await examine(TOKENS, { outcome: 'turned away', why: 'The token was revoked.' });
    expect(finding).toEqual({ state: 'problem', subject: 'Slack', what: 'The token was revoked' });
  });

  it('that cannot be reached is told so, by its address', async () => {
    const cause = Object.assign(new Error('x'), { code: 'ECONNREFUSED' });
    const environment = { ...TOKENS, SLACK_API_URL: 'http://127.0.0.1:9/api' };
    expect(await examine(environment, { outcome: 'failed', cause })).toMatchObject([
      { state: 'problem', what: 'nothing listens at http://127.0.0.1:9/api' },
      {},
    ]);
    const [finding] = await examine(TOKENS, { outcome: 'failed', cause });
    expect(finding?.what).toContain('https://slack.com/api');
    expect(finding?.remedy).toContain('goes on trying by itself');
  });

  it('over HTTP is told where it must send what is said', async () => {
    const reached = { outcome: 'reached', team: 'T', user: 'u', missingScopes: [] } as const;
    const environment = { SLACK_BOT_TOKEN: 'xoxb-hush', SLACK_SIGNING_SECRET: 'hush' };
    expect((await examine(environment, reached))[1]?.what).toContain('PUBLIC_URL/slack/events');
    const there = { ...environment, PUBLIC_URL: 'https://game.example' };
    expect((await examine(there, reached))[1]?.what).toContain('https://game.example/slack/events');
  });

  it('for many workspaces is not asked, for each has its own token', async () => {
    const install = {
      SLACK_CLIENT_ID: '1.2',
      SLACK_CLIENT_SECRET: 'client',
      SLACK_SIGNING_SECRET: 'signing',
      PUBLIC_URL: 'https://game.example',
      SECRET_KEY: '0123456789abcdef0123456789abcdef',
    };
    expect((await examine(install))[0]).toMatchObject({
      state: 'ok',
      what: 'workspaces install us at https://game.example/slack/install, and each gives its own token',
    });
  });
});
