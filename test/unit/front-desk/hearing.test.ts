import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PROXY_HOLD_IN_MS } from '#src/front-desk/proxy-hold.ts';
import { isWhispered } from '#src/front-desk/whispers.ts';
import { ann, ben, inn, openDesk, owner } from '../../support/chat-desk.ts';
import { openTable, type Table } from '../../support/table.ts';

let table: Table;
beforeEach(async () => {
  table = await openTable();
});
afterEach(async () => {
  vi.useRealTimers();
  await table.close();
});

type Desk = Awaited<ReturnType<typeof openDesk>>;
const texts = async (desk: Desk) => (await desk.transcript()).map(({ text }) => text);

describe('what people say among themselves', () => {
  it('is not ours to hear while nobody is on stage', async () => {
    const desk = await openDesk(table);
    await desk.hear('m1', 'Anybody for pizza?');
    await desk.hear('m2', '((anybody?))');
    await desk.hear('m3', '', { attachments: ['map.pdf'] });
    await desk.hear('m4', '');
    expect(await desk.transcript()).toEqual([]);
    expect(desk.stage.notices).toEqual([]);
  });

  it('is heard by those on stage, and nobody explains why none of them answers', async () => {
    const desk = await openDesk(table);
    for (const name of ['Tilda', 'Bram']) await desk.bringIn(name);
    await desk.hear('m1', 'The gold is under the mill.');
    await desk.hear('m2', '');
    expect(await texts(desk)).toEqual(['The gold is under the mill.']);
    expect(desk.stage.notices).toEqual([]);
  });

  it('is answered all the same where somebody is meant', async () => {
    const desk = await openDesk(table, ['Aye.']);
    await desk.bringIn('Tilda');
    await desk.hear('m1', 'Tilda, a word?');
    expect(desk.stage.speeches).toMatchObject([{ npc: 'Tilda', text: 'Aye.' }]);
  });
});

describe('what is said to us', () => {
  it('is told why nobody answers, and that there was nothing in it', async () => {
    const desk = await openDesk(table);
    await desk.hear('m1', 'Hello?', { isDirect: true });
    expect(desk.stage.told.at(-1)).toContain('Nobody is on stage');
    await desk.addNpc('Tilda Marsh');
    await desk.hear('m9', 'Tilda, are you there?', { isDirect: true });
    // Whom the game master has in store is not a player's to know.
    expect(desk.stage.told.at(-1)).toBe('Nobody is on stage to answer. The game master brings somebody in.');
    await desk.hear('m8', 'Tilda, are you there?', { isDirect: true, person: owner });
    expect(desk.stage.told.at(-1)).toContain('/npc talk npc:Tilda Marsh');
    await desk.hear('m2', ' \u200b', { isDirect: true });
    expect(desk.stage.told.at(-1)).toContain('nothing to hear');
  });

  it('cannot be a picture, and says what to do instead', async () => {
    const desk = await openDesk(table, ['Aye.']);
    await desk.hear('m1', '', { isDirect: true, attachments: ['a picture'] });
    expect(desk.stage.told).toEqual([
      'No NPC can see what you sent (a picture). Say in words what it shows.',
    ]);
    await desk.bringIn('Tilda');
    const many = ['a', 'b', 'c', `${'d'.repeat(500)}\u202e`];
    await desk.hear('m2', ' ', { attachments: many, person: ben });
    expect(desk.stage.told.at(-1)).toContain('(a, b, c and more)');
    await desk.hear('m3', 'Look at this!', { attachments: ['a picture'] });
    expect(desk.stage.notices).toHaveLength(2);
    expect(await texts(desk)).toEqual(['Look at this!', 'Aye.']);
  });
});

