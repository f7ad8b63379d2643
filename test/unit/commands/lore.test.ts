import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HandedFile } from '#src/core/documents.ts';
import { frontOf, player } from '../../support/front.ts';
import { ScriptedModel } from '../../support/scripted-model.ts';
import { openTable, type Table } from '../../support/table.ts';

let table: Table;
let desk: ReturnType<typeof frontOf>;

beforeEach(async () => {
  table = await openTable();
  desk = frontOf(table, { model: new ScriptedModel([]) });
});
afterEach(async () => {
  expect(desk.faults).toEqual([]);
  await table.close();
});

const TOLL = {
  title: 'The toll',
  text: 'Every barrel over the salt docks pays two coppers. Hroon keeps the tally.',
};
const add = (given: Readonly<Record<string, string>>, file?: HandedFile) =>
  desk.run('lore add', given, undefined, file === undefined ? undefined : new Map([['file', file]]));

function fileOf(name: string, content: string): HandedFile {
  const bytes = new TextEncoder().encode(content);
  return { name, sizeInBytes: bytes.byteLength, read: async () => bytes };
}

describe('/lore', () => {
  it('is added, listed, shown, found and removed', async () => {
    expect(await desk.run('lore list')).toContain('There is no lore yet');
    expect(await add(TOLL)).toBe('The toll is added: 1 passage. Every NPC may know it.');
    expect(await desk.run('lore list')).toMatch(/The toll \| everyone \| 1 \| /u);
    expect(await desk.run('lore show', { title: 'the TOLL' })).toContain('Every barrel over the salt docks');
    expect(await desk.run('lore search', { query: 'who keeps the tally?' })).toMatch(
      /The toll: Every barrel.*score 1\.00 · words: keeps, tally/su,
    );
    expect(await desk.run('lore search', { query: 'dragons' })).toContain('nothing of the kind');
    expect(await desk.run('lore remove', { title: 'The toll' })).toContain('The toll is gone');
    expect(await desk.run('lore search', { query: 'tally' })).toContain('nothing of the kind');
  });

  it('is changed by the same title, passage by passage', async () => {
    await add({ title: 'World', text: '# One\nThe first.\n# Two\nThe second.' });
    expect(await add({ title: 'world', text: '# One\nThe first.\n# Three\nThe third.' })).toBe(
      'world is changed: 1 passage new, 1 as before, 1 gone. Every NPC may still know it.',
    );
  });

  it('is for everyone, for some NPCs, or for the game master alone', async () => {
    await table.addNpc('Hroon');
    await table.addNpc('Tilda');
    expect(await add({ ...TOLL, npcs: 'hroon' })).toContain('Only Hroon may know it.');
    expect(await desk.run('lore search', { query: 'tally', npc: 'Hroon' })).toContain('What Hroon may know');
    expect(await desk.run('lore search', { query: 'tally', npc: 'Tilda' })).toContain(
      'Tilda may know says nothing',
    );
    expect(await add({ ...TOLL, known: 'gm' })).toContain('No NPC knows it');
    expect(await desk.run('lore search', { query: 'tally', npc: 'Hroon' })).toContain('nothing of the kind');
    expect(await desk.run('lore search', { query: 'tally' })).toContain('two coppers');
    expect(await add({ ...TOLL, npcs: 'Nobody Here' })).toContain('no NPC called');
    expect(await add({ ...TOLL, npcs: 'Hroon', known: 'gm' })).toContain('not both');
    expect(await add({ ...TOLL, npcs: ' , ' })).toContain('Name 1 to 40 NPCs');
  });

  it('stays as secret as it was when its text is changed', async () => {
    await table.addNpc('Hroon');
    await table.addNpc('Tilda');
    const change = (text: string, more: Readonly<Record<string, string>> = {}) =>
      add({ title: 'passwords', text, ...more });
    await change('It is sprat.', { known: 'gm' });
    expect(await change('It is herring.')).toContain('No NPC knows it: it is still for you alone.');
    expect(await desk.run('lore search', { query: 'herring', npc: 'Hroon' })).toContain('says nothing');
    expect(await desk.run('lore list')).toMatch(/passwords \| GM only/u);
    const file = fileOf('Passwords.md', 'It is cod.');
    expect(await add({ file: 'Passwords.md' }, file)).toContain('still for you alone');

    expect(await change('It is pike.', { npcs: 'Hroon' })).toContain(' Only Hroon may know it.');
    expect(await change('It is trout.')).toContain('Still only Hroon may know it.');
    expect(await desk.run('lore search', { query: 'trout', npc: 'Tilda' })).toContain('says nothing');

    expect(await change('It is trout.', { known: 'everyone' })).toContain('Every NPC may know it.');
    expect(await desk.run('lore search', { query: 'trout', npc: 'Tilda' })).toContain('It is trout.');
  });

  it.each(['../town.md', 'granary.PDF', './notes of the docks.txt', 'C:\\notes of mine.json'])(
    'is not a file’s name: %s',
    async (text) => {
      expect(await add({ text })).toContain(`That looks like a file: /lore add file:${text}`);
      expect(await desk.run('lore list')).toContain('There is no lore yet');
    },
  );

  it.each([
    ['A rule without a title. It goes on for a while.', 'A rule without a title'],
    ['Ask Mr. Hroon for it. He has town.md', 'Ask Mr. Hroon for it'],
    ['# The toll\nIs paid by whoever crosses.', 'The toll'],
    ['The toll is paid by whoever crosses', 'The toll is paid by whoever'],
    ['… and so it began.', '… and so it began'],
  ])('without a title is called by its first sentence: %s', async (text, title) => {
    expect(await add({ text })).toContain(`${title} is added`);
  });

  it('comes out of files', async () => {
    expect(
      await add({ file: 'The_salt_docks.md' }, fileOf('The_salt_docks.md', '# Toll\nTwo coppers.')),
    ).toContain('The salt docks is added: 1 passage');
    const book = JSON.stringify({
      name: 'Book',
      entries: [{ keys: ['tunnel', '/x/'], content: 'It floods.' }],
    });
    const told = await add({ file: 'b.json' }, fileOf('b.json', book));
    expect(told).toContain('Book is added: 1 passage.');
    expect(told).toContain('1 key is a pattern');
    expect(await desk.run('lore show', { title: 'Book' })).toContain('(comes up only at: tunnel)');
    expect(await desk.run('lore search', { query: 'is there a tunnel?' })).toContain('called by: tunnel');
    expect(await add({ file: 'a.txt', text: 'b' }, fileOf('a.txt', 'a'))).toContain('not both');
    expect(await add({})).toContain('Give the text, or hand in a file');
    expect(await add({ file: 'a.txt' })).toContain('No file came with the command');
    expect(await add({ file: 'a.bin' }, fileOf('a.bin', '\u0000'))).toContain('no text, Markdown, PDF');
  });

  it('with keys is found by the game master by what it says, and marked', async () => {
    await table.addNpc('Hroon');
    const entry = {
      keys: ['tunnel'],
      secondary_keys: ['sea', 'tide'],
      selective: true,
      content: 'It floods.',
    };
    const book = JSON.stringify({ name: 'Book', entries: [entry] });
    await add({ file: 'b.json' }, fileOf('b.json', book));
    expect(await desk.run('lore search', { query: 'what floods?' })).toContain(
      'words: floods · comes up only at: tunnel, beside sea or tide',
    );
    expect(await desk.run('lore search', { query: 'what floods?', npc: 'Hroon' })).toContain(
      'nothing of the kind',
    );
    expect(await desk.run('lore show', { title: 'Book' })).toContain(
      '(comes up only at: tunnel, beside sea or tide)',
    );
  });

  it('warns of headings that say whom their text is for', async () => {
    await table.addNpc('Hroon');
    const text = '# Town\nIt is old.\n## GM only\nThe mayor is a wererat.\n# Spoilers\n## Act 1\nHe dies.';
    const told = await add({ title: 'Town', text });
    expect(told).toContain(
      '2 passages are headed “GM only”, “Spoilers”, and every NPC may know them: give what is for you alone its own document, with known:gm.',
    );
    expect(await add({ title: 'Town', text: '# DM notes\nHe dies.', npcs: 'Hroon' })).toContain(
      '1 passage is headed “DM notes”, and these NPCs may know it:',
    );
    expect(await add({ title: 'Town', text, known: 'gm' })).not.toContain('headed');
    expect(await add({ title: 'Docks', text: '# The secretary\nShe writes.' })).not.toContain('headed');
  });

  it('is for those who wait in the personas folder, who come into the campaign and not on stage', async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'lore-'));
    try {
      await writeFile(path.join(directory, 'kettle.yaml'), 'name: Kettle Marsh\nrole: ferrywoman\n');
      desk = frontOf(table, { model: new ScriptedModel([]), personasDirectory: directory });
      await table.addNpc('Hroon');
      expect(await add({ ...TOLL, npcs: 'Kettle, Nobody' })).toContain('no NPC called');
      expect(await table.campaign.npcs.list(['draft', 'kept'])).toHaveLength(1);
      expect(await add({ ...TOLL, npcs: 'Hroon, Kettle, Kettle Marsh, hroon' })).toBe(
        'The toll is added: 1 passage. Only Hroon, Kettle Marsh may know it.\nKettle Marsh is in this campaign now, and not on stage.',
      );
      expect((await table.campaign.npcs.list(['kept'])).map(({ persona }) => persona.name)).toContain(
        'Kettle Marsh',
      );
      expect(await desk.run('lore search', { query: 'tally', npc: 'Kettle' })).toContain('two coppers');
      expect(await add({ ...TOLL, npcs: 'Kettle' })).not.toContain('is in this campaign now');
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it('is not found by a heading, but says where that is', async () => {
    await add({ title: 'town', text: '# Greywater Crossing\nIt is old.\n## The market\nEels.' });
    for (const title of ['greywater crossing', 'The Market'])
      expect(await desk.run('lore show', { title })).toContain('that is a heading in town. /lore show town');
    expect(table.stage.notices.at(-1)?.notice.actions).toMatchObject([
      { command: 'lore show', options: { title: 'town' } },
    ]);
  });

  it('is shown page by page', async () => {
    const text = Array.from({ length: 11 }, (_, at) => `# Part ${at + 1}\nText ${at + 1}.`).join('\n');
    await add({ title: 'Long', text });
    const first = await desk.run('lore show', { title: 'Long' });
    expect(first).toContain('Passages 1 to 8 of 11.');
    expect(first).toContain('Part 8: Text 8.');
    expect(table.stage.notices.at(-1)?.notice.actions).toMatchObject([
      { options: { title: 'Long', from: '9' } },
    ]);
    expect(await desk.run('lore show', { title: 'Long', from: '9' })).toContain('Passages 9 to 11 of 11.');
    expect(table.stage.notices.at(-1)?.notice.actions).toEqual([]);
    expect(await desk.run('lore show', { title: 'Long', from: '99' })).toContain('There is no such passage.');
    expect(await desk.run('lore show', { title: 'Lang' })).toContain('Did you mean Long?');
    await add({ title: 'Bell lore', text: 'It rings.' });
    expect(await desk.run('lore show', { title: 'Nope' })).toContain('/lore list shows what there is');
    expect(await desk.run('lore show', { title: 'Bel' })).toContain('Did you mean Bell lore?');
  });

  it('is bounded', async () => {
    for (let at = 0; at < 200; at += 1)
      await table.campaign.lore.put({
        ...{ title: `Document ${at}`, audience: { kind: 'everyone' }, sizeInCharacters: 0, by: 'GM' },
        passages: [{ heading: '', text: 'x', keys: [], secondaryKeys: [] }],
      });
    expect(await add(TOLL)).toContain('200 documents, which is the most');
    expect(await add({ title: 'Document 7', text: 'y' })).toContain('Document 7 is changed');
  });

  it('is for the game master', async () => {
    for (const command of ['lore add', 'lore list', 'lore show', 'lore search', 'lore remove'])
      expect(await desk.run(command, {}, player)).toContain('is for the game master');
  });
});
