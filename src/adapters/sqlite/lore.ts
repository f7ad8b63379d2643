import { createHash } from 'node:crypto';
import { setImmediate as nextTask } from 'node:timers/promises';
import type { Selectable } from 'kysely';
import type { Clock } from '#src/core/clock.ts';
import type { LoreAudience, LoreDocument, NewPassage } from '#src/core/lore.ts';
import { nameKey } from '#src/core/names.ts';
import type { LoreStore } from '#src/core/store.ts';
import { isTexts, readJson } from './json.ts';
import { type Given, KeptQuery } from './kept-query.ts';
import type { Database, Tables } from './tables.ts';

/**
 * Rows written by one statement, before the process does something else: a book of 5 MB has 13,000. SQLite takes 32,766
 * values, Postgres 65,535.
 */
const ROWS_AT_ONCE = 250;
const HASHED_AT_ONCE = 1000;

const REVISION = new KeptQuery((db, given: Given<{ campaignId: string }>) =>
  db.selectFrom('campaigns').select('lore_revision').where('id', '=', given('campaignId')).compile(),
);

/** The documents of one campaign. */
export function loreStore(db: Database, clock: Clock, campaignId: string): LoreStore {
  const documents = (database: Database) =>
    database.selectFrom('lore_documents').selectAll().where('campaign_id', '=', campaignId);

  const passages = (database: Database) =>
    database.selectFrom('lore_passages').where('lore_passages.campaign_id', '=', campaignId);

  const readersOf = async (database: Database) => {
    const rows = await database
      .selectFrom('lore_readers')
      .select(['document_id', 'npc_id'])
      .where('campaign_id', '=', campaignId)
      .orderBy('npc_id')
      .execute();
    return Map.groupBy(rows, (row) => row.document_id);
  };

  const grow = async (database: Database) => {
    await database
      .updateTable('campaigns')
      .set((eb) => ({ lore_revision: eb('lore_revision', '+', 1) }))
      .where('id', '=', campaignId)
      .execute();
  };

  const setAudience = async (database: Database, documentId: string, audience: LoreAudience) => {
    await database
      .deleteFrom('lore_readers')
      .where('campaign_id', '=', campaignId)
      .where('document_id', '=', documentId)
      .execute();
    if (audience.kind !== 'npcs') return;
    for (const npcId of new Set(audience.npcIds))
      await database
        .insertInto('lore_readers')
        .values({ campaign_id: campaignId, document_id: documentId, npc_id: npcId })
        .execute();
  };

  return {
    documents: async () => {
      const [rows, readers] = await Promise.all([
        documents(db).orderBy('title_key').execute(),
        readersOf(db),
      ]);
      return rows.map((row) =>
        documentOf(
          row,
          (readers.get(row.id) ?? []).map((reader) => reader.npc_id),
        ),
      );
    },

    put: async ({ title, audience, passages: given, sizeInCharacters, by }) => {
      const identified = await withIds(given.map((passage, seq) => ({ ...passage, seq })));
      return db.transaction().execute(async (transaction) => {
        const stored = await documents(transaction)
          .where('title_key', '=', nameKey(title))
          .executeTakeFirst();
        const id = stored?.id ?? shortHash(nameKey(title));
        const row = {
          campaign_id: campaignId,
          id,
          title,
          title_key: nameKey(title),
          audience: audience.kind,
          passage_count: identified.length,
          size_in_characters: sizeInCharacters,
          made_by: by,
          changed_at_ms: clock.now(),
        };
        await transaction
          .insertInto('lore_documents')
          .values(row)
          .onConflict((conflict) => conflict.columns(['campaign_id', 'id']).doUpdateSet(row))
          .execute();
        await setAudience(transaction, id, audience);
        const before = await passages(transaction)
          .select(['id', 'seq'])
          .where('document_id', '=', id)
          .execute();
        const places = new Map(before.map((passage) => [passage.id, passage.seq]));
        const wanted = new Set(identified.map((passage) => passage.id));
        const gone = before.filter((passage) => !wanted.has(passage.id)).map((passage) => passage.id);
        for (const ids of chunks(gone)) {
          await transaction
            .deleteFrom('lore_passages')
            .where('campaign_id', '=', campaignId)
            .where('document_id', '=', id)
            .where('id', 'in', ids)
            .execute();
          await nextTask();
        }
        const fresh = identified.filter((passage) => !places.has(passage.id));
        const moved = identified.filter((passage) => (places.get(passage.id) ?? passage.seq) !== passage.seq);
        for (const some of chunks([...fresh, ...moved])) {
          await transaction
            .insertInto('lore_passages')
            .values(
              some.map((passage) => ({
                campaign_id: campaignId,
                document_id: id,
                id: passage.id,
                seq: passage.seq,
                heading: passage.heading,
                text: passage.text,
                keys: JSON.stringify(passage.keys),
                secondary_keys: JSON.stringify(passage.secondaryKeys),
              })),
            )
            // An id says all that a passage is but its place.
            .onConflict((conflict) =>
              conflict
                .columns(['campaign_id', 'document_id', 'id'])
                .doUpdateSet((eb) => ({ seq: eb.ref('excluded.seq') })),
            )
            .execute();
          await nextTask();
        }
        await grow(transaction);
        const npcIds = audience.kind === 'npcs' ? [...new Set(audience.npcIds)] : [];
        return {
          document: documentOf(row, npcIds),
          isNew: stored === undefined,
          added: fresh.length,
          kept: identified.length - fresh.length,
          removed: gone.length,
        };
      });
    },

    remove: async (documentId) =>
      db.transaction().execute(async (transaction) => {
        const { numDeletedRows } = await transaction
          .deleteFrom('lore_documents')
          .where('campaign_id', '=', campaignId)
          .where('id', '=', documentId)
          .executeTakeFirstOrThrow();
        if (numDeletedRows === 0n) return false;
        await grow(transaction);
        return true;
      }),

    passages: async () => {
      const rows = await passages(db)
        .innerJoin('lore_documents', (join) =>
          join
            .onRef('lore_documents.campaign_id', '=', 'lore_passages.campaign_id')
            .onRef('lore_documents.id', '=', 'lore_passages.document_id'),
        )
        .selectAll('lore_passages')
        .select('lore_documents.title')
        .orderBy('lore_documents.title_key')
        .orderBy('lore_passages.seq')
        .execute();
      return rows.map((row) => ({
        id: `${row.document_id}/${row.id}`,
        documentId: row.document_id,
        title: row.title,
        heading: row.heading,
        text: row.text,
        seq: row.seq,
        keys: readJson(row.keys, isTexts, 'lore_passages', row.id),
        secondaryKeys: readJson(row.secondary_keys, isTexts, 'lore_passages', row.id),
      }));
    },

    revision: async () => {
      const row = await REVISION.first(db, { campaignId });
      return row?.lore_revision ?? 0;
    },
  };
}