describe('a picture', () => {
  const picture = { attachments: ['a picture'] };
  const hints = (desk: Desk) => desk.stage.notices.length;

  it('is spoken of once an evening to the same person, in the same place', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const desk = await openDesk(table);
    const direct = { ...picture, isDirect: true };
    await desk.hear('m1', '', direct);
    await desk.hear('m2', '', direct);
    expect(hints(desk)).toBe(1);
    await desk.hear('m3', '', { ...direct, person: ben });
    expect(hints(desk)).toBe(2);
    vi.setSystemTime(Date.now() + 6 * 60 * 60 * 1000 + 1);
    await desk.hear('m4', '', direct);
    expect(hints(desk)).toBe(3);
  });

  it('among people is for no NPC, unless one alone is there; a sticker never is', async () => {
    const desk = await openDesk(table);
    const sticker = { attachments: ['the sticker “Wave”'] };
    await desk.bringIn('Tilda');
    await desk.hear('m1', '', sticker);
    expect(hints(desk)).toBe(0);
    await desk.hear('m2', '', picture);
    expect(hints(desk)).toBe(1);
    await desk.hear('m3', '', { ...sticker, person: ben, isDirect: true });
    expect(hints(desk)).toBe(2);
    await desk.bringIn('Bram');
    await desk.hear('m4', '', { ...picture, person: owner });
    expect(hints(desk)).toBe(2);
  });
});

describe('a line that is a command', () => {
  it('is not heard, and whoever sent it is told to pick it', async () => {
    const desk = await openDesk(table);
    await desk.bringIn('Tilda');
    await desk.hear('m1', '/npc quick role:barkeep');
    expect(desk.stage.notices).toMatchObject([{ notice: { tone: 'hint' }, audience: 'asker' }]);
    expect(desk.stage.told[0]).toContain('Type / and pick npc quick from');
    await desk.hear('m1', '/npc quick role:barkeep');
    await desk.hear('m2', '/NPC please');
    expect(desk.stage.told[1]).toContain('pick npc from');
    expect(await desk.transcript()).toEqual([]);
    await desk.hear('m3', '// roll 2d6');
    await desk.hear('m4', '/roll', { isDirect: true });
    expect(desk.stage.told[2]).toContain('pick roll from');
    expect(await texts(desk)).toEqual(['roll 2d6']);
  });

  it('is speech where it only looks like one', async () => {
    const desk = await openDesk(table, ['Aye.'], ['Aye.']);
    await desk.bringIn('Tilda');
    await desk.hear('m1', '/shrugs, then sits.');
    await desk.hear('m2', '/rolled up his sleeves.');
    expect(desk.stage.speeches).toHaveLength(2);
  });
});

describe('"help" alone', () => {
  it('said to us gets the help, and is no line', async () => {
    const desk = await openDesk(table);
    await desk.bringIn('Tilda');
    await desk.hear('m1', 'Help', { isDirect: true });
    expect(desk.stage.told[0]).toContain('/roll');
    expect(desk.stage.notices).toMatchObject([{ audience: 'asker' }]);
    expect(await desk.transcript()).toEqual([]);
  });

  it('is cried to an NPC otherwise', async () => {
    const desk = await openDesk(table, ['Aye.'], ['Aye.'], ['Aye.']);
    await desk.bringIn('Tilda');
    await desk.hear('m1', 'help');
    await desk.hear('m2', 'Help!', { isDirect: true });
    await desk.hear('m3', 'help', { isDirect: true, repliesTo: 'a post' });
    expect(desk.stage.speeches).toHaveLength(3);
  });
});

