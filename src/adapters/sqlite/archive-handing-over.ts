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
import { mustBeSound } from './archive-soundness.ts';
import { ARCHIVED_CAMPAIGN, ARCHIVED_TABLES, type ArchivedTable } from './archive-tables.ts';
import { isRecord, readJson } from './json.ts';
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
const USAGE_OF = ['day', 'model', 'purpose'] as const;
const USAGE_SUMS = [
  'calls',
  'input_tokens',
  'cached_input_tokens',
  'output_tokens',
  'cost_in_micro_usd',
] as const;

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
  await mustBeSound(transaction, campaignId);
  // A sheet's file lies where the campaign came from: one of that name here may be another NPC's.
  await transaction
    .updateTable('npcs')
    .set({ source_file: null })
    .where('campaign_id', '=', campaignId)
    .execute();
  const workspaceId = await workspaceFor(transaction, target);
  const withPeople = target.withPeople && isSameWorkspace(head, target);
  if (!withPeople)
    for (const { table } of ARCHIVED_TABLES.filter(({ isOfWorkspace }) => isOfWorkspace))
      await deleteAll(transaction, table, campaignId);
  const room = await makeRoom(transaction, workspaceId, target.name, campaignId);
  const isDefault = room.wasDefault || !(await hasDefault(transaction, workspaceId));

  const settings = settingsFor(head, withPeople, room.settings);
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
  const bound = withPeople ? await freeOf(transaction, workspaceId, head.channels) : [];
  for (const channel of [...room.channels, ...bound])
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

/** What an empty campaign leaves to the one that takes its place. */
interface Room {
  readonly wasDefault: boolean;
  readonly channels: readonly string[];
  readonly settings: unknown;
}

/**
 * An empty campaign of that name gives its place away: a workspace's first one is made when it is first heard of. What
 * people chose and paid in it, and what waits for them, goes over to the new one.
 * @throws Refusal where it is not empty.
 */
async function makeRoom(
  transaction: Database,
  workspaceId: string,
  name: string,
  campaignId: string,
): Promise<Room> {
  const there = await transaction
    .selectFrom('campaigns')
    .select(['id', 'is_default', 'settings'])
    .where('workspace_id', '=', workspaceId)
    .where('name_key', '=', nameKey(name))
    .executeTakeFirst();
  if (there === undefined) return { wasDefault: false, channels: [], settings: {} };
  if (!(await isEmpty(transaction, there.id)))
    throw new Refusal(
      'Its workspace has a campaign of that name by now. Run this again with --as and another name: what was written so far is used.',
    );
  const channels = await transaction
    .selectFrom('channels')
    .select('channel_id')
    .where('campaign_id', '=', there.id)
    .execute();
  await moveOver(transaction, there.id, campaignId);
  const tables = [...ARCHIVED_TABLES].reverse().map(({ table }) => table);
  for (const table of [...tables, 'channels', 'waiting_seen', 'waiting'] as const)
    await deleteAll(transaction, table, there.id);
  await transaction.deleteFrom('campaigns').where('id', '=', there.id).execute();
  return {
    wasDefault: there.is_default === 1,
    channels: channels.map(({ channel_id }) => channel_id),
    settings: readJson(there.settings, isRecord, 'campaigns', there.id),
  };
}

/** Where the other campaign has it too, its characters stay as they are, and usage is added up. */
async function moveOver(transaction: Database, from: string, to: string): Promise<void> {
  // `waiting_seen` names rows of `waiting`: until the end of the transaction it may name those of the other campaign.
  await sql`pragma defer_foreign_keys = on`.execute(transaction);
  for (const table of ['waiting', 'waiting_seen'] as const)
    await sql`update ${sql.table(table)} set campaign_id = ${to} where campaign_id = ${from}`.execute(
      transaction,
    );
  await sql`update or ignore characters set campaign_id = ${to} where campaign_id = ${from}`.execute(
    transaction,
  );
  const of = sql.join(USAGE_OF.map((column) => sql.ref(column)));
  const sums = sql.join(USAGE_SUMS.map((column) => sql.ref(column)));
  const added = sql.join(
    USAGE_SUMS.map(
      (column) => sql`${sql.ref(column)} = ${sql.ref(column)} + ${sql.ref(`excluded.${column}`)}`,
    ),
  );
  await sql`insert into usage (campaign_id, ${of}, ${sums})
    select ${to}, ${of}, ${sums} from usage where campaign_id = ${from}
    on conflict (campaign_id, ${of}) do update set ${added}`.execute(transaction);
}

/** Whether nothing is lost with a campaign. */
export async function isEmpty(db: Database, campaignId: string): Promise<boolean> {
  for (const table of ['npcs', 'scenes', 'casts', 'lore_documents'] as const) {
    const query = db.selectFrom(table).select('campaign_id').where('campaign_id', '=', campaignId);
    if ((await query.limit(1).executeTakeFirst()) !== undefined) return false;
  }
  return true;
}

/** The channels in which no campaign of the workspace has been played: nobody's game is taken over. */
async function freeOf(
  transaction: Database,
  workspaceId: string,
  channels: readonly string[],
): Promise<readonly string[]> {
  const played = await transaction
    .selectFrom('scenes')
    .innerJoin('campaigns', 'campaigns.id', 'scenes.campaign_id')
    .select('scenes.channel_id')
    .where('campaigns.workspace_id', '=', workspaceId)
    .execute();
  const taken = new Set(played.map(({ channel_id }) => channel_id));
  return channels.filter((channel) => !taken.has(channel));
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

/** Those who lead it are the file's only where its people come along and it names some: else those who led what was there. */
function settingsFor({ campaign }: ArchiveHead, withPeople: boolean, before: unknown): unknown {
  const own = Object.entries(isRecord(campaign.settings) ? campaign.settings : {});
  const theirs = Object.entries(isRecord(before) ? before : {});
  return Object.fromEntries([
    ...own.filter(([name]) => !isOfWorkspace(name)),
    ...theirs.filter(([name]) => isOfWorkspace(name)),
    ...own.filter(([name, value]) => withPeople && isOfWorkspace(name) && !isEmptyList(value)),
  ]);
}

function isOfWorkspace(setting: string): boolean {
  return SETTINGS_OF_A_WORKSPACE.includes(setting);
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
