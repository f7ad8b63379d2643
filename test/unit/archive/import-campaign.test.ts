import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { undoImport } from '#src/archive/import-campaign.ts';
import type { CampaignArchive } from '#src/core/archive.ts';
import type { CampaignStore } from '#src/core/store.ts';
import { addNpc, newLine, newLore, newNpc } from '../../contract/store-samples.ts';
import { type ArchivePlace, linesIn, openArchivePlace, silent } from '../../support/archives.ts';

let from: ArchivePlace;
let campaign: CampaignStore;
let whole: string;
beforeAll(async () => {
  from = await openArchivePlace();
  campaign = await from.campaign();
  await addNpc(campaign, newNpc('wren'));
  const scene = await campaign.scenes.open('tavern');
  for (let number = 1; number <= 300; number += 1)
    await campaign.lines.append(newLine(`l${number}`, scene.id, { witnesses: ['wren'] }));
  await campaign.lore.put(newLore('Docks', 'The toll is two coppers.'));
  whole = await readFile(await from.exported(campaign.campaignId), 'utf8');
});
afterAll(() => from.remove());

let to: ArchivePlace;
let file: string;
beforeEach(async () => {
  to = await openArchivePlace();
  file = join(to.folder, 'archive.jsonl');
  await writeFile(file, whole);
});
afterEach(() => to.remove());

/** All rows of a database but those of its migrations. */
function rowsOf(place: ArchivePlace): Readonly<Record<string, number>> {
  const database = new DatabaseSync(place.file);
  const tables = database
    .prepare("select name from sqlite_schema where type = 'table' and name not like 'kysely%'")
    .all()
    .map(({ name }) => String(name));
  const counts = tables.map((table) => [
    table,
    Number(database.prepare(`select count(*) as count from ${table}`).get()?.count),
  ]);
  expect(database.prepare('pragma foreign_key_check').all()).toEqual([]);
  database.close();
  return Object.fromEntries(counts);
}

/** Ends it after so many calls of `put`: what comes is as after a crash between two transactions. */
function endingAfter(
  puts: number,
  archive: CampaignArchive,
): { archive: CampaignArchive; signal: AbortSignal } {
  const ending = new AbortController();
  let left = puts;
  return {
    signal: ending.signal,
    archive: {
      ...archive,
      begin: async (key, head) => {
        const writing = await archive.begin(key, head);
        const put = writing.put.bind(writing);
        writing.put = async (records) => {
          await put(records);
          left -= 1;
          if (left === 0) ending.abort();
        };
        return writing;
      },
    },
  };
}

const rewrite = async (change: (text: string) => string | Buffer) =>
  writeFile(file, change(await readFile(file, 'utf8')));

/** Changes records and lets the end tell the truth about them again. */
const forge = (change: (lines: string[]) => string[]) =>
  rewrite((text) => {
    const lines = change(text.trimEnd().split('\n').slice(0, -1));
    const body = lines.map((line) => `${line}\n`).join('');
    const sha256 = createHash('sha256').update(body).digest('hex');
    return `${body}${JSON.stringify({ end: true, records: lines.length - 1, sha256 })}\n`;
  });

const head = (change: (head: Record<string, unknown>) => unknown) =>
  forge(([first = '', ...rest]) => [JSON.stringify(change(JSON.parse(first))), ...rest]);

