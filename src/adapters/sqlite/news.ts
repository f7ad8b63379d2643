import type { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import type { Elsewhere } from '#src/core/memory-store.ts';
import type { Database } from './tables.ts';

/** No index in memory is used for longer without being loaded anew. */
const KEPT_FOR_IN_MS = 86_400_000;
const NOW = "cast(unixepoch('subsec') * 1000 as integer)";

/** What other processes change of what NPCs hold, as one connection sees it. */
export interface News {
  /** As `MemoryStore.changedElsewhere`. */
  since(db: Database, campaignId: string, last: Elsewhere | undefined): Promise<Elsewhere>;
}

/**
 * Tells the other processes what this connection changes, and hears what they do.
 *
 * Triggers of this connection alone write the news, so that whoever changes what is held can neither forget it nor leave
 * it out of the transaction; and SQLite itself says, for next to nothing, whether anybody else has written at all.
 *
 * @param processId this process, as no other is called.
 */
export function openNews(database: DatabaseSync, processId: string): News {
  for (const trigger of triggersOf(processId)) database.exec(trigger);
  const version = database.prepare('pragma data_version');

  return {
    async since(db, campaignId, last) {
      const now = Number(version.get()?.data_version);
      if (last?.version === now) return last;
      const rows = await db
        .selectFrom('memory_news')
        .select(['npc_id', 'process_id', 'revision', 'changed_at_ms'])
        .where('campaign_id', '=', campaignId)
        .where('process_id', '!=', processId)
        .execute();
      // Counted from 1 again where old news were dropped: the time tells them apart.
      const revisions = new Map(
        rows.map((row) => [`${row.npc_id}\n${row.process_id}`, `${row.revision} ${row.changed_at_ms}`]),
      );
      const changed = rows.filter(({ npc_id, process_id }) => {
        const key = `${npc_id}\n${process_id}`;
        return last?.revisions.get(key) !== revisions.get(key);
      });
      const npcIds = last === undefined ? [] : [...new Set(changed.map((row) => row.npc_id))];
      return { version: now, revisions, npcIds };
    },
  };
}

/** A store that nobody else can write to. */
export const noNews: News = {
  since: async (_db, _campaignId, last) => last ?? { version: 0, revisions: new Map(), npcIds: [] },
};

/** Drops what everybody who is interested has heard. */
export async function dropOldNews(db: Database): Promise<void> {
  // By the clock by which they were written.
  await sql`delete from memory_news where changed_at_ms < ${sql.raw(NOW)} - ${KEPT_FOR_IN_MS}`.execute(db);
}

function triggersOf(processId: string): readonly string[] {
  /** @param holders a query that gives campaign and NPC. */
  const tell = (holders: string) =>
    `insert into memory_news (campaign_id, npc_id, process_id, revision, changed_at_ms)
      select campaign_id, npc_id, '${processId}', 1, ${NOW}
        from (${holders}) where true
      on conflict (campaign_id, npc_id, process_id)
      do update set revision = revision + 1, changed_at_ms = excluded.changed_at_ms;`;
  const holder = (row: 'new' | 'old') =>
    tell(`select ${row}.campaign_id as campaign_id, ${row}.npc_id as npc_id`);
  const witnesses = tell(`select campaign_id, npc_id from line_witnesses
    where campaign_id = new.campaign_id and scene_id = new.scene_id and seq = new.seq`);
  const holders = tell(`select campaign_id, npc_id from memory_holders
    where campaign_id = new.campaign_id and memory_id = new.id`);
  return [
    // Nothing is remembered of a line while it is being spoken.
    `create temp trigger news_witnessed after insert on line_witnesses
      when not exists (select 1 from lines where campaign_id = new.campaign_id and scene_id = new.scene_id
        and seq = new.seq and state = 'speaking') begin ${holder('new')} end`,
    `create temp trigger news_moved after update of standing on line_witnesses begin ${holder('new')} end`,
    `create temp trigger news_not_witnessed after delete on line_witnesses begin ${holder('old')} end`,
    `create temp trigger news_line after update of text, state on lines
      when new.state <> 'speaking' or old.state <> 'speaking' begin ${witnesses} end`,
    `create temp trigger news_held after insert on memory_holders begin ${holder('new')} end`,
    `create temp trigger news_let_go after delete on memory_holders begin ${holder('old')} end`,
    `create temp trigger news_memory after update of text on memories begin ${holders} end`,
  ];
}
