import { createHash, hash } from 'node:crypto';
import { setImmediate as nextTask } from 'node:timers/promises';
import { sql } from 'kysely';
import {
  type EmbeddedEntry,
  isFound,
  type KeepingSearchIndex,
  type SearchHit,
  type SearchKey,
  type SearchQuery,
  type SearchReader,
} from '#src/core/search.ts';
import { inChunks } from './memory-rows.ts';
import type { Database } from './tables.ts';

/** Words of one question beyond these are left out. */
const MOST_WORDS = 32;
/** The newest entries of one reader whose vectors are compared. */
const MOST_COMPARED = 4_000;
/** So many are read before others get their turn: some two milliseconds of work. */
const COMPARED_AT_ONCE = 250;
/** Rows of one list that stand for nothing at its end: what both lists have goes before what is first in one. */
const RANK_OFFSET = 60;

/**
 * The search in the database itself: words by FTS5, and vectors compared one by one where there are any. Readers are words
 * of their own beside an entry's text, so that what a reader may not know is not even looked at.
 *
 * @param model whose vectors these are; those of others are passed over.
 */
export function searchIndex(db: Database, model: string): KeepingSearchIndex {
  const byWords = async (query: SearchQuery): Promise<readonly Found[]> => {
    const words = [...new Set(query.words.map(plain).filter((word) => word !== ''))].slice(0, MOST_WORDS);
    if (words.length === 0) return [];
    const match = `{scope} : (${scopeOf(query).join(' OR ')}) AND {text} : (${words.map(quoted).join(' OR ')})`;
    const { rows } = await sql<Found>`
      select search_entries.kind, search_entries.source_id as id
      from search_words join search_entries on search_entries.entry = search_words.rowid
      where search_words match ${match}
      order by bm25(search_words, 0, 1), search_words.rowid desc limit ${query.limit}`.execute(db);
    return rows;
  };

  const byVector = async (query: SearchQuery, vector: Float32Array): Promise<readonly Compared[]> => {
    const match = `{scope} : (${scopeOf(query).join(' OR ')})`;
    const found: Compared[] = [];
    let before = Number.MAX_SAFE_INTEGER;
    for (let compared = 0; compared < MOST_COMPARED; compared += COMPARED_AT_ONCE) {
      const { rows } = await sql<Found & { readonly entry: number; readonly vector: Uint8Array | null }>`
        select search_entries.entry, search_entries.kind, search_entries.source_id as id,
          case when search_entries.model = ${model} then search_entries.vector end as vector
        from search_words join search_entries on search_entries.entry = search_words.rowid
        where search_words match ${match} and search_words.rowid < ${before}
        order by search_words.rowid desc limit ${COMPARED_AT_ONCE}`.execute(db);
      for (const { kind, id, vector: bytes } of rows) {
        const other = bytes === null ? undefined : vectorOf(bytes);
        if (other?.length !== vector.length) continue;
        const alike = likeness(vector, other);
        // Whatever is no number would upset the order of the others.
        if (Number.isFinite(alike)) found.push({ kind, id, likeness: alike });
      }
      if (rows.length < COMPARED_AT_ONCE) break;
      before = rows.at(-1)?.entry ?? 0;
      await nextTask();
    }
    return found.sort((a, b) => b.likeness - a.likeness).slice(0, query.limit);
  };

  const removeOne = async (database: Database, key: SearchKey) => {
    const gone = await database
      .deleteFrom('search_entries')
      .where('campaign_id', '=', key.campaignId)
      .where('kind', '=', key.kind)
      .where('source_id', '=', key.id)
      .returning('entry')
      .executeTakeFirst();
    if (gone !== undefined) await sql`delete from search_words where rowid = ${gone.entry}`.execute(database);
  };

  return {
    find: async (query) => {
      if (query.limit < 1) return [];
      const [words, alike] = [
        await byWords(query),
        query.vector === undefined ? [] : await byVector(query, query.vector),
      ];
      return merged(words, alike).slice(0, query.limit);
    },

    put: async (entries) =>
      db.transaction().execute(async (transaction) => {
        for (const entry of entries) {
          await removeOne(transaction, entry);
          const { entry: row } = await transaction
            .insertInto('search_entries')
            .values({
              campaign_id: entry.campaignId,
              kind: entry.kind,
              source_id: entry.id,
              model: entry.vector === undefined ? null : model,
              vector: entry.vector === undefined ? null : bytesOf(entry.vector),
              text_hash: hashOf(entry.text),
            })
            .returning('entry')
            .executeTakeFirstOrThrow();
          if (!isFound(entry)) continue;
          const scope = scopesOf(entry).join(' ');
          await sql`insert into search_words (rowid, scope, text) values (${row}, ${scope}, ${entry.text})`.execute(
            transaction,
          );
        }
      }),

    remove: async (keys) =>
      db.transaction().execute(async (transaction) => {
        for (const key of keys) await removeOne(transaction, key);
      }),

    kept: async (texts) => {
      const vectors = new Map<number, Float32Array>();
      for (const [campaignId, ofCampaign] of Map.groupBy(texts.entries(), ([, text]) => text.campaignId))
        for (const [kind, own] of Map.groupBy(ofCampaign, ([, text]) => text.kind)) {
          const byId = new Map(own.map(([at, { id, text }]) => [id, { at, text }]));
          for (const some of inChunks([...byId.keys()])) {
            const rows = await db
              .selectFrom('search_entries')
              .select(['source_id', 'vector', 'text_hash'])
              .where('campaign_id', '=', campaignId)
              .where('kind', '=', kind)
              .where('source_id', 'in', some)
              .where('model', '=', model)
              .execute();
            for (const { source_id, vector, text_hash } of rows) {
              const asked = byId.get(source_id);
              // The vector of another text is no vector of it.
              if (asked === undefined || vector === null || text_hash !== hashOf(asked.text)) continue;
              vectors.set(asked.at, vectorOf(vector));
            }
          }
        }
      return vectors;
    },
  };
}

