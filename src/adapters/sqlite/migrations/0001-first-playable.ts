import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** `../tables.ts` says what the columns mean. */
export const firstPlayable: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await createCampaigns(db);
    await createNpcs(db);
    await createScenes(db);
    await createUsage(db);
  },
};

async function createCampaigns(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('workspaces')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('platform', 'text', (column) => column.notNull())
    .addColumn('platform_id', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addUniqueConstraint('workspaces_by_platform', ['platform', 'platform_id'])
    .execute();

  await db.schema
    .createTable('campaigns')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('workspace_id', 'text', (column) => column.notNull().references('workspaces.id'))
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('name_key', 'text', (column) => column.notNull())
    .addColumn('is_default', 'integer', (column) => column.notNull())
    .addColumn('settings', 'text', (column) => column.notNull())
    .addUniqueConstraint('campaigns_by_name', ['workspace_id', 'name_key'])
    .addUniqueConstraint('campaigns_by_workspace', ['workspace_id', 'id'])
    .execute();
  await db.schema
    .createIndex('one_default_campaign')
    .unique()
    .on('campaigns')
    .column('workspace_id')
    .where(sql.ref('is_default'), '=', 1)
    .execute();

  await db.schema
    .createTable('channels')
    .addColumn('workspace_id', 'text', (column) => column.notNull())
    .addColumn('channel_id', 'text', (column) => column.notNull())
    .addColumn('campaign_id', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('channels_key', ['workspace_id', 'channel_id'])
    .addForeignKeyConstraint('channels_campaign', ['workspace_id', 'campaign_id'], 'campaigns', [
      'workspace_id',
      'id',
    ])
    .execute();
}

async function createNpcs(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('npcs')
    .addColumn('campaign_id', 'text', (column) => column.notNull().references('campaigns.id'))
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('name_key', 'text', (column) => column.notNull())
    .addColumn('aliases', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('cast_id', 'text')
    .addColumn('cast_member', 'text')
    .addColumn('locks', 'text', (column) => column.notNull())
    .addColumn('source_file', 'text')
    .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('npcs_key', ['campaign_id', 'id'])
    .execute();
  await db.schema
    .createIndex('one_live_npc_of_a_name')
    .unique()
    .on('npcs')
    .columns(['campaign_id', 'name_key'])
    .where(sql.ref('status'), '!=', 'discarded')
    .execute();

  await db.schema
    .createIndex('npcs_by_cast')
    .on('npcs')
    .columns(['campaign_id', 'cast_id'])
    .where(sql.ref('cast_id'), 'is not', null)
    .execute();

  await db.schema
    .createTable('npc_versions')
    .addColumn('campaign_id', 'text', (column) => column.notNull())
    .addColumn('npc_id', 'text', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('persona', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('made_by', 'text', (column) => column.notNull())
    .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('npc_versions_key', ['campaign_id', 'npc_id', 'version'])
    .addForeignKeyConstraint('npc_versions_npc', ['campaign_id', 'npc_id'], 'npcs', ['campaign_id', 'id'])
    .execute();

  await db.schema
    .createTable('casts')
    .addColumn('campaign_id', 'text', (column) => column.notNull().references('campaigns.id'))
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('request', 'text', (column) => column.notNull())
    .addColumn('members', 'text', (column) => column.notNull())
    .addColumn('is_stopped', 'integer', (column) => column.notNull())
    .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('casts_key', ['campaign_id', 'id'])
    .addUniqueConstraint('casts_in_order', ['campaign_id', 'number'])
    .execute();
}

async function createScenes(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('scenes')
    .addColumn('campaign_id', 'text', (column) => column.notNull().references('campaigns.id'))
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('channel_id', 'text', (column) => column.notNull())
    .addColumn('line_count', 'integer', (column) => column.notNull())
    .addColumn('started_at_ms', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('scenes_key', ['campaign_id', 'id'])
    .addUniqueConstraint('one_scene_in_a_channel', ['campaign_id', 'channel_id'])
    .execute();

  await db.schema
    .createTable('scene_npcs')
    .addColumn('campaign_id', 'text', (column) => column.notNull())
    .addColumn('scene_id', 'text', (column) => column.notNull())
    .addColumn('npc_id', 'text', (column) => column.notNull())
    .addColumn('entrance', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('scene_npcs_key', ['campaign_id', 'scene_id', 'npc_id'])
    .addForeignKeyConstraint('scene_npcs_scene', ['campaign_id', 'scene_id'], 'scenes', ['campaign_id', 'id'])
    .addForeignKeyConstraint('scene_npcs_npc', ['campaign_id', 'npc_id'], 'npcs', ['campaign_id', 'id'])
    .execute();

  // The stages that a discarded NPC leaves.
  await db.schema
    .createIndex('scene_npcs_by_npc')
    .on('scene_npcs')
    .columns(['campaign_id', 'npc_id'])
    .execute();

  await db.schema
    .createTable('lines')
    .addColumn('campaign_id', 'text', (column) => column.notNull())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('scene_id', 'text', (column) => column.notNull())
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('speaker_kind', 'text', (column) => column.notNull())
    .addColumn('speaker_id', 'text', (column) => column.notNull())
    .addColumn('speaker_name', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('text', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('reply_to', 'text')
    .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('lines_key', ['campaign_id', 'id'])
    .addUniqueConstraint('lines_in_order', ['campaign_id', 'scene_id', 'seq'])
    .addForeignKeyConstraint('lines_scene', ['campaign_id', 'scene_id'], 'scenes', ['campaign_id', 'id'])
    .execute();
  await db.schema
    .createIndex('lines_by_what_they_answer')
    .on('lines')
    .columns(['campaign_id', 'reply_to'])
    .where(sql.ref('reply_to'), 'is not', null)
    .execute();
  // What a crash left behind is found at each start without reading every transcript.
  await db.schema
    .createIndex('lines_being_spoken')
    .on('lines')
    .column('state')
    .where(sql.ref('state'), '=', 'speaking')
    .execute();

  await db.schema
    .createTable('line_witnesses')
    .addColumn('campaign_id', 'text', (column) => column.notNull())
    .addColumn('scene_id', 'text', (column) => column.notNull())
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('npc_id', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('line_witnesses_key', ['campaign_id', 'scene_id', 'seq', 'npc_id'])
    .addForeignKeyConstraint('line_witnesses_line', ['campaign_id', 'scene_id', 'seq'], 'lines', [
      'campaign_id',
      'scene_id',
      'seq',
    ])
    .addForeignKeyConstraint('line_witnesses_npc', ['campaign_id', 'npc_id'], 'npcs', ['campaign_id', 'id'])
    .execute();
  // The newest lines that one NPC witnessed, without passing those that it did not.
  await db.schema
    .createIndex('line_witnesses_by_npc')
    .on('line_witnesses')
    .columns(['campaign_id', 'scene_id', 'npc_id', 'seq'])
    .execute();
}

async function createUsage(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('usage')
    .addColumn('campaign_id', 'text', (column) => column.notNull().references('campaigns.id'))
    .addColumn('day', 'integer', (column) => column.notNull())
    .addColumn('model', 'text', (column) => column.notNull())
    .addColumn('purpose', 'text', (column) => column.notNull())
    .addColumn('calls', 'bigint', (column) => column.notNull())
    .addColumn('input_tokens', 'bigint', (column) => column.notNull())
    .addColumn('cached_input_tokens', 'bigint', (column) => column.notNull())
    .addColumn('output_tokens', 'bigint', (column) => column.notNull())
    .addColumn('cost_in_micro_usd', 'double precision', (column) => column.notNull())
    .addPrimaryKeyConstraint('usage_key', ['campaign_id', 'day', 'model', 'purpose'])
    .execute();
}