describe('what people at the table say to each other', () => {
  it('gets no answer of an NPC that is alone with them, and is heard', async () => {
    const desk = await openDesk(table);
    await desk.bringIn('Tilda');
    for (const [at, text] of ['hey Jon, your turn', 'lol', '🎲'].entries()) await desk.hear(`m${at}`, text);
    expect(desk.stage.speeches).toEqual([]);
    expect(desk.stage.notices).toEqual([]);
    expect(await texts(desk)).toHaveLength(3);
    expect(await desk.run('retry', {}, ann)).toContain('Nothing waits');
  });

  it('is answered where it is said to us, or names the NPC', async () => {
    const desk = await openDesk(table, ['Aye.'], ['Aye.'], ['Aye.']);
    await desk.bringIn('Tilda');
    await desk.hear('m1', 'ok', { isDirect: true });
    await desk.hear('m2', 'lol, Tilda');
    await desk.hear('m3', 'What is your name?');
    expect(desk.stage.speeches).toHaveLength(3);
  });

  it('calls those who spoke here lately by their names', async () => {
    const desk = await openDesk(table, ['Aye.'], ['Aye.'], ['Aye.']);
    await desk.bringIn('Tilda');
    await desk.hear('m1', 'ben, are you there?');
    await desk.hear('m2', 'Good evening.', { person: ben });
    await desk.hear('m3', 'ben, are you there?');
    await desk.hear('m4', 'Ben here, good evening.', { person: ben });
    expect(desk.stage.speeches).toHaveLength(3);
  });
});

describe('a reply to what an NPC said', () => {
  it('means that NPC, whatever it names, also when the answer is asked for again', async () => {
    const desk = await openDesk(table, ['Aye.'], ['Hm.'], ['No.'], ['Never.']);
    for (const name of ['Tilda', 'Bram']) await desk.bringIn(name);
    desk.stage.postsOf = (lineId) => [`post of ${lineId}`];
    await desk.hear('m1', 'Tilda, a word?');
    const [speech] = desk.stage.speeches;
    const post = `post of ${speech?.lineId}`;
    await desk.hear('m2', 'Bram, what do you say?');
    await desk.hear('m3', 'Bram, I mean it.', { repliesTo: post });
    expect(desk.stage.speeches.map(({ npc }) => npc)).toEqual(['Tilda', 'Bram', 'Tilda']);
    const scene = await desk.campaign.scenes.open(inn.channelId);
    const witnesses = await desk.campaign.scenes.cast(scene.id);
    const speaker = { kind: 'character', id: 'ann', name: 'Ann' } as const;
    const line = { id: 'm4', sceneId: scene.id, speaker, kind: 'speech', state: 'said', witnesses } as const;
    await desk.campaign.lines.append({ ...line, text: 'Bram, well?', replyTo: speech?.lineId });
    await desk.run('retry', {}, ann);
    expect(desk.stage.speeches.at(-1)?.npc).toBe('Tilda');
  });

  it('is a line like any other where that NPC has left, or nobody said it', async () => {
    const desk = await openDesk(table, ['Aye.'], ['Hm.'], ['Hm.']);
    const tilda = await desk.bringIn('Tilda');
    desk.stage.postsOf = () => ['post'];
    await desk.hear('m1', 'Tilda, a word?');
    await desk.bringIn('Bram');
    const scene = await desk.campaign.scenes.open(inn.channelId);
    await desk.campaign.scenes.leave(scene.id, tilda.id);
    await desk.hear('m2', 'And then?', { repliesTo: 'post' });
    await desk.hear('m3', 'Hm?', { repliesTo: 'unknown' });
    expect(desk.stage.speeches.map(({ npc }) => npc)).toEqual(['Tilda', 'Bram', 'Bram']);
  });
});

