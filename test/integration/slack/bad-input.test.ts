import { describe, expect, it } from 'vitest';
import { judged, openGame, type SlackGame, SPOTLESS, speaking } from '../../support/slack/slack-game.ts';
import type { SlackPerson } from '../../support/slack/slack-person.ts';
import type { Channel } from '../../support/slack/world.ts';

/** The next thing that this person is shown in a channel, by us. */
async function answerTo(
  game: SlackGame,
  person: SlackPerson,
  channel: Channel,
  act: () => unknown,
): Promise<{ readonly text: string; readonly isEphemeral: boolean; readonly from: string }> {
  const before = new Set(person.sees(channel).map(({ ts }) => ts));
  const ofUs = () =>
    person.sees(channel).find(({ ts, message }) => !before.has(ts) && message.author.kind === 'app');
  await act();
  await game.slack.until(() => ofUs() !== undefined, 'an answer');
  const answer = ofUs();
  if (answer === undefined) throw new Error('gone again');
  return answer;
}

/** Every way to call somebody, or to look as if. */
function calls({ mira, tom, team, tavern }: SlackGame): readonly string[] {
  return [
    '<!channel>',
    '<!here>',
    '<!everyone>',
    '<!here|here>',
    '<!group>',
    mira.mention,
    `<@${tom.id}|tom>`,
    `<@${team.bot.id}>`,
    '<!subteam^S0ADMINS>',
    '<!subteam^S0ADMINS|@admins>',
    '<!date^1392734382^{date}|now>',
    `<#${tavern.id}|tavern>`,
    '@channel',
    '@here',
    '@everyone',
    '@Mira',
    '&lt;!channel&gt;',
    '&amp;lt;!channel&amp;gt;',
    '<<!channel>>',
    '<\u200b!channel>',
    '\u202e<!channel>\u202c',
    '`<!channel>`',
    '```<!here>```',
    '<https://evil.example|https://good.example>',
    '[good](https://evil.example)',
  ];
}

describe.concurrent('what players type', () => {
  it('may be long, empty, emoji, invisible or right to left: each is answered properly', async () => {
    await using game = await openGame();
    const { mira, tavern, model, team } = game;
    await game.bringOn('Kettle');
    speaking(model, { text: 'If you say so.' });
    const us = `<@${team.bot.id}>`;
    const refused: readonly (readonly [string, RegExp])[] = [
      [`Kettle, ${'and so on '.repeat(500)}`, /4000/],
      [us, /nothing to hear|what is said/i],
      [`${us} \u200b\u200b\u2060`, /nothing to hear/i],
      [`${us} \u202e\u202c`, /nothing to hear/i],
    ];
    for (const [text, words] of refused) {
      const answer = await answerTo(game, mira, tavern, () => mira.says(tavern, text));
      expect(answer.text).toMatch(words);
      expect(answer.isEphemeral).toBe(true);
    }
    const heard = [
      `${us} Kettle 🐉🐉🐉`,
      'Kettle :dragon: :fire:',
      'Kettle, \u202ehsilgne\u202c?',
      'Kettle, שלום עולם, مرحبا!',
      `Kettle, ${'x'.repeat(3980)}`,
      'Kettle, *bold _and `code` ~and > quote\n```and more',
    ];
    for (const text of heard) {
      const answer = await answerTo(game, mira, tavern, () => mira.says(tavern, text));
      expect([text.slice(0, 40), answer.text]).toEqual([text.slice(0, 40), 'If you say so.']);
    }
    const files = ['map.png', 'notes & <!here>.pdf'];
    const blind = await answerTo(game, mira, tavern, () => mira.says(tavern, '', { files }));
    expect(blind.text).toContain('No NPC can see what you sent (a picture, notes & <!here>.pdf)');
    expect(judged(game)).toEqual(SPOTLESS);
  });

  it('calls nobody, however a player writes it and wherever it comes back', async () => {
    await using game = await openGame();
    const { slack, gm, mira, tavern, model } = game;
    await game.bringOn('Kettle');
    model.script((request) => {
      if (request.response_format !== undefined) return {};
      // An NPC that says back what it heard.
      const heard = request.messages.findLast(({ role }) => role === 'user')?.content ?? '';
      return { text: `You said: ${heard.slice(0, 1500)}` };
    });
    const all = calls(game);
    for (const isLiteral of [false, true]) {
      await answerTo(game, mira, tavern, () => mira.says(tavern, `Kettle, ${all.join(' ')}`, { isLiteral }));
      await slack.until(
        () => !mira.sees(tavern).some(({ buttons }) => buttons.includes('Stop')),
        'it has ended',
      );
    }
    for (const text of all) {
      await answerTo(game, mira, tavern, () => mira.slash(tavern, '/roll', text));
      slack.clock.advance(10_000);
    }
    const commands: readonly (readonly [SlackPerson, string, string])[] = [
      [mira, '/as', '<!channel>'],
      [mira, '/say', 'Kettle, <!here> <!channel>'],
      [gm, '/campaign', 'create <!here> & <!channel>'],
      [gm, '/campaign', 'show'],
      [mira, '/scene', '20'],
      [mira, '/npc', '<!here> <!channel>'],
      [mira, '/dramatis', '<!here>'],
      [gm, '/npc', 'show <!channel>'],
      [gm, '/campaign', 'gm add <!channel>'],
    ];
    for (const isLiteral of [false, true]) {
      for (const [person, command, text] of commands) {
        await answerTo(game, person, tavern, () => person.slash(tavern, command, text, { isLiteral }));
        slack.clock.advance(10_000);
      }
    }
    expect(judged(game)).toEqual(SPOTLESS);
  });
});