/** Ids that derive from what a passage says; of several that say the same, from which of them it is. */
async function withIds<P extends NewPassage>(
  passages: readonly P[],
): Promise<readonly (P & { readonly id: string })[]> {
  const seen = new Map<string, number>();
  const identified: (P & { readonly id: string })[] = [];
  for (const passage of passages) {
    if (identified.length % HASHED_AT_ONCE === HASHED_AT_ONCE - 1) await nextTask();
    const { heading, text, keys, secondaryKeys } = passage;
    const id = shortHash(JSON.stringify([heading, text, keys, secondaryKeys]));
    const times = (seen.get(id) ?? 0) + 1;
    seen.set(id, times);
    identified.push({ ...passage, id: times === 1 ? id : `${id}-${times}` });
  }
  return identified;
}

/** 132 bits: no two texts have the same. */
function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

function chunks<T>(items: readonly T[]): readonly (readonly T[])[] {
  const count = Math.ceil(items.length / ROWS_AT_ONCE);
  return Array.from({ length: count }, (_, at) => items.slice(at * ROWS_AT_ONCE, (at + 1) * ROWS_AT_ONCE));
}

function documentOf(
  row: Omit<Selectable<Tables['lore_documents']>, 'campaign_id' | 'title_key'>,
  npcIds: readonly string[],
): LoreDocument {
  return {
    id: row.id,
    title: row.title,
    audience: row.audience === 'npcs' ? { kind: 'npcs', npcIds } : { kind: row.audience },
    passageCount: row.passage_count,
    sizeInCharacters: row.size_in_characters,
    by: row.made_by,
    changedAtInMs: row.changed_at_ms,
  };
}
