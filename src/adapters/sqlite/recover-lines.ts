import type { PlatformName } from '#src/core/entities.ts';
import type { CommittedLine, RecoveredLine } from '#src/core/store.ts';
import { lineOf } from './line-rows.ts';
import { holdersOf, release } from './lines.ts';
import { disturb, isTold } from './played-time.ts';
import { messagesOf } from './posts.ts';
import type { Processes } from './processes.ts';
import type { Database } from './tables.ts';

/** Stands for the process of lines that are cut off and wait to be marked by one that has joined their platform. */
const NOBODY = 'gone';

/**
 * Ends the lines that nobody is speaking any more, and takes over those that nobody marks any more. To be called within
 * a transaction.
 * @param platforms those that this process has joined, or is about to: of others it marks nothing. All where left out.
 */
export async function recoverLines(
  database: Database,
  processes: Processes,
  platforms?: readonly PlatformName[],
): Promise<readonly { readonly recovered: RecoveredLine; readonly committed: CommittedLine }[]> {
  await processes.removeGone(database);
  const rows = await database
    .selectFrom('lines')
    .selectAll()
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
    .execute();

  const found: { recovered: RecoveredLine; committed: CommittedLine }[] = [];
  for (const row of rows) {
    const campaignId = row.campaign_id;
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
      .where('scenes.id', '=', row.scene_id)
      .executeTakeFirstOrThrow();
    const isOurs = platforms === undefined || platforms.includes(workspace.platform);
    // Cut off already, and another's to mark.
    if (!isOurs && row.state !== 'speaking') continue;
    const state = row.state !== 'speaking' ? row.state : row.text === '' ? 'failed' : 'cut';
    const messageIds = await messagesOf(database, campaignId, row.id);
    await database
      .updateTable('lines')
      .set({ state, spoken_by: isOurs ? processes.ownId : NOBODY })
      .where('campaign_id', '=', campaignId)
      .where('id', '=', row.id)
      .execute();
    if (row.state === 'speaking' && isTold({ ...row, state })) await disturb(database, campaignId);
    if (messageIds.length === 0) await release(database, campaignId, row.id);
    const line = { ...lineOf(row), state };
    const witnesses = await holdersOf(database, campaignId, line);
    found.push({
      recovered: { campaignId, line, workspace, channelId, messageIds: isOurs ? messageIds : [] },
      committed: { campaignId, line, witnesses },
    });
  }
  const areOurs = found.some(({ recovered }) => recovered.messageIds.length > 0);
  // Others must not take them over in turn.
  if (areOurs) await processes.keepAlive(database);
  return found;
}
