import { sql } from 'kysely';
import { LONGEST_PAUSE_IN_MS, type PlayedTime } from '#src/core/memory.ts';
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

/** A line is said: the campaign's played time goes on. To be called within the transaction that adds the line. */
export async function passTime(database: Database, campaignId: string, nowInMs: number): Promise<LineTime> {
  // Written out: it runs with every line, and is built several times as quickly. A clock that went back gives a pause
  // below 0, which adds nothing.
  const pauseInMs = sql`(${nowInMs} - coalesce(last_line_at_ms, ${nowInMs}))`;
  const { rows } = await sql<Played>`
    update campaigns
    set played_ms = played_ms + case when ${pauseInMs} between 0 and ${LONGEST_PAUSE_IN_MS} then ${pauseInMs} else 0 end,
        last_line_at_ms = ${nowInMs},
        unrested_lines = unrested_lines + 1
    where id = ${campaignId}
    returning played_ms, played_days, played_date, world_minute`.execute(database);
  const [campaign] = rows;
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
  await database
    .updateTable('campaigns')
    .set((eb) => ({ unrested_lines: eb('unrested_lines', '+', 1) }))
    .where('id', '=', campaignId)
    .execute();
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
