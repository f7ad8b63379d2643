import { sql } from 'kysely';
import type { MemoryUnit } from '#src/core/memory.ts';
import type { Decisions, Folded, LineAsSeen, Settled, Weighed } from '#src/core/memory-store.ts';
import { stand } from './give-up.ts';
import { lineOf, sameLine } from './line-rows.ts';
import { type HeldLineRow, inChunks, unitOfLine, unitOfMemory, WITNESS_COLUMNS } from './memory-rows.ts';
import type { Database, Standing } from './tables.ts';

/** Lines that may be moved. */
const HELD: readonly Standing[] = ['recent', 'long-term'];

/**
 * Does what was decided of an NPC's memories, as far as nothing has changed since. To be called within a transaction.
 */
export async function settle(
  database: Database,
  campaignId: string,
  npcId: string,
  decisions: Decisions,
): Promise<{
  readonly settled: Settled;
  readonly put: readonly MemoryUnit[];
  readonly gone: readonly string[];
}> {
  const rows = await rowsNow(database, campaignId, npcId, [
    ...decisions.weighed,
    ...decisions.letGo,
    ...decisions.folded.flatMap(({ sources }) => sources),
  ]);
  const isAsSeen = ({ id, text }: LineAsSeen) => {
    const row = rows.get(id);
    return (
      row !== undefined &&
      HELD.includes(row.standing) &&
      row.pinned_at_ms === null &&
      (unitOfLine(row)?.text ?? '') === text
    );
  };
  const isRecent = ({ id }: LineAsSeen) => rows.get(id)?.standing === 'recent';
  const weighed = decisions.weighed.filter(
    (each) => isAsSeen(each) && (isRecent(each) || rows.get(each.id)?.importance === null),
  );
  await weigh(database, campaignId, npcId, weighed, rows);
  const letGo = decisions.letGo.filter(isAsSeen).map(({ id }) => id);
  await stand(database, campaignId, npcId, { lineIds: letGo, from: HELD, to: 'let go' });
  const folded = decisions.folded.filter(({ sources }) => sources.length > 0 && sources.every(isAsSeen));
  const summaries = await fold(database, campaignId, npcId, folded, rows);

  const foldedIds = folded.flatMap(({ sources }) => sources.map(({ id }) => id));
  const promoted = weighed.filter(({ isPromoted }) => isPromoted);
  const put = promoted.flatMap(({ id }): MemoryUnit[] => {
    const row = rows.get(id);
    const unit = row && unitOfLine(row);
    return unit === undefined ? [] : [{ ...unit, tier: 'long-term' }];
  });
  return {
    settled: {
      weighed: weighed.filter(({ id }) => rows.get(id)?.importance === null).length,
      promoted: promoted.filter(isRecent).length,
      summaries: folded.length,
      folded: foldedIds.length,
      letGo: letGo.length,
    },
    put: [...put, ...summaries],
    gone: [...foldedIds, ...letGo],
  };
}

async function rowsNow(
  database: Database,
  campaignId: string,
  npcId: string,
  seen: readonly LineAsSeen[],
): Promise<ReadonlyMap<string, HeldLineRow>> {
  const rows = new Map<string, HeldLineRow>();
  const ids = [...new Set(seen.map(({ id }) => id))];
  for (const some of inChunks(ids)) {
    const found = await database
      .selectFrom('lines')
      .innerJoin('line_witnesses', sameLine)
      .selectAll('lines')
      .select(WITNESS_COLUMNS)
      .where('lines.campaign_id', '=', campaignId)
      .where('lines.id', 'in', some)
      .where('line_witnesses.npc_id', '=', npcId)
      .execute();
    for (const row of found) rows.set(row.id, row);
  }
  return rows;
}

/** All in one statement: there may be hundreds. */
async function weigh(
  database: Database,
  campaignId: string,
  npcId: string,
  weighed: readonly Weighed[],
  rows: ReadonlyMap<string, HeldLineRow>,
): Promise<void> {
  for (const some of inChunks(weighed)) {
    const values = some.map(({ id, importance, isPromoted }) => {
      const row = rows.get(id);
      const standing: Standing = isPromoted ? 'long-term' : (row?.standing ?? 'recent');
      return sql`(${row?.scene_id}, cast(${row?.seq} as integer), cast(${importance} as double precision), ${standing})`;
    });
    await sql`with given (scene_id, seq, importance, standing) as (values ${sql.join(values)})
      update line_witnesses set importance = given.importance, standing = given.standing from given
      where line_witnesses.campaign_id = ${campaignId} and line_witnesses.npc_id = ${npcId}
        and line_witnesses.scene_id = given.scene_id and line_witnesses.seq = given.seq`.execute(database);
  }
}

async function fold(
  database: Database,
  campaignId: string,
  npcId: string,
  folded: readonly Folded[],
  rows: ReadonlyMap<string, HeldLineRow>,
): Promise<readonly MemoryUnit[]> {
  const units: MemoryUnit[] = [];
  for (const some of inChunks(folded, FOLDED_AT_ONCE)) {
    const made = some.map((each) => {
      const sources = each.sources.map(({ id }) => rows.get(id)).filter((row) => row !== undefined);
      const last = sources.reduce((newest, row) => (row.seq > newest.seq ? row : newest));
      const { sceneId: session, seq, createdAtInMs: saidAt } = lineOf(last);
      const time = { played_day: last.played_day, said_at_ms: saidAt };
      const key = { campaign_id: campaignId, memory_id: each.memoryId };
      return {
        memory: {
          ...{ campaign_id: campaignId, id: each.memoryId, text: each.text, session, seq },
          kind: 'summary',
          ...{ ...time, played_at_ms: last.played_at_ms, importance: each.importance },
          world_minute: last.world_minute,
        } as const,
        holder: {
          ...{ ...key, npc_id: npcId, ...time },
          uses: sources.reduce((sum, row) => sum + row.uses, 0),
          last_used_at_ms: latest(sources.map((row) => row.last_used_at_ms)),
          last_used_day: latest(sources.map((row) => row.last_used_day)),
        },
        sources: each.sources.map(
          ({ id }, position) => ({ ...key, position, kind: 'line', source_id: id }) as const,
        ),
      };
    });
    // Another who witnessed the same has folded the same: then it is one memory of both.
    await database
      .insertInto('memories')
      .values(made.map(({ memory }) => memory))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await database
      .insertInto('memory_sources')
      .values(made.flatMap(({ sources }) => sources))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await database
      .insertInto('memory_holders')
      .values(made.map(({ holder }) => holder))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const stored = await database
      .selectFrom('memories')
      .selectAll()
      .where('campaign_id', '=', campaignId)
      .where(
        'id',
        'in',
        some.map(({ memoryId }) => memoryId),
      )
      .execute();
    units.push(...stored.map(unitOfMemory));
  }
  const lineIds = folded.flatMap(({ sources }) => sources.map(({ id }) => id));
  await stand(database, campaignId, npcId, { lineIds, from: HELD, to: 'folded' });
  return units;
}

const FOLDED_AT_ONCE = 40;

function latest(times: readonly (number | null)[]): number | null {
  return times.reduce(
    (newest, time) => (time !== null && (newest === null || time > newest) ? time : newest),
    null,
  );
}
