import { mkdir, mkdtemp, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PersonaFiles } from '#src/persona/persona-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-personas-'));
});
afterEach(() => rm(folder, { recursive: true }));

const write = (file: string, content: string | Uint8Array) => writeFile(join(folder, file), content);

async function names(files: PersonaFiles): Promise<string[]> {
  return (await files.list()).personas.map(({ persona }) => persona.name);
}

describe('PersonaFiles', () => {
  it('reads every YAML file of the folder, by file name, and nothing else', async () => {
    await write('b.yaml', 'name: Bo\nrole: cook');
    await write('a.YML', 'name: Ada\nrole: ferrier');
    await write('.a.yaml', 'name: Hidden\nrole: swap file');
    await write('notes.txt', 'name: Notes');
    const { personas, faults } = await new PersonaFiles({ directory: folder }).list();
    expect(personas.map(({ file, persona }) => [file, persona.name])).toEqual([
      ['a.YML', 'Ada'],
      ['b.yaml', 'Bo'],
    ]);
    expect(faults).toEqual([]);
  });

  it('reads one file without a look at the others', async () => {
    for (let index = 0; index < 5; index += 1) await write(`p${index}.yaml`, `name: P${index}\nrole: extra`);
    await write('broken.yaml', 'name: [');
    const files = new PersonaFiles({ directory: folder, cacheSize: 2 });
    expect(await files.one('p3.yaml')).toMatchObject({ file: 'p3.yaml', persona: { name: 'P3' } });
    expect(await files.one('p3.yaml')).toMatchObject({ nameLine: 1 });
    expect(files.figures()).toEqual({ hits: 1, misses: 1, entries: 1 });
    expect(await files.one('broken.yaml')).toBeUndefined();
    expect(await files.one('gone.yaml')).toBeUndefined();
  });

  it('reads a file once, until it changes', async () => {
    await write('a.yaml', 'name: Ada\nrole: ferrier');
    const files = new PersonaFiles({ directory: folder });
    await files.list();
    await files.list();
    expect(files.figures()).toEqual({ hits: 1, misses: 1, entries: 1 });

    await write('a.yaml', 'name: Ada\nrole: baker of bread');
    const [edited] = (await files.list()).personas;
    expect(edited?.persona.role).toBe('baker of bread');
    expect(files.figures()).toEqual({ hits: 1, misses: 2, entries: 1 });
  });

  it('sees an edit that leaves the size as it was', async () => {
    await write('a.yaml', 'name: Ada\nrole: cook');
    await utimes(join(folder, 'a.yaml'), 1000, 1000);
    const files = new PersonaFiles({ directory: folder });
    await files.list();
    await write('a.yaml', 'name: Bea\nrole: cook');
    await utimes(join(folder, 'a.yaml'), 2000, 2000);
    expect(await names(files)).toEqual(['Bea']);
  });

  it('forgets a deleted file, and finds a new and a renamed one', async () => {
    await write('a.yaml', 'name: Ada\nrole: ferrier');
    const files = new PersonaFiles({ directory: folder });
    await files.list();
    await rename(join(folder, 'a.yaml'), join(folder, 'c.yaml'));
    await write('b.yaml', 'name: Bo\nrole: cook');
    expect(await names(files)).toEqual(['Bo', 'Ada']);
    expect(files.figures().entries).toBe(2);
    await rm(join(folder, 'c.yaml'));
    expect(await names(files)).toEqual(['Bo']);
    expect(files.figures().entries).toBe(1);
  });

  it('keeps no more readings than it may, and still lists all', async () => {
    for (let index = 0; index < 7; index += 1) await write(`p${index}.yaml`, `name: P${index}\nrole: extra`);
    const files = new PersonaFiles({ directory: folder, cacheSize: 3 });
    expect(await names(files)).toHaveLength(7);
    expect(await names(files)).toHaveLength(7);
    expect(files.figures().entries).toBe(3);
  });

  it('names a half-written file with line and reason while the others load', async () => {
    await write('a.yaml', 'name: Ada\nrole: ferrier');
    await write('b.yaml', 'name: Bo\nrole: cook\nvoice: "never closed\n');
    const files = new PersonaFiles({ directory: folder });
    for (const _ of ['read', 'cached']) {
      const { personas, faults } = await files.list();
      expect(personas.map(({ persona }) => persona.name)).toEqual(['Ada']);
      expect(faults).toEqual([
        { file: 'b.yaml', line: 4, reason: 'The YAML is broken here: Missing closing "quote.' },
      ]);
    }
    await write('b.yaml', 'name: Bo\nrole: cook\nvoice: "closed"\n');
    expect(await names(files)).toEqual(['Ada', 'Bo']);
  });

  it('takes the second file of a name as a fault at its name', async () => {
    await write('a.yaml', 'name: Ada\nrole: ferrier');
    await write('b.yaml', '# another\nrole: cook\nname: ADA');
    const { personas, faults } = await new PersonaFiles({ directory: folder }).list();
    expect(personas.map(({ file }) => file)).toEqual(['a.yaml']);
    expect(faults).toEqual([
      {
        file: 'b.yaml',
        line: 3,
        reason: 'The name "ADA" is already that of a.yaml: give one of them another name.',
      },
    ]);
  });

  it('refuses links and folders without following them', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'dramatis-outside-'));
    try {
      await writeFile(join(outside, 'secret.yaml'), 'name: Outside\nrole: secret');
      await symlink(join(outside, 'secret.yaml'), join(folder, 'link.yaml'));
      await mkdir(join(folder, 'folder.yaml'));
      const { personas, faults } = await new PersonaFiles({ directory: folder }).list();
      expect(personas).toEqual([]);
      expect(faults.map(({ file, reason }) => [file, reason.slice(0, 24)])).toEqual([
        ['folder.yaml', 'This is no plain file (a'],
        ['link.yaml', 'This is no plain file (a'],
      ]);
    } finally {
      await rm(outside, { recursive: true });
    }
  });

  it('refuses a file that is too large, and one that is no text', async () => {
    await write('large.yaml', `name: Ada\nrole: x\ncreator_notes: ${'x'.repeat(256 * 1024)}`);
    await write('latin.yaml', Uint8Array.from([0x6e, 0xe4, 0x68]));
    const { faults } = await new PersonaFiles({ directory: folder }).list();
    expect(faults.map(({ file, line, reason }) => [file, line, reason])).toEqual([
      ['large.yaml', 1, 'The file is larger than 256 KiB: a persona is a page or two.'],
      ['latin.yaml', 1, 'The file is not UTF-8 text: save it as UTF-8.'],
    ]);
  });

  it('says so where there is no folder', async () => {
    const { personas, faults } = await new PersonaFiles({ directory: join(folder, 'nowhere') }).list();
    expect(personas).toEqual([]);
    expect(faults).toEqual([
      { file: 'nowhere', line: 1, reason: 'The folder of personas cannot be read (ENOENT).' },
    ]);
  });
});
