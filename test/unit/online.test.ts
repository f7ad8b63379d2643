import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { readConfig } from '#src/config.ts';
import type { HttpRoute, RunningAdapter } from '#src/core/adapter.ts';
import { PlatformAway, Refusal } from '#src/core/errors.ts';
import type { InstallationStore } from '#src/core/store.ts';
import { playOnline, type Starters } from '#src/online.ts';
import { recordingLog } from '../support/recording-log.ts';
import { FakeFront } from './adapters/terminal/fake-front.ts';

const DISCORD = { DISCORD_TOKEN: 'a.b.c' };
const SLACK = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' };
const SLACK_OVER_HTTP = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: 'signing', HTTP_PORT: '0' };

const installations: InstallationStore = {
  save: async () => {},
  byTeam: async () => undefined,
  remove: async () => {},
  teams: async () => [],
};

interface Given {
  readonly discord?: Starters['discord'];
  readonly slack?: Starters['slack'];
  readonly closeApp?: () => Promise<void>;
  readonly isAppReady?: () => boolean;
  readonly warmUp?: () => Promise<void>;
}

/** Goes online with adapters that do as the test says, and notes what happens in which order. */
function goOnline(environment: Readonly<Record<string, string>>, given: Given = {}) {
  const steps: string[] = [];
  const lines: string[] = [];
  const leaving = new AbortController();
  const { log, entries } = recordingLog();
  const adapter = (name: string, change: Partial<RunningAdapter> = {}): RunningAdapter => ({
    connection: 'as Dramatis in 2 places',
    stopHearing: async () => void steps.push(`${name} stops hearing`),
    close: async () => void steps.push(`${name} closes`),
    ...change,
  });
  const done = playOnline({
    config: readConfig(environment).config,
    log,
    say: (line) => lines.push(line),
    leave: leaving.signal,
    starters: {
      app: async () => ({
        front: new FakeFront(),
        installations,
        isReady: given.isAppReady ?? (() => true),
        warmUp: given.warmUp ?? (async () => {}),
        close: async ({ graceInMs }) => {
          steps.push(`app closes within ${graceInMs} ms`);
          await given.closeApp?.();
        },
      }),
      discord: given.discord ?? (async () => adapter('discord')),
      slack: given.slack ?? (async () => ({ ...adapter('slack'), routes: [] })),
    },
  });
  done.catch(() => {});
  onTestFinished(() => leaving.abort());
  const said = (start: string) =>
    vi.waitFor(() => {
      const line = lines.find((each) => each.startsWith(start));
      if (line === undefined) throw new Error(`Nobody said ${start}.`);
      return line;
    });
  return { done, leave: () => leaving.abort(), steps, lines, entries, said, adapter };
}

/** "http://127.0.0.1:PORT" of the line that says where we listen. */
const addressIn = (line: string) => /http:\/\/[\d.:]+\d/.exec(line)?.[0] ?? '';

