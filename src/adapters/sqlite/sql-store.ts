import { randomUUID } from 'node:crypto';
import { type Selectable, sql } from 'kysely';
import type { Clock } from '#src/core/clock.ts';
import type { Campaign, Workspace } from '#src/core/entities.ts';
import type { MemoryChange } from '#src/core/memory-store.ts';
import { nameKey } from '#src/core/names.ts';
import type { CommittedLine, Store } from '#src/core/store.ts';
import { actionShelf } from './action-shelf.ts';
import { campaignStore } from './campaign-store.ts';
import { installationStore } from './installations.ts';
import { type Given, KeptQuery } from './kept-query.ts';
import { lockStore } from './locks.ts';
import { dropOldNews, type News, noNews } from './news.ts';
import { processesOf } from './processes.ts';
import { recoverLines } from './recover-lines.ts';
import { searchIndex } from './search-index.ts';
import { searchOutbox } from './search-outbox.ts';
import { settingsOf } from './settings.ts';
import type { Database, Tables } from './tables.ts';

const DEFAULT_CAMPAIGN = 'Main';

interface OfChannel {
  readonly workspaceId: string;
  readonly channelId: string;
  readonly parentId: string;
}

/** What is bound to a channel or the one that it is in, and the workspace's default campaign. */
const PLAYED_AT = new KeptQuery((db, given: Given<OfChannel>) =>
  db
    .selectFrom('campaigns')
    .leftJoin('channels', (join) =>
      join
        .onRef('channels.workspace_id', '=', 'campaigns.workspace_id')
        .onRef('channels.campaign_id', '=', 'campaigns.id')
        .on('channels.channel_id', 'in', [given('channelId'), given('parentId')]),
    )
    .select(['id', 'campaigns.workspace_id', 'name', 'is_default', 'settings', 'channels.channel_id'])
    .where('campaigns.workspace_id', '=', given('workspaceId'))
    .where(({ eb, or }) => or([eb('is_default', '=', 1), eb('channels.channel_id', 'is not', null)]))
    .compile(),
);

/**
 * The store over any database that has `Tables`. Whatever changes something runs in a transaction of its own that
 * waits for nothing but the database, so that the next one can follow at once.
 * @param secretKey seals the tokens of installations; without it none is kept.
 * @param openNews tells other processes what the one of that id changes; without it nobody else reads the database.
 */
