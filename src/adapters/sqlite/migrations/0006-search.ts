import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * The search of the long tiers and of lore, and what it has yet to be told. `../tables.ts` says what the columns mean.
 * Triggers write the outbox: whatever changes what can be found does so in its own transaction, and no writer can forget it.
 */
export const search: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('search_entries')
      .addColumn('entry', 'integer', (column) => column.primaryKey())
      .addColumn('campaign_id', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('source_id', 'text', (column) => column.notNull())
      .addColumn('model', 'text')
      .addColumn('vector', 'blob')
      .addUniqueConstraint('search_entries_by_source', ['campaign_id', 'kind', 'source_id'])
      .execute();
    // The text itself lies where it came from.
    await sql`create virtual table search_words using fts5(
      scope, text, content = '', contentless_delete = 1, tokenize = 'porter unicode61 remove_diacritics 2'
    )`.execute(db);
    await db.schema
      .createTable('search_outbox')
      .addColumn('campaign_id', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('source_id', 'text', (column) => column.notNull())
      .addColumn('version', 'integer', (column) => column.notNull())
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addColumn('due_at_ms', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('search_outbox_key', ['campaign_id', 'kind', 'source_id'])
      .execute();
    await db.schema.createIndex('search_outbox_due').on('search_outbox').column('due_at_ms').execute();
    await db.schema
      .createTable('search_purpose')
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('purpose', 'text', (column) => column.notNull())
      .execute();
    for (const trigger of TRIGGERS) await sql.raw(trigger).execute(db);
  },
};

/** @param source a query that gives campaign, kind and id. */
function enqueue(source: string): string {
  return `insert into search_outbox (campaign_id, kind, source_id, version, attempts, due_at_ms)
    select campaign_id, kind, source_id, 1, 0, 0 from (${source}) where true
    on conflict (campaign_id, kind, source_id)
    do update set version = version + 1, attempts = 0, due_at_ms = 0;`;
}

const own = (row: 'new' | 'old', kind: string, id: string) =>
  enqueue(`select ${row}.campaign_id as campaign_id, '${kind}' as kind, ${row}.${id} as source_id`);

const passagesOf = (row: 'new' | 'old', document: string) =>
  enqueue(`select campaign_id, 'passage' as kind, document_id || '/' || id as source_id from lore_passages
    where campaign_id = ${row}.campaign_id and document_id = ${row}.${document}`);

const passage = (row: 'new' | 'old') =>
  enqueue(
    `select ${row}.campaign_id as campaign_id, 'passage' as kind, ${row}.document_id || '/' || ${row}.id as source_id`,
  );

const TRIGGERS: readonly string[] = [
  `create trigger search_line_moved after update of standing on line_witnesses
    when old.standing <> new.standing and 'long-term' in (old.standing, new.standing) begin
    ${enqueue(`select campaign_id, 'line' as kind, id as source_id from lines
      where campaign_id = new.campaign_id and scene_id = new.scene_id and seq = new.seq`)} end`,
  `create trigger search_line_changed after update of text, state on lines
    when exists (select 1 from line_witnesses where campaign_id = new.campaign_id and scene_id = new.scene_id
      and seq = new.seq and standing = 'long-term') begin ${own('new', 'line', 'id')} end`,
  `create trigger search_memory_made after insert on memories begin ${own('new', 'memory', 'id')} end`,
  `create trigger search_memory_changed after update of text on memories begin ${own('new', 'memory', 'id')} end`,
  `create trigger search_memory_gone after delete on memories begin ${own('old', 'memory', 'id')} end`,
  `create trigger search_memory_held after insert on memory_holders begin ${own('new', 'memory', 'memory_id')} end`,
  `create trigger search_memory_left after delete on memory_holders begin ${own('old', 'memory', 'memory_id')} end`,
  `create trigger search_passage_made after insert on lore_passages begin ${passage('new')} end`,
  `create trigger search_passage_gone after delete on lore_passages begin ${passage('old')} end`,
  `create trigger search_document_changed after update of title, audience on lore_documents
    when old.title <> new.title or old.audience <> new.audience begin ${passagesOf('new', 'id')} end`,
  `create trigger search_reader_added after insert on lore_readers begin ${passagesOf('new', 'document_id')} end`,
  `create trigger search_reader_gone after delete on lore_readers begin ${passagesOf('old', 'document_id')} end`,
];
