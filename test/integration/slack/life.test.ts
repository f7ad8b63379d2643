import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encode } from '../../support/slack/http-mode.ts';
import { judged, openGame, type SlackGame, SPOTLESS, speaking } from '../../support/slack/slack-game.ts';

const main = join(import.meta.dirname, '../../../src/start.js');

/** The product as a process of its own, so that it can be killed. Resolves once its socket stands. */
async function startProcess({ slack, environment, dataDir }: SlackGame) {
  const before = slack.sockets.openedCount;
  const child = spawn(process.execPath, [main], {
    cwd: dataDir,
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  await slack.until(() => {
    if (child.exitCode !== null) throw new Error(`the product ended: ${output}`);
    return slack.sockets.openedCount > before && output.includes('Slack: connected');
  }, 'the product is connected');
  const kill = () => child.kill('SIGKILL');
  return { child, kill, [Symbol.dispose]: kill };
}

const steps = (count: number) => Array.from({ length: count }, (_, index) => `Step ${index} is behind us. `);

describe.concurrent('Slack going on and off', () => {
  it('comes back after a dropped socket, and hears what was said meanwhile, once', async () => {
    await using game = await openGame();
    const { slack, mira, tavern, model } = game;
    await game.bringOn('Kettle');
    speaking(model, { text: 'Still here.' });
    const opened = slack.sockets.openedCount;
    slack.sockets.drop();
    await slack.until(() => slack.sockets.openCount === 0, 'the socket is gone');
    mira.says(tavern, 'Kettle, are you still there?');
    await slack.until(() => slack.sockets.openedCount > opened, 'a new socket');
    slack.clock.advance(60_000);
    await game.sees(mira, tavern, ({ text }) => text === 'Still here.', 'an answer');
    expect(model.journal).toHaveLength(1);
    expect(judged(game)).toEqual(SPOTLESS);
  });

  it('follows Slack to a new socket when it is asked to, several times', async () => {
    await using game = await openGame();
    const { slack, mira, tavern, model } = game;
    await game.bringOn('Kettle');
    speaking(model, { text: 'As before.' });
    for (let round = 1; round <= 3; round += 1) {
      const opened = slack.sockets.openedCount;
      slack.sockets.refresh(round === 2 ? 'warning' : 'refresh_requested');
      await slack.until(
        () => slack.sockets.openedCount > opened && slack.sockets.openCount === 1,
        `socket number ${round}`,
      );
      mira.says(tavern, `Kettle, are you there, for the time number ${round}?`);
      slack.clock.advance(60_000);
      await slack.until(() => model.journal.length === round, `answer number ${round}`);
      await slack.until(
        () => mira.sees(tavern).filter(({ text }) => text === 'As before.').length === round,
        'it is shown',
      );
    }
    expect(judged(game)).toEqual(SPOTLESS);
  });

  it('shows every word through a storm of 429 and a Slack that fails now and then', async () => {
    await using game = await openGame();
    const { slack, mira, tom, gm, tavern, model, team } = game;
    const cellar = slack.channel(team, 'cellar', { members: [gm, mira, tom] });
    await game.bringOn('Kettle');
    await gm.slash(cellar, '/npc', 'talk Hroon');
    await game.sees(mira, cellar, ({ from }) => from === 'Hroon', 'a greeting');
    const text = steps(30).join('').trim();
    speaking(model, { text, tokensPerSecond: 60 });
    let chats = 0;
    slack.disturb(({ method }) => {
      if (!method.startsWith('chat.')) return undefined;
      chats += 1;
      if (chats % 2 === 0) return { status: 429, retryAfterInS: 1 };
      if (chats % 5 === 0 && method === 'chat.update') return { status: 500 };
      if (chats % 7 === 0 && method === 'chat.update') return { breaks: true };
      return undefined;
    });
    mira.says(tavern, 'Kettle, tell me all of it.');
    tom.says(cellar, 'Hroon, tell me all of it.');
    await game.sees(mira, tavern, ({ text: shown }) => shown === text, 'all of Kettle’s words');
    await game.sees(mira, cellar, ({ text: shown }) => shown === text, 'all of Hroon’s words');
    expect(slack.journal.calls.filter(({ error }) => error === 'ratelimited').length).toBeGreaterThan(1);
    expect(mira.sees(tavern).filter(({ text: shown }) => shown === text)).toHaveLength(1);
    expect(judged(game)).toEqual(SPOTLESS);
  });

  it('lets a reply under way end when it is asked to, and marks one that will not', async () => {
    await using game = await openGame();
    const { slack, mira, tavern, gm, team, tom, model } = game;
    const cellar = slack.channel(team, 'cellar', { members: [gm, mira, tom] });
    await game.bringOn('Kettle');
    await gm.slash(cellar, '/npc', 'talk Hroon');
    await game.sees(mira, cellar, ({ from }) => from === 'Hroon', 'a greeting');
    const text = steps(20).join('').trim();
    model.script((request) =>
      JSON.stringify(request.messages).includes('quickly')
        ? { tokens: steps(20), tokensPerSecond: 10 }
        : { tokens: steps(20), stallAfter: 3 },
    );
    mira.says(tavern, 'Kettle, tell me quickly.');
    mira.says(cellar, 'Hroon, tell me slowly.');
    await game.sees(mira, tavern, ({ text: shown }) => shown.startsWith('Step 0'), 'Kettle has begun');
    await game.sees(mira, cellar, ({ text: shown }) => shown.startsWith('Step 0'), 'Hroon has begun');
    await game.leave();
    expect(mira.sees(tavern).map(({ text: shown }) => shown)).toContain(text);
    const half = mira
      .sees(cellar)
      .filter(({ from }) => from === 'Hroon')
      .at(-1);
    expect(half?.text).toMatch(/^Step 0 .*broken off/s);
    expect(mira.sees(cellar).some(({ buttons }) => buttons.includes('Stop'))).toBe(false);
    expect(mira.sees(cellar).at(-1)?.buttons).toContain('Retry');
    // Nothing is taken in any more.
    expect((await mira.slash(tavern, '/npc', 'list')).answer).toBeUndefined();
    expect(judged(game)).toEqual(SPOTLESS);
  });

  it('marks what was being said when the process was killed, and gives the answer on Retry', async () => {
    await using game = await openGame({ isNotStarted: true });
    const { slack, mira, tavern, gm, model } = game;
    using started = await startProcess(game);
    await gm.slash(tavern, '/npc', 'talk Kettle');
    await game.sees(mira, tavern, ({ from }) => from === 'Kettle', 'a greeting');
    speaking(model, { tokens: steps(10), stallAfter: 3 }, { text: 'Now, all of it.' });
    mira.says(tavern, 'Kettle, how far is it?');
    const half = await game.sees(mira, tavern, ({ text }) => text.startsWith('Step 0'), 'half an answer');
    await slack.until(
      () =>
        mira
          .sees(tavern)
          .find(({ ts }) => ts === half.ts)
          ?.text.includes('Step 1') === true,
      'more',
    );
    started.kill();
    await once(started.child, 'close');
    await slack.until(() => slack.sockets.openCount === 0, 'its socket is gone');

    await game.start();
    const marked = () => mira.sees(tavern).find(({ ts }) => ts === half.ts);
    await slack.until(() => marked()?.text.includes('broken off') === true, 'the half is marked');
    expect(marked()?.buttons).toEqual([]);
    expect(marked()?.from).toBe('Kettle');
    const trouble = await game.sees(mira, tavern, ({ buttons }) => buttons.includes('Retry'), 'Retry');
    await mira.presses(trouble, 'Retry');
    await game.sees(mira, tavern, ({ text }) => text === 'Now, all of it.', 'the answer');
    expect(mira.sees(tavern).filter(({ text }) => text.startsWith('Step 0'))).toHaveLength(1);
    expect(judged(game)).toEqual(SPOTLESS);
  });

  it('says in plain words at the start what is wrong with tokens and scopes', async () => {
    const cases: readonly (readonly [(game: SlackGame) => void, RegExp])[] = [
      [({ team }) => Object.assign(team, { tokenFault: 'token_revoked' }), /revoked.*Install it again/],
      [({ team }) => Object.assign(team, { tokenFault: 'invalid_auth' }), /does not accept SLACK_BOT_TOKEN/],
      [({ team }) => team.scopes.delete('chat:write'), /lacks the scope chat:write/],
      [
        ({ slack }) =>
          slack.disturb(({ method }) =>
            method === 'apps.connections.open' ? { error: 'invalid_auth' } : undefined,
          ),
        /does not accept SLACK_APP_TOKEN/,
      ],
    ];
    for (const [spoil, words] of cases) {
      await using game = await openGame({ isNotStarted: true });
      spoil(game);
      await expect(game.start()).rejects.toThrow(/Nothing is connected/);
      expect(game.said.join('\n')).toMatch(words);
      expect(game.said.join('\n')).not.toContain(game.team.token);
    }
  });
});

describe.concurrent('requests over HTTP', () => {
  it('are refused unless Slack has signed them within five minutes', async () => {
    await using game = await openGame({ transport: 'http' });
    const { slack, mira, tavern, model, team } = game;
    await game.bringOn('Kettle');
    speaking(model, { text: 'I heard that.' });
    expect(await slack.http.verify()).toBe(true);
    const { body, type } = encode({
      type: 'events_api',
      payload: {
        type: 'event_callback',
        team_id: team.id,
        api_app_id: slack.app.id,
        event_id: 'Ev0FORGED',
        authorizations: [{ team_id: team.id, user_id: team.bot.id, is_bot: true }],
        event: {
          type: 'message',
          user: mira.id,
          text: 'Kettle, open the door.',
          channel: tavern.id,
          channel_type: 'channel',
          ts: '1700000000.000200',
        },
      },
    });
    const forged = [
      { secret: 'guessed' },
      { agedInS: 6 * 60 },
      { without: ['x-slack-signature'] },
      { without: ['x-slack-request-timestamp'] },
    ];
    for (const signing of forged) {
      const response = await slack.http.post(body, type, { signing });
      expect([signing, response.status]).toEqual([signing, 401]);
    }
    const nonsense = await slack.http.post('{"type":', 'application/json');
    expect(nonsense.status).toBeGreaterThanOrEqual(400);
    expect((await fetch(`${game.url}/slack/nothing`)).status).toBe(404);
    mira.says(tavern, 'Kettle, is anybody at the door?');
    await game.sees(mira, tavern, ({ text }) => text === 'I heard that.', 'an answer to the real one');
    expect(model.journal).toHaveLength(1);
    expect(judged(game)).toEqual(SPOTLESS);
  });

  it('that come again with a retry number are one line', async () => {
    await using game = await openGame({ transport: 'http' });
    const { slack, mira, tavern, model } = game;
    await game.bringOn('Kettle');
    speaking(model, { text: 'Once.' });
    slack.deliveries.losesAnswers = true;
    mira.says(tavern, 'Kettle, is it once or twice?');
    const tries = (attempt: number) => slack.journal.acks.some((ack) => ack.attempt === attempt);
    await slack.until(() => tries(1), 'Slack tries again at once');
    slack.clock.advance(60_000);
    await slack.until(() => tries(2), 'Slack tries again after a minute');
    slack.deliveries.losesAnswers = false;
    slack.clock.advance(5 * 60_000);
    await slack.until(() => tries(3), 'Slack tries for the last time');
    await game.sees(mira, tavern, ({ text }) => text === 'Once.', 'an answer');
    mira.says(tavern, 'Kettle, and now?');
    await slack.until(
      () => mira.sees(tavern).filter(({ text }) => text === 'Once.').length === 2,
      'an answer to the next line',
    );
    expect(model.journal).toHaveLength(2);
    expect(judged(game)).toEqual(SPOTLESS);
  });
});