describe('going online', () => {
  it('joins every platform that is configured, and says where', async () => {
    const { leave, done, lines, said } = goOnline({ ...DISCORD, ...SLACK });
    await said('Discord');
    await said('Slack');
    leave();
    await done;
    expect(lines.slice(0, 2).sort()).toEqual([
      'Discord: connected as Dramatis in 2 places.',
      'Slack: connected as Dramatis in 2 places.',
    ]);
    expect(lines[2]).toBe('Leaving. What is being said has 8 seconds to end.');
  });

  it('joins no platform that is not configured', async () => {
    const { leave, done, lines, said } = goOnline(SLACK, {
      discord: () => Promise.reject(new Error('It was started.')),
    });
    await said('Slack');
    leave();
    await done;
    expect(lines.join()).not.toContain('Discord');
  });

  it('gives each adapter its settings', async () => {
    const discord = vi.fn<Starters['discord']>(() => Promise.reject(new Refusal('No.')));
    const slack = vi.fn<Starters['slack']>(() => Promise.reject(new Refusal('No.')));
    const install = {
      SLACK_CLIENT_ID: '1.2',
      SLACK_CLIENT_SECRET: 'client',
      SLACK_SIGNING_SECRET: 'signing',
      PUBLIC_URL: 'https://game.example',
      SECRET_KEY: '0123456789abcdef0123456789abcdef',
      HTTP_PORT: '0',
    };
    await goOnline({ ...DISCORD, DISCORD_SHARDS: '0-1/4', ...install }, { discord, slack }).done.catch(
      () => {},
    );
    const [discordSettings, surroundings] = discord.mock.calls[0] ?? [];
    expect(discordSettings).toMatchObject({ token: 'a.b.c', shards: { ids: [0, 1], count: 4 } });
    expect(surroundings?.avatarOf({ id: 'x', name: 'Hroon', avatar: '' })).toMatch(
      /^https:\/\/game\.example\/avatars\//,
    );
    const [slackSettings, more] = slack.mock.calls[0] ?? [];
    expect(slackSettings).toMatchObject({ clientId: '1.2', clientSecret: 'client' });
    expect(more).toMatchObject({ publicUrl: 'https://game.example', installations });
    expect(more?.stateSecret).toMatch(/^[\w-]{43}$/);
    expect(more?.stateSecret).not.toContain(install.SECRET_KEY);
  });

  it('goes on with the platform that can be joined, and says what is wrong with the other', async () => {
    const { leave, done, lines, said, entries } = goOnline(
      { ...DISCORD, ...SLACK },
      { discord: () => Promise.reject(new Refusal('The token is not accepted. Copy it again.')) },
    );
    await said('Slack');
    expect(await said('Discord')).toBe('Discord: not connected. The token is not accepted. Copy it again.');
    leave();
    await done;
    expect(lines).toContain('Slack: connected as Dramatis in 2 places.');
    expect(entries).toEqual([]);
  });

  it('plays on with one platform while the other is away, and is ready once that is there', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const discord = vi.fn<Starters['discord']>(() => Promise.reject(new PlatformAway('No network.')));
    const { leave, done, said, adapter } = goOnline({ ...DISCORD, ...SLACK, HTTP_PORT: '0' }, { discord });
    const url = addressIn(await said('HTTP'));
    const ready = async () => (await fetch(`${url}/readyz`)).status;
    await said('Slack: connected');
    expect(await said('Discord')).toBe(
      'Discord: not connected. No network. It is tried again until it works.',
    );
    expect(await ready()).toBe(503);
    discord.mockImplementation(async () => adapter('discord'));
    await vi.advanceTimersByTimeAsync(5_000);
    await said('Discord: connected');
    await vi.waitFor(async () => expect(await ready()).toBe(200));
    leave();
    await done;
  });

  it('waits for a platform that is away also where there is no other', async () => {
    const discord = vi.fn<Starters['discord']>(() => Promise.reject(new PlatformAway('No network.')));
    const { leave, done, said, steps } = goOnline(DISCORD, { discord });
    await said('Discord: not connected');
    expect(steps).toEqual([]);
    leave();
    await done;
    expect(steps).toEqual(['app closes within 8000 ms']);
  });

  it('logs what nobody foresaw, and says so', async () => {
    const error = new Error('broken');
    const { done, lines, entries } = goOnline(DISCORD, { discord: () => Promise.reject(error) });
    await expect(done).rejects.toThrow(Refusal);
    expect(lines).toEqual([
      'Discord: not connected. Something failed inside; the log has the cause. Start again, and see whether it lasts.',
    ]);
    expect(entries).toEqual([
      { level: 'error', event: 'A platform could not be joined', details: { platform: 'Discord' }, error },
    ]);
  });

  it('ends where no platform can be joined, and closes what was opened', async () => {
    const refuse = () => Promise.reject(new Refusal('No.'));
    const { done, lines, steps } = goOnline({ ...DISCORD, ...SLACK }, { discord: refuse, slack: refuse });
    await expect(done).rejects.toThrow(
      new Refusal(
        'Nothing is connected, so the program ends. Correct what is named above, and start it again; npm run doctor looks closer.',
      ),
    );
    expect([...lines].sort()).toEqual(['Discord: not connected. No.', 'Slack: not connected. No.']);
    expect(steps).toEqual(['app closes within 8000 ms']);
  });
});

