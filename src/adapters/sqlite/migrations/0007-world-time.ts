import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** In-world time, where it is kept. `../tables.ts` says what the columns mean. What was said before has none. */
export const worldTime: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const table of ['campaigns', 'lines', 'memories'])
      await db.schema.alterTable(table).addColumn('world_minute', 'bigint').execute();
  },
};
