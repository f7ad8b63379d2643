import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PersonaFiles } from '#src/persona/persona-files.ts';
import { Roster } from '#src/persona/roster.ts';
import { openTable, type Table } from '../../support/table.ts';

let table: Table;
let directory: string;
let roster: Roster;

beforeEach(async () => {
  table = await openTable();
  directory = await mkdtemp(join(tmpdir(), 'personas-'));
  let ids = 0;
  roster = new Roster({
    files: new PersonaFiles({ directory }),
    newId: () => {
      ids += 1;
      return `from-file-${ids}`;
    },
  });
});
afterEach(async () => {
  await table.close();
  await rm(directory, { recursive: true });
});

const write = (file: string, text: string) => writeFile(join(directory, file), text);
const odile = 'name: Odile Crane\nrole: lamplighter\npersonality: Careful.\n';

describe('find', () => {
  it('finds by name, alias, and a word that only one has', async () => {
    const npc = await table.addNpc('Tilda Marsh', { aliases: ['Til'] });
    await table.addNpc('Bram Marsh');
    for (const typed of ['tilda marsh', ' TIL ', 'Tilda']) {
      expect((await roster.find(table.campaign, typed)).id).toBe(npc.id);
    }
    await expect(roster.find(table.campaign, 'Marsh')).rejects.toThrow(/no NPC called “Marsh”/u);
  });

  it('names the nearest where there is none', async () => {
    await table.addNpc('Tilda Marsh');
    await expect(roster.find(table.campaign, 'Tidla')).rejects.toThrow(/Did you mean Tilda Marsh\?/u);
    await expect(roster.find(table.campaign, 'Zoroaster')).rejects.toThrow(/npc list/u);
  });

  it('says how to bring in who waits in the folder', async () => {
    await write('odile.yaml', odile);
    await expect(roster.find(table.campaign, 'odile')).rejects.toThrow(/npc talk Odile Crane/u);
  });
});

describe('personas of the folder', () => {
  it('join the campaign on their first use, once', async () => {
    await write('odile.yaml', odile);
    const [first, second] = await Promise.all([
      roster.findOrAdopt(table.campaign, 'Odile', 'GM'),
      roster.findOrAdopt(table.campaign, 'odile crane', 'GM'),
    ]);
    expect(first.id).toBe(second.id);
    expect(first).toMatchObject({ status: 'kept', sourceFile: 'odile.yaml' });
    expect((await roster.waiting(table.campaign)).personas).toEqual([]);
  });

  it('are as their file is on the next use, until they are edited in the campaign', async () => {
    await write('odile.yaml', odile);
    const npc = await roster.findOrAdopt(table.campaign, 'Odile', 'GM');
    await write('odile.yaml', odile.replace('lamplighter', 'retired lamplighter'));
    const now = await roster.find(table.campaign, 'Odile');
    expect(now).toMatchObject({ version: 2, persona: { role: 'retired lamplighter' } });
    expect(await roster.current(table.campaign, now)).toEqual(now);
    await table.campaign.npcs.addVersion(npc.id, {
      persona: { ...now.persona, role: 'spy' },
      reason: 'edited',
      by: 'GM',
      follow: false,
    });
    await write('odile.yaml', odile.replace('lamplighter', 'chandler'));
    expect((await roster.find(table.campaign, 'Odile')).persona.role).toBe('spy');
  });

  it('stay as they were where their file is gone or broken', async () => {
    await write('odile.yaml', odile);
    await roster.findOrAdopt(table.campaign, 'Odile', 'GM');
    await write('odile.yaml', 'name: [');
    expect((await roster.find(table.campaign, 'Odile')).persona.role).toBe('lamplighter');
    await rm(join(directory, 'odile.yaml'));
    expect((await roster.find(table.campaign, 'Odile')).persona.role).toBe('lamplighter');
  });

  it('that cannot be read are named with file and line', async () => {
    await write('odile.yaml', 'name: Odile Crane\nrole: [half');
    await expect(roster.findOrAdopt(table.campaign, 'Odile', 'GM')).rejects.toThrow(/odile\.yaml.*line \d/u);
  });
});

describe('names', () => {
  it('complete from whom the option asks for', async () => {
    await write('odile.yaml', odile);
    const kept = await table.addNpc('Tilda');
    await table.addNpc('Bram', {}, 'draft');
    const names = (among: 'stage' | 'draft' | 'known' | 'castable') =>
      roster.names(table.campaign, among, [kept]);
    expect(await names('stage')).toEqual(['Tilda']);
    expect(await names('draft')).toEqual(['Bram']);
    expect(await names('known')).toEqual(['Bram', 'Tilda']);
    expect(await names('castable')).toEqual(['Bram', 'Tilda', 'Odile Crane']);
  });
});