describe('a line that is changed or deleted', () => {
  it('is changed in the transcript, and answered once', async () => {
    const desk = await openDesk(table, ['Aye.']);
    await desk.bringIn('Tilda');
    await desk.hear('m1', 'The gold is here. ((a joke))');
    const change = { place: inn, messageId: 'm1' };
    await desk.front.revise({ ...change, text: 'The silver is here. ((no joke)) ((at all))' });
    expect((await desk.transcript()).map(({ kind, text }) => [kind, text])).toEqual([
      ['ooc', 'no joke'],
      ['speech', 'The silver is here.'],
      ['speech', 'Aye.'],
      ['ooc', 'at all'],
    ]);
    await desk.front.revise({ ...change, text: '((nothing was said))' });
    expect((await desk.transcript()).map(({ text }) => text)).toEqual(['nothing was said', 'Aye.']);
    expect(desk.model.requests).toHaveLength(1);
  });

  it('follows into the campaign in which it was said, whatever is played there now', async () => {
    const desk = await openDesk(table);
    await desk.bringIn('Tilda');
    await desk.hear('m1', 'My private words.');
    await desk.run('campaign create', { name: 'Another' });
    await desk.front.retract({ place: inn, messageId: 'm1' });
    const [line] = (await desk.campaign.memories.all({ limit: 5 })).map(({ text }) => text);
    expect(line).toBeUndefined();
  });

  it('is not taken in where the platform tells of its deletion first', async () => {
    const desk = await openDesk(table);
    await desk.bringIn('Tilda');
    await desk.front.retract({ place: inn, messageId: 'm1' });
    await desk.hear('m1', 'Never said.');
    expect(await desk.transcript()).toEqual([]);
  });

  it('is taken in as it is now where the platform tells of its change first', async () => {
    const desk = await openDesk(table, ['Aye.']);
    await desk.bringIn('Tilda');
    await desk.front.revise({ place: inn, messageId: 'm1', text: 'The silver is here.' });
    await desk.hear('m1', 'The gold is here.');
    expect(await texts(desk)).toEqual(['The silver is here.', 'Aye.']);
    await desk.front.retract({ place: inn, messageId: 'm2' });
    await desk.front.revise({ place: inn, messageId: 'm2', text: 'Said after all?' });
    await desk.hear('m2', 'Said after all.');
    expect(await texts(desk)).toHaveLength(2);
  });

  it('never makes speech of what was out of character', async () => {
    const desk = await openDesk(table);
    await desk.bringIn('Tilda');
    await desk.hear('m1', '((brb))');
    await desk.front.revise({ place: inn, messageId: 'm1', text: 'I kill Tilda.' });
    expect((await desk.transcript()).map(({ kind, text }) => [kind, text])).toEqual([
      ['ooc', 'I kill Tilda.'],
    ]);
  });

  it('is heard again by its witnesses where it was out of character for a while', async () => {
    const desk = await openDesk(table, ['Aye.']);
    const tilda = await desk.bringIn('Tilda');
    await desk.hear('m1', 'The gold is here. ((a joke))');
    const change = { place: inn, messageId: 'm1' };
    await desk.front.revise({ ...change, text: '((nothing was said))' });
    expect(await desk.run('scene', {}, ann)).not.toContain('gold');
    expect(await desk.run('scene', {}, ann)).toContain('Ann (aside): nothing was said');
    await desk.front.revise({ ...change, text: 'The silver is here. ((no joke))' });
    expect((await desk.transcript()).map(({ text }) => text)).toEqual([
      'no joke',
      'The silver is here.',
      'Aye.',
    ]);
    expect(await desk.campaign.lines.witnesses(desk.lineId('m1'))).toEqual([tilda.id]);
  });

  it('was never said, asides and all', async () => {
    const desk = await openDesk(table, ['Aye.']);
    await desk.bringIn('Tilda');
    await desk.hear('m1', 'The gold is here. ((a joke))');
    await desk.hear('m2', '((brb)) ((five minutes))');
    for (const messageId of ['m1', 'm2', 'never said']) await desk.front.retract({ place: inn, messageId });
    expect(await texts(desk)).toEqual(['Aye.']);
    expect(desk.faults).toEqual([]);
  });

  it('is what it became when its turn comes, or gets no answer', async () => {
    const go = Promise.withResolvers<void>();
    const desk = await openDesk(table, [go.promise, 'One.'], ['Two.']);
    await desk.bringIn('Tilda');
    const said = ['Hello.', 'The gold is here.', 'Shall I tell you more?'].map((text, index) =>
      desk.hear(`m${index}`, text),
    );
    await vi.waitFor(async () => expect(await desk.transcript()).toHaveLength(4));
    await desk.front.revise({ place: inn, messageId: 'm1', text: 'The silver is here.' });
    await desk.front.retract({ place: inn, messageId: 'm2' });
    go.resolve();
    await Promise.all(said);
    expect(desk.stage.speeches.map(({ text }) => text)).toEqual(['One.', 'Two.']);
    expect(JSON.stringify(desk.model.prompts[1])).toContain('The silver is here.');
    expect(JSON.stringify(desk.model.prompts[1])).not.toContain('gold');
  });

  it('ends the answer to it that is under way, and no other', async () => {
    const never = new Promise(() => {});
    const desk = await openDesk(table, ['One. ', never], ['Two.']);
    await desk.bringIn('Tilda');
    const said = [desk.hear('m1', 'Hello.'), desk.hear('m2', 'And?')];
    await vi.waitFor(() => expect(desk.stage.speeches[0]?.text).toBe('One. '));
    await desk.front.retract({ place: inn, messageId: 'm9' });
    expect(desk.stage.speeches[0]?.ending).toBeUndefined();
    await desk.front.retract({ place: inn, messageId: 'm1' });
    await Promise.all(said);
    expect(desk.stage.speeches).toMatchObject([
      { text: 'One. ', ending: { state: 'stopped' } },
      { text: 'Two.', ending: { state: 'said' } },
    ]);
    expect((await texts(desk)).toSorted()).toEqual(['And?', 'One.', 'Two.']);
  });
});

