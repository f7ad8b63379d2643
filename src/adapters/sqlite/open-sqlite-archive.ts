import type { CampaignArchive } from '#src/core/archive.ts';
import type { Clock } from '#src/core/clock.ts';
import { isEmpty } from './archive-handing-over.ts';
import { archiveHeadOf, archiveRecordOf } from './archive-records.ts';
import { readSnapshot } from './archive-snapshot.ts';
import { ARCHIVED_TABLES } from './archive-tables.ts';
import { beginWriting, begunImports, isStaging } from './archive-writing.ts';
import { openDatabase } from './open-sqlite-store.ts';
import { processesOf } from './processes.ts';

/**
 * Opens a database of its own to move campaigns out of it and into it, beside whoever else has the file open.
 * @throws Refusal where the file cannot serve.
 */
export async function openSqliteArchive(options: {
  readonly file: string;
  readonly clock: Clock;
}): Promise<CampaignArchive> {
  const db = await openDatabase(options);
  const processes = processesOf(options.clock);
  return {
    campaigns: async () => {
      const rows = await db
        .selectFrom('campaigns')
        .innerJoin('workspaces', 'workspaces.id', 'campaigns.workspace_id')
        .select(['campaigns.id', 'campaigns.name', 'workspaces.id as workspaceId', 'workspaces.platform'])
        .select(['workspaces.platform_id as platformId', 'workspaces.name as workspaceName'])
        .orderBy('workspaces.name')
        .orderBy('workspaces.id')
        .orderBy('campaigns.name_key')
        .execute();
      const stored = rows
        .filter(({ workspaceId }) => !isStaging(workspaceId))
        .map(async ({ id, name, workspaceId, platform, platformId, workspaceName }) => ({
          ...{ id, name, isEmpty: await isEmpty(db, id) },
          workspace: { id: workspaceId, platform, platformId, name: workspaceName },
        }));
      return Promise.all(stored);
    },
    read: async (campaignId, work) => readSnapshot(db, campaignId, work),
    headOf: archiveHeadOf,
    recordOf: archiveRecordOf,
    kinds: ARCHIVED_TABLES.map(({ is }) => is),
    begin: async (key, head) => beginWriting(db, key, head),
    begun: async () => begunImports(db),
    isPlayed: async () => {
      await db.transaction().execute(async (transaction) => processes.removeGone(transaction));
      const living = await db.selectFrom('processes').select('id').limit(1).executeTakeFirst();
      return living !== undefined;
    },
    close: async () => db.destroy(),
  };
}
