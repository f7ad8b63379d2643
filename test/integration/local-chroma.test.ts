import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ChromaSearch } from '#src/adapters/chroma/chroma-search.ts';
import { startLocalChroma } from '#src/adapters/chroma/local-chroma.ts';
import { probeChroma, probeLocalChroma } from '#src/adapters/chroma/probe.ts';
import { Refusal } from '#src/core/errors.ts';
import type { EmbeddedEntry, SearchQuery } from '#src/core/search.ts';
import { chromaLauncher, chromaMissing } from '../support/servers/chroma.ts';

const missing = await chromaMissing();
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-chroma-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const vector = Float32Array.of(1, 0);
const entry: EmbeddedEntry = {
  ...{ campaignId: 'c1', kind: 'memory', id: 'a', text: 'a', vector },
  readers: [{ npcId: 'wren', tier: 'semantic' }],
};
const query: SearchQuery = {
  ...{ campaignId: 'c1', what: 'memories', npcId: 'wren', words: [], vector, limit: 10 },
};
/** The ids of the processes that were started with a folder. */
const processesOf = (named: string) =>
  new Promise((resolve) => execFile('pgrep', ['-f', named], (_none, ids) => resolve(ids)));
const outcomeAt = async (url: string) => (await probeChroma(url, 1_000)).outcome;

describe.skipIf(missing)(`the server of the npm package (${missing ?? 'brought'})`, () => {
  test('runs for this machine alone, ends when it is to, and keeps its data', async () => {
    const onEnded = vi.fn();
    const start = async () =>
      startLocalChroma({ folder: join(folder, 'chroma'), onEnded, launcher: await chromaLauncher() });
    const first = await start();
    expect(new URL(first.url).hostname).toBe('127.0.0.1');
    await (await ChromaSearch.open({ url: first.url, model: 'm' })).put([entry]);
    expect(await readdir(join(folder, 'chroma'))).not.toEqual([]);
    await first.stop();
    expect(await outcomeAt(first.url)).toBe('failed');
    const second = await start();
    const found = await (await ChromaSearch.open({ url: second.url, model: 'm' })).find(query);
    expect(found.map(({ id }) => id)).toEqual(['a']);
    await second.stop();
    await second.stop();
    expect(onEnded).not.toHaveBeenCalled();
  });

  test.each([
    ['it is killed', 'SIGKILL'],
    // The server would take a SIGTERM of its own for a reason to spin, and nobody would be left to end it.
    ['all of its group is told to end', 'SIGTERM'],
  ] as const)('does not outlive whoever started it where %s', async (_what, signal) => {
    const script = `
      import { startLocalChroma } from ${JSON.stringify(new URL('../../src/adapters/chroma/local-chroma.ts', import.meta.url).href)};
      const chroma = await startLocalChroma(JSON.parse(process.argv[1]));
      console.log(chroma.url);
    `;
    const given = JSON.stringify({ folder, launcher: await chromaLauncher() });
    const starter = spawn(process.execPath, ['--input-type=module', '-e', script, given], {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    const [bytes] = await once(starter.stdout, 'data');
    const url = String(bytes).trim();
    expect(await outcomeAt(url)).toBe('reached');
    process.kill(-(starter.pid ?? 0), signal);
    await vi.waitFor(async () => expect(await outcomeAt(url)).toBe('failed'), { timeout: 10_000 });
    await vi.waitFor(async () => expect(await processesOf(folder)).toBe(''), { timeout: 10_000 });
  });
});

test('one that does not start says why and what to do', async () => {
  const started = startLocalChroma({
    folder,
    onEnded: () => undefined,
    launcher: [process.execPath, '-e', 'console.error("no room left"); process.exit(3)'],
  });
  await expect(started).rejects.toThrow(Refusal);
  await expect(started).rejects.toThrow(/does not start: no room left\. Look whether .* or leave it out/);
});

test.skipIf(probeLocalChroma().outcome === 'runs')(
  'one that cannot run on this machine says why and what to do (skipped where it can)',
  async () => {
    await expect(startLocalChroma({ folder, onEnded: () => undefined })).rejects.toThrow(
      /CHROMA_URL=local cannot be used: .*(C library|carries no server|cannot be loaded).*leave it out/,
    );
  },
);
