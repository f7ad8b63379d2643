import type { LineState } from '#src/core/entities.ts';
import type { CommittedLine, RecoveredLine } from '#src/core/store.ts';
import { lineOf, release, witnessesOf } from './lines.ts';
import { messagesOf } from './posts.ts';
import type { Processes } from './processes.ts';
import type { Database } from './tables.ts';

/**
 * Ends the lines that nobody is speaking any more, and takes over those that nobody marks any more. To be called within
 * a transaction.
 */
export async function recoverLines(
  database: Database,
  processes: Processes,
): Promise<readonly { readonly recovered: RecoveredLine; readonly committed: CommittedLine }[]> {
  await processes.removeGone(database);
  const rows = await database
    .updateTable('lines')
    .set((eb) => ({
      spoken_by: processes.ownId,
      state: eb
        .case()
        .when('state', '!=', 'speaking')
        .then(eb.ref('state'))
        .when('text', '=', '')
        .then(eb.val<LineState>('failed'))
        .else(eb.val<LineState>('cut'))
        .end(),
    }))
    .where(({ eb, and, or, not, exists, selectFrom }) =>
      or([
        and([eb('state', '=', 'speaking'), eb('spoken_by', 'is', null)]),
        and([
          // More than nothing: by the index of those that anybody speaks.
          eb('spoken_by', '>', ''),
          eb('spoken_by', '!=', processes.ownId),
          not(
            exists(
              selectFrom('processes').select('processes.id').whereRef('processes.id', '=', 'lines.spoken_by'),
            ),
          ),
        ]),
      ]),
    )
    .returningAll()
    .execute();

  const found: { recovered: RecoveredLine; committed: CommittedLine }[] = [];
  for (const row of rows) {
    const campaignId = row.campaign_id;
    const line = lineOf(row);
    const { channelId, ...workspace } = await database
      .selectFrom('scenes')
      .innerJoin('campaigns', 'campaigns.id', 'scenes.campaign_id')
      .innerJoin('workspaces', 'workspaces.id', 'campaigns.workspace_id')
      .select([
        'scenes.channel_id as channelId',
        'workspaces.id',
        'workspaces.platform',
        'workspaces.platform_id as platformId',
        'workspaces.name',
      ])
      .where('scenes.campaign_id', '=', campaignId)
      .where('scenes.id', '=', line.sceneId)
      .executeTakeFirstOrThrow();
    const messageIds = await messagesOf(database, campaignId, line.id);
    if (messageIds.length === 0) await release(database, campaignId, line.id);
    const witnesses = await witnessesOf(database, campaignId, line);
    found.push({
      recovered: { campaignId, line, workspace, channelId, messageIds },
      committed: { campaignId, line, witnesses },
    });
  }
  const areOurs = found.some(({ recovered }) => recovered.messageIds.length > 0);
  // Others must not take them over in turn.
  if (areOurs) await processes.keepAlive(database);
  return found;
}
