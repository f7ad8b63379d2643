import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ann, ben, inn, openDesk, owner } from '../../support/chat-desk.ts';
import { openTable, type Table } from '../../support/table.ts';

let table: Table;
beforeEach(async () => {
  table = await openTable();
});
afterEach(() => table.close());

/** Manages the server as well. */
const warden = { ...owner, id: 'warden', name: 'Wanda' };
const forGms = /for the game master/u;

describe('who leads a campaign', () => {
  it('is whoever manages the server while nobody is named', async () => {
    const { run } = await openDesk(table);
    expect(await run('npc list', {}, owner)).toContain('Nobody yet');
    expect(await run('npc list', {}, ann)).toMatch(forGms);
  });

  it('is who was named, and managers only for naming others', async () => {
    const { run } = await openDesk(table);
    expect(await run('campaign gm add', { who: 'person:ann Ann' }, owner)).toMatch(/Ann, Odile\./u);
    expect(await run('npc list', {}, ann)).toContain('Nobody yet');
    expect(await run('npc list', {}, warden)).toMatch(forGms);
    expect(await run('npc list', {}, ben)).toMatch(forGms);
    expect(await run('campaign gm add', { who: 'person:ben Ben' }, ben)).toMatch(forGms);
    expect(await run('campaign gm add', { who: 'person:ben Ben' }, warden)).toBe(
      'Game masters of this campaign: Ann, Odile, Ben.',
    );
    expect(await run('npc list', {}, ben)).toContain('Nobody yet');
  });

  it('is everybody with a role that was named', async () => {
    const { run } = await openDesk(table);
    await run('campaign gm add', { who: 'role:r1 Storytellers' });
    expect(await run('npc list', {}, { ...ann, roles: ['r0', 'r1'] })).toContain('Nobody yet');
    expect(await run('npc list', {}, { ...ann, roles: ['r0'] })).toMatch(forGms);
    // A person whose id is the role's is not the role.
    expect(await run('npc list', {}, { ...ann, id: 'r1' })).toMatch(forGms);
  });

  it('holds in its own campaign alone', async () => {
    const { run } = await openDesk(table);
    await run('campaign gm add', { who: 'person:ann Ann' });
    const elsewhere = { ...inn, workspace: { platformId: 'other', name: 'Other' } };
    expect(await run('npc list', {}, ann, undefined, elsewhere)).toMatch(forGms);
  });

  it('is an admin everywhere whom ADMIN_IDS names, and nobody else', async () => {
    const { run } = await openDesk(table);
    expect(await run('admin stats', {}, { ...ann, id: 'root' })).not.toMatch(/for an admin/u);
    expect(await run('admin stats', {}, owner)).toContain('for an admin, whom ADMIN_IDS names.');
    expect(await run('admin stats', {}, ann)).toContain('for an admin. ');
    expect(await run('npc list', {}, { ...ann, permission: 'gm' })).toContain('Nobody yet');
  });

  it('shows in /help, and in what is completed and asked in forms', async () => {
    const { front, run, addNpc } = await openDesk(table);
    await addNpc('Tilda');
    await run('campaign gm add', { who: 'person:ann Ann' });
    expect(await run('help', {}, ann)).toContain('/npc generate');
    const forWarden = await run('help', {}, warden);
    expect(forWarden).toContain('/campaign gm add');
    expect(forWarden).not.toContain('/npc generate');
    const complete = (person: typeof ann) =>
      front.complete({ place: inn, person, command: 'npc show', option: 'npc', typed: 't' });
    expect(await complete(ann)).toEqual(['Tilda']);
    expect(await complete(warden)).toEqual([]);
    const allowed = async (person: typeof ann) => (await front.allowed(inn, person)).map(({ name }) => name);
    expect(await allowed(ann)).toContain('npc generate');
    expect(await allowed(warden)).not.toContain('npc generate');
    const form = {
      place: inn,
      command: 'npc edit',
      options: { npc: 'Tilda', field: 'role' },
      asks: ['value'],
    };
    expect(await front.form({ ...form, person: warden })).toMatchObject({ refusal: { tone: 'refusal' } });
    expect(await front.form({ ...form, person: ann })).toMatchObject({ command: 'npc edit' });
  });
});

