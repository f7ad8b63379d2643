import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ModelError } from '#src/core/errors.ts';
import { CARDS_PER_PAGE, type Notice } from '#src/core/view.ts';
import { draftOf, planOf } from '../../support/answers.ts';
import { ann, ben, inn, openDesk, owner } from '../../support/chat-desk.ts';
import { openTable, type Table } from '../../support/table.ts';

let table: Table;
beforeEach(async () => {
  table = await openTable();
});
afterEach(() => table.close());

describe('say', () => {
  it('is seen by everyone before it is answered, and is one line however often it comes', async () => {
    const { front, stage, bringIn, transcript } = await openDesk(table, ['Aye.']);
    await bringIn('Tilda');
    const order: string[] = [];
    stage.onAppend = () => order.push(`answered after ${stage.told.length}`);
    const call = { place: inn, callId: 'c1', person: ann, speaker: undefined, command: 'say' };
    const options = { text: 'Good evening.\u200b' };
    await front.run({ ...call, options }, stage);
    await front.run({ ...call, options }, stage);
    expect(stage.told).toEqual(['Ann: Good evening.']);
    expect(stage.notices).toMatchObject([{ audience: 'everyone' }]);
    expect(order).toEqual(['answered after 1']);
    expect(await transcript()).toMatchObject([
      { id: 'discord:guild:inn:c1', speaker: { kind: 'character', id: 'ann' }, text: 'Good evening.' },
      { text: 'Aye.' },
    ]);
  });

  it('means whom it says, on stage', async () => {
    const { run, stage, bringIn, addNpc } = await openDesk(table, ['Aye.']);
    for (const name of ['Tilda', 'Bram']) await bringIn(name);
    await addNpc('Ysolde');
    // Whom the game master has in store is not a player's to know.
    for (const npc of ['Ysolde', 'Ysold', 'Nobody at all'])
      expect(await run('say', { text: 'Hm.', npc }, ann)).toMatch(
        /^Nobody on stage here goes by that name\./u,
      );
    await run('say', { text: 'Bram is a liar.', npc: 'tilda' }, ann);
    expect(stage.speeches.map(({ npc }) => npc)).toEqual(['Tilda']);
  });

  it('is shown where it was all out of character, too', async () => {
    const { run, transcript } = await openDesk(table);
    expect(await run('say', { text: '((brb))' }, ann)).toBe('Ann: ((brb))');
    expect(await transcript()).toMatchObject([{ kind: 'ooc', text: 'brb' }]);
  });

  it('is answered though it could not be shown, and holds up nobody else', async () => {
    const { run, hear, stage, bringIn, faults, transcript } = await openDesk(table, ['Aye.'], ['Hm.']);
    await bringIn('Tilda');
    const post = Promise.withResolvers<void>();
    vi.spyOn(stage, 'tell').mockReturnValueOnce(post.promise);
    const saying = run('say', { text: 'Good evening.' }, ann);
    await vi.waitFor(async () => expect(await transcript()).toHaveLength(1));
    const next = hear('m1', 'And you?', { person: ben });
    await vi.waitFor(async () => expect(await transcript()).toHaveLength(2));
    expect(stage.speeches).toEqual([]);
    post.reject(new Error('500'));
    await Promise.all([saying, next]);
    expect(stage.speeches.map(({ text }) => text)).toEqual(['Aye.', 'Hm.']);
    expect(faults).toHaveLength(1);
  });

  it('tells whoever said it, and nobody else, that nobody was meant', async () => {
    const { run, stage, bringIn } = await openDesk(table);
    for (const name of ['Tilda', 'Bram']) await bringIn(name);
    await run('say', { text: 'Hm.' }, ann);
    expect(stage.notices.map(({ audience }) => audience)).toEqual(['everyone', 'asker']);
    expect(stage.told.at(-1)).toContain('Nobody was spoken to by name');
  });

  it('shows nothing of what is not taken', async () => {
    const { run, stage, bringIn, transcript } = await openDesk(table);
    await bringIn('Tilda');
    const told = await run('say', { text: 'I confess.' }, { ...ann, name: 'Tilda' });
    expect(told).toContain('speaks for itself');
    expect(stage.notices).toHaveLength(1);
    expect(await transcript()).toEqual([]);
  });
});

