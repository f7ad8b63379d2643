import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import {
  type ArchiveHead,
  type ArchiveRecord,
  type ArchiveTarget,
  type CampaignWriting,
  type FinishedArchive,
  WrittenByAnother,
} from '#src/core/archive.ts';
import { Refusal } from '#src/core/errors.ts';
import { handOver, type StagedCampaign, stored } from './archive-handing-over.ts';
import { archivedRow } from './archive-records.ts';
import { ARCHIVED_TABLES, type ArchivedTable } from './archive-tables.ts';
import { SQLITE, sqliteCode } from './busy.ts';
import { isRecord, readJson } from './json.ts';
import type { Database } from './tables.ts';

/** Rows in one statement: SQLite takes 32,766 values. */
const ROWS_IN_A_STATEMENT = 40;
const ROWS_UNDONE_AT_ONCE = 500;
/** Begins the ids of workspaces in which a campaign is being written; others have UUIDs. */
const STAGING = 'import ';
const WRITTEN_BY_ANOTHER =
  'Another process imports this file too, or has done so by now. Wait until it has ended; should it break off, run this again to go on.';

/**
 * Writes a campaign under a workspace that nobody opens: it holds no lines that count as new, is bound to no channel, and
 * is no workspace's default. How many records were written stands in its settings, and grows in their transactions.
 */
export async function beginWriting(db: Database, key: string, head: ArchiveHead): Promise<CampaignWriting> {
  const { campaignId, written } = await db
    .transaction()
    .execute(async (transaction) => staged(transaction, key, head));
  return new Writing(db, { campaignId, staging: stagingId(key), head }, written);
}

class Writing implements CampaignWriting {
  readonly #db: Database;
  readonly #staged: StagedCampaign;
  written: number;

  constructor(db: Database, staged: StagedCampaign, written: number) {
    this.#db = db;
    this.#staged = staged;
    this.written = written;
  }

  async put(records: readonly ArchiveRecord[]): Promise<void> {
    const rows = records.map(archivedRow);
    const after = this.written + records.length;
    try {
      await this.#db.transaction().execute(async (transaction) => {
        await this.#count(transaction, after);
        for (const [table, own] of Map.groupBy(rows, (row) => row.table))
          await this.#insert(
            transaction,
            table,
            own.map(({ record }) => record),
          );
      });
    } catch (error) {
      if (sqliteCode(error) !== SQLITE.constraint) throw error;
      throw new Refusal(
        'The file cannot be imported: a record in it names what is not there, or is there twice. What was written of it is taken back. Export the campaign again.',
        { cause: error },
      );
    }
    this.written = after;
  }

  async finish(target: ArchiveTarget): Promise<FinishedArchive> {
    return this.#db.transaction().execute(async (transaction) => {
      await this.#count(transaction, this.written);
      return handOver(transaction, this.#staged, target);
    });
  }

  async undo(): Promise<void> {
    // Not in one transaction: others write too. The campaign goes last, so that it can be taken back from anywhere.
    for (const table of [...ARCHIVED_TABLES].reverse()) while (await this.#deleteSome(table));
    await this.#db.transaction().execute(async (transaction) => {
      await this.#mustBeOurs(transaction);
      await transaction.deleteFrom('campaigns').where('id', '=', this.#staged.campaignId).execute();
      await transaction.deleteFrom('workspaces').where('id', '=', this.#staged.staging).execute();
    });
  }

  /** @returns whether there may be more. */
  async #deleteSome({ table, key }: ArchivedTable): Promise<boolean> {
    const columns = sql.join(['campaign_id', ...key].map((column) => sql.ref(column)));
    return this.#db.transaction().execute(async (transaction) => {
      await this.#mustBeOurs(transaction);
      const { numAffectedRows } = await sql`delete from ${sql.table(table)} where (${columns}) in (
        select ${columns} from ${sql.table(table)} where campaign_id = ${this.#staged.campaignId} limit ${ROWS_UNDONE_AT_ONCE}
      )`.execute(transaction);
      return Number(numAffectedRows ?? 0) === ROWS_UNDONE_AT_ONCE;
    });
  }

  async #count(transaction: Database, after: number): Promise<void> {
    const { campaignId, staging } = this.#staged;
    const { numUpdatedRows } = await transaction
      .updateTable('campaigns')
      .set({ settings: progressJson(after) })
      .where('id', '=', campaignId)
      .where('workspace_id', '=', staging)
      .where('settings', '=', progressJson(this.written))
      .executeTakeFirstOrThrow();
    if (numUpdatedRows === 0n) throw new WrittenByAnother(WRITTEN_BY_ANOTHER);
  }

  async #mustBeOurs(transaction: Database): Promise<void> {
    const { campaignId, staging } = this.#staged;
    const own = await transaction
      .selectFrom('campaigns')
      .select('id')
      .where('id', '=', campaignId)
      .where('workspace_id', '=', staging)
      .executeTakeFirst();
    if (own === undefined) throw new WrittenByAnother(WRITTEN_BY_ANOTHER);
  }

  async #insert(
    transaction: Database,
    table: ArchivedTable,
    records: readonly ArchiveRecord[],
  ): Promise<void> {
    const columns = sql.join(['campaign_id', ...table.columns].map((column) => sql.ref(column)));
    for (let start = 0; start < records.length; start += ROWS_IN_A_STATEMENT) {
      const values = records.slice(start, start + ROWS_IN_A_STATEMENT).map((record) => {
        const own = table.columns.map((column) => stored(table, column, record[column]));
        return sql`(${sql.join([this.#staged.campaignId, ...own])})`;
      });
      await sql`insert into ${sql.table(table.table)} (${columns}) values ${sql.join(values)}`.execute(
        transaction,
      );
    }
  }
}

/** Finds what was begun under this key, or begins it: the campaign keeps its id where no other one has it. */
async function staged(
  transaction: Database,
  key: string,
  head: ArchiveHead,
): Promise<{ readonly campaignId: string; readonly written: number }> {
  const staging = stagingId(key);
  const begun = await transaction
    .selectFrom('campaigns')
    .select(['id', 'settings'])
    .where('workspace_id', '=', staging)
    .executeTakeFirst();
  if (begun !== undefined)
    return {
      campaignId: begun.id,
      written: readJson(begun.settings, isWritten, 'campaigns', begun.id).written,
    };
  const taken = await transaction
    .selectFrom('campaigns')
    .select('id')
    .where('id', '=', head.campaign.id)
    .executeTakeFirst();
  const campaignId = taken === undefined ? head.campaign.id : randomUUID();
  // No platform has a workspace of that id.
  await transaction
    .insertInto('workspaces')
    .values({ id: staging, platform: 'terminal', platform_id: staging, name: staging })
    .execute();
  await transaction
    .insertInto('campaigns')
    .values({
      ...{ id: campaignId, workspace_id: staging, name: staging, name_key: staging },
      ...{ is_default: 0, settings: progressJson(0) },
    })
    .execute();
  return { campaignId, written: 0 };
}

function stagingId(key: string): string {
  return STAGING + key;
}

/** Whether a workspace is one in which a campaign is being written. */
export function isStaging(workspaceId: string): boolean {
  return workspaceId.startsWith(STAGING);
}

function progressJson(written: number): string {
  return JSON.stringify({ written });
}

function isWritten(value: unknown): value is { readonly written: number } {
  return isRecord(value) && typeof value.written === 'number';
}
