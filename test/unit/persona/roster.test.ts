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
let files: PersonaFiles;

beforeEach(async () => {
  table = await openTable();
  directory = await mkdtemp(join(tmpdir(), 'personas-'));
  let ids = 0;
  files = new PersonaFiles({ directory });
  roster = new Roster({
    files,
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

  it('means an exact name, also of the folder, before an alias', async () => {
    await write('odile.yaml', odile);
    await table.addNpc('Tilda Marsh', { aliases: ['Odile Crane'] });
    await expect(roster.find(table.campaign, 'odile crane')).rejects.toThrow(/waits in the personas folder/u);
    expect((await roster.findOrAdopt(table.campaign, 'Odile Crane', 'GM')).persona.role).toBe('lamplighter');
  });

  it('finds who was renamed by the name that an older button has', async () => {
    const npc = await table.addNpc('Tilda Marsh');
    const change = { reason: 'edited', by: 'GM', follow: false } as const;
    const persona = { ...npc.persona, name: 'Matilda' };
    await table.campaign.npcs.addVersion(npc.id, { ...change, base: 1, persona });
    expect((await roster.find(table.campaign, 'tilda marsh')).id).toBe(npc.id);
    await expect(roster.find(table.campaign, 'Tilda')).rejects.toThrow(/Did you mean Matilda\?/u);
  });

  it('says how to bring in who waits in the folder', async () => {
    await write('odile.yaml', odile);
    await expect(roster.find(table.campaign, 'odile')).rejects.toThrow(/npc talk npc:Odile Crane/u);
  });
});

describe('who is discarded', () => {
  it('is offered back by exact name, and is no answer to a word', async () => {
    const npc = await table.addNpc('Old Nobody');
    await table.campaign.npcs.setStatus(npc.id, 'discarded');
    await expect(roster.find(table.campaign, 'nobody')).rejects.toThrow(/no NPC called “nobody”/u);
    await expect(roster.find(table.campaign, 'old nobody')).rejects.toMatchObject({
      message: expect.stringContaining('/npc restore npc:Old Nobody'),
      actions: [{ label: 'Restore', command: 'npc restore', options: { npc: 'Old Nobody' } }],
    });
  });

  it('is not silently brought in anew from the folder', async () => {
    await write('odile.yaml', odile);
    const npc = await roster.findOrAdopt(table.campaign, 'Odile', 'GM');
    await table.campaign.npcs.setStatus(npc.id, 'discarded');
    for (const typed of ['Odile Crane', 'Odile']) {
      await expect(roster.findOrAdopt(table.campaign, typed, 'GM')).rejects.toThrow(/was discarded/u);
    }
    expect(await table.campaign.npcs.list()).toEqual([]);
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
      base: now.version,
      persona: { ...now.persona, role: 'spy' },
      reason: 'edited',
      by: 'GM',
      follow: false,
    });
    await write('odile.yaml', odile.replace('lamplighter', 'chandler'));
    expect((await roster.find(table.campaign, 'Odile')).persona.role).toBe('spy');
  });

  it('become one version of an edited file, however many use it at once', async () => {
    await write('odile.yaml', odile);
    const npc = await roster.findOrAdopt(table.campaign, 'Odile', 'GM');
    await write('odile.yaml', odile.replace('lamplighter', 'chandler'));
    const uses = await Promise.all(Array.from({ length: 5 }, () => roster.current(table.campaign, npc)));
    expect(new Set(uses.map(({ version }) => version))).toEqual(new Set([2]));
    expect(await table.campaign.npcs.versions(npc.id)).toHaveLength(2);
  });

  it('do not undo an edit that was made since they were looked up', async () => {
    await write('odile.yaml', odile);
    const npc = await roster.findOrAdopt(table.campaign, 'Odile', 'GM');
    await write('odile.yaml', odile.replace('lamplighter', 'chandler'));
    await table.campaign.npcs.addVersion(npc.id, {
      base: npc.version,
      persona: { ...npc.persona, role: 'spy' },
      reason: 'edited',
      by: 'GM',
      follow: false,
    });
    expect(await roster.current(table.campaign, npc)).toMatchObject({ version: 2, persona: { role: 'spy' } });
    await table.campaign.npcs.setStatus(npc.id, 'discarded');
    expect(await roster.current(table.campaign, npc)).toMatchObject({ status: 'discarded' });
  });

  it('are found by the name that their file says now, and are not brought in twice', async () => {
    await write('odile.yaml', odile);
    const npc = await roster.findOrAdopt(table.campaign, 'Odile', 'GM');
    await write('odile.yaml', odile.replace('Odile Crane', 'Ottilie Heron'));
    expect((await roster.look(table.campaign, 'Ottilie Heron')).persona.name).toBe('Ottilie Heron');
    await write('odile.yaml', odile.replace('Odile Crane', 'Ysolde Rook'));
    const found = await roster.findOrAdopt(table.campaign, 'Ysolde', 'GM');
    expect(found).toMatchObject({ id: npc.id, version: 3, persona: { name: 'Ysolde Rook' } });
    expect(await table.campaign.npcs.list()).toHaveLength(1);
  });

  it('are not brought in twice where their file changes in the middle of the search', async () => {
    await write('odile.yaml', odile);
    await roster.findOrAdopt(table.campaign, 'Odile', 'GM');
    class EditedMeanwhile extends PersonaFiles {
      override async list() {
        await write('odile.yaml', odile.replace('Odile Crane', 'Ysolde Rook'));
        return super.list();
      }
    }
    const slower = new Roster({ files: new EditedMeanwhile({ directory }), newId: () => 'second' });
    await expect(slower.findOrAdopt(table.campaign, 'Ysolde', 'GM')).rejects.toThrow(/no NPC called/u);
    expect(await table.campaign.npcs.list()).toHaveLength(1);
  });

  it('stay as they were where their new name is taken, which is a fault of the file', async () => {
    await table.addNpc('Bram');
    await write('odile.yaml', `# of the lamps\n${odile}`);
    await roster.findOrAdopt(table.campaign, 'Odile', 'GM');
    await write('odile.yaml', `# of the lamps\n${odile.replace('Odile Crane', 'Bram')}`);
    const { npcs, personas, faults } = await roster.waiting(table.campaign);
    expect(npcs.map(({ persona }) => persona.name)).toEqual(['Bram', 'Odile Crane']);
    expect(personas).toEqual([]);
    expect(faults).toEqual([
      {
        file: 'odile.yaml',
        line: 2,
        reason: expect.stringMatching(/called Bram: Odile Crane stays as before/u),
      },
    ]);
    await table.campaign.npcs.setStatus('npc-1', 'discarded');
    expect((await roster.find(table.campaign, 'Bram')).id).toBe('from-file-1');
    expect((await roster.waiting(table.campaign)).faults).toEqual([]);
  });

  it('are used without a look at the other files', async () => {
    for (let index = 0; index < 9; index += 1)
      await write(`p${index}.yaml`, odile.replace('Odile', `P${index}`));
    await write('odile.yaml', odile);
    const npc = await roster.findOrAdopt(table.campaign, 'Odile', 'GM');
    const before = files.figures();
    await roster.current(table.campaign, npc);
    expect(files.figures()).toEqual({ ...before, hits: before.hits + 1 });
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

describe('discarded ones', () => {
  it('are found where they are asked for, the living of a name first, then the newest', async () => {
    const { campaign, addNpc } = table;
    const old = await addNpc('Tilda Marsh');
    await campaign.npcs.setStatus(old.id, 'discarded');
    await expect(roster.find(campaign, 'tilda marsh')).rejects.toThrow(
      'Tilda Marsh was discarded. /npc restore npc:Tilda Marsh brings them back.',
    );
    expect((await roster.findAny(campaign, 'tilda')).id).toBe(old.id);
    const living = await addNpc('Tilda Reed');
    expect((await roster.findAny(campaign, 'tilda')).id).toBe(living.id);
    expect((await roster.findAny(campaign, 'Tilda Marsh')).id).toBe(old.id);
    const namesake = await addNpc('tilda marsh');
    expect((await roster.findAny(campaign, 'Tilda Marsh')).id).toBe(namesake.id);
    await expect(roster.findAny(campaign, 'Zoroaster')).rejects.toThrow(/no NPC called/u);
  });
});

describe('names', () => {
  it('complete from whom the option asks for', async () => {
    await write('odile.yaml', odile);
    const kept = await table.addNpc('Tilda');
    await table.addNpc('Bram', {}, 'draft');
    const gone = await table.addNpc('Gone');
    await table.campaign.npcs.setStatus(gone.id, 'discarded');
    const names = (among: 'stage' | 'draft' | 'known' | 'castable' | 'any') =>
      roster.names(table.campaign, among, [kept]);
    expect(await names('stage')).toEqual(['Tilda']);
    expect(await names('draft')).toEqual(['Bram']);
    expect(await names('known')).toEqual(['Bram', 'Tilda']);
    expect(await names('castable')).toEqual(['Bram', 'Tilda', 'Odile Crane']);
    await roster.findOrAdopt(table.campaign, 'Odile', 'GM');
    expect(await names('castable')).toEqual(['Bram', 'Odile Crane', 'Tilda']);
    expect(await names('any')).toEqual(['Bram', 'Gone', 'Odile Crane', 'Tilda']);
  });
});