describe('proxies', () => {
  const mira = { kind: 'character', id: 'hook', name: 'Mira' } as const;
  const proxied = { source: 'proxy', speaker: mira, person: { ...ann, id: 'hook' } } as const;
  const proxiable = { source: 'proxiable' } as const;

  async function openWithProxies() {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    const desk = await openDesk(table);
    await desk.bringIn('Tilda');
    await desk.bringIn('Bram');
    await desk.run('campaign proxies', { allowed: 'on' });
    desk.stage.notices.length = 0;
    return desk;
  }

  it('are not heard, and hold up nobody, unless the game master allows them', async () => {
    const desk = await openDesk(table);
    await desk.bringIn('Tilda');
    await desk.bringIn('Bram');
    await desk.hear('m1', 'Pizza?', proxiable);
    await desk.hear('m2', 'I am Mira.', { ...proxied, isDirect: true });
    expect(await texts(desk)).toEqual(['Pizza?']);
  });

  it('speak for their character, and what they replace was never said', async () => {
    const desk = await openWithProxies();
    const original = desk.hear('m1', 'm: I am Mira.', proxiable);
    const proxy = desk.hear('m2', 'I am Mira.', proxied);
    await desk.front.retract({ place: inn, messageId: 'm1' });
    await Promise.all([original, proxy]);
    expect((await desk.transcript()).map(({ speaker, text }) => [speaker.name, text])).toEqual([
      ['Mira', 'I am Mira.'],
    ]);
    // Delivered again, it still was never said.
    await desk.hear('m1', 'm: I am Mira.', proxiable);
    expect(await texts(desk)).toEqual(['I am Mira.']);
  });

  it('speak for nobody as the game master', async () => {
    const desk = await openWithProxies();
    await desk.hear('m1', 'I rule.', { source: 'proxy', person: owner });
    expect(await desk.transcript()).toMatchObject([{ speaker: { kind: 'character', name: 'Odile' } }]);
  });

  it('may be about to replace a line, which waits for it, changed or not, in its order', async () => {
    const desk = await openWithProxies();
    const said = [desk.hear('m1', 'One.', proxiable), desk.hear('m2', 'Two.', { person: ben })];
    await vi.advanceTimersByTimeAsync(PROXY_HOLD_IN_MS - 1);
    expect(await desk.transcript()).toEqual([]);
    await desk.front.revise({ place: inn, messageId: 'm1', text: 'One and a half.' });
    await vi.advanceTimersByTimeAsync(1);
    await Promise.all(said);
    expect(await texts(desk)).toEqual(['One and a half.', 'Two.']);
  });

  it('hold nobody for longer than that, however many lines wait', async () => {
    const desk = await openWithProxies();
    const people = ['a', 'b', 'c', 'd'].map((id) => ({ ...ann, id }));
    const said = people.map((person, index) => desk.hear(`m${index}`, `${index}`, { ...proxiable, person }));
    await vi.advanceTimersByTimeAsync(PROXY_HOLD_IN_MS);
    await Promise.all(said);
    expect(await texts(desk)).toEqual(['0', '1', '2', '3']);
  });

  it('do not hold those who use none, and always those who do', async () => {
    const desk = await openWithProxies();
    const sayHeld = async (messageId: string) => {
      const saying = desk.hear(messageId, messageId, proxiable);
      await vi.advanceTimersByTimeAsync(PROXY_HOLD_IN_MS);
      await saying;
    };
    for (const id of ['m1', 'm2', 'm3']) await sayHeld(id);
    await desk.hear('m4', 'm4', proxiable);
    expect(await texts(desk)).toEqual(['m1', 'm2', 'm3', 'm4']);
    // A proxy replaces a line after all: from then on they are held.
    await desk.front.retract({ place: inn, messageId: 'm4' });
    for (const id of ['m5', 'm6', 'm7', 'm8']) {
      let isHeard = false;
      const saying = desk.hear(id, id, proxiable).then(() => {
        isHeard = true;
      });
      await vi.advanceTimersByTimeAsync(PROXY_HOLD_IN_MS - 1);
      expect(isHeard).toBe(false);
      await vi.advanceTimersByTimeAsync(1);
      await saying;
    }
  });

  it('hold nobody any more once the program ends', async () => {
    const desk = await openWithProxies();
    const saying = desk.hear('m1', 'One.', proxiable);
    desk.front.stopHolding();
    await saying;
    expect(await texts(desk)).toEqual(['One.']);
  });
});

