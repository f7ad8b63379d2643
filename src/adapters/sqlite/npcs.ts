import type { Expression, Selectable } from 'kysely';
import type { Clock } from '#src/core/clock.ts';
import type { Npc, NpcStatus, VersionReason } from '#src/core/entities.ts';
import { nameKey } from '#src/core/names.ts';
import type { Persona } from '#src/core/persona.ts';
import type { NpcStore } from '#src/core/store.ts';
import { isLocks, isPersona, isTexts, readJson } from './json.ts';
import { type Given, KeptQuery } from './kept-query.ts';
import type { Database, Tables } from './tables.ts';

const LIVE: readonly NpcStatus[] = ['draft', 'kept'];

/** NPCs with their sheets as they are now. */
function npcsOf(db: Database, campaignId: string | Expression<string>) {
  return db
    .selectFrom('npcs')
    .innerJoin('npc_versions', (join) =>
      join
        .onRef('npc_versions.campaign_id', '=', 'npcs.campaign_id')
        .onRef('npc_versions.npc_id', '=', 'npcs.id')
        .onRef('npc_versions.version', '=', 'npcs.version'),
    )
    .selectAll('npcs')
    .select('npc_versions.persona')
    .where('npcs.campaign_id', '=', campaignId);
}

const ON_STAGE = new KeptQuery((db, given: Given<{ campaignId: string; channelId: string }>) =>
  npcsOf(db, given('campaignId'))
    .innerJoin('scene_npcs', (join) =>
      join
        .onRef('scene_npcs.campaign_id', '=', 'npcs.campaign_id')
        .onRef('scene_npcs.npc_id', '=', 'npcs.id'),
    )
    .innerJoin('scenes', (join) =>
      join
        .onRef('scenes.campaign_id', '=', 'scene_npcs.campaign_id')
        .onRef('scenes.id', '=', 'scene_npcs.scene_id'),
    )
    .where('scenes.channel_id', '=', given('channelId'))
    .where('npcs.status', '!=', 'discarded')
    .orderBy('scene_npcs.entrance')
    .compile(),
);

const NAMES = new KeptQuery((db, given: Given<{ campaignId: string }>) =>
  db
    .selectFrom('npcs')
    .select(['id', 'name', 'aliases'])
    .where('campaign_id', '=', given('campaignId'))
    .where('status', '!=', 'discarded')
    .orderBy('created_at_ms', 'desc')
    .orderBy('id')
    .compile(),
);

/**
 * The NPCs of one campaign. One that is discarded can be looked at and brought back (`setStatus`); for every other
 * change it is gone.
 */
