import { OpenAiEmbedder } from '#src/adapters/openai/openai-embedder.ts';
import { OpenAiServer } from '#src/adapters/openai/openai-server.ts';
import { CachedEmbedder } from '#src/cache/cached-embedder.ts';
import { MemoryCache } from '#src/cache/memory-cache.ts';
import type { Embedder } from '#src/core/embedding.ts';
import { hashedVector } from '#src/memory/hashed-vectors.ts';
import { EmbeddingBatcher } from '#src/models/embedding-batcher.ts';
import { startModelServer } from '../test/support/model-server.ts';
import type { BenchOptions, Bounds, Metrics } from './support/benchmark.ts';
import { TableTalk } from './support/chronicle.ts';
import { median } from './support/statistics.ts';

const TEXTS = 100;
const CALL_IN_MS = 5;
const DIMENSIONS = 384;
const CONNECTIONS = 8;
const ROUNDS = 5;
const HASHED = 2_000;
const CACHE_IN_BYTES = 16_777_216;

/**
 * What it takes to turn lines into vectors: by a server that takes 5 ms a call, one text after another, gathered into
 * batches, and out of the cache; and by hashing.
 */
export async function run({ progress }: BenchOptions): Promise<Metrics> {
  const remote = await startModelServer();
  remote.scriptEmbeddings(() => ({ delayInMs: CALL_IN_MS, dimensions: DIMENSIONS }));
  const server = new OpenAiServer({ baseURL: remote.url, apiKey: undefined, maxConnections: CONNECTIONS });
  try {
    const embedder = new OpenAiEmbedder({ name: 'bench', server });
    const batcher = new EmbeddingBatcher({ embedder });
    await batcher.embed(lines(0), never);
    progress(`${TEXTS} texts, one after another …`);
    const sequential = await timesOf(async (texts) => {
      for (const text of texts) await embedder.embed([text], never);
    });
    progress(`${TEXTS} texts, gathered …`);
    remote.forget();
    const batched = await timesOf((texts) => askAtOnce(batcher, texts));
    const calls = remote.embeddings.length / ROUNDS;
    const cached = new CachedEmbedder(batcher, new MemoryCache({ largestInBytes: CACHE_IN_BYTES }));
    await askAtOnce(cached, lines(1));
    const kept = await timesOf(() => askAtOnce(cached, lines(1)));
    progress(`${HASHED} texts, hashed …`);
    const talk = new TableTalk(7);
    const texts = Array.from({ length: HASHED }, () => talk.line());
    const startedAt = performance.now();
    for (const text of texts) hashedVector(text);
    return {
      speedupOverSequential: median(sequential) / median(batched),
      sequential100Ms: median(sequential),
      batched100Ms: median(batched),
      callsFor100: calls,
      cached100Ms: median(kept),
      hashMsPerText: (performance.now() - startedAt) / HASHED,
    };
  } finally {
    await server.close();
    await remote.close();
  }
}

export const bounds: Bounds = {
  speedupOverSequential: { atLeast: 8 },
  hashMsPerText: { atMost: 0.05 },
};

const never = new AbortController().signal;

/** As many callers as texts, as when many tables play at the same time. */
async function askAtOnce(embedder: Embedder, texts: readonly string[]): Promise<void> {
  await Promise.all(texts.map((text) => embedder.embed([text], never)));
}

function lines(seed: number): readonly string[] {
  const talk = new TableTalk(seed);
  return Array.from({ length: TEXTS }, () => talk.line());
}

/** Milliseconds of each round, with texts of its own. */
async function timesOf(work: (texts: readonly string[]) => Promise<void>): Promise<readonly number[]> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const texts = lines(10 + round);
    const startedAt = performance.now();
    await work(texts);
    times.push(performance.now() - startedAt);
  }
  return times;
}