describe('a whisper', () => {
  const hints = (desk: Desk) => desk.stage.told;

  it.each([
    '*whispers to Vidar* Meet me at the shrine.',
    '_leans in, whispering_ Not here.',
    'I whisper to him: not here.',
    'Mira whispers that the chalice is cursed.',
    'leans over and whispers “now”',
  ])('is known from what only speaks of one: %s', (text) => expect(isWhispered(text)).toBe(true));

  it.each([
    'What do you know of the whispering woods?',
    'They say he whispers to the dead.',
    'She *laughs* at whispers *and sings*.',
    'Whisper',
  ])('is not: %s', (text) => expect(isWhispered(text)).toBe(false));

  it('is heard by all on stage, which its speaker is told once an evening and nobody else', async () => {
    const desk = await openDesk(table, ['One.'], ['Two.'], ['Three.'], ['Four.']);
    await desk.bringIn('Tilda');
    await desk.hear('m1', '*whispers* Tilda, now.');
    expect(hints(desk)).toEqual([]);
    await desk.bringIn('Vidar');
    await desk.hear('m2', '*whispers* Tilda, now.');
    await desk.hear('m3', '*whispers* Tilda, now.');
    expect(hints(desk)).toEqual([
      'A whisper, too, is heard by everyone on stage: Tilda, Vidar. The game master can take somebody off stage first.',
    ]);
    expect(desk.stage.notices[0]?.audience).toBe('asker');
    await desk.hear('m4', '*whispers* Tilda, now.', { person: owner });
    expect(hints(desk).at(-1)).toContain('/npc dismiss first whoever should not hear it');
    // The line is said all the same.
    expect((await texts(desk)).filter((text) => text.startsWith('*whispers*'))).toHaveLength(4);
  });
});
