import type { CharacterStore } from '#src/core/store.ts';
import type { Database } from './tables.ts';

/** Under which names people speak in one campaign. */
export function characterStore(db: Database, campaignId: string): CharacterStore {
  return {
    of: async (personId) => {
      const row = await db
        .selectFrom('characters')
        .select('name')
        .where('campaign_id', '=', campaignId)
        .where('person_id', '=', personId)
        .executeTakeFirst();
      return row?.name;
    },

    set: async (personId, name) =>
      db.transaction().execute(async (transaction) => {
        if (name === undefined)
          await transaction
            .deleteFrom('characters')
            .where('campaign_id', '=', campaignId)
            .where('person_id', '=', personId)
            .execute();
        else
          await transaction
            .insertInto('characters')
            .values({ campaign_id: campaignId, person_id: personId, name })
            .onConflict((conflict) => conflict.columns(['campaign_id', 'person_id']).doUpdateSet({ name }))
            .execute();
      }),
  };
}
