import { setImmediate as turn } from 'node:timers/promises';
import { sql } from 'kysely';
import type { ArchiveHead, ArchiveRecord, CampaignSnapshot } from '#src/core/archive.ts';
import { Refusal } from '#src/core/errors.ts';
import { archiveHeadOf, archiveRecordOf } from './archive-records.ts';
import { ARCHIVED_CAMPAIGN, ARCHIVED_TABLES, type ArchivedTable } from './archive-tables.ts';
import type { Database } from './tables.ts';

/** Rows that are in memory at once. */
const ROWS_AT_ONCE = 500;

type Row = Readonly<Record<string, unknown>>;

/**
 * Has a campaign read in one transaction that only reads: SQLite shows it the database as it was when it began, and lets
 * others write meanwhile. As long as `work` waits for a slow reader, what they write stays in the database's log (`-wal`), which grows.
 */
export async function readSnapshot<T>(
  db: Database,
  campaignId: string,
  work: (snapshot: CampaignSnapshot) => Promise<T>,
): Promise<T> {
  const reading = db.transaction().setAccessMode('read only');
  return reading.execute(async (transaction) => work(await snapshotOf(transaction, campaignId)));
}

async function snapshotOf(db: Database, campaignId: string): Promise<CampaignSnapshot> {
  const head = await headOf(db, campaignId);
  return {
    head,
    async *records() {
      for (const table of ARCHIVED_TABLES)
        for await (const rows of pagesOf(db, campaignId, table))
          yield rows.map((row) => recordOf(table, row));
    },
  };
}

async function headOf(db: Database, campaignId: string): Promise<ArchiveHead> {
  const { rows } =
    await sql<Row>`select ${columnsOf(ARCHIVED_CAMPAIGN)} from campaigns where id = ${campaignId}`.execute(
      db,
    );
  const workspace = await db
    .selectFrom('campaigns')
    .innerJoin('workspaces', 'workspaces.id', 'campaigns.workspace_id')
    .select(['workspaces.platform', 'workspaces.platform_id as platformId', 'workspaces.name'])
    .where('campaigns.id', '=', campaignId)
    .executeTakeFirst();
  const [row] = rows;
  if (row === undefined || workspace === undefined)
    throw new Refusal('The campaign is not in the database any more.');
  const channels = await db
    .selectFrom('channels')
    .select('channel_id')
    .where('campaign_id', '=', campaignId)
    .orderBy('channel_id')
    .execute();
  const counts: Record<string, number> = {};
  for (const { is, table } of ARCHIVED_TABLES) counts[is] = await countOf(db, table, campaignId);
  return archiveHeadOf({
    workspace,
    campaign: withJson(ARCHIVED_CAMPAIGN, row),
    channels: channels.map(({ channel_id }) => channel_id),
    counts,
  });
}

/** Rows of a campaign. */
export async function countOf(
  db: Database,
  table: ArchivedTable['table'],
  campaignId: string,
): Promise<number> {
  const { rows } = await sql<{ readonly count: number }>`
    select count(*) as count from ${sql.table(table)} where campaign_id = ${campaignId}`.execute(db);
  return Number(rows[0]?.count ?? 0);
}

/** The rows of a table by their key: each page begins behind the last one. */
async function* pagesOf(
  db: Database,
  campaignId: string,
  table: ArchivedTable,
): AsyncGenerator<readonly Row[]> {
  const key = table.key.map((column) => sql.ref(column));
  let last: Row | undefined;
  for (;;) {
    // SQLite answers within the turn that asks: without another one nobody would hear a signal.
    await turn();
    const behind: Row | undefined = last;
    const isBehind =
      behind === undefined || key.length === 0
        ? sql`true`
        : sql`(${sql.join(key)}) > (${sql.join(table.key.map((column) => behind[column]))})`;
    const order = key.length === 0 ? sql`` : sql`order by ${sql.join(key)}`;
    const { rows } = await sql<Row>`
      select ${columnsOf(table)} from ${sql.table(table.table)}
      where campaign_id = ${campaignId} and ${isBehind} ${order} limit ${ROWS_AT_ONCE}`.execute(db);
    if (rows.length > 0) yield rows;
    if (rows.length < ROWS_AT_ONCE) return;
    last = rows.at(-1);
  }
}

function columnsOf(table: ArchivedTable) {
  return sql.join(table.columns.map((column) => sql.ref(column)));
}

/** @throws Refusal where it could not be read again. */
function recordOf(table: ArchivedTable, row: Row): ArchiveRecord {
  return archiveRecordOf({ is: table.is, ...withJson(table, asItStands(row)) });
}

function withJson(table: ArchivedTable, row: Row): Row {
  const values = Object.entries(row).map(([column, value]) => [
    column,
    table.json.has(column) ? parsed(value) : value,
  ]);
  return Object.fromEntries(values);
}

/** Undefined where it is none: no column may hold that. */
function parsed(json: unknown): unknown {
  try {
    return typeof json === 'string' ? JSON.parse(json) : undefined;
  } catch {
    return undefined;
  }
}

/** What is being spoken, as after a crash: whoever speaks it does not do so in the archive. */
function asItStands(row: Row): Row {
  return row.state === 'speaking' ? { ...row, state: row.text === '' ? 'failed' : 'cut' } : row;
}