describe('a file that cannot be used', () => {
  const bad: readonly (readonly [string, () => Promise<void>, RegExp])[] = [
    ['is empty', () => rewrite(() => ''), /it is empty/],
    ['is something else', () => rewrite(() => '{"spec":"chara_card_v3"}\n'), /no archive of a campaign/],
    ['is binary', () => rewrite(() => Buffer.from([0, 255, 254, 10, 200])), /no archive of a campaign/],
    ['is one endless line', () => rewrite(() => '['.repeat(17_000_000)), /no archive of a campaign/],
    ['is of a newer version', () => head((own) => ({ ...own, version: 99 })), /newer version .*format 99/],
    ['lacks its end', () => rewrite((text) => text.slice(0, text.lastIndexOf('{'))), /cut off/],
    ['is cut in a line', () => rewrite((text) => text.slice(0, 9_000)), /cut off/],
    ['is cut before its last newline', () => rewrite((text) => text.slice(0, -1)), /cut off/],
    ['goes on after its end', () => rewrite((text) => `${text}{}\n`), /goes on after its end/],
    [
      'has a changed word',
      () => rewrite((text) => text.replace('What l7 says', 'What l7 sang')),
      /has been changed/,
    ],
    ['lacks a record', () => rewrite((text) => text.replace(/\{"is":"line".*\n/, '')), /has been changed/],
    [
      'counts wrongly',
      () => head((own) => ({ ...own, counts: { ...Object(own.counts), line: 1 } })),
      /been changed/,
    ],
    [
      'has an unknown kind',
      () => forge((all) => [...all, '{"is":"dragon"}']),
      /line \d+ the record is of no known kind/,
    ],
    [
      'has what is no record',
      () => forge((all) => [...all, '[1]']),
      /line \d+ the record cannot be used: it is no JSON object\./,
    ],
    ['has what is no JSON', () => forge((all) => [...all, 'nonsense']), /line \d+ the record cannot be used/],
    [
      'has a record out of place',
      () => forge((all) => [...all, '{"is":"played date","date":1}']),
      /not in its place/,
    ],
    [
      'has a column too many',
      () =>
        forge((all) => all.map((line) => line.replace('{"is":"scene"', '{"is":"scene","campaign_id":"x"'))),
      /the scene cannot be used/,
    ],
    [
      'has a wrong value',
      () => forge((all) => all.map((line) => line.replace('"state":"said"', '"state":"speaking"'))),
      /the line cannot be used: its field “state” must be said or stopped or cut or failed or retracted/,
    ],
    [
      'has a sheet that is none',
      () => forge((all) => all.map((line) => line.replace('"goals":[]', '"goals":7'))),
      /must be a sheet/,
    ],
    [
      'has settings that are none',
      () => head((own) => ({ ...own, campaign: { ...Object(own.campaign), settings: [] } })),
      /must be settings/,
    ],
  ];

  it.each(bad)('%s: it is refused before anything changes', async (_, spoil, why) => {
    const before = rowsOf(to);
    await spoil();
    await expect(to.imported(file)).rejects.toThrow(why);
    expect(rowsOf(to)).toEqual(before);
  });

  it.each([
    ['names what is not there', (line: string) => line.replace('"npc_id":"wren"', '"npc_id":"nobody"')],
    ['repeats what is there', (line: string) => line.replace('"seq":9,', '"seq":8,')],
  ])('%s: what was written of it is taken back', async (_, spoil) => {
    const before = rowsOf(to);
    await forge((lines) => lines.map((line) => (line.startsWith('{"is":"witness"') ? spoil(line) : line)));
    await expect(to.imported(file)).rejects.toThrow(/names what is not there, or is there twice/);
    expect(rowsOf(to)).toEqual({ ...before, search_outbox: rowsOf(to).search_outbox });
  });

  it('does not show in the refusal what it says', async () => {
    await forge((all) => all.map((line) => line.replace('"state":"said"', '"state":"a secret"')));
    await expect(to.imported(file)).rejects.not.toThrow(/a secret/);
  });
});

describe('an import that is broken off', () => {
  it.each([1, 2])('goes on where it was after %d batches, and ends in the same state', async (puts) => {
    expect(await to.imported(file, endingAfter(puts, to.archive))).toBeUndefined();
    expect((await to.archive.campaigns()).map(({ name }) => name)).toEqual([]);
    const done = await to.imported(file);
    expect(done?.foundWritten).toBe(250 * puts);
    const again = await to.exported(campaign.campaignId);
    expect(await linesIn(again)).toEqual(await linesIn(file));
    await expect(to.imported(file)).rejects.toThrow('perhaps this file was imported before');
  });

  it('is out of reach until it has ended, and no search or rest looks at it', async () => {
    await to.imported(file, endingAfter(2, to.archive));
    expect(await to.store.unrested()).toEqual([]);
    expect(await to.store.recoverLines()).toEqual([]);
    expect((await to.campaign()).campaignId).not.toBe(campaign.campaignId);
  });

  it('can be taken back', async () => {
    const before = rowsOf(to);
    await to.imported(file, endingAfter(2, to.archive));
    const signal = new AbortController().signal;
    const options = {
      archive: to.archive,
      file,
      as: undefined,
      workspace: undefined,
      withPeople: false,
      progress: silent,
      signal,
    };
    expect(await undoImport(options)).toBe(500);
    expect(rowsOf(to)).toEqual(before);
    expect(await undoImport(options)).toBe(0);
    expect(rowsOf(to)).toEqual(before);
  });

  it('is not written by two processes at once', async () => {
    const { head: first, records } = await from.archive.read(campaign.campaignId, async (snapshot) => {
      const all = await Array.fromAsync(snapshot.records());
      return { head: snapshot.head, records: all };
    });
    const [one, other] = [await to.archive.begin('key', first), await to.archive.begin('key', first)];
    await one.put(records[0] ?? []);
    await expect(other.put(records[0] ?? [])).rejects.toThrow('Another process imports this file too');
    await expect(other.finish({ workspace: first.workspace, name: 'x', withPeople: false })).rejects.toThrow(
      'Another process',
    );
    await one.undo();
    await expect(other.undo()).rejects.toThrow('Another process');
  });
});

describe('where a campaign is imported to', () => {
  it('takes the place of an empty one of its name, with its channels', async () => {
    const empty = await to.campaign();
    const workspace = await to.store.openWorkspace({
      platform: 'discord',
      platformId: 'docks',
      name: 'Salt Docks',
    });
    await to.store.bindChannel(workspace.id, 'cellar', empty.campaignId);
    await empty.characters.set('p1', 'Mira');
    expect(await to.imported(file)).toMatchObject({ isDefault: true });
    expect((await to.store.campaigns(workspace.id)).map(({ id }) => id)).toEqual([campaign.campaignId]);
    expect((await to.store.campaignOf(workspace.id, 'cellar')).id).toBe(campaign.campaignId);
  });

  it('is never a campaign that has something in it', async () => {
    await addNpc(await to.campaign(), newNpc('hroon'));
    await expect(to.imported(file)).rejects.toThrow('has a campaign called “Main” already');
    const done = await to.imported(file, { as: 'The Docks' });
    expect(done).toMatchObject({ isDefault: false, target: { name: 'The Docks' } });
    const names = (await to.archive.campaigns()).map(({ name }) => name);
    expect(names).toEqual(['Main', 'The Docks']);
  });

  it('can be the database it comes from, under another id', async () => {
    await from.imported(file, { as: 'Copy' });
    const copy = (await from.archive.campaigns()).find(({ name }) => name === 'Copy');
    expect(copy?.id).not.toBe(campaign.campaignId);
    const lines = await linesIn(await from.exported(copy?.id ?? '', 'copy.jsonl'));
    expect(lines.slice(1)).toEqual((await linesIn(file)).slice(1));
    // What is said in one is not said in the other.
    const own = from.store.campaign(copy?.id ?? '');
    await own.lines.revise('l1', 'Otherwise.');
    expect((await campaign.lines.byId('l1'))?.text).toBe('What l1 says.');
  });

  it('leaves behind what names people and channels, unless it is asked for in the same workspace', async () => {
    const gms = [{ kind: 'person', id: 'p9', name: 'Gale' }] as const;
    const gmRoom = {
      platform: 'discord',
      workspace: { platformId: 'docks', name: 'D' },
      channelId: 'g',
    } as const;
    await campaign.changeSettings({ gms, gmRoom, proxies: true });
    await campaign.characters.set('p1', 'Mira');
    await campaign.lines.addPost('l1', 'm1');
    const workspace = await from.store.openWorkspace({
      platform: 'discord',
      platformId: 'docks',
      name: 'Salt Docks',
    });
    await from.store.bindChannel(workspace.id, 'cellar', campaign.campaignId);
    const own = await from.exported(campaign.campaignId, 'own.jsonl');

    await to.campaign(undefined, 'elsewhere');
    const moved = await to.imported(own, { workspace: 'elsewhere', as: 'Moved' });
    expect(moved?.withPeople).toBe(false);
    const elsewhere = to.store.campaign(campaign.campaignId);
    expect(await elsewhere.settings()).toMatchObject({ gms: [], gmRoom: undefined, proxies: true });
    expect(await elsewhere.characters.of('p1')).toBeUndefined();
    expect(await elsewhere.lines.byPost('tavern', 'm1')).toBeUndefined();

    await expect(to.imported(own, { workspace: 'elsewhere', as: 'Led', withPeople: true })).rejects.toThrow(
      'Import it without --with-people',
    );

    // Whoever made the file is no game master here by that alone.
    const there = await to.store.openWorkspace({
      platform: 'discord',
      platformId: 'docks',
      name: 'Salt Docks',
    });
    await to.imported(own, { as: 'Unled' });
    const unled = (await to.archive.campaigns()).find(({ name }) => name === 'Unled');
    expect(await to.store.campaign(unled?.id ?? '').settings()).toMatchObject({ gms: [], gmRoom: undefined });
    // Nobody's game is taken over: the default campaign is played in a channel that is bound to none.
    const playing = await to.store.campaignOf(there.id, 'attic');
    await to.store.campaign(playing.id).scenes.open('attic');
    await from.store.bindChannel(workspace.id, 'attic', campaign.campaignId);
    const bound = await from.exported(campaign.campaignId, 'bound.jsonl');
    await to.imported(bound, { as: 'Led', withPeople: true });
    expect((await to.store.campaignOf(there.id, 'attic')).id).toBe(playing.id);
    const same = (await to.archive.campaigns()).find(({ name }) => name === 'Led');
    const kept = to.store.campaign(same?.id ?? '');
    expect(await kept.settings()).toMatchObject({ gms, gmRoom, proxies: true });
    expect(await kept.characters.of('p1')).toBe('Mira');
    expect(await kept.lines.byPost('tavern', 'm1')).toMatchObject({ id: 'l1' });
    expect((await to.store.campaignOf(same?.workspace.id ?? '', 'cellar')).id).toBe(same?.id);
  });
});

describe('a file that somebody changed', () => {
  type Changing = (record: Record<string, unknown>) => void;
  /** Its fingerprint is right again. */
  const signed = async (lines: readonly string[]) => {
    const text = lines.map((line) => `${line}\n`).join('');
    const end = JSON.parse(whole.trimEnd().split('\n').at(-1) ?? '');
    const sha256 = createHash('sha256').update(text).digest('hex');
    const out = join(to.folder, 'changed.jsonl');
    await writeFile(out, `${text}${JSON.stringify({ ...end, sha256, records: lines.length - 1 })}\n`);
    return out;
  };
  const changing =
    (kind: string, change: Readonly<Record<string, unknown>>): Changing =>
    (record) => {
      if (record.is === kind) Object.assign(record, change);
    };
  /** What the search is told of what came and went is no truth. */
  const truthOf = (place: ArchivePlace) => ({ ...rowsOf(place), search_outbox: 0 });
  const linesOf = (text: string) => text.trimEnd().split('\n').slice(0, -1);
  const changedBy = (change: Changing, text = whole) =>
    signed(
      linesOf(text).map((line) => {
        const record = JSON.parse(line);
        change(record);
        return JSON.stringify(record);
      }),
    );

  type Change = Readonly<Record<string, unknown>>;
  it.each<[string, string, Change, string]>([
    ['an id that stands for everybody', 'npc', { id: '' }, 'cannot be used'],
    ['an id with a line end', 'npc', { id: 'wren\n' }, 'cannot be used'],
    ['a line out of character that was heard', 'line', { kind: 'ooc' }, 'out of character'],
    ['fewer lines than there are', 'scene', { line_count: 0 }, 'not counted right'],
    ['more lines than can be', 'scene', { line_count: 2 ** 40 }, 'not counted right'],
    ['an NPC without its sheet', 'npc', { version: 99 }, 'has no sheet'],
    ['a time beyond time', 'line', { created_at_ms: 2 ** 50 }, 'cannot be used'],
  ])('is refused with %s, and nothing stays', async (_, kind, change, why) => {
    const before = truthOf(to);
    await expect(to.imported(await changedBy(changing(kind, change)))).rejects.toThrow(why);
    expect(truthOf(to)).toEqual(before);
  });

  it('is refused where it is nested without end', async () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const lines = linesOf(whole).map((line) =>
      line.includes('"is":"npc"') ? line.replace(/"aliases":\[[^\]]*\]/u, `"aliases":${deep}`) : line,
    );
    const out = await signed(lines);
    await expect(to.imported(out)).rejects.toThrow(/nested too deeply|cannot be read/u);
  });

  it('is refused where somebody remembers what they did not hear', async () => {
    const other = await from.campaign('Other');
    await addNpc(other, newNpc('oda'));
    const scene = await other.scenes.open('tavern');
    await other.lines.append(newLine('l1', scene.id, { witnesses: [] }));
    await other.memories.tell('oda', {
      ...{ id: 'deal', text: 'A deal.', importance: 1, isPinned: false, by: 'Gale', inPlaceOf: undefined },
    });
    const told = await readFile(await from.exported(other.campaignId, 'told.jsonl'), 'utf8');
    const out = await changedBy((r) => {
      changing('memory', { kind: 'summary' })(r);
      changing('source', { kind: 'line', source_id: 'l1' })(r);
    }, told);
    const before = truthOf(to);
    await expect(to.imported(out)).rejects.toThrow('remembers what it did not hear');
    expect(truthOf(to)).toEqual(before);
  });

  it('makes no NPC follow a file of this machine', async () => {
    const out = await changedBy(changing('npc', { source_file: '../private.yaml' }));
    await to.imported(out);
    expect((await to.store.campaign(campaign.campaignId).npcs.byId('wren'))?.sourceFile).toBeUndefined();
  });
});

