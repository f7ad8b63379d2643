import { sql } from 'kysely';
import { LONGEST_PAUSE_IN_MS, type PlayedTime } from '#src/core/memory.ts';
import { type Given, KeptQuery } from './kept-query.ts';
import type { LineRow } from './line-rows.ts';
import type { Database } from './tables.ts';

const DAY_IN_MS = 24 * 60 * 60_000;

interface Played {
  readonly played_ms: number;
  readonly played_days: number;
  readonly played_date: number | null;
  readonly world_minute: number | null;
}

/** When a line is said. */
interface LineTime extends PlayedTime {
  readonly worldMinute: number | null;
}

interface Passing {
  readonly campaignId: string;
  readonly nowInMs: number;
  /** 1 where the next consolidation has more to look at, else 0. */
  readonly toLookAt: 0 | 1;
}

/** A clock that went back gives a pause below 0, which adds nothing. */
const PASS_TIME = new KeptQuery((db, given: Given<Passing>) => {
  const now = given('nowInMs');
  const pauseInMs = sql`(${now} - coalesce(last_line_at_ms, ${now}))`;
  return sql<Played>`
    update campaigns
    set played_ms = played_ms + case when ${pauseInMs} between 0 and ${LONGEST_PAUSE_IN_MS} then ${pauseInMs} else 0 end,
        last_line_at_ms = ${now},
        unrested_lines = unrested_lines + ${given('toLookAt')}
    where id = ${given('campaignId')}
    returning played_ms, played_days, played_date, world_minute`.compile(db);
});

const DISTURB = new KeptQuery((db, given: Given<{ campaignId: string }>) =>
  db
    .updateTable('campaigns')
    .set((eb) => ({ unrested_lines: eb('unrested_lines', '+', 1) }))
    .where('id', '=', given('campaignId'))
    .compile(),
);

/** Whether what has become of a line is to be looked at by consolidation: what is being spoken is told when it has ended. */
export function isTold({ kind, state }: Pick<LineRow, 'kind' | 'state'>): boolean {
  return kind === 'speech' && state !== 'speaking' && state !== 'failed';
}

/** A line is said: the campaign's played time goes on. To be called within the transaction that adds the line. */
export async function passTime(
  database: Database,
  campaignId: string,
  nowInMs: number,
  line: Pick<LineRow, 'kind' | 'state'>,
): Promise<LineTime> {
  const toLookAt = isTold(line) ? 1 : 0;
  const campaign = await PASS_TIME.first(database, { campaignId, nowInMs, toLookAt });
  if (campaign === undefined) throw new Error(`There is no campaign ${campaignId}.`);
  const date = Math.floor(nowInMs / DAY_IN_MS);
  const { played_ms: playedInMs, world_minute: worldMinute } = campaign;
  if (campaign.played_date === date) return { playedInMs, playedDays: campaign.played_days, worldMinute };
  return { playedInMs, playedDays: await enterDate(database, campaignId, date), worldMinute };
}

/** Counts a date once, whatever order the clock gives dates in. */
async function enterDate(database: Database, campaignId: string, date: number): Promise<number> {
  const { numInsertedOrUpdatedRows: isNew } = await database
    .insertInto('played_dates')
    .values({ campaign_id: campaignId, date })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  const { played_days: playedDays } = await database
    .updateTable('campaigns')
    .set((eb) => ({ played_date: date, played_days: eb('played_days', '+', Number(isNew ?? 0)) }))
    .where('id', '=', campaignId)
    .returning('played_days')
    .executeTakeFirstOrThrow();
  return playedDays;
}

/** Something that was said has changed: the campaign is to be consolidated again. */
export async function disturb(database: Database, campaignId: string): Promise<void> {
  await DISTURB.run(database, { campaignId });
}

/** On how many dates before the one of this moment a campaign had a line. */
export async function datesBefore(
  database: Database,
  campaignId: string,
  momentInMs: number,
): Promise<number> {
  const { dates } = await database
    .selectFrom('played_dates')
    .select((eb) => eb.fn.countAll<number>().as('dates'))
    .where('campaign_id', '=', campaignId)
    .where('date', '<', Math.floor(momentInMs / DAY_IN_MS))
    .executeTakeFirstOrThrow();
  return Number(dates);
}
