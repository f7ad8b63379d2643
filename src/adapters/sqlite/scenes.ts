import { randomUUID } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { Clock } from '#src/core/clock.ts';
import type { Scene } from '#src/core/entities.ts';
import type { SceneStore } from '#src/core/store.ts';
import { type Given, KeptQuery } from './kept-query.ts';
import type { Database, Tables } from './tables.ts';

const CURRENT = new KeptQuery((db, given: Given<{ campaignId: string; channelId: string }>) =>
  db
    .selectFrom('scenes')
    .selectAll()
    .where('campaign_id', '=', given('campaignId'))
    .where('channel_id', '=', given('channelId'))
    .compile(),
);

const ON_STAGE = new KeptQuery((db, given: Given<{ campaignId: string; sceneId: string }>) =>
  db
    .selectFrom('scene_npcs')
    .select(['npc_id', 'entrance'])
    .where('campaign_id', '=', given('campaignId'))
    .where('scene_id', '=', given('sceneId'))
    .orderBy('entrance')
    .compile(),
);

/** The scenes of one campaign and who is on stage in them. */
export function sceneStore(db: Database, clock: Clock, campaignId: string): SceneStore {
  const current = async (database: Database, channelId: string) => {
    const row = await CURRENT.first(database, { campaignId, channelId });
    return row && sceneOf(row);
  };

  const onStage = async (database: Database, sceneId: string) =>
    ON_STAGE.all(database, { campaignId, sceneId });

  const mayEnter = async (database: Database, sceneId: string, npcId: string) => {
    const both = await database
      .selectFrom('scenes')
      .innerJoin('npcs', 'npcs.campaign_id', 'scenes.campaign_id')
      .select('npcs.id')
      .where('scenes.campaign_id', '=', campaignId)
      .where('scenes.id', '=', sceneId)
      .where('npcs.id', '=', npcId)
      .where('npcs.status', '!=', 'discarded')
      .executeTakeFirst();
    return both !== undefined;
  };

  return {
    open: async (channelId) =>
      (await current(db, channelId)) ??
      db.transaction().execute(async (transaction) => {
        // Somebody else may have opened it meanwhile.
        const open = await current(transaction, channelId);
        if (open !== undefined) return open;
        const row = {
          campaign_id: campaignId,
          id: randomUUID(),
          channel_id: channelId,
          line_count: 0,
          started_at_ms: clock.now(),
        };
        await transaction.insertInto('scenes').values(row).execute();
        return sceneOf(row);
      }),

    current: async (channelId) => current(db, channelId),

    cast: async (sceneId) => (await onStage(db, sceneId)).map((row) => row.npc_id),

    enter: async (sceneId, npcId) =>
      db.transaction().execute(async (transaction) => {
        const present = await onStage(transaction, sceneId);
        if (present.some((row) => row.npc_id === npcId)) return false;
        if (!(await mayEnter(transaction, sceneId, npcId))) return false;
        const entrance = (present.at(-1)?.entrance ?? 0) + 1;
        await transaction
          .insertInto('scene_npcs')
          .values({ campaign_id: campaignId, scene_id: sceneId, npc_id: npcId, entrance })
          .execute();
        return true;
      }),

    leave: async (sceneId, npcId) =>
      db.transaction().execute(async (transaction) => {
        const { numDeletedRows } = await transaction
          .deleteFrom('scene_npcs')
          .where('campaign_id', '=', campaignId)
          .where('scene_id', '=', sceneId)
          .where('npc_id', '=', npcId)
          .executeTakeFirstOrThrow();
        return numDeletedRows === 1n;
      }),
  };
}

function sceneOf(row: Selectable<Tables['scenes']>): Scene {
  return {
    id: row.id,
    campaignId: row.campaign_id,
    channelId: row.channel_id,
    startedAtInMs: row.started_at_ms,
  };
}
