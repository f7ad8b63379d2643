import type { Clock } from '#src/core/clock.ts';
import type { Usage } from '#src/core/entities.ts';
import type { UsageStore } from '#src/core/store.ts';
import { type Given, KeptQuery } from './kept-query.ts';
import type { Database } from './tables.ts';

const DAY_IN_MS = 86_400_000;

interface OfDay extends Usage {
  readonly campaignId: string;
  readonly day: number;
}

const ADD = new KeptQuery((db, given: Given<OfDay>) =>
  db
    .insertInto('usage')
    .values({
      campaign_id: given('campaignId'),
      day: given('day'),
      model: given('model'),
      purpose: given('purpose'),
      calls: 1,
      input_tokens: given('inputTokens'),
      cached_input_tokens: given('cachedInputTokens'),
      output_tokens: given('outputTokens'),
      cost_in_micro_usd: given('costInMicroUsd'),
    })
    .onConflict((conflict) =>
      conflict.columns(['campaign_id', 'day', 'model', 'purpose']).doUpdateSet((eb) => ({
        calls: eb('usage.calls', '+', eb.ref('excluded.calls')),
        input_tokens: eb('usage.input_tokens', '+', eb.ref('excluded.input_tokens')),
        cached_input_tokens: eb('usage.cached_input_tokens', '+', eb.ref('excluded.cached_input_tokens')),
        output_tokens: eb('usage.output_tokens', '+', eb.ref('excluded.output_tokens')),
        cost_in_micro_usd: eb('usage.cost_in_micro_usd', '+', eb.ref('excluded.cost_in_micro_usd')),
      })),
    )
    .compile(),
);

/** What the calls made for one campaign cost. */
export function usageStore(db: Database, clock: Clock, campaignId: string): UsageStore {
  return {
    add: async (usage) => {
      const day = Math.floor(clock.now() / DAY_IN_MS);
      await db
        .transaction()
        .execute(async (transaction) => ADD.run(transaction, { ...usage, campaignId, day }));
    },

    totals: async () => {
      const rows = await db
        .selectFrom('usage')
        .select((eb) => [
          'model',
          eb.fn.sum('calls').as('calls'),
          eb.fn.sum('input_tokens').as('inputTokens'),
          eb.fn.sum('cached_input_tokens').as('cachedInputTokens'),
          eb.fn.sum('output_tokens').as('outputTokens'),
          eb.fn.sum('cost_in_micro_usd').as('costInMicroUsd'),
        ])
        .where('campaign_id', '=', campaignId)
        .groupBy('model')
        .orderBy('model')
        .execute();
      // Databases differ in what type a sum has.
      return rows.map((row) => ({
        model: row.model,
        calls: Number(row.calls),
        inputTokens: Number(row.inputTokens),
        cachedInputTokens: Number(row.cachedInputTokens),
        outputTokens: Number(row.outputTokens),
        costInMicroUsd: Number(row.costInMicroUsd),
      }));
    },
  };
}