describe.concurrent('what models write', () => {
  it('calls nobody, and breaks out of no markup', async () => {
    await using game = await openGame();
    const { slack, mira, tavern, model } = game;
    await game.bringOn('Kettle');
    const all = calls(game);
    for (let from = 0; from < all.length; from += 5) {
      const forms = all.slice(from, from + 5).join(' ');
      speaking(model, { text: `Hear me: ${forms}. And *bold* **too** _and_ \`code\`. ${forms}` });
      await answerTo(game, mira, tavern, () => mira.says(tavern, 'Kettle, say it.'));
      await slack.until(
        () => !mira.sees(tavern).some(({ buttons }) => buttons.includes('Stop')),
        'it has ended',
      );
      slack.clock.advance(10_000);
    }
    expect(mira.everSaw).not.toMatch(/\]\(https/);
    expect(judged(game)).toEqual(SPOTLESS);
  });

  it('is harmless in the sheets of a cast too', async () => {
    await using game = await openGame();
    const { slack, gm, tavern, model } = game;
    const hostile = '<!channel> *x* <@U0AAAAAAAA1> & @everyone ```';
    model.script((request) => {
      const format = JSON.stringify(request.response_format ?? {});
      if (format.includes('"members"')) {
        const ties = [{ to: 'Two <!here>', tie: hostile }];
        return {
          text: JSON.stringify({
            members: [
              { name: 'One <!channel>', role: hostile, hook: hostile, ties },
              {
                name: 'Two <!here>',
                role: `${hostile} 2`,
                hook: `${hostile} 2`,
                ties: [{ to: 'One <!channel>', tie: hostile }],
              },
            ],
          }),
        };
      }
      return {};
    });
    await gm.slash(tavern, '/npc', 'generate count:2 prompt:<!channel> and <!here>');
    await game.sees(
      gm,
      tavern,
      ({ text }) => /drafted|Failed|could not be planned/.test(text) && !text.includes('being drafted'),
      'the cast, or why there is none',
    );
    await slack.until(() => slack.deliveries.underWay === 0, 'all is quiet');
    expect(judged(game)).toEqual(SPOTLESS);
  });
});