describe('naming game masters', () => {
  it('leaves whoever leads so far among them, who is told and can go', async () => {
    const { run, campaign, stage } = await openDesk(table);
    const told = await run('campaign gm add', { who: 'person:ann Ann' });
    expect(told).toContain('You led it while nobody was named, and stay one of them.');
    const options = { who: 'person:owner Odile' };
    const action = { label: 'Take me out', command: 'campaign gm remove', options };
    expect(stage.notices.at(-1)?.notice.actions).toEqual([action]);
    expect(await run(action.command, options)).toBe('Game masters of this campaign: Ann.');
    expect(await run('npc list')).toMatch(forGms);
    expect(await run('campaign gm add', { who: 'person:ben Ben' })).toBe(
      'Game masters of this campaign: Ann, Ben.',
    );
    expect((await campaign.settings()).gms).toHaveLength(2);
  });

  it.each(['person:owner Odile', 'role:r1 Storytellers'])(
    'adds nobody beside %s who leads by that',
    async (who) => {
      const { run, campaign } = await openDesk(table);
      await run('campaign gm add', { who }, { ...owner, roles: ['r1'] });
      expect((await campaign.settings()).gms).toHaveLength(1);
    },
  );

  it('refuses twice the same, everybody, nobody, and more than it can hold', async () => {
    const { run, campaign } = await openDesk(table);
    await run('campaign gm add', { who: 'person:owner Odile' });
    await run('campaign gm add', { who: 'person:ann Ann' });
    expect(await run('campaign gm add', { who: 'person:ann Ann again' })).toContain(
      'leads this campaign already',
    );
    expect(await run('campaign gm add', { who: 'role:guild @everyone' })).toContain('That is everybody');
    expect(await run('campaign gm add', { who: 'Ann' })).toContain('nobody whom I can find');
    expect(await run('campaign gm add')).toContain('needs who');
    expect((await campaign.settings()).gms.map(({ id }) => id)).toEqual(['owner', 'ann']);
    const gms = Array.from({ length: 50 }, (_, at) => ({ kind: 'person', id: `${at}`, name: 'x' }) as const);
    await campaign.changeSettings({ gms });
    expect(await run('campaign gm add', { who: 'person:ben Ben' })).toContain('can have 50 game masters');
  });

  it('takes them back, by name too where they have left', async () => {
    const { run, campaign } = await openDesk(table);
    await run('campaign gm add', { who: 'person:ann Ann' });
    await run('campaign gm remove', { who: 'person:owner Odile' });
    await run('campaign gm add', { who: 'role:r1 Storytellers' });
    expect(await run('campaign gm remove', { who: 'person:r1 Storytellers' })).toContain(
      'leads nothing here',
    );
    expect(await run('campaign gm remove', { who: 'storytellers' })).toBe(
      'Game masters of this campaign: Ann.',
    );
    expect(await run('campaign gm remove', { who: 'person:ann Ann' })).toMatch(
      /Whoever manages this server/u,
    );
    expect((await campaign.settings()).gms).toEqual([]);
  });

  it('loses none that are named at once', async () => {
    const { run, campaign } = await openDesk(table);
    await Promise.all(
      ['a', 'b', 'c', 'd'].map((id) => run('campaign gm add', { who: `person:${id} ${id}` })),
    );
    expect((await campaign.settings()).gms.map(({ id }) => id).toSorted()).toEqual([
      ...['a', 'b', 'c', 'd'],
      'owner',
    ]);
  });
});

