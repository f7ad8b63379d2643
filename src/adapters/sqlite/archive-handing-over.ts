import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import {
  type ArchiveHead,
  type ArchiveTarget,
  type FinishedArchive,
  isSameWorkspace,
} from '#src/core/archive.ts';
import { Refusal } from '#src/core/errors.ts';
import { nameKey } from '#src/core/names.ts';
import { ARCHIVED_CAMPAIGN, ARCHIVED_TABLES, type ArchivedTable } from './archive-tables.ts';
import { isRecord } from './json.ts';
import { enqueueLongTermLines } from './search-outbox.ts';
import type { Database } from './tables.ts';

/** A campaign that is being written, in a workspace that nobody opens. */
export interface StagedCampaign {
  readonly campaignId: string;
  /** That workspace's id. */
  readonly staging: string;
  readonly head: ArchiveHead;
}

/** Of the settings, those that name people or channels of a workspace. */
const SETTINGS_OF_A_WORKSPACE = ['gms', 'gmRoom'];

/**
 * A campaign that was written whole comes to its workspace, which is made where it is not there. To be called within a
 * transaction.
 * @throws Refusal where that has a campaign of that name with something in it.
 */
export async function handOver(
  transaction: Database,
  { campaignId, staging, head }: StagedCampaign,
  target: ArchiveTarget,
): Promise<FinishedArchive> {
  const workspaceId = await workspaceFor(transaction, target);
  const room = await makeRoom(transaction, workspaceId, target.name);
  const isDefault = room.wasDefault || !(await hasDefault(transaction, workspaceId));
  const isSame = isSameWorkspace(head, target);
  if (!isSame)
    for (const { table } of ARCHIVED_TABLES.filter(({ isOfWorkspace }) => isOfWorkspace))
      await deleteAll(transaction, table, campaignId);

  const settings = isSame ? head.campaign.settings : withoutPeople(head.campaign.settings);
  const columns = ARCHIVED_CAMPAIGN.columns.filter((column) => column !== 'id' && column !== 'name');
  const values = columns.map((column) => {
    const value = column === 'settings' ? settings : head.campaign[column];
    return sql`${sql.ref(column)} = ${stored(ARCHIVED_CAMPAIGN, column, value)}`;
  });
  await sql`update campaigns set ${sql.join(values)} where id = ${campaignId}`.execute(transaction);
  await transaction
    .updateTable('campaigns')
    .set({ workspace_id: workspaceId, name: target.name, name_key: nameKey(target.name) })
    .set({ is_default: isDefault ? 1 : 0 })
    .where('id', '=', campaignId)
    .execute();
  for (const channel of [...room.channels, ...(isSame ? head.channels : [])])
    await transaction
      .insertInto('channels')
      .values({ workspace_id: workspaceId, channel_id: channel, campaign_id: campaignId })
      // It stays with the campaign that has it.
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  // What else the search has to be told, triggers have written.
  await enqueueLongTermLines(transaction, campaignId);
  await transaction.deleteFrom('workspaces').where('id', '=', staging).execute();
  return { isDefault };
}

/** A column's value as the database has it. */
export function stored(table: ArchivedTable, column: string, value: unknown): unknown {
  return table.json.has(column) ? JSON.stringify(value) : value;
}

async function workspaceFor(transaction: Database, { workspace }: ArchiveTarget): Promise<string> {
  const { platform, platformId, name } = workspace;
  const known = await transaction
    .selectFrom('workspaces')
    .select('id')
    .where('platform', '=', platform)
    .where('platform_id', '=', platformId)
    .executeTakeFirst();
  if (known !== undefined) return known.id;
  const id = randomUUID();
  await transaction
    .insertInto('workspaces')
    .values({ id, platform, platform_id: platformId, name })
    .execute();
  return id;
}

/**
 * An empty campaign of that name gives its place away: a workspace's first one is made when it is first heard of.
 * @throws Refusal where it is not empty.
 */
async function makeRoom(
  transaction: Database,
  workspaceId: string,
  name: string,
): Promise<{ readonly wasDefault: boolean; readonly channels: readonly string[] }> {
  const there = await transaction
    .selectFrom('campaigns')
    .select(['id', 'is_default'])
    .where('workspace_id', '=', workspaceId)
    .where('name_key', '=', nameKey(name))
    .executeTakeFirst();
  if (there === undefined) return { wasDefault: false, channels: [] };
  if (!(await isEmpty(transaction, there.id)))
    throw new Refusal(
      'Its workspace has a campaign of that name by now. Run this again with --as and another name: what was written so far is used.',
    );
  const channels = await transaction
    .selectFrom('channels')
    .select('channel_id')
    .where('campaign_id', '=', there.id)
    .execute();
  const tables = [...ARCHIVED_TABLES].reverse().map(({ table }) => table);
  for (const table of [...tables, 'channels', 'waiting_seen', 'waiting'] as const)
    await deleteAll(transaction, table, there.id);
  await transaction.deleteFrom('campaigns').where('id', '=', there.id).execute();
  return { wasDefault: there.is_default === 1, channels: channels.map(({ channel_id }) => channel_id) };
}

/** Whether nothing is lost with a campaign. */
export async function isEmpty(db: Database, campaignId: string): Promise<boolean> {
  for (const table of ['npcs', 'scenes', 'casts', 'lore_documents'] as const) {
    const query = db.selectFrom(table).select('campaign_id').where('campaign_id', '=', campaignId);
    if ((await query.limit(1).executeTakeFirst()) !== undefined) return false;
  }
  return true;
}

async function hasDefault(transaction: Database, workspaceId: string): Promise<boolean> {
  const found = await transaction
    .selectFrom('campaigns')
    .select('id')
    .where('workspace_id', '=', workspaceId)
    .where('is_default', '=', 1)
    .executeTakeFirst();
  return found !== undefined;
}

async function deleteAll(
  transaction: Database,
  table: ArchivedTable['table'],
  campaignId: string,
): Promise<void> {
  await sql`delete from ${sql.table(table)} where campaign_id = ${campaignId}`.execute(transaction);
}

function withoutPeople(settings: unknown): unknown {
  const all = Object.entries(isRecord(settings) ? settings : {});
  return Object.fromEntries(all.filter(([name]) => !SETTINGS_OF_A_WORKSPACE.includes(name)));
}
