import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Where a model makes vectors, lines are told to the search from the moment they are said. `search_purpose` says so in its
 * row 3; without it, saying a line costs nothing more.
 *
 * A vector is kept with the hash of its text (`../tables.ts`). Those from before have none, and are made again once.
 */
export const recentVectors: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('search_entries').addColumn('text_hash', 'text').execute();
    for (const trigger of TRIGGERS) await sql.raw(trigger).execute(db);
  },
};

const IS_WANTED = 'exists (select 1 from search_purpose where id = 3)';

/** @param source a query that gives campaign and id. */
const enqueue = (source: string) =>
  `insert into search_outbox (campaign_id, kind, source_id, version, attempts, due_at_ms)
    select campaign_id, 'line', id, 1, 0, 0 from (${source}) where true
    on conflict (campaign_id, kind, source_id)
    do update set version = version + 1, attempts = 0, due_at_ms = 0;`;

const itself = enqueue('select new.campaign_id as campaign_id, new.id as id');

const witnessed = (row: 'new' | 'old') =>
  enqueue(`select campaign_id, id from lines
    where campaign_id = ${row}.campaign_id and scene_id = ${row}.scene_id and seq = ${row}.seq`);

const TRIGGERS: readonly string[] = [
  `create trigger search_recent_said after insert on lines
    when new.kind = 'speech' and ${IS_WANTED} begin ${itself} end`,
  `create trigger search_recent_changed after update of text, state on lines
    when new.kind = 'speech' and ${IS_WANTED} begin ${itself} end`,
  `create trigger search_recent_moved after update of standing on line_witnesses
    when old.standing <> new.standing and ${IS_WANTED} begin ${witnessed('new')} end`,
  `create trigger search_recent_left after delete on line_witnesses
    when ${IS_WANTED} begin ${witnessed('old')} end`,
];
