import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What a process has changed of what NPCs hold, for the others. `../tables.ts` says what the columns mean. */
export const news: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('memory_news')
      .addColumn('campaign_id', 'text', (column) => column.notNull())
      .addColumn('npc_id', 'text', (column) => column.notNull())
      .addColumn('process_id', 'text', (column) => column.notNull())
      .addColumn('revision', 'integer', (column) => column.notNull())
      .addColumn('changed_at_ms', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('memory_news_key', ['campaign_id', 'npc_id', 'process_id'])
      .execute();
    await db.schema.createIndex('memory_news_by_time').on('memory_news').column('changed_at_ms').execute();
  },
};