describe.concurrent('another workspace with the same app', () => {
  it('is nobody’s business where the bot token is for one workspace', async () => {
    await using game = await openGame();
    const { slack, mira, tavern } = game;
    const guild = slack.openTeam('Other Guild');
    const eve = slack.person(guild, 'Eve', { isAdmin: true });
    const hall = slack.channel(guild, 'hall', { members: [eve] });
    const calls = slack.journal.calls.length;
    const before = mira.sees(tavern).length;
    for (const [command, text] of [
      ['/campaign', 'show'],
      ['/as', 'Kettle the Second'],
    ] as const) {
      expect((await eve.slash(hall, command, text)).answer?.isOk).toBe(true);
    }
    await eve.says(hall, `<@${guild.bot.id}> npc talk Kettle`).delivered;
    await answerTo(game, mira, tavern, () => mira.slash(tavern, '/roll', '1d1'));
    expect(eve.sees(hall).filter(({ message }) => message.author.kind === 'app')).toEqual([]);
    expect(mira.sees(tavern)).toHaveLength(before + 1);
    const ofEve = slack.journal.calls
      .slice(calls)
      .filter(({ args }) => JSON.stringify(args).includes(eve.id));
    expect(ofEve).toEqual([]);
    expect(game.log.filter((line) => line.includes('is not installed in this workspace'))).toHaveLength(1);
  });
});

describe.concurrent('buttons and forms', () => {
  it('that are forged, stale or of another place do nothing, and say so', async () => {
    await using game = await openGame();
    const { slack, team, gm, mira, tavern } = game;
    await game.bringOn('Kettle');
    const other = slack.openTeam('Other Shore');
    expect(other.id).not.toBe(team.id);
    const [standing] = mira.sees(tavern);
    if (standing === undefined) throw new Error('nothing stands there');
    const codes = [
      undefined,
      '',
      'x',
      'x'.repeat(2000),
      '{"command":"npc discard","options":{"npc":"Kettle"}}',
      JSON.stringify(['npc discard', { npc: 'Kettle' }]),
      's:guessed',
      '\u0000\u202e',
      '__proto__',
    ];
    for (const value of codes) {
      const answer = await answerTo(game, mira, tavern, () =>
        mira.sendsAction(standing.message, {
          action_id: 'dramatis-action-0',
          ...(value === undefined ? {} : { value }),
        }),
      );
      expect(answer.isEphemeral).toBe(true);
      expect(answer.text).toMatch(/Nobody knows any more|for the game master|There is no/);
      slack.clock.advance(10_000);
    }
    // An id of no element of ours.
    expect(
      (await mira.sendsAction(standing.message, { action_id: 'somebody-elses', value: 'x' })).tookInMs,
    ).toBeLessThan(3000);
    const list = await answerTo(game, gm, tavern, () => gm.slash(tavern, '/npc', 'list'));
    expect(list.text).toContain('Kettle');
    expect(judged(game)).toEqual(SPOTLESS);
  });
});

describe.concurrent('a slow Slack', () => {
  it('that lets a form come too late is answered in words', async () => {
    await using game = await openGame();
    const { slack, team, tavern } = game;
    const gwyn = slack.person(team, 'Gwyn', { isAdmin: true });
    tavern.members.add(gwyn.id);
    slack.disturb(({ method }) => {
      if (method === 'users.info') slack.clock.advance(3500);
      return undefined;
    });
    const answer = await answerTo(game, gwyn, tavern, () => gwyn.slash(tavern, '/npc', 'generate'));
    expect(answer).toMatchObject({ isEphemeral: true, text: expect.stringMatching(/form|again/i) });
    expect(gwyn.modal).toBeUndefined();
    // Slack alone can tell that it was too late.
    expect(slack.journal.violations.map(({ kind }) => kind)).toEqual(['trigger']);
  });
});

