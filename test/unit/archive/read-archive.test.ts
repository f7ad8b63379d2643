import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readArchive } from '#src/archive/read-archive.ts';

const MB = 1_048_576;

/** A file of records of so many bytes each. */
async function archiveOf(sizes: readonly number[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'dramatis-read-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const head = JSON.stringify({ format: 'dramatis campaign', version: 1 });
  const body = [head, ...sizes.map((size) => `"${'x'.repeat(size - 2)}"`)]
    .map((line) => `${line}\n`)
    .join('');
  const sha256 = createHash('sha256').update(body).digest('hex');
  const file = join(folder, 'archive.jsonl');
  await writeFile(file, `${body}${JSON.stringify({ end: true, records: sizes.length, sha256 })}\n`);
  return file;
}

async function batchesOf(sizes: readonly number[]): Promise<readonly number[]> {
  const batches: number[] = [];
  const head = {
    workspace: { platform: 'terminal', platformId: 'local', name: 'Table' },
    ...{ campaign: { id: 'c', name: 'Main' }, channels: [], counts: { line: sizes.length } },
  } as const;
  await readArchive(await archiveOf(sizes), {
    archive: { headOf: () => head, recordOf: () => ({ is: 'line' }), kinds: ['line'] },
    onRecords: (records) => {
      batches.push(records.length);
    },
    signal: new AbortController().signal,
  });
  return batches;
}

it('records are handed on 250 at a time, or as soon as they are 4 MB', async () => {
  expect(await batchesOf(Array.from({ length: 600 }, () => 100))).toEqual([250, 250, 100]);
  expect(await batchesOf([MB, MB, MB, MB, MB, 2 * MB, 3 * MB, 5 * MB, 10])).toEqual([4, 3, 1, 1]);
});