describe('stop', () => {
  it('is a player’s own for the answer to their line, and a game master’s for everything', async () => {
    const never = new Promise(() => {});
    const { run, hear, stage, bringIn } = await openDesk(table, ['One. ', never], ['Two. ', never]);
    await bringIn('Tilda');
    const said = [hear('m1', 'Hello.', { person: ann }), hear('m2', 'And?', { person: ann })];
    await vi.waitFor(() => expect(stage.speeches[0]?.text).toBe('One. '));
    expect(stage.speeches[0]?.actions).toEqual([
      { label: 'Stop', command: 'stop', options: { what: 'reply' } },
    ]);
    expect(await run('stop', {}, ben)).toContain('the answer to somebody else');
    expect(stage.speeches[0]?.ending).toBeUndefined();
    await run('stop', {}, ann);
    await vi.waitFor(() => expect(stage.speeches[1]?.text).toBe('Two. '));
    expect(stage.speeches[0]?.ending).toEqual({ state: 'stopped' });
    await run('stop', {}, owner);
    await Promise.all(said);
    expect(stage.speeches[1]?.ending).toEqual({ state: 'stopped' });
    expect(await run('stop', {}, ben)).toBe('Nothing is under way here.');
  });

  it('under a reply leaves what is being drafted alone', async () => {
    const never = new Promise(() => {});
    const { run, hear, stage, bringIn } = await openDesk(table, ['One. ', never], [never]);
    await bringIn('Tilda');
    const said = hear('m1', 'Hello.', { person: ann });
    await vi.waitFor(() => expect(stage.speeches[0]?.text).toBe('One. '));
    const drafting = run('npc generate', { count: '1', prompt: 'x' });
    await vi.waitFor(() => expect(stage.boards).toHaveLength(1));
    const { options = {} } = stage.speeches[0]?.actions[0] ?? {};
    await run('stop', options, owner);
    await said;
    expect(stage.speeches[0]?.ending).toEqual({ state: 'stopped' });
    expect(stage.boards[0]?.at(-1)?.phase).toBe('planning');
    await run('stop', {}, owner);
    await drafting;
    expect(stage.boards[0]?.at(-1)?.phase).toBe('cancelled');
  });

  it('can mean what is being drafted alone', async () => {
    const never = new Promise(() => {});
    const { run, hear, stage, bringIn } = await openDesk(table, ['One. ', never]);
    await bringIn('Tilda');
    const said = hear('m1', 'Hello.', { person: ann });
    await vi.waitFor(() => expect(stage.speeches[0]?.text).toBe('One. '));
    expect(await run('stop', { what: 'drafts' }, owner)).toBe('Nothing is under way here.');
    expect(stage.speeches[0]?.ending).toBeUndefined();
    await run('stop', { what: 'reply' }, owner);
    await said;
  });
});

describe('npc talk in a thread', () => {
  it('has its scene there, and the channel is told', async () => {
    const { front, run, stage, addNpc, campaign } = await openDesk(table, ['Aye.']);
    const npc = await addNpc('Tilda');
    expect(await run('npc talk', { npc: 'Tilda', thread: 'true' })).toBe(
      'Tilda waits in a thread of this channel.',
    );
    const [thread] = stage.threads;
    if (thread === undefined) throw new Error('a thread was opened');
    expect(thread.name).toContain('Tilda');
    expect(thread.stage.told).toEqual(['Tilda enters.']);
    const inside = { ...inn, channelId: thread.channelId, parentId: inn.channelId };
    expect(await campaign.scenes.current(inn.channelId)).toBeUndefined();
    const line = { place: inside, messageId: 'm1', person: ann, speaker: undefined, text: 'Hello?' };
    const how = { isDirect: false, repliesTo: undefined, attachments: [], source: 'person' } as const;
    await front.hear({ ...line, ...how }, thread.stage);
    expect(thread.stage.speeches).toMatchObject([{ npc: npc.persona.name, text: 'Aye.' }]);
  });

  it('brings nobody anywhere where there can be none', async () => {
    const { run, stage, addNpc, campaign } = await openDesk(table);
    await addNpc('Tilda');
    const { Refusal } = await import('#src/core/errors.ts');
    vi.spyOn(stage, 'openThread').mockRejectedValue(new Refusal('There are no threads in threads.'));
    expect(await run('npc talk', { npc: 'Tilda', thread: 'true' })).toBe('There are no threads in threads.');
    expect(await campaign.scenes.current(inn.channelId)).toBeUndefined();
  });
});

