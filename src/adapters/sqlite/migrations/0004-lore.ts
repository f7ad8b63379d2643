import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What the campaigns' documents say. `../tables.ts` says what the columns mean. */
export const lore: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .alterTable('campaigns')
      .addColumn('lore_revision', 'integer', (column) => column.notNull().defaultTo(0))
      .execute();

    await db.schema
      .createTable('lore_documents')
      .addColumn('campaign_id', 'text', (column) => column.notNull().references('campaigns.id'))
      .addColumn('id', 'text', (column) => column.notNull())
      .addColumn('title', 'text', (column) => column.notNull())
      .addColumn('title_key', 'text', (column) => column.notNull())
      .addColumn('audience', 'text', (column) => column.notNull())
      .addColumn('passage_count', 'integer', (column) => column.notNull())
      .addColumn('size_in_characters', 'integer', (column) => column.notNull())
      .addColumn('made_by', 'text', (column) => column.notNull())
      .addColumn('changed_at_ms', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('lore_documents_key', ['campaign_id', 'id'])
      .addUniqueConstraint('lore_documents_by_title', ['campaign_id', 'title_key'])
      .execute();

    await db.schema
      .createTable('lore_readers')
      .addColumn('campaign_id', 'text', (column) => column.notNull())
      .addColumn('document_id', 'text', (column) => column.notNull())
      .addColumn('npc_id', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('lore_readers_key', ['campaign_id', 'document_id', 'npc_id'])
      .addForeignKeyConstraint(
        'lore_readers_document',
        ['campaign_id', 'document_id'],
        'lore_documents',
        ['campaign_id', 'id'],
        (constraint) => constraint.onDelete('cascade'),
      )
      .addForeignKeyConstraint('lore_readers_npc', ['campaign_id', 'npc_id'], 'npcs', ['campaign_id', 'id'])
      .execute();

    await db.schema
      .createTable('lore_passages')
      .addColumn('campaign_id', 'text', (column) => column.notNull())
      .addColumn('document_id', 'text', (column) => column.notNull())
      .addColumn('id', 'text', (column) => column.notNull())
      .addColumn('seq', 'integer', (column) => column.notNull())
      .addColumn('heading', 'text', (column) => column.notNull())
      .addColumn('text', 'text', (column) => column.notNull())
      .addColumn('keys', 'text', (column) => column.notNull())
      .addColumn('secondary_keys', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('lore_passages_key', ['campaign_id', 'document_id', 'id'])
      .addForeignKeyConstraint(
        'lore_passages_document',
        ['campaign_id', 'document_id'],
        'lore_documents',
        ['campaign_id', 'id'],
        (constraint) => constraint.onDelete('cascade'),
      )
      .execute();
  },
};
