import { spawn } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { hashedVector } from '#src/memory/hashed-vectors.ts';
import { startChroma } from '../../test/support/servers/chroma.ts';
import { PEER_NAMES, type PeerName, type PeerTask, type PeerTimes } from '../peers/peer.ts';
import type { BenchOptions, Metrics } from './benchmark.ts';
import { median, percentile } from './statistics.ts';

const FOLDER = join(import.meta.dirname, '../peers');
const WORKER = join(FOLDER, 'ask.ts');
/** They are told in every way they know to report nothing to anybody. */
const SILENCE = { MEM0_TELEMETRY: 'false', LANGSMITH_TRACING: 'false', ANONYMIZED_TELEMETRY: 'false' };
const ON_CHROMA: readonly PeerName[] = ['langchain', 'mem0Chroma'];

interface Said {
  readonly npcId: string;
  readonly text: string;
}

/**
 * The same questions over the same memories, asked of libraries that do such work: `langchainP50Ms10k` and so on. Those
 * that need Chroma are left out where there is none.
 */
export async function askPeers(
  told: { readonly memories: readonly Said[]; readonly questions: readonly Said[] },
  { hasChroma, progress }: { readonly hasChroma: boolean; readonly progress: BenchOptions['progress'] },
): Promise<Metrics> {
  await install(progress);
  const [memories, questions] = [told.memories.map(withVector), told.questions.map(withVector)];
  const found: Record<string, number> = {};
  for (const peer of PEER_NAMES) {
    if (ON_CHROMA.includes(peer) && !hasChroma) continue;
    progress(`${peer}: ${memories.length} memories …`);
    const { timesInMs, perSecond } = await withFolder(async (folder) => {
      await using server = ON_CHROMA.includes(peer) ? await startedChroma() : undefined;
      return await inWorker({ peer, memories, questions, chromaUrl: server?.url, folder });
    });
    found[`${peer}P50Ms10k`] = median(timesInMs);
    found[`${peer}P95Ms10k`] = percentile(timesInMs, 95);
    found[`${peer}PerSecond32At10k`] = perSecond;
  }
  return found;
}

function withVector({ npcId, text }: Said) {
  return { npcId, text, vector: [...hashedVector(text)] };
}

async function startedChroma() {
  const server = await startChroma();
  return { url: server.url, [Symbol.asyncDispose]: () => server.stop() };
}

async function withFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'dramatis-peers-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a worker says on standard output goes to standard error: here stand the figures. */
async function inWorker(workerData: PeerTask): Promise<PeerTimes> {
  const env = { ...process.env, ...SILENCE, MEM0_DIR: workerData.folder };
  const worker = new Worker(WORKER, { workerData, env, stdout: true });
  worker.stdout.pipe(process.stderr, { end: false });
  try {
    return await new Promise<PeerTimes>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`A peer ended by itself, with code ${code}.`)));
    });
  } finally {
    await worker.terminate();
  }
}

/** Fetches the peers where they are not there yet, or not as their lock file has them. */
async function install(progress: BenchOptions['progress']): Promise<void> {
  const [wanted, present] = await Promise.all(
    ['package-lock.json', 'node_modules/.package-lock.json'].map(changedAtInMs),
  );
  if (present !== undefined && wanted !== undefined && present >= wanted) return;
  progress(`Installing what is compared with into ${FOLDER}/node_modules (200 MB), once …`);
  // npm tells what it runs where its own package lies.
  const { npm_config_local_prefix: _, ...env } = process.env;
  const npm = env.npm_execpath;
  const [program, first] = npm === undefined ? ['npm', []] : [process.execPath, [npm]];
  const child = spawn(program, [...first, 'ci'], { cwd: FOLDER, env, stdio: ['ignore', 2, 2] });
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`"npm ci" in ${FOLDER} failed: its reason stands above.`);
}

async function changedAtInMs(file: string): Promise<number | undefined> {
  return stat(join(FOLDER, file)).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
}