export function npcStore(db: Database, clock: Clock, campaignId: string): NpcStore {
  const npcs = (database: Database) => npcsOf(database, campaignId);

  const byId = async (database: Database, id: string) => {
    const row = await npcs(database).where('npcs.id', '=', id).executeTakeFirst();
    return row && npcOf(row);
  };

  const isNameTaken = async (database: Database, name: string, byAnotherThan?: string) => {
    const owner = await database
      .selectFrom('npcs')
      .select('id')
      .where('campaign_id', '=', campaignId)
      .where('name_key', '=', nameKey(name))
      .where('status', '!=', 'discarded')
      .executeTakeFirst();
    return owner !== undefined && owner.id !== byAnotherThan;
  };

  const addVersionRow = async (
    database: Database,
    id: string,
    version: number,
    made: { readonly persona: Persona; readonly reason: VersionReason; readonly by: string },
  ) =>
    database
      .insertInto('npc_versions')
      .values({
        campaign_id: campaignId,
        npc_id: id,
        version,
        persona: JSON.stringify(made.persona),
        reason: made.reason,
        made_by: made.by,
        created_at_ms: clock.now(),
      })
      .execute();

  return {
    list: async (statuses = LIVE) => {
      if (statuses.length === 0) return [];
      const rows = await npcs(db).where('npcs.status', 'in', statuses).execute();
      // Databases differ in how they sort letters beyond ASCII.
      return rows
        .sort((a, b) => a.name_key.localeCompare(b.name_key, 'en') || (a.id < b.id ? -1 : 1))
        .map(npcOf);
    },

    byId: async (id) => byId(db, id),

    onStage: async (channelId) => (await ON_STAGE.all(db, { campaignId, channelId })).map(npcOf),

    names: async () => {
      const rows = await NAMES.all(db, { campaignId });
      return rows.map(({ id, name, aliases }) => ({
        id,
        name,
        aliases: readJson(aliases, isTexts, 'npcs', id),
      }));
    },

    ofCast: async (castId) => {
      const rows = await npcs(db).where('npcs.cast_id', '=', castId).execute();
      return rows.map(npcOf);
    },

    byName: async (name) => {
      const row = await npcs(db)
        .where('npcs.name_key', '=', nameKey(name))
        .where('npcs.status', '!=', 'discarded')
        .executeTakeFirst();
      return row && npcOf(row);
    },

    add: async (npc) =>
      db.transaction().execute(async (transaction) => {
        if (await isNameTaken(transaction, npc.persona.name)) return undefined;
        await transaction
          .insertInto('npcs')
          .values({
            campaign_id: campaignId,
            id: npc.id,
            ...nameColumns(npc.persona),
            status: npc.status,
            version: 1,
            cast_id: npc.cast?.id ?? null,
            cast_member: npc.cast?.member ?? null,
            locks: '[]',
            source_file: npc.sourceFile ?? null,
            created_at_ms: clock.now(),
          })
          .execute();
        await addVersionRow(transaction, npc.id, 1, npc);
        return byId(transaction, npc.id);
      }),

    addVersion: async (id, change) =>
      db.transaction().execute(async (transaction) => {
        const now = await transaction
          .selectFrom('npcs')
          .select(['version', 'status'])
          .where('campaign_id', '=', campaignId)
          .where('id', '=', id)
          .executeTakeFirst();
        if (now === undefined || now.status === 'discarded') return 'gone';
        if (now.version !== change.base) return 'changed';
        if (await isNameTaken(transaction, change.persona.name, id)) return 'name taken';
        const version = now.version + 1;
        await addVersionRow(transaction, id, version, change);
        await transaction
          .updateTable('npcs')
          .set({ version, ...nameColumns(change.persona) })
          .$if(!change.follow, (update) => update.set({ source_file: null }))
          .where('campaign_id', '=', campaignId)
          .where('id', '=', id)
          .execute();
        // It was there a moment ago, and nobody else writes meanwhile.
        return (await byId(transaction, id)) ?? 'gone';
      }),

    versions: async (id) => {
      const rows = await db
        .selectFrom('npc_versions')
        .selectAll()
        .where('campaign_id', '=', campaignId)
        .where('npc_id', '=', id)
        .orderBy('version', 'desc')
        .execute();
      return rows.map((row) => ({
        version: row.version,
        persona: readPersona(row.persona, row.npc_id, row.version),
        reason: row.reason,
        by: row.made_by,
        createdAtInMs: row.created_at_ms,
      }));
    },

    setStatus: async (id, status) =>
      db.transaction().execute(async (transaction) => {
        const npc = await byId(transaction, id);
        if (npc === undefined) return undefined;
        if (status !== 'discarded' && (await isNameTaken(transaction, npc.persona.name, id)))
          return undefined;
        await transaction
          .updateTable('npcs')
          .set({ status })
          .where('campaign_id', '=', campaignId)
          .where('id', '=', id)
          .execute();
        if (status === 'discarded')
          await transaction
            .deleteFrom('scene_npcs')
            .where('campaign_id', '=', campaignId)
            .where('npc_id', '=', id)
            .execute();
        return { ...npc, status };
      }),

    setLocks: async (id, locks) =>
      db.transaction().execute(async (transaction) => {
        await transaction
          .updateTable('npcs')
          .set({ locks: JSON.stringify(locks) })
          .where('campaign_id', '=', campaignId)
          .where('id', '=', id)
          .where('status', '!=', 'discarded')
          .execute();
        const npc = await byId(transaction, id);
        return npc?.status === 'discarded' ? undefined : npc;
      }),
  };
}

function nameColumns({ name, aliases }: Persona) {
  return { name, name_key: nameKey(name), aliases: JSON.stringify(aliases) };
}

function npcOf(row: Selectable<Tables['npcs']> & { readonly persona: string }): Npc {
  return {
    id: row.id,
    campaignId: row.campaign_id,
    persona: readPersona(row.persona, row.id, row.version),
    version: row.version,
    status: row.status,
    cast:
      row.cast_id === null || row.cast_member === null
        ? undefined
        : { id: row.cast_id, member: row.cast_member },
    locks: readJson(row.locks, isLocks, 'npcs', row.id),
    sourceFile: row.source_file ?? undefined,
    createdAtInMs: row.created_at_ms,
  };
}

function readPersona(text: string, npcId: string, version: number): Persona {
  return readJson(text, isPersona, 'npc_versions', `${npcId}, version ${version},`);
}
