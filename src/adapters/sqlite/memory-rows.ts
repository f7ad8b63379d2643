import type { Expression, Selectable } from 'kysely';
import { type HeldMemory, type MemoryUnit, memoryOf, STANDING } from '#src/core/memory.ts';
import { LINE_COLUMNS, type LineRow, lineOf, sameLine } from './line-rows.ts';
import type { Database, Standing, Tables } from './tables.ts';

/** Ids in one statement: SQLite takes 32,766 values, Postgres 65,535. */
const IDS_AT_ONCE = 500;

/** What a line is to one of its witnesses. */
export const WITNESS_COLUMNS = [
  'line_witnesses.standing',
  'line_witnesses.importance',
  'line_witnesses.pinned_at_ms',
  'line_witnesses.uses',
  'line_witnesses.last_used_at_ms',
  'line_witnesses.last_used_day',
] as const;

type WitnessColumns = Pick<
  Selectable<Tables['line_witnesses']>,
  'standing' | 'importance' | 'pinned_at_ms' | 'uses' | 'last_used_at_ms' | 'last_used_day'
>;
export type HeldLineRow = LineRow &
  WitnessColumns &
  Pick<Selectable<Tables['lines']>, 'played_at_ms' | 'played_day'>;

/** `memoryOf`, as a query. */
export function standingLines(db: Database, campaignId: string) {
  return db
    .selectFrom('lines')
    .selectAll('lines')
    .where('lines.campaign_id', '=', campaignId)
    .where('lines.kind', '=', 'speech')
    .where('lines.state', 'in', STANDING)
    .where('lines.text', '!=', '');
}

/** The standing lines of one witness, with what they are to it. */
export function linesOf(db: Database, campaignId: string, npcId: string) {
  return standingLines(db, campaignId)
    .innerJoin('line_witnesses', sameLine)
    .where('line_witnesses.npc_id', '=', npcId)
    .select(WITNESS_COLUMNS);
}

/** The newest lines that stand so to an NPC, newest first. */
export function newestLinesOf(
  db: Database,
  campaignId: string,
  npcId: string,
  { standing, limit, offset = 0 }: Page & { readonly standing: Standing },
) {
  return linesOf(db, campaignId, npcId)
    .where('line_witnesses.standing', '=', standing)
    .orderBy('line_witnesses.played_day', 'desc')
    .orderBy('line_witnesses.said_at_ms', 'desc')
    .orderBy('line_witnesses.seq', 'desc')
    .limit(Math.max(0, limit))
    .offset(offset);
}

interface Page {
  readonly limit: number;
  readonly offset?: number;
}

/** The memories in place of lines that an NPC holds, newest first. */
export function newestMemoriesOf(
  db: Database,
  campaignId: string | Expression<string>,
  npcId: string | Expression<string>,
) {
  return memoriesOf(db, campaignId, npcId)
    .orderBy('memory_holders.played_day', 'desc')
    .orderBy('memory_holders.said_at_ms', 'desc')
    .orderBy('memory_holders.memory_id', 'desc');
}

/** The memories in place of lines that one NPC holds. */
export function memoriesOf(
  db: Database,
  campaignId: string | Expression<string>,
  npcId: string | Expression<string>,
) {
  return db
    .selectFrom('memory_holders')
    .innerJoin('memories', (join) =>
      join
        .onRef('memories.campaign_id', '=', 'memory_holders.campaign_id')
        .onRef('memories.id', '=', 'memory_holders.memory_id'),
    )
    .where('memory_holders.campaign_id', '=', campaignId)
    .where('memory_holders.npc_id', '=', npcId)
    .selectAll('memories')
    .select([
      'memory_holders.pinned_at_ms',
      'memory_holders.uses',
      'memory_holders.last_used_at_ms',
      'memory_holders.last_used_day',
    ]);
}

/** The newest lines that stand so to an NPC as it remembers them, newest first. */
export async function newestUnitsOf(
  db: Database,
  campaignId: string,
  npcId: string,
  page: Page & { readonly standing: Standing },
): Promise<readonly MemoryUnit[]> {
  // Thousands of rows: what they are beside text is left where it is.
  const rows = await newestLinesOf(db, campaignId, npcId, page)
    .clearSelect()
    .select([...LINE_COLUMNS, 'line_witnesses.standing'])
    .execute();
  return unitsOfLines(rows);
}

/** Undefined for a line that does not stand. */
export function unitOfLine(row: LineRow & { readonly standing?: Standing }): MemoryUnit | undefined {
  const unit = memoryOf(lineOf(row));
  return unit !== undefined && row.standing === 'long-term' ? { ...unit, tier: 'long-term' } : unit;
}

export function unitsOfLines(
  rows: readonly (LineRow & { readonly standing?: Standing })[],
): readonly MemoryUnit[] {
  return rows.map(unitOfLine).filter((unit) => unit !== undefined);
}

type MemoryRow = Omit<
  Selectable<Tables['memories']>,
  'campaign_id' | 'importance' | 'played_at_ms' | 'played_day'
>;

export function unitOfMemory(row: MemoryRow): MemoryUnit {
  return {
    id: row.id,
    speaker: '',
    text: row.text,
    session: row.session,
    seq: row.seq,
    saidAtInMs: row.said_at_ms,
    ...(row.world_minute === null ? {} : { worldMinute: row.world_minute }),
    kind: row.kind,
    tier: 'semantic',
  };
}

export function heldLines(rows: readonly HeldLineRow[]): readonly HeldMemory[] {
  return rows.flatMap((row) => {
    const unit = unitOfLine(row);
    return unit === undefined ? [] : [heldLine(row, unit)];
  });
}

export function heldLine(row: HeldLineRow, unit: MemoryUnit): HeldMemory {
  return { unit, shelf: row.standing === 'long-term' ? 'long-term' : 'recent', ...heldAs(row) };
}

export function heldMemory(
  row: MemoryRow & Omit<Selectable<Tables['memories']>, 'campaign_id'> & Omit<WitnessColumns, 'standing'>,
): HeldMemory {
  return { unit: unitOfMemory(row), shelf: 'semantic', ...heldAs(row) };
}

function heldAs(
  row: Omit<WitnessColumns, 'standing'> & Pick<Selectable<Tables['lines']>, 'played_at_ms' | 'played_day'>,
) {
  return {
    importance: row.importance ?? undefined,
    isPinned: row.pinned_at_ms !== null,
    uses: row.uses,
    lastUsedAtInMs: row.last_used_at_ms ?? undefined,
    lastUsedDay: row.last_used_day ?? undefined,
    playedAtInMs: row.played_at_ms,
    playedDay: row.played_day,
  };
}

export function* inChunks<T>(items: readonly T[], size = IDS_AT_ONCE): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}

/** The places of lines by their ids, for those who name lines by their places. */
export function placesOf(db: Database, campaignId: string, lineIds: readonly string[]) {
  return db
    .selectFrom('lines')
    .select(['lines.scene_id', 'lines.seq'])
    .where('lines.campaign_id', '=', campaignId)
    .where('lines.id', 'in', lineIds)
    .$asTuple('scene_id', 'seq');
}