interface Found {
  readonly kind: SearchHit['kind'];
  readonly id: string;
}

interface Compared extends Found {
  readonly likeness: number;
}

/** Both lists in one, by the places that each gives. */
function merged(words: readonly Found[], alike: readonly Compared[]): readonly SearchHit[] {
  const hits = new Map<string, SearchHit>();
  const add = ({ kind, id }: Found, place: number, similarity: number | undefined) => {
    const name = `${kind} ${id}`;
    const known = hits.get(name);
    const score = (known?.score ?? 0) + 1 / (RANK_OFFSET + place);
    hits.set(name, { kind, id, score, likeness: known?.likeness ?? similarity });
  };
  for (const [place, hit] of alike.entries()) add(hit, place, hit.likeness);
  for (const [place, hit] of words.entries()) add(hit, place, undefined);
  return [...hits.values()].sort((a, b) => b.score - a.score);
}

/** The word that stands for a reader: no text can hold it, and nobody can guess it. */
function scope(...parts: readonly string[]): string {
  return `s${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24)}`;
}

const whatOf = (kind: SearchHit['kind']) => (kind === 'passage' ? 'lore' : 'memories');

/** Whoever finds an entry. */
function scopesOf({ campaignId, kind, readers }: EmbeddedEntry): readonly string[] {
  const own = readers.map((reader: SearchReader) =>
    reader === 'everyone'
      ? scope(campaignId, 'lore of everyone')
      : scope(campaignId, 'npc', reader.npcId, reader.tier),
  );
  const tiers = readers.flatMap((reader) => (reader === 'everyone' ? [] : [reader.tier]));
  const ofAnybody = [...new Set(tiers)].map((tier) => scope(campaignId, 'anybody', tier));
  return [scope(campaignId, whatOf(kind)), ...ofAnybody, ...own];
}

/** Whoever asks: one of these words stands beside whatever they may find. */
function scopeOf({ campaignId, what, npcId, tiers = LONG_TIERS }: SearchQuery): readonly string[] {
  if (what === 'lore')
    return npcId === undefined
      ? [scope(campaignId, 'lore')]
      : [scope(campaignId, 'lore of everyone'), scope(campaignId, 'npc', npcId, 'lore')];
  return tiers.map((tier) =>
    npcId === undefined ? scope(campaignId, 'anybody', tier) : scope(campaignId, 'npc', npcId, tier),
  );
}

const LONG_TIERS = ['long-term', 'semantic'] as const;

/** What is left of a word when it cannot mean anything to the query language. */
function plain(word: string): string {
  return word.replace(/[^\p{L}\p{N}\p{M}]+/gu, ' ').trim();
}

function quoted(word: string): string {
  return `"${word}"`;
}

function hashOf(text: string): string {
  return hash('sha256', text, 'base64');
}

function bytesOf(vector: Float32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(vector.length * 4));
  for (const [index, value] of vector.entries()) view.setFloat32(index * 4, value, true);
  return new Uint8Array(view.buffer);
}

function vectorOf(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const vector = new Float32Array(Math.floor(bytes.byteLength / 4));
  for (let index = 0; index < vector.length; index += 1) vector[index] = view.getFloat32(index * 4, true);
  return vector;
}

/** Of two vectors of length 1. */
function likeness(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < one.length; index += 1) sum += (one[index] ?? 0) * (other[index] ?? 0);
  return sum;
}