describe('leaving', () => {
  it('first hears nothing more, then lets replies end, then lets go of the platforms', async () => {
    const { leave, done, steps, said } = goOnline({ ...DISCORD, ...SLACK });
    await said('Discord');
    await said('Slack');
    leave();
    await done;
    expect(steps).toEqual([
      'discord stops hearing',
      'slack stops hearing',
      'app closes within 8000 ms',
      'discord closes',
      'slack closes',
    ]);
  });

  it('waits for no adapter for ever, and logs that', async () => {
    vi.useFakeTimers();
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const never = () => new Promise<void>(() => {});
    const { leave, done, entries } = goOnline(DISCORD, {
      discord: async () => ({ stopHearing: never, close: never }),
    });
    await vi.advanceTimersByTimeAsync(0);
    leave();
    await vi.advanceTimersByTimeAsync(6_000);
    await done;
    expect(entries.map(({ level, details }) => [level, details.doing])).toEqual([
      ['warn', 'stopHearing'],
      ['warn', 'close'],
    ]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('closes everything also where an adapter or the app fails at it', async () => {
    const fail = () => Promise.reject(new Error('broken'));
    const { leave, done, steps, entries, said } = goOnline(DISCORD, {
      discord: async () => ({ stopHearing: fail, close: async () => void steps.push('closed') }),
      closeApp: fail,
    });
    await said('Discord');
    leave();
    await expect(done).rejects.toThrow('broken');
    expect(steps).toEqual(['app closes within 8000 ms', 'closed']);
    expect(entries).toMatchObject([{ level: 'error', details: { platform: 'Discord' } }]);
  });

  it('does not wait for a platform that is still being joined, and lets go of it when it comes', async () => {
    const late = Promise.withResolvers<RunningAdapter>();
    const { leave, done, steps, lines, adapter } = goOnline(DISCORD, { discord: () => late.promise });
    leave();
    await done;
    late.resolve(adapter('late'));
    await vi.waitFor(() => expect(steps).toEqual(['app closes within 8000 ms', 'late closes']));
    expect(lines).toEqual(['Leaving. What is being said has 8 seconds to end.']);
  });

  it('is no failure of the platform that was being joined', async () => {
    const late = Promise.withResolvers<RunningAdapter>();
    const { leave, done, lines, entries } = goOnline(DISCORD, { discord: () => late.promise });
    leave();
    await done;
    late.reject(new Error('The connection was closed.'));
    await late.promise.catch(() => {});
    expect(lines).toHaveLength(1);
    expect(entries).toEqual([]);
  });
});

describe('the HTTP server of what is online', () => {
  it('opens where it is asked for, with the pictures of NPCs', async () => {
    const { said, leave, done } = goOnline({ ...DISCORD, HTTP_PORT: '0' });
    const url = addressIn(await said('HTTP: listening at '));
    const response = await fetch(`${url}/avatars/1-0-48.png`);
    expect(response.headers.get('content-type')).toBe('image/png');
    leave();
    await done;
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  });

  it('says where it is to be reached from outside', async () => {
    const { said } = goOnline({ ...DISCORD, HTTP_PORT: '0', PUBLIC_URL: 'https://game.example' });
    expect(await said('HTTP')).toMatch(/:\d+, which https:\/\/game\.example must lead to\.$/);
  });

  it('stays closed where nobody needs it', async () => {
    const { said, lines } = goOnline(DISCORD);
    await said('Discord');
    expect(lines.join()).not.toContain('HTTP');
  });

  it('is ready once every platform is joined and the app is warm and ready, and no more when leaving', async () => {
    const joining = Promise.withResolvers<RunningAdapter>();
    const stopping = Promise.withResolvers<void>();
    const warming = Promise.withResolvers<void>();
    let isAppReady = false;
    const { said, leave, adapter } = goOnline(
      { ...DISCORD, HTTP_PORT: '0' },
      { discord: () => joining.promise, isAppReady: () => isAppReady, warmUp: () => warming.promise },
    );
    const url = addressIn(await said('HTTP'));
    const ready = async () => (await fetch(`${url}/readyz`)).status;
    isAppReady = true;
    expect(await ready()).toBe(503);
    let isConnected = true;
    joining.resolve(
      adapter('discord', { stopHearing: () => stopping.promise, isConnected: () => isConnected }),
    );
    await said('Discord: connected');
    expect(await ready()).toBe(503);
    warming.resolve();
    await vi.waitFor(async () => expect(await ready()).toBe(200));
    isAppReady = false;
    expect(await ready()).toBe(503);
    isAppReady = true;
    isConnected = false;
    expect(await ready()).toBe(503);
    isConnected = true;
    expect(await ready()).toBe(200);
    leave();
    expect(await ready()).toBe(503);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    stopping.resolve();
  });

  it('is not ready while a platform is missing', async () => {
    const { said } = goOnline(
      { ...DISCORD, ...SLACK, HTTP_PORT: '0' },
      { discord: () => Promise.reject(new Refusal('No.')) },
    );
    const url = addressIn(await said('HTTP'));
    await said('Slack: connected');
    await said('Discord: not');
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
  });

  it('serves what Slack asks for', async () => {
    const route: HttpRoute = { path: '/slack/events', handle: (_, response) => response.end('heard') };
    const { said } = goOnline(SLACK_OVER_HTTP, {
      slack: async () => ({ stopHearing: async () => {}, close: async () => {}, routes: [route] }),
    });
    const url = addressIn(await said('HTTP'));
    expect(await said('Slack')).toBe('Slack: connected.');
    const response = await fetch(`${url}/slack/events`, { method: 'POST', body: '{}' });
    expect(await response.text()).toBe('heard');
  });

  it('that cannot be opened keeps Discord from nothing, and Slack where it needs one', async () => {
    const slack = vi.fn<Starters['slack']>();
    const { said } = goOnline({ ...DISCORD, ...SLACK_OVER_HTTP, HTTP_HOST: '192.0.2.1' }, { slack });
    expect(await said('HTTP')).toBe(
      'HTTP: not listening, and NPCs stay without pictures of ours. This machine has no address 192.0.2.1. Set HTTP_HOST to 127.0.0.1, or to 0.0.0.0 for every network.',
    );
    await said('Discord: connected');
    expect(await said('Slack')).toContain('Slack sends what is said to our HTTP server');
    expect(slack).not.toHaveBeenCalled();
  });
});
