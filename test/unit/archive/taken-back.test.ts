import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { exportCampaign, totalOf } from '#src/archive/export-campaign.ts';
import { type ImportOptions, undoImport } from '#src/archive/import-campaign.ts';
import type { ArchiveHead, ArchiveRecord, CampaignWriting } from '#src/core/archive.ts';
import { Refusal } from '#src/core/errors.ts';
import type { CampaignStore } from '#src/core/store.ts';
import { addNpc, newLine, newNpc } from '../../contract/store-samples.ts';
import { type ArchivePlace, linesIn, openArchivePlace, silent } from '../../support/archives.ts';

const LINES = 300;

let from: ArchivePlace;
let campaign: CampaignStore;
let whole: string;
let head: ArchiveHead;
let pages: readonly (readonly ArchiveRecord[])[];
beforeAll(async () => {
  from = await openArchivePlace();
  campaign = await from.campaign();
  await addNpc(campaign, newNpc('wren'));
  const scene = await campaign.scenes.open('tavern');
  for (let number = 1; number <= LINES; number += 1)
    await campaign.lines.append(newLine(`l${number}`, scene.id, { witnesses: ['wren'] }));
  whole = await readFile(await from.exported(campaign.campaignId), 'utf8');
  [head, pages] = await from.archive.read(campaign.campaignId, async (snapshot) => {
    const records = await Array.fromAsync(snapshot.records());
    return [snapshot.head, records];
  });
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

const options = (change: Partial<ImportOptions> = {}): ImportOptions => ({
  ...{ archive: to.archive, file, as: undefined, workspace: undefined, withPeople: false, progress: silent },
  signal: new AbortController().signal,
  ...change,
});

function inDatabase<T>(work: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(to.file, { timeout: 1_000 });
  try {
    return work(database);
  } finally {
    database.close();
  }
}

const rows = (table: 'lines' | 'line_witnesses') =>
  inDatabase((database) => Number(database.prepare(`select count(*) as n from ${table}`).get()?.n));

/** All is written, and not handed over. */
async function written(): Promise<CampaignWriting> {
  const writing = await to.archive.begin('key', head);
  for (const page of pages) await writing.put(page);
  return writing;
}

/** Ends an import of the file as a crash does when all its records are there. */
const unfinished = async () => {
  const archive = {
    ...to.archive,
    begin: async (key: string, own: ArchiveHead) => {
      const writing = await to.archive.begin(key, own);
      writing.finish = () => Promise.reject(new Error('killed'));
      return writing;
    },
  };
  await expect(to.imported(file, { archive })).rejects.toThrow('killed');
};

/** Ends an undo as a Ctrl-C does when some of its rows are gone. */
const halfUndone = async () => {
  await unfinished();
  const ending = new AbortController();
  const undone = undoImport(options({ signal: ending.signal }));
  while (rows('line_witnesses') > 0) await turn();
  ending.abort();
  expect(await undone).toBeUndefined();
  expect(rows('lines')).toBe(LINES);
};

describe('an import that is taken back', () => {
  it('is told to end half-way, and the next import of it begins anew', async () => {
    await halfUndone();
    expect(await to.archive.begun()).toMatchObject([{ isUndone: true }]);
    expect(await to.imported(file)).toMatchObject({ foundWritten: 0 });
    expect(await linesIn(await to.exported(campaign.campaignId))).toEqual(await linesIn(file));
  });

  it('is told to end half-way, and the same again goes on', async () => {
    await halfUndone();
    expect(await undoImport(options())).toBe(totalOf(head));
    expect(rows('lines')).toBe(0);
    expect(await to.archive.begun()).toEqual([]);
    expect(await undoImport(options())).toBe(0);
  });

  it('is not gone on with by another process', async () => {
    const [ending, one] = [new AbortController(), await written()];
    const other = await to.archive.begin('key', head);
    ending.abort();
    expect(await one.undo(ending.signal)).toBe(false);
    await expect(other.put([])).rejects.toThrow('takes it back with --undo');
    const target = { workspace: head.workspace, name: 'x', withPeople: false };
    await expect(other.finish(target)).rejects.toThrow('takes it back with --undo');
  });

  it('is not taken back under another process that goes on with it', async () => {
    const [late, one] = [await to.archive.begin('key', head), await written()];
    await expect(late.undo()).rejects.toThrow('Another process imports this file too');
    expect(rows('lines')).toBe(LINES);
    await one.finish({ workspace: head.workspace, name: 'x', withPeople: false });
    expect(rows('line_witnesses')).toBe(LINES);
  });

  it('is not what was begun anew meanwhile', async () => {
    const undone = (await written()).undo();
    await turn();
    inDatabase((database) =>
      database.exec(`update campaigns set settings = '{"written":0}' where workspace_id = 'import key'`),
    );
    await expect(undone).rejects.toThrow('Another process');
    expect(rows('lines')).toBe(LINES);
  });

  it('hears of nothing else but what is wrong with the file', async () => {
    const archive = {
      ...to.archive,
      begin: async (key: string, own: ArchiveHead) => {
        const writing = await to.archive.begin(key, own);
        writing.put = async (records) => {
          await (await to.archive.begin(key, own)).put(records);
          throw new Refusal('It names what is not there.');
        };
        return writing;
      },
    };
    await expect(to.imported(file, { archive })).rejects.toThrow('It names what is not there.');
    expect(await to.archive.begun()).toMatchObject([{ written: 250, isUndone: false }]);
  });
});

it('a campaign of which rows are missing is not handed over', async () => {
  await unfinished();
  inDatabase((database) => database.exec('delete from line_witnesses where seq % 2 = 0'));
  await expect(to.imported(file)).rejects.toThrow(/Not all that was written .* --undo, then import it again/);
  expect(await to.archive.campaigns()).toEqual([]);
  expect(await undoImport(options())).toBeGreaterThan(LINES);
  await to.imported(file);
  expect(rows('line_witnesses')).toBe(LINES);
});

it('an export to who takes everything at once hears that it is to end', async () => {
  const ending = new AbortController();
  setImmediate(() => ending.abort());
  const write = async (pieces: AsyncIterable<string>) => {
    for await (const _ of pieces) if (ending.signal.aborted) return false;
    return true;
  };
  const { archive } = from;
  const { campaignId } = campaign;
  const exported = exportCampaign({ archive, campaignId, write, madeAtInMs: 0, progress: silent });
  expect(await exported).toBeUndefined();
});
