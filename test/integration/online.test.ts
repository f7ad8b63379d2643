import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { DiscordServer } from '../support/discord/discord-server.ts';
import type { Reply } from '../support/model-reply.ts';
import { startModelServer } from '../support/model-server.ts';
import { startSlackServer } from '../support/slack/slack-server.ts';
import { deadAddress } from '../unit/doctor/loopback.ts';

const main = join(import.meta.dirname, '../../src/start.js');
const PATIENCE = { timeout: 20_000, interval: 20 };

/** The product as a process of its own, with these settings; `underShell` as npm starts it. */
async function start(
  environment: Readonly<Record<string, string>>,
  {
    words = [],
    underShell = false,
  }: { readonly words?: readonly string[]; readonly underShell?: boolean } = {},
) {
  const folder = await mkdtemp(join(tmpdir(), 'dramatis-online-'));
  const [program, ...given] = underShell
    ? ['sh', '-c', '"$0" "$@"; exit $?', process.execPath, main, ...words]
    : [process.execPath, main, ...words];
  const child = spawn(program ?? '', given, {
    // An empty folder: a developer's own .env plays no part.
    cwd: folder,
    env: { PATH: process.env.PATH, DATA_DIR: folder, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  });
  const heard = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      heard[stream] += text;
    });
  const says = (words: string) => vi.waitFor(() => expect(heard.stderr).toContain(words), PATIENCE);
  return { child, heard, says, code: async () => (await ended)[0] as unknown };
}

async function discord() {
  const server = await DiscordServer.start();
  onTestFinished(() => server.close());
  const { guild } = server.guild();
  return { server, guild, settings: { DISCORD_TOKEN: server.token, DISCORD_API_URL: server.apiUrl } };
}

async function slack() {
  const server = await startSlackServer();
  onTestFinished(() => server.close());
  const team = server.openTeam('The Docks');
  return {
    server,
    team,
    settings: {
      SLACK_BOT_TOKEN: team.token,
      SLACK_APP_TOKEN: server.app.appToken,
      SLACK_API_URL: server.apiUrl,
    },
  };
}

/** Has an address be a way to another one. */
async function passOn(address: string, to: string): Promise<void> {
  const [host, port] = address.split(':');
  const target = new URL(to);
  const way = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    near.on('error', () => far.destroy()).on('close', () => far.destroy());
    far.on('error', () => near.destroy()).on('close', () => near.destroy());
    near.pipe(far).pipe(near);
    onTestFinished(() => {
      near.destroy();
    });
  });
  way.listen(Number(port), host);
  await once(way, 'listening');
  onTestFinished(() => {
    way.close();
  });
}

const signal = (child: ChildProcess, name: 'SIGTERM' | 'SIGINT') => child.kill(name);