export function sqlStore(
  db: Database,
  clock: Clock,
  secretKey?: string,
  openNews: (processId: string) => News = () => noNews,
): Store {
  const workspace = async (database: Database, ref: Omit<Workspace, 'id'>): Promise<Workspace | undefined> =>
    database
      .selectFrom('workspaces')
      .select(['id', 'platform', 'platform_id as platformId', 'name'])
      .where('platform', '=', ref.platform)
      .where('platform_id', '=', ref.platformId)
      .executeTakeFirst();

  const addWorkspace = async (database: Database, ref: Omit<Workspace, 'id'>): Promise<Workspace> => {
    const added = { id: randomUUID(), platform: ref.platform, platformId: ref.platformId, name: ref.name };
    await database
      .insertInto('workspaces')
      .values({ id: added.id, platform: added.platform, platform_id: added.platformId, name: added.name })
      .execute();
    await addCampaign(database, added.id, DEFAULT_CAMPAIGN, true);
    return added;
  };

  const addCampaign = async (database: Database, workspaceId: string, name: string, isDefault: boolean) => {
    const row = {
      id: randomUUID(),
      workspace_id: workspaceId,
      name,
      name_key: nameKey(name),
      is_default: isDefault ? 1 : 0,
      settings: '{}',
    };
    await database.insertInto('campaigns').values(row).execute();
    return campaignOf(row);
  };

  const campaigns = (database: Database, workspaceId: string) =>
    database.selectFrom('campaigns').selectAll('campaigns').where('campaigns.workspace_id', '=', workspaceId);

  const listeners: ((committed: CommittedLine) => void)[] = [];
  const onCommitted = (committed: CommittedLine) => {
    for (const listener of listeners) listener(committed);
  };

  const memoryListeners: ((change: MemoryChange) => void)[] = [];
  const onMemories = (change: MemoryChange) => {
    for (const listener of memoryListeners) listener(change);
  };

  const processes = processesOf(clock);
  const news = openNews(processes.ownId);
  let closing: Promise<void> | undefined;

  return {
    openWorkspace: async (ref) => {
      const known = await workspace(db, ref);
      if (known?.name === ref.name) return known;
      return db.transaction().execute(async (transaction) => {
        const current = await workspace(transaction, ref);
        if (current === undefined) return addWorkspace(transaction, ref);
        // It was given another name on its platform.
        await transaction
          .updateTable('workspaces')
          .set({ name: ref.name })
          .where('id', '=', current.id)
          .execute();
        return { ...current, name: ref.name };
      });
    },

    campaignOf: async (workspaceId, channelId, parentId = channelId) => {
      const rows = await PLAYED_AT.all(db, { workspaceId, channelId, parentId });
      // A thread's own binding goes before that of the channel it is in.
      const nearest =
        rows.find((row) => row.channel_id === channelId) ??
        rows.find((row) => row.channel_id === parentId) ??
        rows[0];
      if (nearest === undefined) throw new Error(`There is no workspace ${workspaceId}.`);
      return campaignOf(nearest);
    },

    campaigns: async (workspaceId) => {
      const rows = await campaigns(db, workspaceId).execute();
      return rows
        .sort((a, b) => b.is_default - a.is_default || a.name_key.localeCompare(b.name_key, 'en'))
        .map(campaignOf);
    },

    addCampaign: async (workspaceId, name) =>
      db.transaction().execute(async (transaction) => {
        const taken = await campaigns(transaction, workspaceId)
          .where('name_key', '=', nameKey(name))
          .executeTakeFirst();
        return taken === undefined ? addCampaign(transaction, workspaceId, name, false) : undefined;
      }),

    bindChannel: async (workspaceId, channelId, campaignId) =>
      db.transaction().execute(async (transaction) => {
        const ours = await campaigns(transaction, workspaceId)
          .where('id', '=', campaignId)
          .executeTakeFirst();
        if (ours === undefined) return false;
        await transaction
          .insertInto('channels')
          .values({ workspace_id: workspaceId, channel_id: channelId, campaign_id: campaignId })
          .onConflict((conflict) =>
            conflict.columns(['workspace_id', 'channel_id']).doUpdateSet({ campaign_id: campaignId }),
          )
          .execute();
        return true;
      }),

    campaign: (campaignId) =>
      campaignStore(db, clock, campaignId, { processes, news, onCommitted, onMemories }),

    workspaceOf: async (campaignId) =>
      db
        .selectFrom('campaigns')
        .innerJoin('workspaces', 'workspaces.id', 'campaigns.workspace_id')
        .select([
          'workspaces.id',
          'workspaces.platform',
          'workspaces.platform_id as platformId',
          'workspaces.name',
        ])
        .where('campaigns.id', '=', campaignId)
        .executeTakeFirst(),

    installations: installationStore(db, secretKey),
    shelf: actionShelf(db, clock),

    recoverLines: async (platforms) => {
      const found = await db.transaction().execute(async (transaction) => {
        await dropOldNews(transaction);
        return recoverLines(transaction, processes, platforms);
      });
      for (const { committed } of found) onCommitted(committed);
      return found.map(({ recovered }) => recovered);
    },

    keepAlive: async () => db.transaction().execute(async (transaction) => processes.keepAlive(transaction)),

    expireDrafts: async (beforeInMs) =>
      db.transaction().execute(async (transaction) => {
        await transaction
          .deleteFrom('scene_npcs')
          .where((eb) =>
            eb.exists(
              eb
                .selectFrom('npcs')
                .select('npcs.id')
                .whereRef('npcs.campaign_id', '=', 'scene_npcs.campaign_id')
                .whereRef('npcs.id', '=', 'scene_npcs.npc_id')
                .where('npcs.status', '=', 'draft')
                .where('npcs.created_at_ms', '<', beforeInMs),
            ),
          )
          .execute();
        const { numUpdatedRows } = await transaction
          .updateTable('npcs')
          .set({ status: 'discarded' })
          .where('status', '=', 'draft')
          .where('created_at_ms', '<', beforeInMs)
          .executeTakeFirstOrThrow();
        return Number(numUpdatedRows);
      }),

    onLine: (listener) => {
      listeners.push(listener);
    },

    onMemories: (listener) => {
      memoryListeners.push(listener);
    },

    unrested: async () =>
      db
        .selectFrom('campaigns')
        .select(['id as campaignId', 'workspace_id as workspaceId'])
        // Not as a parameter: the index is of those that have any.
        .where(sql<boolean>`unrested_lines > 0`)
        .orderBy('id')
        .execute(),

    locks: lockStore(db),
    searchOutbox: searchOutbox(db, clock),
    searchIndex: (model) => searchIndex(db, model),

    close: async () => {
      // Takes its turn behind the calls that were made before it.
      closing ??= db
        .connection()
        .execute(async (connection) => processes.leave(connection))
        .finally(() => db.destroy());
      return closing;
    },
  };
}

type CampaignRow = Pick<
  Selectable<Tables['campaigns']>,
  'id' | 'workspace_id' | 'name' | 'is_default' | 'settings'
>;

function campaignOf(row: CampaignRow): Campaign {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    name: row.name,
    isDefault: row.is_default === 1,
    settings: settingsOf(row),
  };
}
