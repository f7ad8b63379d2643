import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { openSqliteStore } from '#src/adapters/sqlite/open-sqlite-store.ts';
import { archiveText } from '#src/archive/archive-text.ts';
import type { ArchiveRecord } from '#src/core/archive.ts';
import { systemClock } from '#src/core/clock.ts';
import type { Store } from '#src/core/store.ts';
import { addNpc, newNpc } from '../contract/store-samples.ts';
import { linesIn } from '../support/archives.ts';
import { startModelServer } from '../support/model-server.ts';
import { chromaMissing, startChroma } from '../support/servers/chroma.ts';

const ROOT = join(import.meta.dirname, '../..');
const LINES = 20_000;
const noChroma = await chromaMissing();

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-memories-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

type Environment = Readonly<Record<string, string>>;

const BY_NPM = ['npm', 'run', '-s', 'memories', '--'];
/** What the script runs: npm passes a signal on, so that it would come twice to a group. */
const BY_NODE = [process.execPath, join(ROOT, 'src/start.js'), 'memories'];

/** Starts it in a process group of its own, so that a kill reaches what npm has started. */
function start(words: readonly string[], environment: Environment = {}, launcher = BY_NPM) {
  const [program = '', ...before] = launcher;
  const child = spawn(program, [...before, ...words], {
    cwd: ROOT,
    detached: true,
    env: { PATH: process.env.PATH, HOME: folder, DATA_DIR: join(folder, 'data'), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = once(child, 'close').then(() => ({ code: child.exitCode, stdout, stderr }));
  const kill = (signal: NodeJS.Signals) => {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  };
  return { ended, kill };
}

const run = (words: readonly string[], environment?: Environment) => start(words, environment).ended;

/** Undefined where there is no such database yet. */
function inDatabase<T>(work: (database: DatabaseSync) => T): T | undefined {
  try {
    const database = new DatabaseSync(join(folder, 'data/dramatis.db'), { readOnly: true });
    try {
      return work(database);
    } finally {
      database.close();
    }
  } catch {
    return undefined;
  }
}

const stateOf = (database: DatabaseSync): { written?: number; undone?: boolean } => {
  const row = database.prepare("select settings from campaigns where workspace_id like 'import %'").get();
  return row === undefined ? {} : JSON.parse(String(row.settings));
};

const isUndone = (database: DatabaseSync) => stateOf(database).undone === true;

const rowsOf = (table: 'lines' | 'line_witnesses') => (database: DatabaseSync) =>
  database.prepare(`select count(*) as n from ${table}`).get()?.n;

/** Records that a begun import has written; undefined where there is none. */
const written = () => inDatabase((database) => stateOf(database).written);

const untilWritten = (records: number) =>
  vi.waitFor(() => expect(written() ?? 0).toBeGreaterThan(records), { timeout: 60_000, interval: 5 });

/** An archive of a campaign in which very much was said. */
async function longArchive(): Promise<string> {
  const npc = {
    ...{ is: 'npc', id: 'wren', name: 'Wren', name_key: 'wren', aliases: [], status: 'kept', version: 1 },
    ...{ cast_id: null, cast_member: null, locks: [], source_file: null, created_at_ms: 0 },
  };
  const { persona } = newNpc('wren');
  const sheet = {
    ...{ is: 'sheet', npc_id: 'wren', version: 1, persona, reason: 'drafted', made_by: 'p1' },
    created_at_ms: 0,
  };
  const scene = { is: 'scene', id: 's', channel_id: 'table', line_count: LINES, started_at_ms: 0 };
  const places = Array.from({ length: LINES }, (_, at) => at + 1);
  const lines = places.map((seq) => ({
    ...{ is: 'line', id: `l${seq}`, scene_id: 's', seq, speaker_kind: 'character', speaker_id: 'p1' },
    ...{ speaker_name: 'Mira', kind: 'speech', text: `Mira says ${seq}.`, state: 'said', reply_to: null },
    ...{ created_at_ms: seq, played_at_ms: seq, played_day: 1, world_minute: null },
  }));
  const witnesses = places.map((seq) => ({
    ...{ is: 'witness', scene_id: 's', seq, npc_id: 'wren', said_at_ms: seq, played_day: 1 },
    ...{ standing: seq % 100 === 0 ? 'long-term' : 'recent', importance: null, pinned_at_ms: null },
    ...{ uses: 0, last_used_at_ms: null, last_used_day: null },
  }));
  const campaign = {
    ...{ id: 'campaign-1', name: 'The Long Road', settings: {}, lore_revision: 0, played_ms: LINES },
    ...{ played_days: 1, last_line_at_ms: LINES, played_date: 0, unrested_lines: 0, world_minute: null },
  };
  const kinds = `played date,cast,npc,sheet,scene,on stage,line,witness,post,character,memory,holder,source,document,reader,passage,usage,night`;
  const counts = { ...Object.fromEntries(kinds.split(',').map((is) => [is, 0])), npc: 1, sheet: 1, scene: 1 };
  const all: readonly (readonly ArchiveRecord[])[] = [[npc], [sheet], [scene], lines, witnesses];
  const text = archiveText(
    {
      head: {
        workspace: { platform: 'terminal', platformId: 'local', name: 'The local table' },
        ...{ campaign, channels: [], counts: { ...counts, line: LINES, witness: LINES } },
      },
      records: async function* () {
        yield* all;
      },
    },
    { madeAtInMs: 0, onRecords: () => {} },
  );
  const file = join(folder, 'long.jsonl');
  await writeFile(file, (await Array.fromAsync(text)).join(''));
  return file;
}

describe('npm run memories', () => {
  it('imports a file across a kill -9 and a Ctrl-C, and exports the same again', async () => {
    const file = await longArchive();
    const killed = start(['import', file]);
    await untilWritten(1_000);
    killed.kill('SIGKILL');
    await killed.ended;
    const then = written() ?? 0;
    expect(then).toBeLessThan(2 * LINES);
    expect((await run([])).stdout).toMatch(
      new RegExp(
        `There is no campaign yet\\.\nHalf-done imports:\n  “The Long Road”: ${then} records written so far\n.*--undo`,
        'u',
      ),
    );

    const interrupted = start(['import', file], {}, BY_NODE);
    await untilWritten(then);
    interrupted.kill('SIGINT');
    const stopped = await interrupted.ended;
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toContain('Run the same again to go on');
    expect(written() ?? 0).toBeLessThan(2 * LINES);

    const last = await run(['import', file]);
    expect(last.code, last.stderr).toBe(0);
    expect(last.stderr).toMatch(
      /Imported “The Long Road” of .*20000 lines.*An earlier import had brought \d+/s,
    );
    expect(written()).toBeUndefined();
    expect((await run([])).stdout).not.toContain('Half-done');
    expect((await run([])).stdout).toContain('“The Long Road” of The local table (terminal local)');

    const again = join(folder, 'again.jsonl');
    expect(await run(['export', again])).toMatchObject({ code: 0, stdout: '' });
    expect((await stat(again)).mode & 0o777).toBe(0o600);
    const [head, ...records] = await linesIn(again);
    const [firstHead, ...firstRecords] = await linesIn(file);
    expect({ ...head, madeAtInMs: 0 }).toEqual(firstHead);
    expect(records).toEqual(firstRecords);
    const twice = await run(['import', file]);
    expect(twice).toMatchObject({ code: 1, stderr: expect.stringContaining('has a campaign called') });

    const out = await run(['export', '--campaign', 'the long road', '-']);
    expect(out.code).toBe(0);
    await writeFile(join(folder, 'out.jsonl'), out.stdout);
    expect((await linesIn(join(folder, 'out.jsonl'))).slice(1)).toEqual(firstRecords);
    const taken = await run(['export', again]);
    expect(taken).toMatchObject({ code: 1, stderr: expect.stringContaining('is there already') });
  });

  it('hears a Ctrl-C while it takes an import back, and imports all of it afterwards', async () => {
    const file = await longArchive();
    const killed = start(['import', file], {}, BY_NODE);
    await untilWritten(LINES + 5_000);
    killed.kill('SIGKILL');
    await killed.ended;

    const undoing = start(['import', file, '--undo'], {}, BY_NODE);
    await vi.waitFor(() => expect(inDatabase(isUndone)).toBe(true), { timeout: 60_000, interval: 5 });
    undoing.kill('SIGINT');
    expect(await undoing.ended).toMatchObject({
      code: 130,
      stderr: expect.stringContaining('Ended before all of it was taken back. Run the same again to go on.'),
    });
    expect(inDatabase(rowsOf('lines'))).toBe(LINES);
    expect((await run([])).stdout).toContain('“The Long Road”: half taken back');

    expect(await run(['import', file])).toMatchObject({ code: 0 });
    expect(inDatabase(rowsOf('lines'))).toBe(LINES);
    expect(inDatabase(rowsOf('line_witnesses'))).toBe(LINES);
  });

  it('says that the disk takes no more, and goes on when it does', async () => {
    const file = await longArchive();
    const limited = ['bash', '-c', 'ulimit -f 4000 && exec "$0" "$@"', ...BY_NODE];
    const full = await start(['import', file], {}, limited).ended;
    expect(full, full.stderr).toMatchObject({ code: 1 });
    expect(full.stderr).toMatch(/The database .*dramatis.db cannot be used: (its disk|the disk is full)/);
    expect(await run(['import', file])).toMatchObject({ code: 0 });
    expect(inDatabase(rowsOf('line_witnesses'))).toBe(LINES);
  });

  it('says what is wrong with what it is asked', async () => {
    expect(await run(['explode'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('export, import, reindex or forget-person'),
    });
    const missing = await run(['import', join(folder, 'nowhere.jsonl')]);
    expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining('is not there') });
    const none = await run(['export', join(folder, 'x.jsonl')]);
    expect(none).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('There is no campaign in this database'),
    });
  });
});