it('what is being spoken is archived as it stands', async () => {
  const scene = await campaign.scenes.open('tavern');
  const npc = { kind: 'npc', id: 'wren', name: 'Wren' } as const;
  for (const text of ['Half a', ''])
    await campaign.lines.append(
      newLine(`spoken ${text}`, scene.id, { text, state: 'speaking', speaker: npc }),
    );
  await to.imported(await from.exported(campaign.campaignId, 'speaking.jsonl'));
  const moved = to.store.campaign(campaign.campaignId);
  expect((await moved.lines.byId('spoken Half a'))?.state).toBe('cut');
  expect((await moved.lines.byId('spoken '))?.state).toBe('failed');
  expect((await campaign.lines.byId('spoken Half a'))?.state).toBe('speaking');
});

it('the search is told of all that can be found, once it is there', async () => {
  await campaign.memories.pin('wren', 'l3', true);
  await campaign.memories.tell('wren', {
    ...{ id: 'deal', text: 'A deal.', importance: 1, isPinned: false, by: 'Gale', inPlaceOf: undefined },
  });
  await to.imported(await from.exported(campaign.campaignId, 'pinned.jsonl'));
  const due = await to.store.searchOutbox.due({ limit: 100 });
  expect(due.map(({ key, entry }) => [key.kind, entry?.readers.length]).toSorted()).toEqual([
    ['line', 1],
    ['memory', 1],
    ['passage', 1],
  ]);
});
