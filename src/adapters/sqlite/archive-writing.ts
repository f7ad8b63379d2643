import { randomUUID } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { sql } from 'kysely';
import {
  type ArchiveHead,
  type ArchiveRecord,
  type ArchiveTarget,
  type BegunImport,
  type CampaignWriting,
  type FinishedArchive,
  WrittenByAnother,
} from '#src/core/archive.ts';
import { Refusal } from '#src/core/errors.ts';
import { handOver, type StagedCampaign, stored } from './archive-handing-over.ts';
import { archivedRow } from './archive-records.ts';
import { countOf } from './archive-snapshot.ts';
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
  'Another process imports this file too, or takes it back with --undo, or has done so by now. Wait until it has ended; should it break off, run this again to go on.';
const NOT_ALL_THERE =
  'Not all that was written of this file is in the database any more: something else took it away. Take back the rest with --undo, then import it again.';

/**
 * Writes a campaign under a workspace that nobody opens: it holds no lines that count as new, is bound to no channel, and
 * is no workspace's default. How many records were written stands in its settings, and grows in their transactions. So does
 * that it is being taken back: from there on nobody goes on with it.
 */
export async function beginWriting(db: Database, key: string, head: ArchiveHead): Promise<CampaignWriting> {
  const { campaignId, ...state } = await db
    .transaction()
    .execute(async (transaction) => staged(transaction, key, head));
  return new Writing(db, { campaignId, staging: stagingId(key), head }, state);
}

interface WritingState {
  readonly written: number;
  readonly isUndone: boolean;
}

class Writing implements CampaignWriting {
  readonly #db: Database;
  readonly #staged: StagedCampaign;
  written: number;
  readonly isUndone: boolean;

  constructor(db: Database, staged: StagedCampaign, { written, isUndone }: WritingState) {
    this.#db = db;
    this.#staged = staged;
    this.written = written;
    this.isUndone = isUndone;
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
      await this.#mustBeWhole(transaction);
      return handOver(transaction, this.#staged, target);
    });
  }

  async undo(signal?: AbortSignal): Promise<boolean> {
    await this.#db.transaction().execute(async (transaction) => this.#beginUndo(transaction));
    // Not in one transaction: others write too. The campaign goes last, so that it can be taken back from anywhere.
    for (const table of [...ARCHIVED_TABLES].reverse())
      do {
        // SQLite answers within the turn that asks: without another one nobody would hear a signal.
        await turn();
        if (signal?.aborted === true) return false;
      } while (await this.#deleteSome(table));
    await this.#db.transaction().execute(async (transaction) => {
      await this.#mustBeUndone(transaction);
      await transaction.deleteFrom('campaigns').where('id', '=', this.#staged.campaignId).execute();
      await transaction.deleteFrom('workspaces').where('id', '=', this.#staged.staging).execute();
    });
    return true;
  }

  /** @returns whether there may be more. */
  async #deleteSome({ table, key }: ArchivedTable): Promise<boolean> {
    const columns = sql.join(['campaign_id', ...key].map((column) => sql.ref(column)));
    return this.#db.transaction().execute(async (transaction) => {
      await this.#mustBeUndone(transaction);
      const { numAffectedRows } = await sql`delete from ${sql.table(table)} where (${columns}) in (
        select ${columns} from ${sql.table(table)} where campaign_id = ${this.#staged.campaignId} limit ${ROWS_UNDONE_AT_ONCE}
      )`.execute(transaction);
      return Number(numAffectedRows ?? 0) === ROWS_UNDONE_AT_ONCE;
    });
  }

  async #count(transaction: Database, after: number): Promise<void> {
    await this.#change(transaction, [stateJson(this.written)], stateJson(after));
  }

  /** Also of one that is being taken back already: two may do so at once. */
  async #beginUndo(transaction: Database): Promise<void> {
    const undone = stateJson(this.written, true);
    await this.#change(transaction, [stateJson(this.written), undone], undone);
  }

  /** Not one that was begun anew under the same id. */
  async #mustBeUndone(transaction: Database): Promise<void> {
    const undone = stateJson(this.written, true);
    await this.#change(transaction, [undone], undone);
  }

  /** @throws WrittenByAnother where it stands otherwise than expected. */
  async #change(transaction: Database, from: readonly string[], to: string): Promise<void> {
    const { campaignId, staging } = this.#staged;
    const { numUpdatedRows } = await transaction
      .updateTable('campaigns')
      .set({ settings: to })
      .where('id', '=', campaignId)
      .where('workspace_id', '=', staging)
      .where('settings', 'in', from)
      .executeTakeFirstOrThrow();
    if (numUpdatedRows === 0n) throw new WrittenByAnother(WRITTEN_BY_ANOTHER);
  }

  async #mustBeWhole(transaction: Database): Promise<void> {
    const { campaignId, head } = this.#staged;
    for (const { is, table } of ARCHIVED_TABLES)
      if ((await countOf(transaction, table, campaignId)) !== (head.counts[is] ?? 0))
        throw new Refusal(NOT_ALL_THERE);
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
): Promise<WritingState & { readonly campaignId: string }> {
  const staging = stagingId(key);
  const begun = await transaction
    .selectFrom('campaigns')
    .select(['id', 'settings'])
    .where('workspace_id', '=', staging)
    .executeTakeFirst();
  if (begun !== undefined) {
    const { written, undone } = readJson(begun.settings, isState, 'campaigns', begun.id);
    return { campaignId: begun.id, written, isUndone: undone === true };
  }
  const taken = await transaction
    .selectFrom('campaigns')
    .select('id')
    .where('id', '=', head.campaign.id)
    .executeTakeFirst();
  const campaignId = taken === undefined ? head.campaign.id : randomUUID();
  // No platform has a workspace of that id.
  await transaction
    .insertInto('workspaces')
    .values({ id: staging, platform: 'terminal', platform_id: staging, name: head.campaign.name })
    .execute();
  await transaction
    .insertInto('campaigns')
    .values({
      ...{ id: campaignId, workspace_id: staging, name: staging, name_key: staging },
      ...{ is_default: 0, settings: stateJson(0) },
    })
    .execute();
  return { campaignId, written: 0, isUndone: false };
}

/** Everything that was begun and is not finished. */
export async function begunImports(db: Database): Promise<readonly BegunImport[]> {
  const rows = await db
    .selectFrom('campaigns')
    .innerJoin('workspaces', 'workspaces.id', 'campaigns.workspace_id')
    .select(['campaigns.id', 'campaigns.settings', 'workspaces.id as staging', 'workspaces.name'])
    .where('workspaces.id', 'like', `${STAGING}%`)
    .orderBy('workspaces.name')
    .execute();
  return rows.map(({ id, settings, staging, name }) => {
    const { written, undone } = readJson(settings, isState, 'campaigns', id);
    return { name: name === staging ? undefined : name, written, isUndone: undone === true };
  });
}

function stagingId(key: string): string {
  return STAGING + key;
}

/** Whether a workspace is one in which a campaign is being written. */
export function isStaging(workspaceId: string): boolean {
  return workspaceId.startsWith(STAGING);
}

/** What the settings of a campaign say that is being written, or taken back. */
function stateJson(written: number, isUndone = false): string {
  return JSON.stringify(isUndone ? { written, undone: true } : { written });
}

function isState(value: unknown): value is { readonly written: number; readonly undone?: unknown } {
  return isRecord(value) && typeof value.written === 'number';
}