describe.skipIf(noChroma)(`npm run memories -- reindex with Chroma (${noChroma ?? 'brought'})`, () => {
  const MEMORIES = 600;
  let store: Store;
  let campaignId: string;
  beforeEach(async () => {
    store = await openSqliteStore({ file: join(folder, 'data/dramatis.db'), clock: systemClock });
    const workspace = await store.openWorkspace({ platform: 'terminal', platformId: 'local', name: 'Table' });
    campaignId = (await store.campaignOf(workspace.id, 'table')).id;
    const campaign = store.campaign(campaignId);
    await addNpc(campaign, newNpc('wren'));
    for (let number = 0; number < MEMORIES; number += 1)
      await campaign.memories.tell('wren', {
        ...{ id: `m${number}`, text: `Deal ${number} holds.`, importance: 1, isPinned: false },
        ...{ by: 'Gale', inPlaceOf: undefined },
      });
  });
  afterEach(() => store.close());

  it('fills an empty Chroma, keeps the vectors of a model, makes those of another, and goes on after a Ctrl-C', async () => {
    const [chroma, models] = await Promise.all([startChroma(), startModelServer()]);
    onTestFinished(async () => {
      await Promise.all([chroma.stop(), models.close()]);
    });
    const environment = (model: string) => ({
      ...{ CHROMA_URL: chroma.url, OPENAI_BASE_URL: models.url, OPENAI_API_KEY: 'sk-test' },
      EMBEDDING_MODEL: model,
    });
    const { ChromaClient } = await import('chromadb');
    const { hostname: host, port } = new URL(chroma.url);
    const client = new ChromaClient({ host, port: Number(port), ssl: false });
    const sizes = async () => {
      const collections = await client.listCollections();
      const counted = collections.map(async (collection) => collection.count());
      return (await Promise.all(counted)).toSorted((a, b) => a - b);
    };
    const embedded = () => models.embeddings.flatMap(({ body }) => body.input).length;

    const first = await run(['reindex'], environment('one'));
    expect(first, first.stderr).toMatchObject({ code: 0, stdout: '' });
    expect(first.stderr).toContain(`The search is built anew: ${MEMORIES} entries.`);
    expect(await sizes()).toEqual([0, MEMORIES]);
    expect(embedded()).toBe(MEMORIES);

    // Whatever became of Chroma, no vector is made twice.
    for (const { name } of await client.listCollections()) await client.deleteCollection({ name });
    expect(await run(['reindex'], environment('one'))).toMatchObject({ code: 0 });
    expect(await sizes()).toEqual([0, MEMORIES]);
    expect(embedded()).toBe(MEMORIES);

    const stopping = start(['reindex'], environment('two'), BY_NODE);
    await vi.waitFor(() => expect(embedded()).toBeGreaterThan(MEMORIES), { timeout: 60_000, interval: 2 });
    stopping.kill('SIGINT');
    const stopped = await stopping.ended;
    expect(stopped.code).toBe(130);
    const left = await store.searchOutbox.size();
    expect(left, stopped.stderr).toBeGreaterThan(0);
    expect(stopped.stderr).toMatch(/entries are told, \d+ are left. Run the same again to go on/);

    const last = await run(['reindex'], environment('two'));
    expect(last.stderr).toContain(`The search is built anew: ${left} entries that an earlier run had left.`);
    expect(last.code).toBe(0);
    expect(await sizes()).toEqual([0, 0, MEMORIES, MEMORIES]);
    const texts = [0, MEMORIES - 1].map(
      (at) => ({ campaignId, kind: 'memory', id: `m${at}`, text: `Deal ${at} holds.` }) as const,
    );
    expect((await store.searchIndex('two').kept(texts)).size).toBe(2);
    expect((await store.searchIndex('one').kept(texts)).size).toBe(0);
  });

  it('says that Chroma is away', async () => {
    const away = await run(['reindex'], { CHROMA_URL: 'http://127.0.0.1:9' });
    expect(away).toMatchObject({ code: 1, stderr: expect.stringContaining('Chroma does not answer') });
  });

  it('does not start a second server on the folder of a bot that runs', async () => {
    await store.keepAlive();
    const refused = await run(['reindex'], { CHROMA_URL: 'local' });
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('Stop the bot first') });
    expect((await readFile(join(folder, 'data/dramatis.db'))).length).toBeGreaterThan(0);
  });
});
