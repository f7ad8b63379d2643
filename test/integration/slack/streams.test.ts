import { describe, expect, it } from 'vitest';
import { judged, openGame, type SlackGame, SPOTLESS, speaking } from '../../support/slack/slack-game.ts';

const steps = (count: number) => Array.from({ length: count }, (_, index) => `Step ${index} is behind us. `);
const whole = (count: number) => steps(count).join('').trim();

/** Kettle is on stage, and Mira has a thread to talk to it in. */
async function inThread(prepare: (game: SlackGame) => void = () => {}) {
  const game = await openGame();
  prepare(game);
  // Nobody is on stage yet who would answer it.
  const root = game.mira.says(game.tavern, 'Let us talk here.').ts;
  await game.bringOn('Kettle');
  const ask = () => {
    const text = `<@${game.team.bot.id}> Kettle, tell me all of it.`;
    return game.mira.says(game.tavern, text, { thread: root });
  };
  const methods = () => game.slack.journal.calls.map(({ method }) => method);
  return { ...game, root, ask, methods };
}

describe.concurrent('Slack’s own streaming, inside threads', () => {
  it('carries a reply under the NPC’s name, without a single edit', async () => {
    await using game = await inThread();
    const { mira, tavern, model, root, ask, methods } = game;
    speaking(model, { text: whole(30), tokensPerSecond: 60 });
    ask();
    const seen = await game.sees(mira, tavern, ({ text }) => text === whole(30), 'all of it');
    expect([seen.from, seen.threadTs]).toEqual(['Kettle', root]);
    await game.slack.until(() => methods().includes('chat.stopStream'), 'the stream has ended');
    expect(methods().filter((method) => method === 'chat.update')).toEqual([]);
    expect(judged(game)).toEqual(SPOTLESS);
  });

  it('is finished by edits where Slack ends the stream', async () => {
    await using game = await inThread();
    const { slack, mira, tavern, model, ask } = game;
    speaking(model, { text: whole(40), tokensPerSecond: 40 });
    ask();
    await game.sees(
      mira,
      tavern,
      ({ isStreaming, text }) => isStreaming && text.includes('Step 1'),
      'it streams',
    );
    slack.clock.advance(5 * 60_000);
    await game.sees(mira, tavern, ({ text }) => text === whole(40), 'all of it');
    expect(
      mira.sees(tavern).filter(({ from, threadTs }) => from === 'Kettle' && threadTs !== undefined),
    ).toHaveLength(1);
    expect(judged(game)).toEqual(SPOTLESS);
  });

  it('stops the reply where a person stops the stream', async () => {
    await using game = await inThread();
    const { mira, tavern, model, ask } = game;
    speaking(model, { tokens: steps(400), tokensPerSecond: 10 });
    ask();
    const seen = await game.sees(
      mira,
      tavern,
      ({ isStreaming, text }) => isStreaming && text.includes('Step 1'),
      'it streams',
    );
    mira.stopsStream(seen.message);
    await game.sees(mira, tavern, ({ ts, text }) => ts === seen.ts && text.endsWith('(stopped)'), 'it stops');
    await game.slack.until(() => model.journal.every(({ state }) => state !== 'open'), 'the model is let go');
    expect(judged(game)).toEqual(SPOTLESS);
  });

  it.each(['has no streaming', 'shows no names on streams'])(
    'gives way to edits where Slack %s',
    async (how) => {
      await using game = await inThread(({ slack }) => {
        if (how === 'has no streaming') slack.settings.streaming = 'off';
        else slack.settings.streamsKeepNames = false;
      });
      const { mira, tavern, model, ask, methods } = game;
      speaking(model, { text: whole(20), tokensPerSecond: 60 });
      for (let round = 1; round <= 2; round += 1) {
        ask();
        await game.slack.until(
          () => mira.sees(tavern).filter(({ text }) => text === whole(20)).length === round,
          `answer number ${round}`,
        );
        await game.slack.until(
          () => mira.sees(tavern).every(({ isStreaming }) => !isStreaming),
          'it has ended',
        );
      }
      expect(mira.sees(tavern).findLast(({ text }) => text === whole(20))?.from).toBe('Kettle');
      expect(methods().filter((method) => method === 'chat.startStream')).toHaveLength(1);
      expect(judged(game)).toEqual(SPOTLESS);
    },
  );

  it('keeps within Slack’s rates when many threads talk at once', async () => {
    await using game = await inThread();
    const { mira, tom, team, tavern, model } = game;
    speaking(model, { text: whole(10), tokensPerSecond: 60 });
    const roots = Array.from({ length: 4 }, (_, index) => tom.says(tavern, `((Thread number ${index}.))`).ts);
    for (const root of roots) mira.says(tavern, `<@${team.bot.id}> Kettle, here?`, { thread: root });
    for (const root of roots)
      await game.sees(
        mira,
        tavern,
        ({ threadTs, text }) => threadTs === root && text === whole(10),
        `thread ${root}`,
      );
    expect(judged(game)).toEqual(SPOTLESS);
  });
});