describe('who speaks', () => {
  const speakers = async (desk: Awaited<ReturnType<typeof openDesk>>) =>
    (await desk.transcript()).filter(({ speaker }) => speaker.kind !== 'npc').map(({ speaker }) => speaker);

  it('is the game master as such, a player under their own name, and both under the name they chose', async () => {
    const desk = await openDesk(table, ['One.'], ['Two.'], ['Three.'], ['Four.'], ['Five.']);
    await desk.bringIn('Tilda');
    await desk.hear('m1', 'Hello.', { person: owner });
    await desk.hear('m2', 'Hello.', { person: ann });
    expect(await desk.run('as', { name: ' Mira:\nthe Red ' }, ann)).toContain('You speak as Mira the Red');
    await desk.hear('m3', 'Hello.', { person: ann });
    await desk.run('as', { name: 'Old Wen' }, owner);
    await desk.hear('m4', 'Hello.', { person: owner });
    await desk.run('as', {}, ann);
    await desk.hear('m5', 'Hello.', { person: ann });
    expect(await speakers(desk)).toEqual([
      { kind: 'gm', id: 'owner', name: 'Odile' },
      { kind: 'character', id: 'ann', name: 'Ann' },
      { kind: 'character', id: 'ann', name: 'Mira the Red' },
      { kind: 'character', id: 'owner', name: 'Old Wen' },
      { kind: 'character', id: 'ann', name: 'Ann' },
    ]);
  });

  it('is never an NPC on stage, and nobody without a name', async () => {
    const desk = await openDesk(table);
    const tilda = await desk.bringIn('Tilda');
    expect(await desk.run('as', { name: 'tilda' }, ann)).toContain('speaks for itself');
    expect(await desk.run('as', { name: 'Narrator' }, ann)).toContain("no character's name");
    expect(await desk.run('as', { name: 'Dramatis' }, ann)).toContain("no character's name");
    for (const name of ['You', 'i', 'SHE', 'Everyone'])
      expect(await desk.run('as', { name }, ann)).toContain(`${name} is no character's name`);
    for (const name of [':::', '42', '🎲']) expect(await desk.run('as', { name }, ann)).toContain('no name');
    for (const name of ['@here', '**Mira**', '<@U1>', 'Mira_', '`Mira`', '||Mira||', '# Mira'])
      expect(await desk.run('as', { name }, ann)).toContain('A name is plain');
    expect(await desk.run('as', { name: "D'Arc-Löwe 2." }, ann)).toContain("You speak as D'Arc-Löwe 2.");
    await desk.run('as', {}, ann);
    // Who is behind an alias is not a player's to know.
    const { id, persona, version: base } = tilda;
    const change = { base, reason: 'edited', by: 'test', follow: false } as const;
    const masked = { ...persona, aliases: ['The Masked Duke'] };
    await desk.campaign.npcs.addVersion(id, { ...change, persona: masked });
    const refusal = await desk.run('as', { name: 'the masked duke' }, ann);
    expect(refusal).toMatch(/^the masked duke is an NPC on stage/u);
    await desk.hear('m1', 'I confess.', { person: { ...ann, name: 'Tilda' } });
    expect(desk.stage.told.at(-1)).toContain('speaks for itself');
    await desk.hear('m2', 'Hello.', { person: { ...ann, name: '\u200b::' }, isDirect: true, text: '((hm))' });
    expect(await speakers(desk)).toEqual([{ kind: 'character', id: 'ann', name: 'Somebody' }]);
  });

  it('is no NPC behind the stage either, which a player is not told', async () => {
    const desk = await openDesk(table);
    await desk.addNpc('Hroon');
    expect(await desk.run('as', { name: 'hroon' }, owner)).toBe(
      'hroon is an NPC and speaks for itself: /npc talk npc:hroon brings them on stage. Speak as somebody else: /as name:NAME.',
    );
    expect(await desk.run('as', { name: 'Hroon' }, ann)).toContain('You speak as Hroon');
    const whyNotAs = (person: typeof ann, name: string) => desk.front.whyNotAs(inn, person, name);
    expect(await whyNotAs(owner, 'Hroon')).toMatch(/^Hroon is an NPC and speaks for itself/u);
    expect(await whyNotAs(ann, 'Hroon')).toBeUndefined();
    expect(await whyNotAs(owner, 'Mira')).toBeUndefined();
    expect(await whyNotAs(owner, 'You')).toMatch(/^You is no character's name/u);
  });
});