describe('npc cast', () => {
  const names = ['Ada', 'Bo', 'Cy', 'Di', 'Ed', 'Fay', 'Gus'];

  async function drafted() {
    const desk = await openDesk(table, planOf(...names), ...names.map(() => draftOf()));
    await desk.run('npc generate', { count: '7', prompt: 'smugglers' });
    const castId = desk.stage.boards[0]?.at(-1)?.castId;
    if (castId === undefined) throw new Error('the board names its cast');
    return { ...desk, castId };
  }

  it('shows the newest, page by page, with what the cards can do', async () => {
    const { run, stage, castId } = await drafted();
    expect(stage.boards[0]?.[0]?.castId).toBeUndefined();
    expect(await run('npc cast')).toMatch(/^7 NPCs, page 1 of 3\nAda\n.*Bo\n.*Cy\n/su);
    const first = stage.notices.at(-1);
    expect(first?.audience).toBe('everyone');
    const cards = first?.notice.blocks.filter(({ kind }) => kind === 'card') ?? [];
    expect(cards).toHaveLength(CARDS_PER_PAGE);
    expect(cards[0]).toMatchObject({
      actions: expect.arrayContaining([
        {
          label: 'Keep',
          command: 'npc keep',
          options: { npc: 'Ada', page: 'true' },
          isInPlace: true,
        },
      ]),
    });
    const leaf = { command: 'npc cast', isInPlace: true } as const;
    expect(first?.notice.actions).toEqual([
      { ...leaf, label: 'Page 2 ▸', options: { cast: castId, page: '2' } },
    ]);
    expect(await run('npc cast', { cast: castId, page: '2' })).toContain('page 2 of 3');
    expect(stage.notices.at(-1)?.notice.actions.map(({ options }) => options.page)).toEqual(['1', '3']);
    expect(await run('npc cast', { page: '7' })).toContain('page 3 of 3\nGus');
  });

  it('shows who is left, under the names they have now', async () => {
    const { run } = await drafted();
    for (const name of names.slice(2)) await run('npc discard', { npc: name });
    await run('npc edit', { npc: 'Ada', field: 'name', value: 'Ida' });
    expect(await run('npc cast')).toMatch(/^2 NPCs, 5 discarded, page 1 of 3\nIda\n.*Cy\n\ndiscarded$/su);
  });

  it('skips nobody in leafing after somebody was discarded, who can be restored from their place', async () => {
    const { run, stage, castId } = await drafted();
    await run('npc discard', { npc: 'Bo' });
    expect(await run('npc cast', { cast: castId, page: '2' })).toMatch(/\nDi\n.*\nEd\n.*\nFay\n/su);
    await run('npc cast');
    expect(stage.notices.at(-1)?.notice.blocks[2]).toEqual({
      kind: 'card',
      card: { name: 'Bo', subtitle: '', badge: 'discarded', sections: [] },
      actions: [
        {
          label: 'Restore',
          command: 'npc restore',
          options: { npc: 'Bo', page: 'true' },
          isInPlace: true,
        },
      ],
    });
  });

  it('is brought up to date by what the buttons on its page change', async () => {
    const { run, stage } = await drafted();
    const press = async (command: string, npc: string) => {
      const before = stage.notices.length;
      await run(command, { npc, page: 'true' });
      const [page, ...answers] = stage.notices.slice(before);
      expect(page?.audience).toBe('everyone');
      expect(answers.map(({ audience }) => audience)).toEqual(['asker']);
      const found = page?.notice.blocks.find((block) => block.kind === 'card' && block.card.name === npc);
      if (found?.kind !== 'card') throw new Error(`${npc} is on the page that is shown`);
      return [found.card.badge, (found.actions ?? []).map(({ label }) => label)];
    };
    const of = ['Talk', 'Reroll', 'Lock', 'Edit', 'Discard'];
    expect(await press('npc keep', 'Ed')).toEqual(['kept', of]);
    expect(await press('npc discard', 'Ed')).toEqual(['discarded', ['Restore']]);
    expect(await press('npc restore', 'Ed')).toEqual(['kept', of]);
  });

  it('is brought up to date by what was opened on its page, where that can still be changed', async () => {
    const { run, stage } = await drafted();
    const shown: Notice[] = [];
    let isWithinReach = true;
    const refresh = async (page: Notice) => {
      if (isWithinReach) shown.push(page);
      return isWithinReach;
    };
    Object.assign(stage, { refresh });
    const looks = async (value: string) => run('npc edit', { npc: 'Ed', field: 'looks', value });
    const OLD = 'A card that stands already shows it as it was; /npc cast shows the cards of a cast anew.';
    // Nobody came from the page.
    expect(await looks('a tin hat')).toContain(OLD);
    expect(shown).toEqual([]);
    await run('npc edit', { npc: 'Ed', page: 'true' });
    for (const value of ['a wooden leg', 'a glass eye']) {
      expect(await looks(value)).not.toContain('/npc cast');
      expect(JSON.stringify(shown.at(-1))).toContain(value);
    }
    await run('npc restore', { npc: 'Ed', version: '1' });
    expect(shown).toHaveLength(3);
    expect(JSON.stringify(shown.at(-1))).not.toContain('glass eye');
    expect(stage.notices.filter(({ audience }) => audience === 'everyone')).toEqual([]);
    isWithinReach = false;
    expect(await looks('a cork leg')).toContain(OLD);
    Object.assign(stage, { refresh: undefined });
    // Where no message can be changed, nobody expects it.
    expect(await looks('a paper crown')).not.toContain('/npc cast');
  });

  it('offers to try again whom it lacks, and shows them where they belong', async () => {
    const slow = [new ModelError('timeout', 'm', 'slow')];
    const { run, stage } = await openDesk(table, planOf('Ada', 'Bo'), draftOf(), slow, draftOf());
    await run('npc generate', { count: '2', prompt: 'smugglers' });
    expect(await run('npc cast')).toMatch(/^1 NPC\nAda\n/u);
    const retry = {
      command: 'npc reroll',
      options: { npc: 'Bo', page: 'true' },
      isInPlace: true,
    } as const;
    expect(stage.notices.at(-1)?.notice.actions).toEqual([{ ...retry, label: 'Try again: Bo' }]);
    const failed = stage.boards[0]?.at(-1)?.slots.find(({ state }) => state === 'failed');
    expect(failed).toMatchObject({ actions: [{ ...retry, label: 'Try again' }] });
    expect(await run('npc reroll', retry.options)).toMatch(/^2 NPCs\nAda\n.*\nBo\n.*Bo is drafted\.$/su);
    expect(stage.notices.at(-2)?.notice.actions).toEqual([]);
  });

  it('has buttons that reach who was renamed since', async () => {
    const { run } = await drafted();
    await run('npc edit', { npc: 'Ada', field: 'name', value: 'Ida' });
    expect(await run('npc keep', { npc: 'Ada' })).toBe('Ida is kept.');
  });

  it('knows no cast of another campaign, and is for game masters', async () => {
    const { run, castId } = await drafted();
    expect(await run('npc cast', {}, ann)).toMatch(/for the game master/u);
    await run('campaign create', { name: 'Another' });
    expect(await run('npc cast')).toContain('No cast has been drafted');
    expect(await run('npc cast', { cast: castId })).toContain('There is no such cast');
  });
});

