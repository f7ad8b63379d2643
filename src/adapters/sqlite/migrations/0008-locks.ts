import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Locks say whose they are, and no longer go by the clock. `../tables.ts` says what the columns mean. */
export const locks: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    // Nobody holds one over an upgrade: there is nothing to move.
    await db.schema.dropTable('locks').execute();
    await db.schema
      .createTable('locks')
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('token', 'text', (column) => column.notNull())
      .addColumn('lease_ms', 'integer', (column) => column.notNull())
      .addColumn('renewals', 'integer', (column) => column.notNull())
      .addColumn('host', 'text', (column) => column.notNull())
      .addColumn('pid', 'integer', (column) => column.notNull())
      .addColumn('started_at_ms', 'bigint', (column) => column.notNull())
      .execute();
  },
};
