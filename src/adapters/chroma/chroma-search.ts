import { createHash } from 'node:crypto';
import type { ChromaClient, Collection, Metadata, Where } from 'chromadb';
import { inTime } from '#src/core/clock.ts';
import type {
  EmbeddedEntry,
  LongTier,
  SearchHit,
  SearchIndex,
  SearchKey,
  SearchKind,
  SearchQuery,
} from '#src/core/search.ts';
import { addressOf } from './address.ts';

/** A server takes 5,461 at most; smaller ones let questions in between. */
const MOST_AT_ONCE = 1_000;
const TIMEOUT_IN_MS = 10_000;
/** A turn waits two seconds for all that it looks up. */
const FIND_TIMEOUT_IN_MS = 1_000;
/** Ids and metadata of Chroma have their limits; what is longer stands as its hash. */
const LONGEST_ID = 120;
/** Neighbours that one question walks past: most of them may be others' and left out. */
const LOOKED_AT = 500;

const LONG_TIERS: readonly LongTier[] = ['long-term', 'semantic'];
const KINDS: readonly SearchKind[] = ['line', 'memory', 'passage'];
type What = SearchQuery['what'];
const WHAT: readonly What[] = ['memories', 'lore'];

export interface ChromaSearchOptions {
  /** http://host:port */
  readonly url: string;
  /** Whose vectors it is given and asked with: those of another model lie in other collections. */
  readonly model: string;
}

/**
 * The search on a Chroma server: two collections for each model, whatever there are of campaigns and NPCs, with one
 * record for each entry. Chroma itself refuses vectors of other dimensions than the first had. Who finds it stands in its metadata, a key for each reader with the tier in which that one has
 * it, so that one filter holds for reader and tier.
 */
export class ChromaSearch implements SearchIndex {
  readonly #client: ChromaClient;
  readonly #options: ChromaSearchOptions;
  readonly #closing: AbortController;
  readonly #collections = new Map<What, Promise<Collection>>();

  private constructor(client: ChromaClient, closing: AbortController, options: ChromaSearchOptions) {
    this.#client = client;
    this.#closing = closing;
    this.#options = options;
  }

  /** Loads the client; the server is asked for the first time when it is needed. */
  static async open(options: ChromaSearchOptions): Promise<ChromaSearch> {
    const { ChromaClient } = await import('chromadb');
    const closing = new AbortController();
    const fetchOptions = { signal: closing.signal };
    const client = new ChromaClient({ ...addressOf(options.url), fetchOptions });
    return new ChromaSearch(client, closing, options);
  }

  /** Hangs up: a server that never answers would keep the process from ending. */
  close(): void {
    this.#closing.abort();
  }

  /** Names what there is on the server: another name means that it knows nothing of what it was told before. */
  async identity(): Promise<string> {
    const ids = WHAT.map((what) => this.#with(what, TIMEOUT_IN_MS, async ({ id }) => id));
    return (await Promise.all(ids)).join(' ');
  }

  async find(query: SearchQuery): Promise<readonly SearchHit[]> {
    const { vector, limit } = query;
    if (limit < 1) return [];
    if (vector === undefined)
      throw new RangeError('Chroma is asked with a vector: words alone are not enough.');
    const answer = await this.#with(query.what, FIND_TIMEOUT_IN_MS, (collection) =>
      collection.query({
        queryEmbeddings: [[...vector]],
        nResults: limit,
        where: filterFor(query),
        include: ['distances', 'metadatas'],
      }),
    );
    return hitsIn(answer, query);
  }

