import { DatabaseSync } from 'node:sqlite';
import type { Collection, Metadata } from 'chromadb';
import { expect, vi } from 'vitest';
import type { LongSearch, SearchQuery } from '#src/core/search.ts';
import { plainWords } from '#src/memory/words.ts';
import { hashedVectorInSpace } from '#src/search/hashed-space.ts';

/** What can be found by now, as the tables say that hold the truth: by "campaign kind id". */
interface Findable {
  readonly campaignId: string;
  readonly kind: string;
  readonly id: string;
  readonly text: string;
  /** "npc tier", or "everyone lore"; sorted. */
  readonly readers: readonly string[];
}

const FINDABLE = `
  select lines.campaign_id, 'line' as kind, lines.id, lines.text, npc_id || ' long-term' as reader
    from lines join line_witnesses on line_witnesses.campaign_id = lines.campaign_id
      and line_witnesses.scene_id = lines.scene_id and line_witnesses.seq = lines.seq
    where standing = 'long-term' and state not in ('speaking', 'retracted', 'failed') and text <> ''
  union all select memories.campaign_id, 'memory', memories.id, text, npc_id || ' semantic'
    from memories join memory_holders on memory_holders.campaign_id = memories.campaign_id
      and memory_holders.memory_id = memories.id
  union all select lore_passages.campaign_id, 'passage', document_id || '/' || lore_passages.id,
      title || char(10) || heading || char(10) || text,
      case audience when 'everyone' then 'everyone lore' else (select npc_id || ' lore' from lore_readers
        where lore_readers.campaign_id = lore_passages.campaign_id and lore_readers.document_id = lore_documents.id) end
    from lore_passages join lore_documents on lore_documents.campaign_id = lore_passages.campaign_id
      and lore_documents.id = document_id`;

/** Reads from the tables alone what can be found. */
export function findable(file: string): ReadonlyMap<string, Findable> {
  const database = new DatabaseSync(file, { readOnly: true });
  const rows = database.prepare(FINDABLE).all();
  database.close();
  const found = new Map<string, Findable>();
  for (const row of rows) {
    const one = { campaignId: String(row.campaign_id), kind: String(row.kind), id: String(row.id) };
    const name = nameOf(one);
    const readers = [...(found.get(name)?.readers ?? []), String(row.reader)].sort();
    found.set(name, { ...one, text: String(row.text), readers });
  }
  return found;
}

/** Holds the database's own search against the truth: each entry once, nothing else. */
export function holdOwnSearch(file: string, truth: ReadonlyMap<string, Findable>): void {
  const database = new DatabaseSync(file, { readOnly: true });
  const entries = database
    .prepare('select entry, campaign_id, kind, source_id as id from search_entries')
    .all();
  const words = database.prepare('select rowid as entry from search_words').all();
  database.close();
  const names = entries.map(({ campaign_id, kind, id }) =>
    nameOf({ campaignId: String(campaign_id), kind: String(kind), id: String(id) }),
  );
  expect(names.toSorted()).toEqual([...truth.keys()].sort());
  const sorted = (rows: typeof words) => rows.map(({ entry }) => Number(entry)).sort((a, b) => a - b);
  expect(sorted(words)).toEqual(sorted(entries));
}

/**
 * Holds what lies on a Chroma server against the truth: each record once, with its readers and no others, nothing else;
 * and the vectors of those whose text has a word that begins with `token`.
 */
export async function holdChroma(
  url: string,
  truth: ReadonlyMap<string, Findable>,
  token: string,
): Promise<void> {
  const { ChromaClient } = await import('chromadb');
  const { hostname: host, port } = new URL(url);
  const client = new ChromaClient({ host, port: Number(port), ssl: false });
  const held: string[] = [];
  for (const { name } of await client.listCollections()) {
    const collection = await client.getCollection({ name });
    for (let offset = 0; ; offset += PAGE) {
      const { ids, metadatas } = await collection.get({ limit: PAGE, offset, include: ['metadatas'] });
      held.push(...metadatas.map((metadata) => shown(findableIn(metadata ?? {}))));
      const changed = ids.filter((_, at) =>
        truth.get(nameOf(findableIn(metadatas[at] ?? {})))?.text.includes(token),
      );
      await holdVectors(collection, changed, truth);
      if (ids.length < PAGE) break;
    }
  }
  expect(held.sort()).toEqual([...truth.values()].map(shown).sort());
}

async function holdVectors(
  collection: Collection,
  recordIds: readonly string[],
  truth: ReadonlyMap<string, Findable>,
): Promise<void> {
  if (recordIds.length === 0) return;
  const include: ('embeddings' | 'metadatas')[] = ['embeddings', 'metadatas'];
  const { embeddings, metadatas } = await collection.get({ ids: [...recordIds], include });
  expect(embeddings).toHaveLength(recordIds.length);
  for (const [at, vector] of embeddings.entries()) {
    const key = findableIn(metadatas[at] ?? {});
    const text = truth.get(nameOf(key))?.text ?? '';
    expect(likeness(vector, text), `the vector of ${key.id}`).toBeCloseTo(1, 4);
  }
}

/** What a record says of itself. */
function findableIn({ campaign, kind, id, ...keys }: Metadata): Omit<Findable, 'text'> {
  const readers = Object.entries(keys).flatMap(([key, tier]) => {
    if (tier === 'nobody') return [];
    if (key === 'anybody:everyone') return [`everyone ${String(tier)}`];
    return key.startsWith('reader:') ? [`${key.slice('reader:'.length)} ${String(tier)}`] : [];
  });
  return { campaignId: String(campaign), kind: String(kind), id: String(id), readers: readers.sort() };
}

function shown({ readers, ...key }: Omit<Findable, 'text'>): string {
  return `${nameOf(key)}: ${readers.join(', ')}`;
}

const PAGE = 1_000;

/** Asks a search for what can be found: each reader finds it, and somebody else does not. */
export async function holdAnswers(search: LongSearch, asked: readonly Findable[]): Promise<void> {
  for (const { campaignId, kind, id, text, readers } of asked) {
    const query = (npcId: string | undefined): SearchQuery => ({
      ...{ campaignId, what: kind === 'passage' ? 'lore' : 'memories', npcId, limit: 10 },
      ...{ words: text.match(/zq[\dx]+q/gu) ?? [], vector: hashedVectorInSpace(plainWords(text)) },
    });
    const finds = async (npcId: string | undefined) =>
      (await patiently(search, query(npcId))).filter((hit) => hit.id === id && hit.kind === kind).length;
    for (const reader of readers)
      expect(await finds(reader.slice(0, reader.lastIndexOf(' '))), `${id} for ${reader}`).toBe(1);
    expect(await finds(undefined), `${id} for the game master`).toBe(1);
    const isForAll = readers.includes('everyone lore');
    expect(await finds('somebody else'), `${id} for somebody else`).toBe(isForAll ? 1 : 0);
    expect(await patiently(search, { ...query(undefined), campaignId: 'another' })).toEqual([]);
  }
}

/** A turn does not wait for a server that is late; here it is asked again. */
async function patiently(search: LongSearch, query: SearchQuery) {
  return vi.waitFor(async () => search.find(query), { timeout: 60_000, interval: 100 });
}

function nameOf({ campaignId, kind, id }: Omit<Findable, 'text' | 'readers'>): string {
  return `${campaignId} ${kind} ${id}`;
}

function likeness(vector: readonly number[] | null, text: string): number {
  const wanted = hashedVectorInSpace(text);
  return (vector ?? []).reduce((sum, value, at) => sum + value * (wanted[at] ?? 0), 0);
}
