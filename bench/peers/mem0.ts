import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { hashedVector } from '../../src/memory/hashed-vectors.ts';
import type { Peer, PeerTask, PeerText } from './peer.ts';

/** The part of `mem0ai/oss` that is used. */
interface Mem0 {
  readonly Memory: new (configuration: object) => Mem0Memory;
}

interface Mem0Memory {
  add(text: string, options: { readonly agentId: string; readonly infer: false }): Promise<unknown>;
  readonly vectorStore: {
    insert(
      vectors: readonly (readonly number[])[],
      ids: readonly string[],
      payloads: readonly object[],
    ): Promise<unknown>;
  };
  search(
    query: string,
    options: { readonly topK: number; readonly filters: { readonly agent_id: string } },
  ): Promise<{ readonly results: readonly unknown[] }>;
}

/** Named by a variable: it is not installed with the rest, and nothing may want to look at it. */
const PACKAGE = 'mem0ai/oss';
const DIMENSIONS = 384;
const AT_ONCE = 1_000;

/**
 * mem0 without a model: what is said is remembered as it is. Over its own store on SQLite, or over Chroma. Its vectors
 * are looked up; those that it wants of words inside a question are made when it first does.
 */
export async function openMem0({ peer, chromaUrl, folder, memories, questions }: PeerTask): Promise<Peer> {
  const { Memory }: Mem0 = await import(PACKAGE);
  const vectors = new Map([...memories, ...questions].map(({ text, vector }) => [text, vector]));
  const vectorOf = async (text: string): Promise<readonly number[]> => {
    const vector = vectors.get(text) ?? [...hashedVector(text)];
    vectors.set(text, vector);
    return vector;
  };
  const embedder = {
    embedQuery: vectorOf,
    embedDocuments: (texts: readonly string[]) => Promise.all(texts.map(vectorOf)),
  };
  const model = {
    invoke: () => Promise.reject(new Error('mem0 asked a model, which it was told not to do.')),
  };
  const memory = new Memory({
    embedder: { provider: 'langchain', config: { model: embedder } },
    llm: { provider: 'langchain', config: { model } },
    vectorStore: peer === 'mem0Chroma' ? overChroma(chromaUrl) : overSqlite(folder),
    disableHistory: true,
  });
  return {
    async remember([first, ...rest]) {
      if (first === undefined) return;
      await memory.add(first.text, { agentId: first.npcId, infer: false });
      // It stores one at a time, and over HTTP that is minutes: the others go into its store as it would put them there.
      for (let start = 0; start < rest.length; start += AT_ONCE) {
        const batch = rest.slice(start, start + AT_ONCE);
        await memory.vectorStore.insert(
          batch.map(({ vector }) => vector),
          batch.map(() => randomUUID()),
          batch.map(payloadOf),
        );
      }
    },
    async ask({ npcId, text }, limit) {
      const { results } = await memory.search(text, { topK: limit, filters: { agent_id: npcId } });
      return results.length;
    },
  };
}

function payloadOf({ npcId, text }: PeerText) {
  const hash = createHash('md5').update(text).digest('hex');
  return { agent_id: npcId, data: text, hash, textLemmatized: text, createdAt: new Date().toISOString() };
}

function overChroma(chromaUrl: string | undefined) {
  if (chromaUrl === undefined) throw new Error('mem0 is compared over Chroma, and there is none.');
  const { hostname, port } = new URL(chromaUrl);
  const server = { host: hostname, port: Number(port), ssl: false };
  return { provider: 'chroma', config: { collectionName: 'mem0', dimension: DIMENSIONS, ...server } };
}

function overSqlite(folder: string) {
  const dbPath = join(folder, 'memories.db');
  return { provider: 'memory', config: { collectionName: 'mem0', dimension: DIMENSIONS, dbPath } };
}