describe('npm start with tokens', () => {
  it('joins both platforms, plays nothing on standard output, and leaves in order when asked to', async () => {
    const [onDiscord, onSlack] = [await discord(), await slack()];
    const { child, heard, says, code } = await start({
      ...onDiscord.settings,
      ...onSlack.settings,
      ADMIN_IDS: '123456789012345678',
      HTTP_PORT: '0',
    });
    await says('Discord: connected as ');
    expect(heard.stderr).toMatch(/^Discord: connected as \S+ in 1 server\.$/m);
    await says('Slack: connected ');
    expect(heard.stderr).toMatch(/^Slack: connected .*The Docks.*\.$/m);
    const url = /HTTP: listening at (http:\/\/\S+\d)/.exec(heard.stderr)?.[1] ?? '';
    await vi.waitFor(async () => expect((await fetch(`${url}/readyz`)).status).toBe(200), PATIENCE);
    signal(child, 'SIGTERM');
    expect(await code()).toBe(143);
    expect(heard.stderr).toContain('Leaving.');
    expect(heard.stdout).toBe('');
    for (const token of [onDiscord.settings.DISCORD_TOKEN, onSlack.settings.SLACK_BOT_TOKEN])
      expect(heard.stderr).not.toContain(token);
  });

  it('says in plain words that Discord keeps messages from us', async () => {
    const { server, settings } = await discord();
    server.world.privileged.messageContent = false;
    const { heard, says } = await start(settings);
    await says('Discord: connected as ');
    expect(heard.stderr).toMatch(
      /^Discord: connected as \S+ in 1 server\. Discord does not let the bot read .*Turn it on at .*\.$/m,
    );
  });

  /** An NPC on stage in Slack that has begun a reply; the model goes on when it is told to. */
  async function speakingInSlack(reply: Reply) {
    const { server, team, settings } = await slack();
    const model = await startModelServer();
    onTestFinished(() => model.close());
    model.script(() => reply);
    const gm = server.person(team, 'Gwen', { isAdmin: true });
    const tavern = server.channel(team, 'tavern', { members: [gm] });
    const product = await start({ ...settings, OPENAI_BASE_URL: model.url, CHAT_MODEL: 'stand-in' });
    await product.says('Slack: connected');
    await gm.slash(tavern, '/npc', 'talk Hroon');
    const hroonSays = (part: string) => () =>
      gm.sees(tavern).some(({ from, text }) => from === 'Hroon' && text.includes(part));
    await server.until(hroonSays(''), 'Hroon comes on stage');
    gm.says(tavern, 'Hroon, what is the toll?');
    await server.until(hroonSays('First'), 'Hroon speaks');
    return { ...product, sees: (part: string) => hroonSays(part)() };
  }

  it('lets a reply that is under way end, though a signal comes twice: npm passes its own on', async () => {
    const tokens = [
      'First comes this. ',
      ...Array.from({ length: 30 }, (_, index) => `Then ${index}. `),
      'The end.',
    ];
    const { child, code, sees } = await speakingInSlack({ tokens, tokensPerSecond: 20 });
    expect(sees('The end.')).toBe(false);
    // Two of the same kind at once would be one.
    signal(child, 'SIGINT');
    signal(child, 'SIGTERM');
    // Which of the two arrives first is the system's affair.
    expect([130, 143]).toContain(await code());
    expect(sees('The end.')).toBe(true);
  });

  it('marks what does not end in time, and ends as it was asked to', async () => {
    const tokens = ['First comes this. ', ...Array.from({ length: 400 }, (_, index) => `Then ${index}. `)];
    const { child, code, sees } = await speakingInSlack({ tokens, tokensPerSecond: 5 });
    signal(child, 'SIGTERM');
    expect(await code()).toBe(143);
    expect(sees('broken off')).toBe(true);
  });

  it('ends at once at a second signal', async () => {
    const { child, code } = await speakingInSlack({
      tokens: ['First comes this. ', 'And then ', 'nothing.'],
      stallAfter: 2,
    });
    signal(child, 'SIGTERM');
    // Not before it is no longer the same press.
    const again = setInterval(() => signal(child, 'SIGINT'), 100);
    onTestFinished(() => clearInterval(again));
    expect(await code()).toBe(130);
  });

  it('leaves in order when the shell is ended that npm started it in', async () => {
    const { settings } = await discord();
    const { child, heard, says, code } = await start(
      { ...settings, npm_lifecycle_event: 'start' },
      { underShell: true },
    );
    await says('Discord: connected');
    signal(child, 'SIGTERM');
    // Its output closes with the last process that holds it.
    expect(await code()).toBeNull();
    expect(heard.stderr).toContain('Leaving.');
  });

  it('plays on one platform while the other cannot be joined, and says what to do', async () => {
    const { settings } = await slack();
    const { child, heard, says, code } = await start({
      ...settings,
      DISCORD_TOKEN: 'no.such.token',
      DISCORD_API_URL: `http://${await deadAddress()}/api`,
    });
    await says('Slack: connected');
    await says('Discord: not connected. Discord could not be reached.');
    signal(child, 'SIGTERM');
    expect(await code()).toBe(143);
    expect(heard.stderr).not.toContain('no.such.token');
  });

  it('joins a platform that was away at the start once it is there, and is ready then', async () => {
    const [{ settings }, onSlack] = [await discord(), await slack()];
    const address = await deadAddress();
    const { child, heard, says, code } = await start({
      ...onSlack.settings,
      DISCORD_TOKEN: settings.DISCORD_TOKEN,
      DISCORD_API_URL: `http://${address}/api`,
      HTTP_PORT: '0',
    });
    await says('Slack: connected');
    await says('It is tried again until it works.');
    const url = /HTTP: listening at (http:\/\/\S+\d)/.exec(heard.stderr)?.[1] ?? '';
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    await passOn(address, settings.DISCORD_API_URL);
    await says('Discord: connected as ');
    await vi.waitFor(async () => expect((await fetch(`${url}/readyz`)).status).toBe(200), PATIENCE);
    expect(heard.stderr.match(/Discord: not connected/g)).toHaveLength(1);
    signal(child, 'SIGTERM');
    expect(await code()).toBe(143);
  });

  it('ends with 1 where nothing can be joined, and says why', async () => {
    const { server } = await discord();
    const { heard, code } = await start({
      DISCORD_TOKEN: 'wrong.token.altogether',
      DISCORD_API_URL: server.apiUrl,
    });
    expect(await code()).toBe(1);
    expect(heard.stderr).toContain('Discord: not connected. Discord does not know this token.');
    expect(heard.stderr).toContain('Nothing is connected, so the program ends.');
    expect(heard.stderr).not.toContain('wrong.token');
  });

  it('ends with 1 where the settings cannot be used, and names them', async () => {
    const { heard, code } = await start({ DISCORD_TOKEN: 'Bot hush', SLACK_BOT_TOKEN: 'xapp-hush' });
    expect(await code()).toBe(1);
    expect(heard.stderr).toContain('DISCORD_TOKEN (set, 8 characters) begins with "Bot "');
    expect(heard.stderr).toContain('SLACK_BOT_TOKEN (set, 9 characters) is the app token');
    expect(heard.stderr).not.toContain('hush');
  });
});

