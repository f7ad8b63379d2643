import { describe, expect, it } from 'vitest';
import type { DiscordProbe } from '#src/adapters/discord/probe.ts';
import { readConfig } from '#src/config.ts';
import { checkDiscord } from '#src/doctor/discord.ts';

const TOKEN = { DISCORD_TOKEN: 'hush.hush.hush' };
const reached = {
  outcome: 'reached',
  applicationId: '123456789012345678',
  name: 'Dramatis',
  readsMessages: true,
} as const;

async function examine(environment: Readonly<Record<string, string>>, result?: DiscordProbe) {
  const findings = await checkDiscord(readConfig(environment).config.discord, async () => {
    if (result === undefined) throw new Error('Discord was asked.');
    return result;
  });
  expect(JSON.stringify(findings)).not.toContain('hush');
  return findings;
}

describe('Discord', () => {
  it('is not asked where it is not set; how to begin is said', async () => {
    expect(await examine({})).toMatchObject([
      { state: 'ok', subject: 'Discord', remedy: expect.stringContaining('docs/discord.md') },
    ]);
  });

  it('that knows the token says who we are, and how a server invites us', async () => {
    const findings = await examine(TOKEN, reached);
    expect(findings.map(({ state, subject }) => [state, subject])).toEqual([
      ['ok', 'Discord'],
      ['ok', 'Message Content Intent'],
      ['ok', 'Discord invitation'],
    ]);
    expect(findings[0]?.what).toBe('DISCORD_TOKEN is taken: we are Dramatis');
    const link = new URL(findings[2]?.what ?? '');
    expect(link.searchParams.get('client_id')).toBe(reached.applicationId);
    expect(link.searchParams.get('scope')).toBe('bot applications.commands');
  });

  it('that keeps messages from us is a warning, with what is heard anyway', async () => {
    const [, intent] = await examine(TOKEN, { ...reached, readsMessages: false });
    expect(intent).toMatchObject({
      state: 'warning',
      what: expect.stringContaining('it is off'),
      remedy: expect.stringContaining('→ Bot'),
    });
  });

  it.each<[string, DiscordProbe, string]>([
    ['does not know the token', { outcome: 'turned away' }, 'Discord does not know this token'],
    ['fails', { outcome: 'unwilling', status: 503 }, 'https://discord.com/api answers with an error (503)'],
    [
      'is not Discord',
      { outcome: 'not discord' },
      'https://discord.com/api answers, but not as Discord does',
    ],
    [
      'cannot be reached',
      { outcome: 'failed', cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }) },
      'nothing listens at https://discord.com/api',
    ],
  ])('that %s is told so', async (_, result, what) => {
    const findings = await examine(TOKEN, result);
    expect(findings).toMatchObject([{ state: 'problem', what, remedy: expect.stringMatching(/\S/) }]);
    // What a bot that runs does by itself is said of what passes by itself.
    const passes = result.outcome === 'failed' || result.outcome === 'unwilling';
    expect(findings[0]?.remedy?.includes('goes on trying by itself')).toBe(passes);
  });

  it('that knows nothing of us at that address is told so', async () => {
    const [finding] = await examine(TOKEN, { outcome: 'unwilling', status: 404 });
    expect(finding?.remedy).toBe('Leave DISCORD_API_URL out, or correct it');
  });

  it('at another address is named by it', async () => {
    const [finding] = await examine(
      { ...TOKEN, DISCORD_API_URL: 'http://127.0.0.1:9/api' },
      { outcome: 'not discord' },
    );
    expect(finding?.what).toContain('http://127.0.0.1:9/api');
  });
});