describe('npc edit by form', () => {
  const formOf = (desk: Awaited<ReturnType<typeof openDesk>>, options: Readonly<Record<string, string>>) =>
    desk.front.form({ place: inn, person: owner, command: 'npc edit', options, asks: ['value'] });

  it('offers each field, asks for its value and holds the whole of what it is now', async () => {
    const desk = await openDesk(table);
    await desk.addNpc('Tilda');
    const goals = ['buy back the ferry; all of it', 'see the sea'];
    await desk.run('npc edit', { npc: 'Tilda', field: 'goals', value: goals.join('\n') });
    await desk.run('npc edit', { npc: 'Tilda' });
    const { actions = [] } = desk.stage.notices.at(-1)?.notice ?? {};
    const change = actions.find(({ options }) => options.field === 'goals');
    expect(actions).toHaveLength(17);
    expect(change).toEqual({
      label: 'Change goals',
      command: 'npc edit',
      options: { npc: 'Tilda', field: 'goals' },
      asks: ['value'],
    });
    const form = await formOf(desk, change?.options ?? {});
    if (!('fields' in form)) throw new Error('it may be filled in');
    expect(form).toMatchObject({
      command: 'npc edit',
      options: { npc: 'Tilda', field: 'goals' },
      title: 'Tilda: goals',
      fields: [
        {
          option: 'value',
          label: 'Goals',
          value: goals.join('\n'),
          spec: { kind: 'text', description: expect.stringContaining('One per line') },
        },
      ],
    });
    const value = form.fields[0]?.value ?? '';
    expect(await desk.run('npc edit', { ...form.options, value })).toBe('Tilda: goals are as before.');
    await desk.run('npc edit', { ...form.options, value: `${value}\nrest` });
    expect((await desk.campaign.npcs.byName('Tilda'))?.persona.goals).toEqual([...goals, 'rest']);
  });

  it('refuses what would be lost in a form, and whom there is not', async () => {
    const desk = await openDesk(table);
    await desk.addNpc('Tilda');
    const lines = Array.from({ length: 20 }, (_, at) => `${at} ${'x'.repeat(390)}`);
    const { persona, id, version } = (await desk.campaign.npcs.byName('Tilda')) ?? {};
    if (persona === undefined || id === undefined) throw new Error('Tilda is there');
    const long = { ...persona, mes_example: lines };
    const change = {
      base: version ?? 1,
      persona: long,
      reason: 'edited',
      by: 'test',
      follow: false,
    } as const;
    await desk.campaign.npcs.addVersion(id, change);
    const refusal = await formOf(desk, { npc: 'Tilda', field: 'lines' });
    expect(JSON.stringify(refusal)).toContain('more than fits in a form');
    expect(JSON.stringify(await formOf(desk, { npc: 'Nobody', field: 'lines' }))).toContain('no NPC called');
  });
});