describe('npm run doctor with tokens', () => {
  it('asks both platforms, and prints the invitation', async () => {
    const [onDiscord, onSlack] = [await discord(), await slack()];
    const { heard, code } = await start(
      { ...onDiscord.settings, ...onSlack.settings },
      { words: ['doctor'] },
    );
    expect(await code()).toBe(0);
    expect(heard.stdout).toMatch(/^ok — Discord: DISCORD_TOKEN is taken: we are /m);
    expect(heard.stdout).toMatch(
      /^ok — Discord invitation: https:\/\/discord\.com\/oauth2\/authorize\?\S+ — /m,
    );
    expect(heard.stdout).toMatch(/^ok — Slack: SLACK_BOT_TOKEN is taken: we are .* in The Docks/m);
    for (const token of [onDiscord.settings.DISCORD_TOKEN, onSlack.settings.SLACK_BOT_TOKEN])
      expect(heard.stdout).not.toContain(token);
  });

  it('warns of an intent that is off', async () => {
    const { server, settings } = await discord();
    server.world.privileged.messageContent = false;
    const { heard, code } = await start(settings, { words: ['doctor'] });
    expect(await code()).toBe(0);
    expect(heard.stdout).toMatch(/^warning — Message Content Intent: it is off, /m);
  });

  it('tells tokens that are not taken', async () => {
    const [onDiscord, onSlack] = [await discord(), await slack()];
    const wrong = { DISCORD_TOKEN: 'wrong.token.altogether', SLACK_BOT_TOKEN: 'xoxb-wrong' };
    const { heard, code } = await start(
      { ...onDiscord.settings, ...onSlack.settings, ...wrong },
      { words: ['doctor'] },
    );
    expect(await code()).toBe(1);
    expect(heard.stdout).toContain('problem — Discord: Discord does not know this token');
    expect(heard.stdout).toContain('problem — Slack: Slack does not accept SLACK_BOT_TOKEN');
  });

  it('prints the manifest alone', async () => {
    const { heard, code } = await start({}, { words: ['doctor', 'slack-manifest'] });
    expect(await code()).toBe(0);
    expect(heard.stdout).toMatch(/^display_information:\n/);
  });
});
