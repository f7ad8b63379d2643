import { describe, expect, it } from 'vitest';
import { judged, openGame, type SlackGame, SPOTLESS, speaking } from '../../support/slack/slack-game.ts';
import type { SlackPerson } from '../../support/slack/slack-person.ts';
import { labelsOf } from '../../support/slack/submissions.ts';
import type { Channel } from '../../support/slack/world.ts';

function said(person: SlackPerson, channel: Channel, by: string): readonly string[] {
  return person
    .sees(channel)
    .filter(({ from }) => from === by)
    .map(({ text }) => text);
}

/** The transcript, as `/scene` shows it to one person. */
async function transcript(game: SlackGame, person: SlackPerson, channel: Channel): Promise<string> {
  const before = person.sees(channel).length;
  await person.slash(channel, '/scene', '20');
  await game.slack.until(() => person.sees(channel).length > before, 'the transcript');
  return person.sees(channel).at(-1)?.text ?? '';
}

const words = (count: number) => Array.from({ length: count }, (_, index) => `Word ${index} stands here. `);

/** What a transport could spoil is played over both. */
const BOTH = ['socket', 'http'] as const;

describe.concurrent('NPCs in conversation', () => {
  it.each(BOTH)(
    'speak under their own names in a channel, a thread and a direct conversation (%s)',
    async (transport) => {
      await using game = await openGame({ transport });
      const { gm, mira, tavern, model } = game;
      speaking(model, { text: 'Mind the third stair.' });
      await game.bringOn('Kettle', 'Hroon');
      expect([said(mira, tavern, 'Kettle').length, said(mira, tavern, 'Hroon').length]).toEqual([1, 1]);
      mira.says(tavern, 'Kettle, where does this go?');
      await game.sees(
        mira,
        tavern,
        ({ from, text }) => from === 'Kettle' && text.includes('third stair'),
        'Kettle',
      );
      mira.says(tavern, 'Hroon, is that so?');
      await game.sees(
        mira,
        tavern,
        ({ from, text }) => from === 'Hroon' && text.includes('third stair'),
        'Hroon',
      );

      const root = mira.says(tavern, 'Kettle, a word in private?').ts;
      await game.slack.until(() => said(mira, tavern, 'Kettle').length === 3, 'an answer to the root');
      mira.says(tavern, `${'<@'}${game.team.bot.id}> Kettle, can you hear me here?`, { thread: root });
      const inThread = await game.sees(
        mira,
        tavern,
        ({ from, threadTs }) => from === 'Kettle' && threadTs === root,
        'an answer inside the thread',
      );
      expect(inThread.text).toBe('Mind the third stair.');

      const { dm } = gm;
      await gm.slash(dm, '/npc', 'talk Kettle');
      await game.sees(gm, dm, ({ from }) => from === 'Kettle', 'a greeting in the direct conversation');
      gm.says(dm, 'Anything new?');
      await game.sees(gm, dm, ({ text }) => text === 'Mind the third stair.', 'an answer there');
      expect(mira.everSaw).not.toContain('Anything new?');
      expect(judged(game)).toEqual(SPOTLESS);
    },
  );

  it('stream by edits within what the workspace may, everybody’s first and last words in time', async () => {
    await using game = await openGame();
    const { slack, team, gm, mira, tom, tavern, model } = game;
    const names = Array.from({ length: 11 }, (_, index) => `room-${index}`);
    const members = [gm, mira, tom];
    const rooms = [tavern, ...names.map((name) => slack.channel(team, name, { members }))];
    for (const room of rooms) {
      await gm.slash(room, '/npc', 'talk Kettle');
      await game.sees(mira, room, ({ from }) => from === 'Kettle', 'a greeting');
    }
    const text = words(60).join('');
    // For so long that edits as often as messages may have them would be twice what the workspace may.
    speaking(model, { text, tokensPerSecond: 30 });
    for (const room of rooms) mira.says(room, 'Kettle, tell me all of it.');
    for (const room of rooms)
      await game.sees(mira, room, ({ text: shown }) => shown.endsWith('Word 59 stands here.'), 'all of it');
    for (const room of rooms) {
      const message = mira.sees(room).findLast(({ from }) => from === 'Kettle')?.message;
      expect(message?.wording.text).toBe(text.trim());
      // It was streamed: the message grew, and never went back.
      const lengths = [...(message?.history ?? []), ...(message ? [message.wording] : [])].map(
        (each) => each.text.length,
      );
      expect(lengths.length).toBeGreaterThan(1);
      expect(lengths).toEqual(lengths.toSorted((one, other) => one - other));
    }
    expect(judged(game)).toEqual(SPOTLESS);
  });

  it('split an answer that is too long once it is escaped at sentences, nothing lost', async () => {
    await using game = await openGame();
    const { mira, tavern, model } = game;
    await game.bringOn('Kettle');
    const sentence = (index: number) => `${index} & rum & salt & eels & tar & rope & oil.`;
    const text = Array.from({ length: 44 }, (_, index) => sentence(100 + index)).join(' ');
    speaking(model, { text });
    mira.says(tavern, 'Kettle, from the beginning, please.');
    await game.sees(mira, tavern, ({ text: shown }) => shown.endsWith(sentence(143)), 'the end of it');
    const parts = said(mira, tavern, 'Kettle').slice(1);
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.join(' ')).toBe(text);
    for (const part of parts) expect(part).toMatch(/oil\.$/);
    await game.slack.until(
      () => !mira.sees(tavern).some(({ buttons }) => buttons.includes('Stop')),
      'the answer has ended',
    );
    expect(judged(game)).toEqual(SPOTLESS);
  });

  it.each(BOTH)(
    'stop for the one who asked and for the game master, and for nobody else (%s)',
    async (transport) => {
      await using game = await openGame({ transport });
      const { slack, gm, mira, tom, tavern, model } = game;
      await game.bringOn('Kettle');
      const talking = { tokens: words(400), tokensPerSecond: 8 };
      speaking(model, talking);
      mira.says(tavern, 'Kettle, go on.');
      const speech = await game.sees(
        mira,
        tavern,
        ({ buttons }) => buttons.includes('Stop'),
        'a Stop button',
      );
      await tom.presses(speech, 'Stop');
      const refusal = await game.sees(tom, tavern, ({ text }) => text.includes('somebody else'), 'a refusal');
      expect(mira.sees(tavern).map(({ ts }) => ts)).not.toContain(refusal.ts);
      await mira.presses(speech, 'Stop');
      const stopped = () => mira.sees(tavern).find(({ ts }) => ts === speech.ts);
      await slack.until(() => stopped()?.text.endsWith('(stopped)') === true, 'it stops');
      expect(stopped()?.buttons).toEqual([]);

      mira.says(tavern, 'Kettle, once more.');
      const second = await game.sees(
        gm,
        tavern,
        ({ buttons, ts }) => ts !== speech.ts && buttons.includes('Stop'),
        'another Stop button',
      );
      await gm.presses(second, 'Stop');
      await slack.until(
        () =>
          mira
            .sees(tavern)
            .find(({ ts }) => ts === second.ts)
            ?.text.endsWith('(stopped)') === true,
        'the game master stops it',
      );
      expect(judged(game)).toEqual(SPOTLESS);
    },
  );

  it('follow what people change and delete', async () => {
    await using game = await openGame();
    const { mira, tavern, model } = game;
    await game.bringOn('Kettle');
    speaking(model, { text: 'Noted.' });
    const changed = mira.says(tavern, 'Kettle, meet me at the north gate.');
    await game.slack.until(() => said(mira, tavern, 'Kettle').length === 2, 'an answer');
    const deleted = mira.says(tavern, 'Kettle, forget the password.');
    await game.slack.until(() => said(mira, tavern, 'Kettle').length === 3, 'another answer');
    await mira.edits(changed.message, 'Kettle, meet me at the south gate.');
    await mira.deletes(deleted.message);
    await game.slack.until(() => game.slack.deliveries.underWay === 0, 'everything is acknowledged');
    let text = '';
    for (let tries = 0; tries < 10 && !text.includes('south gate'); tries += 1)
      text = await transcript(game, mira, tavern);
    expect(text).toContain('south gate');
    expect(text).not.toContain('north gate');
    expect(text).not.toContain('password');
    expect(judged(game)).toEqual(SPOTLESS);
  });

  it.each(BOTH)('hear a line once, however often Slack delivers it (%s)', async (transport) => {
    await using game = await openGame({ transport });
    const { slack, team, mira, tavern, model } = game;
    await game.bringOn('Kettle');
    speaking(model, { text: 'Once is enough.' });
    slack.deliveries.isDoubled = true;
    mira.says(tavern, `<@${team.bot.id}> Kettle, do you hear me?`);
    await game.sees(mira, tavern, ({ text }) => text === 'Once is enough.', 'an answer');
    slack.deliveries.isDoubled = false;
    mira.says(tavern, 'Kettle, and now?');
    await slack.until(() => said(mira, tavern, 'Kettle').length === 3, 'the next answer');
    expect(model.journal).toHaveLength(2);
    const text = await transcript(game, mira, tavern);
    expect(text.match(/do you hear me/g)).toHaveLength(1);
    expect(judged(game)).toEqual(SPOTLESS);
  });

  it('never answer themselves or other programs', async () => {
    await using game = await openGame();
    const { slack, team, mira, tavern, model } = game;
    await game.bringOn('Kettle', 'Hroon');
    speaking(model, { text: 'Kettle and Hroon, what say you?' });
    const weather = slack.bot(team, 'Weather');
    const others = [
      { subtype: 'bot_message', username: 'Weather' },
      { user: weather.id, app_id: 'A0OTHER' },
    ];
    for (const [index, other] of others.entries()) {
      const ts = `1700000000.00010${index}`;
      await slack.deliveries.event(
        team,
        {
          type: 'message',
          bot_id: 'B0OTHER',
          text: `Kettle, <@${team.bot.id}>, it rains.`,
          channel: tavern.id,
          channel_type: 'channel',
          ts,
          event_ts: ts,
          ...other,
        },
        tavern.id,
      );
    }
    // What is said by command is shown by us to everybody, and comes back to us as a message.
    await mira.slash(tavern, '/say', 'Kettle, what do you say?');
    await slack.until(() => said(mira, tavern, 'Kettle').length === 2, 'an answer');
    mira.says(tavern, 'Hroon, and you?');
    await slack.until(() => said(mira, tavern, 'Hroon').length >= 2, 'another answer');
    const text = await transcript(game, mira, tavern);
    expect(text).not.toContain('it rains');
    expect(text.match(/what do you say/g)).toHaveLength(1);
    expect(model.journal).toHaveLength(2);
    expect(judged(game)).toEqual(SPOTLESS);
  });

  it('mark an answer whose model fails, and give it on Retry', async () => {
    await using game = await openGame();
    const { mira, tavern, model } = game;
    await game.bringOn('Kettle');
    speaking(
      model,
      { tokens: ['It was dark. ', 'And then ', 'it '], cutAfter: 2 },
      { text: 'And then the lamp went out.' },
    );
    mira.says(tavern, 'Kettle, what happened?');
    const trouble = await game.sees(
      mira,
      tavern,
      ({ buttons }) => buttons.includes('Retry'),
      'trouble, with Retry',
    );
    expect(trouble.text).toContain('Kettle');
    expect(said(mira, tavern, 'Kettle').at(-1)).toMatch(/broken off/);
    await mira.presses(trouble, 'Retry');
    await game.sees(mira, tavern, ({ text }) => text.includes('the lamp went out'), 'the answer');
    expect(judged(game)).toEqual(SPOTLESS);
  });

  it.each(BOTH)('keep a form that is refused open, and take it once it is mended (%s)', async (transport) => {
    await using game = await openGame({ transport });
    const { slack, mira, gm, tavern } = game;
    await mira.slash(tavern, '/roll');
    await slack.until(() => mira.modal !== undefined, 'a form for the dice');
    const form = mira.modal;
    if (form === undefined) throw new Error('no form');
    const refused = await mira.submits(form, { Dice: 'three of them' });
    expect(refused.errors.Dice).toMatch(/three of them|dice/iu);
    expect(mira.modal).toBe(form);
    const taken = await mira.submits(form, { Dice: '3d1' });
    expect(taken.errors).toEqual({});
    await game.sees(gm, tavern, ({ text }) => text.includes('3d1'), 'the roll');
    // Nothing of the refusal stands in the channel, for whomever.
    expect(mira.sees(tavern).filter(({ isEphemeral }) => isEphemeral)).toEqual([]);

    await gm.slash(tavern, '/npc', 'talk');
    await slack.until(() => gm.modal !== undefined, 'a form for the NPC');
    const choice = gm.modal;
    if (choice === undefined) throw new Error('no form');
    expect(JSON.stringify(choice.fields)).toContain('"static_select"');
    await gm.submits(choice, { NPC: 'Hroon' });
    await game.sees(mira, tavern, ({ from }) => from === 'Hroon', 'Hroon comes on');
    expect(judged(game)).toEqual(SPOTLESS);
  });

  it.each(BOTH)(
    'take commands by mention, shortcuts and forms inside threads, where slash commands cannot be typed (%s)',
    async (transport) => {
      await using game = await openGame({ transport });
      const { slack, team, gm, mira, tavern, model } = game;
      speaking(model, { text: 'Up here.' });
      const root = gm.says(tavern, 'Let us play in here.');
      await expect(gm.slash(tavern, '/npc', 'list', { thread: root.ts })).rejects.toThrow(/not supported/);
      gm.says(tavern, `<@${team.bot.id}> npc talk Kettle`, { thread: root.ts });
      await game.sees(
        mira,
        tavern,
        ({ from, threadTs }) => from === 'Kettle' && threadTs === root.ts,
        'a greeting in the thread',
      );

      await gm.shortcut(root.message, 'dramatis-command');
      await slack.until(() => gm.modal !== undefined, 'a form for a command');
      const form = gm.modal;
      if (form === undefined) throw new Error('no form');
      const { errors } = await gm.submits(form, { Command: 'npc flurble <!here>' });
      expect(errors.Command).toMatch(/no such command|There is no/i);
      expect(gm.modal).toBe(form);
      const { private_metadata: known } = form.fields;
      Object.assign(form.fields, { private_metadata: '' });
      const nowhere = await gm.submits(form, { Command: 'npc dismiss Kettle' });
      expect(nowhere.errors.Command).toMatch(/where this is to run/);
      expect(gm.modal).toBe(form);
      Object.assign(form.fields, { private_metadata: known });
      await gm.submits(form, { Command: 'npc dismiss Kettle' });
      await game.sees(gm, tavern, ({ text }) => /Kettle (leaves|has left|goes)/.test(text), 'Kettle leaves');

      await gm.shortcut(root.message, 'dramatis-talk');
      await slack.until(() => gm.modal !== undefined && gm.modal !== form, 'a form for the NPC');
      const second = gm.modal;
      if (second === undefined) throw new Error('no form');
      await gm.submits(second, { [firstLabel(second)]: 'Hroon' });
      await game.sees(mira, tavern, ({ from }) => from === 'Hroon', 'Hroon comes on');

      await mira.globalShortcut('dramatis-anywhere');
      await slack.until(() => mira.modal !== undefined, 'a form that asks where');
      const anywhere = mira.modal;
      if (anywhere === undefined) throw new Error('no form');
      await mira.submits(anywhere, { Where: tavern.id, Command: 'roll 3d1' });
      await game.sees(gm, tavern, ({ text }) => text.includes('3d1'), 'the roll');

      const aside = mira.says(tavern, 'Hroon, who goes there?');
      await game.slack.until(() => said(mira, tavern, 'Hroon').length === 2, 'an answer');
      const before = said(mira, tavern, 'Hroon').length;
      await gm.shortcut(aside.message, 'dramatis-say');
      await game.sees(
        gm,
        tavern,
        ({ text, isEphemeral }) => isEphemeral && text.includes('said to those'),
        'it is said',
      );
      expect(said(mira, tavern, 'Hroon').length).toBe(before);
      expect(judged(game)).toEqual(SPOTLESS);
    },
  );

  it('play a scene in a thread of its own, where it still is after a restart', async () => {
    await using game = await openGame();
    const { slack, gm, mira, tavern, model } = game;
    speaking(model, { text: 'In here, then.' });
    await gm.slash(tavern, '/npc', 'talk Kettle thread:true');
    const greeting = await game.sees(mira, tavern, ({ from }) => from === 'Kettle', 'a greeting');
    const thread = greeting.threadTs;
    if (thread === undefined) throw new Error('the greeting stands in no thread');
    mira.says(tavern, 'What is for dinner?');
    mira.says(tavern, 'What is your name?', { thread });
    const answers = () => mira.sees(tavern).filter(({ text }) => text === 'In here, then.');
    await slack.until(() => answers().length === 1, 'an answer');
    await game.leave();
    await game.start();
    mira.says(tavern, 'And how old are you?', { thread });
    await slack.until(() => answers().length === 2, 'an answer after the restart');
    expect(answers().map(({ threadTs }) => threadTs)).toEqual([thread, thread]);
    expect(model.journal).toHaveLength(2);
    expect(judged(game)).toEqual(SPOTLESS);
  });

  it.each(['from the start', 'from later on'])(
    'speak in a clear form of their own where the app may not change its name (%s)',
    async (since) => {
      await using rest = await openGame({ isNotStarted: true });
      const { slack } = rest;
      if (since === 'from later on') await rest.start();
      rest.team.scopes.delete('chat:write.customize');
      if (since === 'from the start') await rest.start();
      const { mira, gm, tavern, model } = rest;
      speaking(model, { text: 'By my own name or none.' });
      await gm.slash(tavern, '/npc', 'talk Kettle');
      await slack.until(
        () => mira.sees(tavern).some(({ text }) => text.startsWith('*Kettle*: ')),
        'a greeting',
      );
      mira.says(tavern, 'Kettle, who are you?');
      await slack.until(
        () => mira.sees(tavern).some(({ text }) => text === '*Kettle*: By my own name or none.'),
        'an answer with the name before it',
      );
      expect(slack.journal.violations.filter(({ kind }) => kind !== 'scope')).toEqual([]);
      expect(slack.journal.pings).toEqual([]);
    },
  );
});

function firstLabel(view: Parameters<typeof labelsOf>[0]): string {
  return labelsOf(view)[0] ?? '';
}