describe.concurrent('places', () => {
  it('commands work in direct conversations, where one is one’s own game master', async () => {
    await using game = await openGame();
    const { mira, gm, model } = game;
    const list = await answerTo(game, mira, mira.dm, () => mira.slash(mira.dm, '/npc', 'list'));
    expect(list.text.length).toBeGreaterThan(5);
    await mira.slash(mira.dm, '/npc', 'talk Kettle');
    await game.sees(mira, mira.dm, ({ from }) => from === 'Kettle', 'a greeting');
    speaking(model, { text: 'Just us, then.' });
    mira.says(mira.dm, 'Are we alone?');
    await game.sees(mira, mira.dm, ({ text }) => text === 'Just us, then.', 'an answer');
    expect(gm.sees(mira.dm)).toEqual([]);
    const roll = await answerTo(game, mira, mira.dm, () => mira.says(mira.dm, '/roll 2d6'));
    expect(roll.text).toMatch(/2d6/);
    expect(judged(game)).toEqual(SPOTLESS);
  });

  it('greets whoever opens the direct conversation for the first time, once', async () => {
    await using game = await openGame();
    const { tom } = game;
    await tom.opensHome('messages');
    await game.slack.until(() => tom.sees(tom.dm).length > 0, 'a greeting');
    const count = tom.sees(tom.dm).length;
    await tom.opensHome('messages');
    await tom.opensHome('home');
    await answerTo(game, tom, tom.dm, () => tom.slash(tom.dm, '/dramatis', 'help'));
    expect(tom.sees(tom.dm).filter(({ message }) => message.author.kind === 'app').length).toBe(count + 1);
    expect(judged(game)).toEqual(SPOTLESS);
  });

  it('where we are not, or which are archived or deleted, are told of in plain words', async () => {
    await using game = await openGame();
    const { slack, team, gm, mira, tavern, model } = game;
    const attic = slack.channel(team, 'attic', { members: [gm], withoutBot: true });
    const answer = await answerTo(game, gm, attic, () => gm.slash(attic, '/npc', 'talk Kettle'));
    expect(answer.text).toMatch(/invite @Dramatis/);

    await game.bringOn('Kettle');
    speaking(model, {
      tokens: Array.from({ length: 30 }, (_, index) => `Step ${index}. `),
      tokensPerSecond: 10,
    });
    mira.says(tavern, 'Kettle, go on.');
    await game.sees(mira, tavern, ({ text }) => text.startsWith('Step 0'), 'it has begun');
    tavern.isArchived = true;
    await slack.until(() => model.journal.every(({ state }) => state !== 'open'), 'the model has ended');
    const told = await answerTo(game, gm, tavern, () => gm.slash(tavern, '/npc', 'dismiss Kettle'));
    expect(told.text.length).toBeGreaterThan(5);
    tavern.isArchived = false;

    const cellar = slack.channel(team, 'cellar', { members: [gm, mira] });
    await gm.slash(cellar, '/npc', 'talk Hroon');
    await game.sees(mira, cellar, ({ from }) => from === 'Hroon', 'a greeting');
    const asked = model.journal.length;
    speaking(model, { tokens: ['Well. ', 'Now. ', 'Then. '], tokensPerSecond: 2 });
    mira.says(cellar, 'Hroon, go on.');
    await slack.until(() => model.journal.length > asked, 'the model is asked');
    cellar.isDeleted = true;
    await slack.until(() => model.journal.every(({ state }) => state !== 'open'), 'the model has ended');
    // All else goes on.
    const roll = await answerTo(game, mira, tavern, () => mira.slash(tavern, '/roll', '1d4'));
    expect(roll.text).toMatch(/1d4/);
    expect(judged(game)).toEqual(SPOTLESS);
  });

  it('where our message was deleted by somebody, the reply goes on without it', async () => {
    await using game = await openGame();
    const { slack, mira, tavern, model } = game;
    await game.bringOn('Kettle');
    speaking(model, {
      tokens: Array.from({ length: 40 }, (_, index) => `Step ${index}. `),
      tokensPerSecond: 15,
    });
    mira.says(tavern, 'Kettle, go on.');
    const speech = await game.sees(mira, tavern, ({ text }) => text.startsWith('Step 0'), 'it has begun');
    speech.message.isDeleted = true;
    await slack.until(() => model.journal.every(({ state }) => state !== 'open'), 'the model has ended');
    speaking(model, { text: 'Here I am.' });
    mira.says(tavern, 'Kettle, are you there?');
    await game.sees(mira, tavern, ({ text }) => text === 'Here I am.', 'the next answer');
    expect(judged(game)).toEqual(SPOTLESS);
  });
});
