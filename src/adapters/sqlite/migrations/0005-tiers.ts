import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Played time, what is in which tier, and what is remembered in place of lines. `../tables.ts` says what the columns mean. */
export const tiers: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await createPlayedTime(db);
    await fillPlayedTime(db);
    await createTiers(db);
    await createMemories(db);
    await createWork(db);
  },
};

async function createPlayedTime(db: Kysely<unknown>): Promise<void> {
  const campaigns = db.schema.alterTable('campaigns');
  await campaigns.addColumn('played_ms', 'bigint', (column) => column.notNull().defaultTo(0)).execute();
  await campaigns.addColumn('played_days', 'integer', (column) => column.notNull().defaultTo(0)).execute();
  await campaigns.addColumn('last_line_at_ms', 'bigint').execute();
  await campaigns.addColumn('played_date', 'integer').execute();
  await campaigns.addColumn('unrested_lines', 'integer', (column) => column.notNull().defaultTo(0)).execute();
  await db.schema
    .createIndex('campaigns_unrested')
    .on('campaigns')
    .column('id')
    .where(sql.ref('unrested_lines'), '>', 0)
    .execute();
  await db.schema
    .createTable('played_dates')
    .addColumn('campaign_id', 'text', (column) => column.notNull().references('campaigns.id'))
    .addColumn('date', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('played_dates_key', ['campaign_id', 'date'])
    .execute();
  const lines = db.schema.alterTable('lines');
  await lines.addColumn('played_at_ms', 'bigint', (column) => column.notNull().defaultTo(0)).execute();
  await lines.addColumn('played_day', 'integer', (column) => column.notNull().defaultTo(0)).execute();
}

/** As if it had been counted while they were said: 1800000 ms is the longest pause, 86400000 ms a day. */
async function fillPlayedTime(db: Kysely<unknown>): Promise<void> {
  await sql`update lines set played_at_ms = played.at_ms, played_day = played.day from (
    select campaign_id, id,
      sum(case when gap between 0 and 1800000 then gap else 0 end)
        over (partition by campaign_id order by created_at_ms, scene_id, seq) as at_ms,
      dense_rank() over (partition by campaign_id order by created_at_ms / 86400000) as day
    from (
      select campaign_id, id, scene_id, seq, created_at_ms, created_at_ms - lag(created_at_ms)
        over (partition by campaign_id order by created_at_ms, scene_id, seq) as gap
      from lines
    ) as paused
  ) as played where played.campaign_id = lines.campaign_id and played.id = lines.id`.execute(db);
  await sql`insert into played_dates (campaign_id, date)
    select distinct campaign_id, created_at_ms / 86400000 from lines`.execute(db);
  await sql`update campaigns set
      played_ms = played.at_ms, played_days = played.day, last_line_at_ms = played.last_at_ms,
      played_date = played.last_at_ms / 86400000, unrested_lines = played.lines
    from (
      select campaign_id, max(played_at_ms) as at_ms, max(played_day) as day, max(created_at_ms) as last_at_ms,
        count(*) as lines
      from lines group by campaign_id
    ) as played where played.campaign_id = campaigns.id`.execute(db);
}

async function createTiers(db: Kysely<unknown>): Promise<void> {
  const witnesses = db.schema.alterTable('line_witnesses');
  await witnesses.addColumn('played_day', 'integer', (column) => column.notNull().defaultTo(0)).execute();
  await witnesses.addColumn('standing', 'text', (column) => column.notNull().defaultTo('recent')).execute();
  await witnesses.addColumn('importance', 'double precision').execute();
  await witnesses.addColumn('pinned_at_ms', 'bigint').execute();
  await witnesses.addColumn('last_used_day', 'integer').execute();
  await sql`update line_witnesses set played_day = (
    select lines.played_day from lines
    where lines.campaign_id = line_witnesses.campaign_id
      and lines.scene_id = line_witnesses.scene_id
      and lines.seq = line_witnesses.seq
  )`.execute(db);
  // A shelf of one NPC in the order in which it was said, with all it takes to find the lines. The NPC comes first: who
  // asks for something else of a campaign must not be led here.
  await db.schema.dropIndex('line_witnesses_by_time').execute();
  await db.schema
    .createIndex('line_witnesses_by_standing')
    .on('line_witnesses')
    .columns(['npc_id', 'campaign_id', 'standing', 'played_day', 'said_at_ms', 'seq', 'scene_id'])
    .execute();
  await db.schema
    .createIndex('line_witnesses_unweighed')
    .on('line_witnesses')
    .columns(['npc_id', 'campaign_id', 'standing', 'played_day', 'said_at_ms', 'seq', 'scene_id'])
    .where(sql.ref('importance'), 'is', null)
    .execute();
  await db.schema
    .createIndex('line_witnesses_pinned')
    .on('line_witnesses')
    .columns(['campaign_id', 'npc_id'])
    .where(sql.ref('pinned_at_ms'), 'is not', null)
    .execute();
}

async function createMemories(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('memories')
    .addColumn('campaign_id', 'text', (column) => column.notNull().references('campaigns.id'))
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('text', 'text', (column) => column.notNull())
    .addColumn('session', 'text', (column) => column.notNull())
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('said_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('played_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('played_day', 'integer', (column) => column.notNull())
    .addColumn('importance', 'double precision', (column) => column.notNull())
    .addPrimaryKeyConstraint('memories_key', ['campaign_id', 'id'])
    .execute();
  await db.schema
    .createIndex('memories_by_time')
    .on('memories')
    .columns(['campaign_id', 'played_day', 'said_at_ms', 'seq'])
    .execute();

  await db.schema
    .createTable('memory_holders')
    .addColumn('campaign_id', 'text', (column) => column.notNull())
    .addColumn('memory_id', 'text', (column) => column.notNull())
    .addColumn('npc_id', 'text', (column) => column.notNull())
    .addColumn('played_day', 'integer', (column) => column.notNull())
    .addColumn('said_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('uses', 'integer', (column) => column.notNull())
    .addColumn('last_used_at_ms', 'bigint')
    .addColumn('last_used_day', 'integer')
    .addColumn('pinned_at_ms', 'bigint')
    .addPrimaryKeyConstraint('memory_holders_key', ['campaign_id', 'memory_id', 'npc_id'])
    .addForeignKeyConstraint('memory_holders_memory', ['campaign_id', 'memory_id'], 'memories', [
      'campaign_id',
      'id',
    ])
    .addForeignKeyConstraint('memory_holders_npc', ['campaign_id', 'npc_id'], 'npcs', ['campaign_id', 'id'])
    .execute();
  await db.schema
    .createIndex('memory_holders_by_time')
    .on('memory_holders')
    .columns(['campaign_id', 'npc_id', 'played_day', 'said_at_ms', 'memory_id'])
    .execute();
  await db.schema
    .createIndex('memory_holders_pinned')
    .on('memory_holders')
    .columns(['campaign_id', 'npc_id'])
    .where(sql.ref('pinned_at_ms'), 'is not', null)
    .execute();

  await db.schema
    .createTable('memory_sources')
    .addColumn('campaign_id', 'text', (column) => column.notNull())
    .addColumn('memory_id', 'text', (column) => column.notNull())
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('source_id', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('memory_sources_key', ['campaign_id', 'memory_id', 'position'])
    .addForeignKeyConstraint('memory_sources_memory', ['campaign_id', 'memory_id'], 'memories', [
      'campaign_id',
      'id',
    ])
    .execute();
  // What follows a line that changes.
  await db.schema
    .createIndex('memory_sources_by_source')
    .on('memory_sources')
    .columns(['campaign_id', 'kind', 'source_id'])
    .execute();
}

async function createWork(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('locks')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('token', 'text', (column) => column.notNull())
    .addColumn('until_ms', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('consolidations')
    .addColumn('campaign_id', 'text', (column) => column.primaryKey().references('campaigns.id'))
    .addColumn('ended_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('took_ms', 'integer', (column) => column.notNull())
    .addColumn('weighed', 'integer', (column) => column.notNull())
    .addColumn('promoted', 'integer', (column) => column.notNull())
    .addColumn('summaries', 'integer', (column) => column.notNull())
    .addColumn('folded', 'integer', (column) => column.notNull())
    .addColumn('let_go', 'integer', (column) => column.notNull())
    .addColumn('dropped', 'integer', (column) => column.notNull())
    .addColumn('fault', 'text')
    .execute();
}
