import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What a witness keeps of a line, also of those that were said before. `../tables.ts` says what the columns mean. */
export const memories: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    const table = db.schema.alterTable('line_witnesses');
    await table.addColumn('said_at_ms', 'bigint', (column) => column.notNull().defaultTo(0)).execute();
    await table.addColumn('uses', 'integer', (column) => column.notNull().defaultTo(0)).execute();
    await table.addColumn('last_used_at_ms', 'bigint').execute();
    await sql`update line_witnesses set said_at_ms = (
      select lines.created_at_ms from lines
      where lines.campaign_id = line_witnesses.campaign_id
        and lines.scene_id = line_witnesses.scene_id
        and lines.seq = line_witnesses.seq
    )`.execute(db);
    // The newest lines that one NPC witnessed in any scene, with all it takes to find them in `lines`.
    await db.schema
      .createIndex('line_witnesses_by_time')
      .on('line_witnesses')
      .columns(['campaign_id', 'npc_id', 'said_at_ms', 'seq', 'scene_id'])
      .execute();
  },
};