  async put(entries: readonly EmbeddedEntry[]): Promise<void> {
    // Of one that is given twice, the last.
    const once = new Map(entries.map((entry) => [recordId(entry), entry]));
    await this.#each([...once.values()], async (collection, some) => {
      const ids = some.map(recordId);
      const stale = await this.#readersOf(collection, ids);
      await collection.upsert({
        ids,
        embeddings: some.map(({ vector }) => vectorFor(vector)),
        metadatas: some.map((entry, at) => metadataOf(entry, stale.get(ids[at] ?? '') ?? [])),
      });
    });
  }

  async remove(keys: readonly SearchKey[]): Promise<void> {
    await this.#each(keys, async (collection, some) => {
      await collection.delete({ ids: some.map(recordId) });
    });
  }

  /** Takes away all that it was ever told: it begins anew, with another identity. */
  async empty(): Promise<void> {
    const { ChromaNotFoundError } = await import('chromadb');
    for (const what of WHAT) {
      this.#collections.delete(what);
      try {
        await answered(TIMEOUT_IN_MS, this.#client.deleteCollection({ name: this.#nameOf(what) }));
      } catch (error) {
        if (!(error instanceof ChromaNotFoundError)) throw error;
      }
    }
  }

  /** The readers' keys that records have: an upsert leaves those standing that it does not name. */
  async #readersOf(collection: Collection, ids: readonly string[]) {
    const { ids: known, metadatas } = await collection.get({ ids: [...ids], include: ['metadatas'] });
    return new Map(
      known.map((id, at) => [
        id,
        Object.keys(metadatas[at] ?? {}).filter((key) => key.startsWith(READER) || key.startsWith(ANYBODY)),
      ]),
    );
  }

  async #each<Key extends SearchKey>(
    keys: readonly Key[],
    work: (collection: Collection, some: readonly Key[]) => Promise<void>,
  ): Promise<void> {
    for (const what of WHAT) {
      const own = keys.filter(({ kind }) => whatOf(kind) === what);
      for (let start = 0; start < own.length; start += MOST_AT_ONCE)
        await this.#with(what, TIMEOUT_IN_MS, (collection) =>
          work(collection, own.slice(start, start + MOST_AT_ONCE)),
        );
    }
  }

  /** A collection that is gone (somebody emptied the server) is made anew, once. */
  async #with<Result>(
    what: What,
    timeoutInMs: number,
    work: (collection: Collection) => Promise<Result>,
  ): Promise<Result> {
    const { ChromaNotFoundError } = await import('chromadb');
    try {
      return await answered(
        timeoutInMs,
        this.#collection(what).then(async (collection) => work(collection)),
      );
    } catch (error) {
      this.#collections.delete(what);
      if (!(error instanceof ChromaNotFoundError)) throw error;
      return answered(
        timeoutInMs,
        this.#collection(what).then(async (collection) => work(collection)),
      );
    }
  }

  #collection(what: What): Promise<Collection> {
    const known = this.#collections.get(what);
    if (known !== undefined) return known;
    const opened = this.#client.getOrCreateCollection({
      name: this.#nameOf(what),
      metadata: { model: this.#options.model },
      configuration: { hnsw: { space: 'cosine', ef_search: LOOKED_AT } },
      embeddingFunction: null,
    });
    this.#collections.set(what, opened);
    opened.catch(() => this.#collections.delete(what));
    return opened;
  }

  #nameOf(what: What): string {
    return `dramatis-${what}-${nameFor(this.#options.model)}`;
  }
}

/** Begin the keys of metadata that say who finds a record: a reader's, or anybody's. */
const READER = 'reader:';
const ANYBODY = 'anybody:';
const EVERYONE = 'everyone';
/** Stands where a reader was: a key cannot be taken away from a record. */
const NOBODY = 'nobody';

function filterFor({ campaignId, what, npcId, tiers = LONG_TIERS }: SearchQuery): Where {
  const campaign = { campaign: campaignId };
  if (what === 'lore')
    return npcId === undefined
      ? campaign
      : {
          $and: [campaign, { $or: [{ [readerKey(npcId)]: 'lore' }, { [`${ANYBODY}${EVERYONE}`]: 'lore' }] }],
        };
  if (npcId !== undefined) return { $and: [campaign, { [readerKey(npcId)]: { $in: [...tiers] } }] };
  const [first, ...others] = tiers.map((tier) => ({ [`${ANYBODY}${tier}`]: tier }));
  if (first === undefined) return { campaign: '' };
  return { $and: [campaign, others.length === 0 ? first : { $or: [first, ...others] }] };
}

