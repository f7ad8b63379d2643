import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Evening } from '../../support/discord/evening.ts';
import { specMissing } from '../../support/discord/spec-judge.ts';

let evening: Evening;

describe(`an evening on Discord (requests: ${specMissing ?? 'judged by the vendor’s document'})`, () => {
  beforeEach(async () => {
    evening = await Evening.begin();
  });
  afterEach(() => evening.end());

  it('offers its commands in the guild at once, and writes them anew only where they changed', async () => {
    const { discord, owner, mira, tavern } = evening;
    expect(mira.offered(tavern)).toEqual(
      expect.arrayContaining(['npc', 'say', 'roll', 'stop', 'retry', 'waiting']),
    );
    expect(owner.offered(tavern)).toContain('admin');
    expect(mira.offered(tavern)).not.toContain('admin');
    const writes = discord.world.commandWrites;
    await evening.restart();
    expect(discord.world.commandWrites).toBe(writes);
  });

  it('plays with two NPCs under their own names, in the channel and in a thread', async () => {
    const { discord, owner, mira, jon, tavern } = evening;
    await evening.brings('Hroon');
    await evening.brings('Wenna Tarrow');
    expect(discord.webhooks(tavern)).toHaveLength(1);

    evening.modelSays((index) => ({ text: `This is answer number ${index}.` }));
    mira.says(tavern, 'Hroon, what is the toll?');
    await evening.hears('Hroon', 'answer number 0');
    jon.says(tavern, 'Wenna Tarrow, have you been here long?');
    await evening.hears('Wenna Tarrow', 'answer number 1');
    // What each of them said stands under their names in what the model is shown.
    const prompt = JSON.stringify(evening.model.journal.at(-1)?.body.messages);
    expect(prompt).toContain('Mira');
    expect(prompt).toContain('Jon');

    const opened = await owner.slash(tavern, 'npc talk', { npc: 'Kettle', thread: true }).answer();
    expect(opened.text).toContain('waits in a thread');
    const thread = [...discord.world.channels.values()].find(({ parentId }) => parentId === tavern.id);
    if (thread === undefined) throw new Error('no thread was opened');
    await evening.hears('Kettle', /./u, thread);
    mira.says(thread, 'Kettle, who sent you?');
    await evening.hears('Kettle', 'answer number 2', thread);
    expect(discord.webhooks(tavern)).toHaveLength(1);
    expect(evening.countOf('Kettle')).toBe(0);
    expect(evening.countOf('Hroon', thread)).toBe(0);
  });

  it('offers names while they are typed: to players only of those on stage', async () => {
    const { owner, mira, tavern } = evening;
    expect(await owner.completes(tavern, 'npc talk', 'npc', 'hro')).toEqual(['Hroon']);
    expect(await mira.completes(tavern, 'npc talk', 'npc', 'hro')).toEqual([]);
    await evening.brings('Hroon');
    expect(await mira.completes(tavern, 'say', 'npc', 'h', { text: 'Hello.' })).toEqual(['Hroon']);
  });

  it('answers where there is no guild: in a direct conversation of its own', async () => {
    const { mira, owner, tavern } = evening;
    // What is registered for direct conversations is not offered twice in the guild.
    expect(mira.offered(mira.directChannel)).toContain('npc');
    expect(new Set(mira.offered(tavern)).size).toBe(mira.offered(tavern).length);
    const direct = mira.directChannel;
    await evening.brings('Hroon');
    mira.slash(direct, 'npc talk', { npc: 'Kettle' });
    await evening.hears('Kettle', /./u, direct);
    evening.modelSays({ text: 'Only you and I are here.' });
    mira.says(direct, 'Who is here?');
    await evening.hears('Kettle', 'Only you and I', direct);
    // It is a campaign of its own.
    const list = await mira.slash(direct, 'npc list').answer();
    expect(list.text).not.toMatch(/Hroon.*on stage/u);
    expect((await owner.slash(tavern, 'npc list').answer()).text).not.toMatch(/Kettle.*on stage/u);
  });

  it('lets nobody lead but whoever manages the server, until somebody is named', async () => {
    const { owner, mira, jon, tavern, guild, discord } = evening;
    const refused = await mira.slash(tavern, 'npc talk', { npc: 'Hroon' }).answer();
    expect(refused).toMatchObject({ text: expect.stringContaining('game master') });
    const storytellers = discord.role(guild, 'Storytellers');
    expect((await owner.slash(tavern, 'campaign gm add', { who: storytellers.id }).answer()).text).toContain(
      'Storytellers',
    );
    discord.setRoles(guild, jon, [storytellers]);
    jon.slash(tavern, 'npc talk', { npc: 'Hroon' });
    await evening.hears('Hroon', /./u);
    // The owner named them, and still leads.
    expect((await owner.slash(tavern, 'npc list').answer()).text).not.toContain('game master');
    expect((await mira.slash(tavern, 'npc list').answer()).text).toContain('game master');
  });
});

describe('an evening without a model', () => {
  it('is played by improv, which says so once', async () => {
    evening = await Evening.begin({ isImprov: true });
    const { mira, owner, tavern } = evening;
    await evening.brings('Hroon');
    mira.says(tavern, 'Hroon, what do you want of us?');
    await evening.discord.until(() => evening.countOf('Hroon') === 2, 'an answer');
    const isNote = ({ text }: { readonly text: string }) => text.includes('No language model is connected');
    // It is for whoever leads, after what they asked for.
    expect(owner.sees(tavern).filter(isNote)).toHaveLength(1);
    expect(mira.sees(tavern).filter(isNote)).toHaveLength(0);
    await evening.end();
  });
});
