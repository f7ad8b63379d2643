import { sql } from 'kysely';
import type { Clock } from '#src/core/clock.ts';
import { Refusal } from '#src/core/errors.ts';
import type { PeopleStore } from '#src/core/people.ts';
import type { Store } from '#src/core/store.ts';
import { LOCK_ATTEMPTS, SQLITE, sqliteCode, whileBusy } from './busy.ts';
import { openDatabase } from './open-sqlite-store.ts';
import { searchIndex } from './search-index.ts';
import { sqlStore } from './sql-store.ts';
import type { Database } from './tables.ts';

/** Who said a line, once that is forgotten: no platform has such an id. */
const NOBODY = { speaker_id: 'forgotten', speaker_name: 'somebody' };

/**
 * Opens a database of its own, beside whoever else has the file open, to find and forget people in it.
 * @throws Refusal where the file cannot serve.
 */
export async function openSqlitePeople(options: {
  readonly file: string;
  readonly clock: Clock;
}): Promise<PeopleStore> {
  const db = await openDatabase(options);
  const store = sqlStore(db, options.clock);
  return {
    traces: async (personId) => {
      const { rows } = await sql<{
        readonly campaignId: string;
        readonly lines: number;
        readonly others: number;
      }>`
        select campaign_id as "campaignId", sum(lines) as lines, sum(others) as others from (
          select campaign_id, 1 as lines, 0 as others from lines
            where speaker_id = ${personId} and speaker_kind <> 'npc'
          union all select campaign_id, 0, 1 from characters where person_id = ${personId}
          union all select campaign_id, 0, 1 from waiting where person_id = ${personId}
          union all select campaign_id, 0, 1 from waiting_seen where person_id = ${personId}
        ) as traces group by campaign_id order by campaign_id`.execute(db);
      return rows;
    },
    forget: async (personId, { signal, onLines }) => {
      if (!(await retractAll(db, store, personId, { signal, onLines }))) return false;
      // Before who said it is forgotten: what is broken off here is found again.
      await unlearn(db, personId);
      await db.transaction().execute(async (transaction) => removeTraces(transaction, personId));
      await leaveNothing(db);
      return true;
    },
    close: async () => store.close(),
  };
}

/** @returns whether all of it is taken back. */
async function retractAll(
  db: Database,
  store: Pick<Store, 'campaign'>,
  personId: string,
  { signal, onLines }: Parameters<PeopleStore['forget']>[1],
): Promise<boolean> {
  const lines = await db
    .selectFrom('lines')
    .select(['campaign_id', 'id'])
    .where('speaker_id', '=', personId)
    .where('speaker_kind', '!=', 'npc')
    .orderBy('campaign_id')
    .orderBy('created_at_ms')
    .orderBy('scene_id')
    .orderBy('seq')
    .execute();
  for (const [at, { campaign_id, id }] of lines.entries()) {
    if (signal.aborted) return false;
    await store.campaign(campaign_id).lines.retract(id);
    onLines(at + 1);
  }
  return true;
}

/** To be called within a transaction, once all lines are taken back. */
async function removeTraces(transaction: Database, personId: string): Promise<void> {
  await transaction
    .updateTable('lines')
    .set(NOBODY)
    .where('speaker_id', '=', personId)
    .where('speaker_kind', '!=', 'npc')
    .execute();
  for (const table of ['characters', 'waiting_seen', 'waiting'] as const)
    await transaction.deleteFrom(table).where('person_id', '=', personId).execute();
}

/**
 * The search in the database has the words of what it was told until it is told otherwise: it is here and now, since the
 * file is to have none of them. What is in the outbox stays there, for Chroma.
 */
async function unlearn(db: Database, personId: string): Promise<void> {
  const { rows } = await sql<{
    readonly campaignId: string;
    readonly kind: 'line' | 'memory';
    readonly id: string;
  }>`
    select campaign_id as "campaignId", 'line' as kind, id from lines
      where speaker_id = ${personId} and speaker_kind <> 'npc'
    union all select campaign_id, kind, source_id from search_outbox
      where kind = 'memory' and not exists (select 1 from memories
        where memories.campaign_id = search_outbox.campaign_id and memories.id = search_outbox.source_id)`.execute(
    db,
  );
  // It removes whatever model's vectors they have.
  await searchIndex(db, '').remove(rows);
}

/**
 * What was deleted stays in a file's free pages, and in the index of words, until they are written anew.
 * @throws Refusal where the disk is too full for that.
 */
async function leaveNothing(db: Database): Promise<void> {
  try {
    await sql`insert into search_words (search_words) values ('optimize')`.execute(db);
    await whileBusy(LOCK_ATTEMPTS, async () => sql`vacuum`.execute(db));
  } catch (error) {
    if (sqliteCode(error) !== SQLITE.full) throw error;
    throw new Refusal(
      'All of it is forgotten, but the disk is too full to write the database anew, and the old text lies in it until then. Free as much space as the database takes, and run the same again.',
      { cause: error },
    );
  }
}
