import type { Peer, PeerTask, PeerText } from './peer.ts';

/** The part of `@langchain/community/vectorstores/chroma` that is used. */
interface LangChainChroma {
  readonly Chroma: new (embeddings: object, options: object) => ChromaStore;
}

interface ChromaStore {
  addVectors(vectors: readonly (readonly number[])[], documents: readonly object[]): Promise<unknown>;
  similaritySearchVectorWithScore(
    vector: readonly number[],
    limit: number,
    filter: Readonly<Record<string, string>>,
  ): Promise<readonly unknown[]>;
}

/** Named by a variable: it is not installed with the rest, and nothing may want to look at it. */
const PACKAGE = '@langchain/community/vectorstores/chroma';
/** As many as Chroma takes at once, with room. */
const AT_ONCE = 1_000;

/** LangChain.js's store over Chroma. */
export async function openLangChain({ chromaUrl }: PeerTask): Promise<Peer> {
  if (chromaUrl === undefined) throw new Error('LangChain is compared over Chroma, and there is none.');
  const { Chroma }: LangChainChroma = await import(PACKAGE);
  const { hostname, port } = new URL(chromaUrl);
  const clientParams = { host: hostname, port: Number(port), ssl: false };
  // Vectors are given: it has nothing to embed.
  const store = new Chroma({}, { collectionName: 'langchain', clientParams });
  return {
    async remember(texts) {
      for (let start = 0; start < texts.length; start += AT_ONCE) {
        const batch = texts.slice(start, start + AT_ONCE);
        await store.addVectors(
          batch.map(({ vector }) => vector),
          batch.map(documentOf),
        );
      }
    },
    async ask({ npcId, vector }, limit) {
      return (await store.similaritySearchVectorWithScore(vector, limit, { npcId })).length;
    },
  };
}

function documentOf({ npcId, text }: PeerText) {
  return { pageContent: text, metadata: { npcId } };
}
