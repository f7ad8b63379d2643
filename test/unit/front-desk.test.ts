import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { draftOf, planOf } from '../support/answers.ts';
import { admin, frontOf, place, player, spoken } from '../support/front.ts';
import { ScriptedModel } from '../support/scripted-model.ts';
import { mira, openTable, type Table } from '../support/table.ts';

let table: Table;
beforeEach(async () => {
  table = await openTable();
});
afterEach(() => table.close());

const open = (...scripts: ConstructorParameters<typeof ScriptedModel>[0]) =>
  frontOf(table, { model: new ScriptedModel(scripts) });
const line = (messageId: string, text: string) => ({
  ...spoken,
  place,
  messageId,
  person: player,
  speaker: mira,
  text,
});

describe('hear', () => {
  it('derives the id of a line from the message, so that a second delivery is the same line', async () => {
    const { front } = open();
    await front.hear(line('m1', 'Hello?'), table.stage);
    await front.hear(line('m1', 'Hello?'), table.stage);
    expect(await table.campaign.lines.byId('terminal:local:table:m1')).toMatchObject({ text: 'Hello?' });
    expect(table.stage.told).toHaveLength(1);
  });

  it('keeps the order in which lines came in one breath', async () => {
    const { front } = open();
    const texts = Array.from({ length: 8 }, (_, index) => `line ${index}`);
    await Promise.all(texts.map((text, index) => front.hear(line(`m${index}`, text), table.stage)));
    const scene = await table.campaign.scenes.open('table');
    const said = await table.campaign.lines.recent(scene.id, 20);
    expect(said.map(({ text }) => text)).toEqual(texts);
  });

  it('turns a refusal into a sentence, which is no fault', async () => {
    const { front, faults } = open();
    await front.hear(line('m1', 'x'.repeat(5000)), table.stage);
    expect(table.stage.notices).toMatchObject([{ notice: { tone: 'refusal' }, audience: 'asker' }]);
    expect(faults).toEqual([]);
  });

  it('turns a fault of ours into a plain sentence, and logs it once', async () => {
    const { front, faults } = open();
    await front.hear(line('m0', 'Hello?'), table.stage);
    await table.store.close();
    await front.hear(line('m1', 'Hello?'), table.stage);
    expect(table.stage.notices.at(-1)).toMatchObject({ notice: { tone: 'trouble' } });
    expect(table.stage.told.at(-1)).not.toMatch(/sql|database|closed/iu);
    expect(faults).toHaveLength(1);
    table = await openTable();
  });
});

describe('run', () => {
  it('knows no command that is not there, and names the nearest', async () => {
    const { run } = open();
    expect(await run('npc generte')).toContain('Did you mean /npc generate?');
    expect(await run('zzzzzzzzzzzz')).toContain('/help');
  });

  it('runs a call once that is delivered twice', async () => {
    const { front } = open(planOf('Ada'), draftOf());
    const call = { place, callId: 'same', person: admin, speaker: mira, command: 'npc generate' };
    const options = { count: '1', prompt: 'x' };
    await Promise.all([
      front.run({ ...call, options }, table.stage),
      front.run({ ...call, options }, table.stage),
    ]);
    expect(table.stage.boards).toHaveLength(1);
  });

  it('says in plain words that a model failed', async () => {
    const { run, faults } = open();
    await table.addNpc('Tilda');
    // Nothing is scripted: the model throws what nobody foresaw.
    expect(await run('npc reroll', { npc: 'Tilda' })).toMatch(/^That did not work: something failed here/u);
    expect(faults).toHaveLength(1);
  });

  it('calls a stopped draft stopped', async () => {
    const { run } = open([new Promise(() => {})]);
    await table.addNpc('Tilda');
    const rerolling = run('npc reroll', { npc: 'Tilda' });
    await expect.poll(() => run('stop')).not.toContain('Nothing is under way');
    expect(await rerolling).toContain('Stopped.');
  });
});

describe('greet', () => {
  it('says how to begin, then who is here and what was said', async () => {
    const { front } = open(['Aye.']);
    await front.greet(place, table.stage);
    expect(table.stage.told[0]).toContain('/npc generate');
    await front.run(
      {
        place,
        callId: 'c',
        person: admin,
        speaker: mira,
        command: 'npc talk',
        options: { npc: (await table.addNpc('Tilda')).persona.name },
      },
      table.stage,
    );
    await front.hear(line('m1', 'Hello there.'), table.stage);
    await front.greet(place, table.stage);
    expect(table.stage.told.at(-1)).toMatch(/Mira: Hello there\.\nTilda: Aye\.\nOn stage: Tilda\./u);
  });

  it('names members of a cast that were never drafted', async () => {
    const { front, run } = open(planOf('Ada', 'Bo'), draftOf(), ['broken'], ['broken'], ['broken']);
    await run('npc generate', { count: '2', prompt: 'x' });
    await front.greet(place, table.stage);
    expect(table.stage.told.at(-1)).toMatch(/Not drafted yet: (Ada|Bo)\. /u);
  });

  it('introduces improv once, where nothing else plays', async () => {
    const { front } = frontOf(table, { model: new ScriptedModel([]), modelNames: [] });
    await front.greet(place, table.stage);
    await front.greet(place, table.stage);
    await front.hear(line('m1', 'Hello?'), table.stage);
    const introductions = table.stage.told.filter((text) => text.includes('No language model is connected'));
    expect(introductions).toHaveLength(1);
    expect(introductions[0]).toContain('CHAT_MODEL');
  });
});

describe('complete', () => {
  it('offers names that begin alike, first names and bynames too', async () => {
    const { front } = open();
    await table.addNpc('Tilda Marsh');
    await table.addNpc('Bram Oxley');
    const complete = (option: string, typed: string) =>
      front.complete({ place, person: admin, command: 'npc show', option, typed });
    expect(await complete('npc', 'ti')).toEqual(['Tilda Marsh']);
    expect(await complete('npc', 'OX')).toEqual(['Bram Oxley']);
    expect(await complete('npc', '')).toEqual(['Bram Oxley', 'Tilda Marsh']);
    expect(await complete('nothing', 't')).toEqual([]);
  });

  it('offers players those on stage alone', async () => {
    const { front, run } = open();
    for (const name of ['Tilda', 'Tamsin']) await table.addNpc(name);
    await run('npc talk', { npc: 'Tilda' });
    const complete = (command: string, person = player) =>
      front.complete({ place, person, command, option: 'npc', typed: 't' });
    expect(await complete('retry')).toEqual(['Tilda']);
    // Any NPC's modifiers can be rolled, by the GM.
    expect(await complete('roll')).toEqual([]);
    expect(await complete('roll', admin)).toEqual(['Tamsin', 'Tilda']);
    await run('npc talk', { npc: 'Tamsin' });
    const several = (command: string, typed: string) =>
      front.complete({ place, person: admin, command, option: 'npc', typed });
    expect(await several('npc dismiss', 'a')).toEqual(['all']);
    expect(await several('memory add', 'Tilda, t')).toEqual(['Tilda, Tamsin']);
  });
});
