import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What it takes to play where several processes and many people meet. `../tables.ts` says what the columns mean. */
export const chatPlatforms: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await createProcesses(db);
    await createPosts(db);
    await createPeople(db);
    await createInstallations(db);
    await createShelf(db);
  },
};

async function createProcesses(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('processes')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('host', 'text', (column) => column.notNull())
    .addColumn('pid', 'integer', (column) => column.notNull())
    .addColumn('started_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('alive_until_ms', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('processes_by_host').on('processes').column('host').execute();
  await db.schema.createIndex('processes_by_lease').on('processes').column('alive_until_ms').execute();
  // No reference: a line outlives the process that was speaking it, and is found by that.
  await db.schema.alterTable('lines').addColumn('spoken_by', 'text').execute();
  await db.schema
    .createIndex('lines_by_who_speaks')
    .on('lines')
    .column('spoken_by')
    .where(sql.ref('spoken_by'), 'is not', null)
    .execute();
}

async function createPosts(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('posts')
    .addColumn('campaign_id', 'text', (column) => column.notNull())
    .addColumn('scene_id', 'text', (column) => column.notNull())
    .addColumn('message_id', 'text', (column) => column.notNull())
    .addColumn('line_id', 'text', (column) => column.notNull())
    .addColumn('number', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('posts_key', ['campaign_id', 'scene_id', 'message_id'])
    .addUniqueConstraint('posts_in_order', ['campaign_id', 'line_id', 'number'])
    .addForeignKeyConstraint('posts_line', ['campaign_id', 'line_id'], 'lines', ['campaign_id', 'id'])
    .execute();
}

async function createPeople(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('characters')
    .addColumn('campaign_id', 'text', (column) => column.notNull().references('campaigns.id'))
    .addColumn('person_id', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('characters_key', ['campaign_id', 'person_id'])
    .execute();
  await db.schema
    .createTable('waiting')
    .addColumn('campaign_id', 'text', (column) => column.notNull().references('campaigns.id'))
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('person_id', 'text')
    .addColumn('permission', 'text', (column) => column.notNull())
    .addColumn('notice', 'text', (column) => column.notNull())
    .addColumn('since_ms', 'bigint', (column) => column.notNull())
    .addColumn('is_announced', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('waiting_key', ['campaign_id', 'id'])
    .addUniqueConstraint('waiting_in_order', ['campaign_id', 'number'])
    .execute();
  await db.schema
    .createTable('waiting_seen')
    .addColumn('campaign_id', 'text', (column) => column.notNull())
    .addColumn('item_id', 'text', (column) => column.notNull())
    .addColumn('person_id', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('waiting_seen_key', ['campaign_id', 'item_id', 'person_id'])
    .addForeignKeyConstraint(
      'waiting_seen_item',
      ['campaign_id', 'item_id'],
      'waiting',
      ['campaign_id', 'id'],
      (constraint) => constraint.onDelete('cascade'),
    )
    .execute();
}

async function createInstallations(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('installations')
    .addColumn('platform', 'text', (column) => column.notNull())
    .addColumn('team_id', 'text', (column) => column.notNull())
    .addColumn('team_name', 'text', (column) => column.notNull())
    .addColumn('sealed_bot_token', 'text', (column) => column.notNull())
    .addColumn('bot_id', 'text', (column) => column.notNull())
    .addColumn('bot_user_id', 'text', (column) => column.notNull())
    .addColumn('scopes', 'text', (column) => column.notNull())
    .addColumn('installed_at_ms', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('installations_key', ['platform', 'team_id'])
    .execute();
}

async function createShelf(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('shelved_actions')
    .addColumn('workspace_id', 'text', (column) => column.notNull().references('workspaces.id'))
    .addColumn('code', 'text', (column) => column.notNull())
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('put_at_ms', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('shelved_actions_key', ['workspace_id', 'code'])
    .execute();
  await db.schema.createIndex('shelved_actions_by_age').on('shelved_actions').column('put_at_ms').execute();
}