/** @param stale readers' keys that the record may have and that are taken from it where they hold no more. */
function metadataOf({ campaignId, kind, id, readers }: EmbeddedEntry, stale: readonly string[]): Metadata {
  const metadata: Record<string, string> = Object.fromEntries(stale.map((key) => [key, NOBODY]));
  Object.assign(metadata, { campaign: campaignId, kind, id });
  for (const reader of readers)
    if (reader === 'everyone') metadata[`${ANYBODY}${EVERYONE}`] = 'lore';
    else {
      metadata[readerKey(reader.npcId)] = reader.tier;
      metadata[`${ANYBODY}${reader.tier}`] = reader.tier;
    }
  return metadata;
}

/**
 * What was found, each once and of the campaign that was asked for.
 * @throws Error where the answer is something else: what passes for a Chroma server would be taken for an empty one.
 */
function hitsIn(
  answer: { readonly ids: unknown; readonly distances: unknown; readonly metadatas: unknown },
  { campaignId, what, limit }: SearchQuery,
): readonly SearchHit[] {
  const [ids, distances, metadatas] = [answer.ids, answer.distances, answer.metadatas].map(onlyRow);
  const hits = new Map<unknown, SearchHit>();
  for (const [at, recordId] of ids?.entries() ?? []) {
    const distance = distances?.[at];
    const key = keyIn(metadatas?.[at]);
    const isAsked = key !== undefined && key.campaignId === campaignId && whatOf(key.kind) === what;
    if (!isAsked || typeof distance !== 'number' || !Number.isFinite(distance)) throw new Error(NO_ANSWER);
    hits.set(recordId, { kind: key.kind, id: key.id, score: 1 - distance, likeness: 1 - distance });
  }
  return [...hits.values()].slice(0, limit);
}

const NO_ANSWER = 'Chroma answered with something that was not asked for.';

/** Of one question there is one row. */
function onlyRow(rows: unknown): readonly unknown[] {
  const row: unknown = Array.isArray(rows) ? rows[0] : undefined;
  if (!Array.isArray(row)) throw new Error(NO_ANSWER);
  return row;
}

function keyIn(metadata: unknown): SearchKey | undefined {
  if (typeof metadata !== 'object' || metadata === null) return undefined;
  if (!('campaign' in metadata && 'kind' in metadata && 'id' in metadata)) return undefined;
  const { campaign, id } = metadata;
  const kind = KINDS.find((known) => known === metadata.kind);
  if (kind === undefined || typeof id !== 'string' || typeof campaign !== 'string') return undefined;
  return { campaignId: campaign, kind, id };
}

function readerKey(npcId: string): string {
  return READER + (npcId.length > LONGEST_ID ? hashOf(npcId) : npcId);
}

function recordId({ campaignId, kind, id }: SearchKey): string {
  return hashOf(JSON.stringify([campaignId, kind, id]));
}

function whatOf(kind: SearchKind): What {
  return kind === 'passage' ? 'lore' : 'memories';
}

function vectorFor(vector: Float32Array | undefined): number[] {
  if (vector === undefined) throw new RangeError('Chroma takes no entry without a vector.');
  return [...vector];
}

/** Names of collections hold letters, digits and little else. */
function nameFor(model: string): string {
  return createHash('sha256').update(model).digest('hex').slice(0, 16);
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/** The client knows no time limit for one call. What comes later than that is not waited for. */
async function answered<Result>(limitInMs: number, work: Promise<Result>): Promise<Result> {
  const answer = await inTime(limitInMs, work);
  if (answer === undefined) throw new Error(`Chroma did not answer within ${limitInMs} ms.`);
  return answer.value;
}
