import { describe, expect, it } from 'vitest';
import { judged, openGame, SPOTLESS, speaking } from '../../support/slack/slack-game.ts';

/** What a rule holds back twice, and why: for the game master alone. */
const HELD = { text: 'Mira: I give you my purse.' };
const REASON = 'held back twice';

describe.concurrent('what only the game master may read', () => {
  it('is shown to the one who asked, and stands in nobody else’s Slack', async () => {
    await using game = await openGame();
    const { gm, mira, tom, tavern } = game;
    await game.bringOn('Kettle');
    await gm.slash(tavern, '/npc', 'show Kettle');
    const card = await game.sees(gm, tavern, ({ text }) => text.includes('silver piece'), 'the whole sheet');
    expect(card.isEphemeral).toBe(true);
    await mira.slash(tavern, '/npc', 'show Kettle');
    await game.slack.until(
      () => mira.sees(tavern).some(({ isEphemeral }) => isEphemeral),
      'an answer to Mira',
    );
    for (const player of [mira, tom]) expect(player.everSaw).not.toMatch(/silver piece|Lamp Night/);
    expect(judged(game)).toEqual(SPOTLESS);
  });

  it('waits where no room is set, and the channel is told that something does', async () => {
    await using game = await openGame();
    const { gm, mira, tavern, model } = game;
    await game.bringOn('Kettle');
    speaking(model, HELD);
    mira.says(tavern, 'Kettle, what do I give you?');
    const news = await game.sees(
      mira,
      tavern,
      ({ text }) => text.includes('waits for the game master'),
      'news',
    );
    await mira.presses(news, 'Show');
    await game.sees(mira, tavern, ({ text }) => text === 'Nothing waits for you.', 'nothing for Mira');
    await gm.presses(news, 'Show');
    const hidden = await game.sees(gm, tavern, ({ text }) => text.includes(REASON), 'the reason');
    expect(hidden.isEphemeral).toBe(true);
    await gm.slash(tavern, '/waiting');
    await game.sees(gm, tavern, ({ text }) => text === 'Nothing waits for you.', 'it was shown once');
    expect(mira.everSaw).not.toContain(REASON);
    expect(judged(game)).toEqual(SPOTLESS);
  });

  it('goes to a room that nobody else reads, which is looked at again each time', async () => {
    await using game = await openGame();
    const { slack, team, gm, mira, tavern, model } = game;
    await game.bringOn('Kettle');
    speaking(model, HELD);
    const shared = slack.channel(team, 'shared', { members: [gm, mira], kind: 'private' });
    const den = slack.channel(team, 'den', { members: [gm], kind: 'private' });
    await gm.slash(shared, '/campaign', 'gm room here');
    await game.sees(
      gm,
      shared,
      ({ text }) => /cannot be the GM room.*Mira/.test(text),
      'a refusal that names Mira',
    );
    await gm.slash(tavern, '/campaign', 'gm room here');
    await game.sees(
      gm,
      tavern,
      ({ text }) => text.includes('cannot be the GM room'),
      'a public channel is none',
    );
    await gm.slash(den, '/campaign', 'gm room here');
    await game.sees(gm, den, ({ text }) => text.includes('is written here'), 'the room is set');

    mira.says(tavern, 'Kettle, what do I give you?');
    await game.sees(gm, den, ({ text }) => text.includes(REASON), 'the reason in the room');
    // Somebody is let in: from now on it waits.
    den.members.add(mira.id);
    mira.says(tavern, 'Kettle, what else do I give you?');
    await game.sees(mira, tavern, ({ text }) => text.includes('waits for the game master'), 'it waits');
    const told = gm.sees(den).filter(({ text }) => text.includes(REASON));
    expect(told).toHaveLength(1);
    await gm.slash(tavern, '/waiting');
    await game.sees(gm, tavern, ({ text }) => text.includes(REASON), 'the reason, to the game master alone');
    expect(
      mira
        .sees(tavern)
        .map(({ text }) => text)
        .join('\n'),
    ).not.toContain(REASON);
    expect(judged(game)).toEqual(SPOTLESS);
  });

  it('goes to the game master’s direct messages, where they say so', async () => {
    await using game = await openGame();
    const { gm, mira, tom, tavern, model } = game;
    await gm.slash(tavern, '/campaign', `gm add ${mira.mention}`);
    await game.sees(gm, tavern, ({ text }) => text.includes('Mira'), 'Mira leads');
    await mira.slash(tavern, '/campaign', 'gm room dm');
    await game.sees(mira, mira.dm, ({ text }) => text.includes('is written here'), 'the room is set');
    await mira.slash(tavern, '/npc', 'talk Kettle');
    await game.sees(tom, tavern, ({ from }) => from === 'Kettle', 'a greeting');
    speaking(model, { text: 'Tom: I give you my purse.' });
    tom.says(tavern, 'Kettle, what do I give you?');
    await game.sees(mira, mira.dm, ({ text }) => text.includes(REASON), 'the reason');
    for (const other of [gm, tom]) expect(other.everSaw).not.toContain(REASON);
    expect(judged(game)).toEqual(SPOTLESS);
  });

  it('is for everybody in a user group that leads, as long as they are in it', async () => {
    await using game = await openGame();
    const { slack, team, gm, mira, tom, tavern, model } = game;
    team.groups.set('S0LEADERS', { handle: 'leaders', users: new Set([gm.id, mira.id]) });
    await gm.slash(tavern, '/campaign', 'gm add <!subteam^S0LEADERS|@leaders>');
    await game.sees(gm, tavern, ({ text }) => text.includes('leaders'), 'they lead');
    const den = slack.channel(team, 'den', { members: [gm, mira], kind: 'private' });
    await mira.slash(den, '/campaign', 'gm room here');
    await game.sees(gm, den, ({ text }) => text.includes('is written here'), 'the room is set');
    await mira.slash(tavern, '/npc', 'talk Kettle');
    await game.sees(tom, tavern, ({ from }) => from === 'Kettle', 'a greeting');
    speaking(model, { text: 'Tom: I give you my purse.' });
    tom.says(tavern, 'Kettle, what do I give you?');
    await game.sees(gm, den, ({ text }) => text.includes(REASON), 'the reason');
    team.groups.get('S0LEADERS')?.users.delete(mira.id);
    tom.says(tavern, 'Kettle, and what else?');
    await game.sees(tom, tavern, ({ text }) => text.includes('waits for the game master'), 'it waits');
    expect(gm.sees(den).filter(({ text }) => text.includes(REASON))).toHaveLength(1);
    expect(tom.everSaw).not.toContain(REASON);
    expect(judged(game)).toEqual(SPOTLESS);
  });

  it('waits for the one who asked where Slack cannot show it to them alone', async () => {
    await using game = await openGame();
    const { slack, team, gm, mira, tavern } = game;
    await game.bringOn('Kettle');
    const open = slack.channel(team, 'open', { members: [mira] });
    slack.settings.responseUrls = 'off';
    await gm.slash(open, '/npc', 'show Kettle');
    const news = await game.sees(mira, open, ({ text }) => text.includes('waits for Gwen'), 'news');
    slack.settings.responseUrls = 'on';
    await gm.presses(news, 'Show');
    await game.sees(gm, open, ({ text }) => text.includes('silver piece'), 'the sheet');
    await mira.presses(news, 'Show');
    await game.sees(mira, open, ({ text }) => text === 'Nothing waits for you.', 'nothing for Mira');
    expect(mira.everSaw).not.toMatch(/silver piece|Lamp Night/);
    expect(mira.sees(tavern).length).toBeGreaterThan(0);
    expect(judged(game)).toEqual(SPOTLESS);
  });

  it('is in no button, form or message that others get, and commands of the game master refuse players', async () => {
    await using game = await openGame();
    const { mira, tavern } = game;
    await game.bringOn('Kettle');
    const forbidden = [
      'edit Kettle',
      'discard Kettle',
      'history Kettle',
      'talk Hroon',
      'generate count:2 prompt:x',
    ];
    for (const text of forbidden) {
      const before = mira.sees(tavern).length;
      await mira.slash(tavern, '/npc', text);
      await game.slack.until(() => mira.sees(tavern).length > before, `an answer to ${text}`);
      expect(mira.sees(tavern).at(-1)).toMatchObject({
        isEphemeral: true,
        text: expect.stringContaining('game master'),
      });
    }
    expect(mira.modal).toBeUndefined();
    expect(mira.everSaw).not.toMatch(/silver piece|Lamp Night/);
    expect(judged(game)).toEqual(SPOTLESS);
  });
});
