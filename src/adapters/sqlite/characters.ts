import type { CharacterStore } from '#src/core/store.ts';
import { type Given, KeptQuery } from './kept-query.ts';
import type { Database } from './tables.ts';

const CHARACTER = new KeptQuery((db, given: Given<{ campaignId: string; personId: string }>) =>
  db
    .selectFrom('characters')
    .select('name')
    .where('campaign_id', '=', given('campaignId'))
    .where('person_id', '=', given('personId'))
    .compile(),
);

/** Under which names people speak in one campaign. */
export function characterStore(db: Database, campaignId: string): CharacterStore {
  return {
    of: async (personId) => {
      const row = await CHARACTER.first(db, { campaignId, personId });
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