describe('a form', () => {
  it('asks for what is asked for, what is needed first, and keeps what is given', async () => {
    const { front } = await openDesk(table);
    const asks = ['system', 'prompt', 'count', 'level', 'tone', 'seed', 'unknown'];
    const options = { count: '4', seed: '7' };
    const form = await front.form({ place: inn, person: owner, command: 'npc generate', options, asks });
    if (!('fields' in form)) throw new Error('it may be filled in');
    expect(form.fields.map(({ option, value }) => [option, value])).toEqual([
      ['prompt', ''],
      ['count', '4'],
      ['level', ''],
      ['tone', ''],
      ['system', ''],
    ]);
    // There was no room to ask for it: it stays as given.
    expect(form.options).toEqual({ seed: '7' });
    expect(form.title).toBe('/npc generate');
  });

  it('is refused for no command at all', async () => {
    const { front, faults } = await openDesk(table);
    const form = await front.form({
      place: inn,
      person: owner,
      command: 'npc generte',
      options: {},
      asks: [],
    });
    expect(JSON.stringify(form)).toContain('Did you mean /npc generate?');
    expect(faults).toEqual([]);
  });
});

describe('the shelf', () => {
  it('keeps an action for its own workspace', async () => {
    const { front } = await openDesk(table);
    const action = { label: 'Show', command: 'npc show', options: { npc: 'x'.repeat(200) } };
    const code = await front.shelve(inn, action);
    expect(await front.unshelve(inn, code)).toEqual(action);
    const elsewhere = { ...inn, workspace: { platformId: 'other', name: 'Other' } };
    expect(await front.unshelve(elsewhere, code)).toBeUndefined();
  });
});

describe('scene', () => {
  it('cuts long lines, and marks what was said aside', async () => {
    const { run, hear, bringIn } = await openDesk(table);
    for (const name of ['Tilda', 'Bram']) await bringIn(name);
    await hear('m1', `So it was. ((brb)) ${'word '.repeat(200)}`);
    const lines = (await run('scene', {}, ann)).split('\n');
    expect(lines.slice(1)).toEqual([
      'Ann (aside): brb',
      expect.stringMatching(/^Ann: So it was\..{250,290}…$/u),
    ]);
  });
});

describe('what a platform calls things', () => {
  it('is its own: a server and its roles, a workspace and its user groups', async () => {
    const { run } = await openDesk(table);
    const slack = { ...inn, platform: 'slack' } as const;
    const inSlack = (command: string, options = {}, by = owner) =>
      run(command, options, by, undefined, slack);
    expect(await inSlack('campaign show', {}, ann)).toContain('Whoever manages this workspace');
    expect(await inSlack('campaign gm add', { who: 'Ann' })).toContain('a user group of this workspace');
    expect(await run('campaign gm add', { who: 'Ann' })).toContain('a role of this server');
    const leaders = { who: 'role:r1 Leaders' };
    expect(await inSlack('campaign gm add', leaders)).toContain('everybody in the user group Leaders');
    expect(await run('campaign gm add', leaders)).toContain('everybody with the role Leaders');
    expect(await inSlack('campaign proxies', { allowed: 'on' })).toMatch(/^Slack has no programs/u);
    expect(await inSlack('campaign show')).not.toContain('Proxies');
  });
});

describe('campaign show', () => {
  it('tells game masters who leads, where hidden text goes and whether proxies are heard', async () => {
    const { run } = await openDesk(table);
    await run('campaign proxies', { allowed: 'on' });
    const shown = await run('campaign show');
    expect(shown).toContain('Who leads: Whoever manages this server');
    expect(shown).toContain('Hidden text: waits for /waiting');
    expect(shown).toContain('Proxies: are heard');
    await run('campaign proxies', { allowed: 'off' });
    expect(await run('campaign show')).toContain('Proxies: are not heard');
    await run('campaign gm add', { who: 'role:r1 Storytellers' });
    expect(await run('campaign show', {}, ann)).toBe(
      'Campaign: Main\nWho leads: everybody with the role Storytellers, Odile',
    );
  });
});
