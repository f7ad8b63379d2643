import type { Selectable } from 'kysely';
import type { Clock } from '#src/core/clock.ts';
import type { Line, LineState, WitnessedLine } from '#src/core/entities.ts';
import { STANDING } from '#src/core/memory.ts';
import type { MemoryChange } from '#src/core/memory-store.ts';
import type { CommittedLine, LineStore } from '#src/core/store.ts';
import { type ChangeOfMemories, followLine } from './follow-line.ts';
import { lineOf, sameLine } from './line-rows.ts';
import { passTime } from './played-time.ts';
import { addMessage } from './posts.ts';
import type { Processes } from './processes.ts';
import type { Database, Tables } from './tables.ts';

/** Nobody ever reads these again. */
const NEVER_SAID: readonly LineState[] = ['failed', 'retracted'];

/**
 * The transcripts of one campaign.
 * @param processes whose own one speaks the lines that are being spoken through here.
 * @param onCommitted hears of each line that was added or changed, unless it is still being spoken.
 * @param onMemories hears of what else is remembered otherwise because a line has changed.
 */
export function lineStore(
  db: Database,
  clock: Clock,
  campaignId: string,
  processes: Processes,
  onCommitted: (committed: CommittedLine) => void,
  onMemories: (change: MemoryChange) => void,
): LineStore {
  const lines = (database: Database) =>
    database.selectFrom('lines').selectAll('lines').where('lines.campaign_id', '=', campaignId);

  const byId = async (database: Database, id: string) => {
    const row = await lines(database).where('id', '=', id).executeTakeFirst();
    return row && lineOf(row);
  };

  const tellOf = (line: Line, witnesses: readonly string[]) => {
    if (line.state !== 'speaking') onCommitted({ campaignId, line, witnesses });
  };

  const tellOfChanged = ({ line, witnesses, changes }: ChangedLine) => {
    for (const { npcId, put, gone } of changes) onMemories({ campaignId, npcId, put, gone });
    tellOf(line, witnesses);
  };

  /** What a line that has changed is to whom. To be called within the transaction that changed it. */
  const changed = async (transaction: Database, row: Selectable<Tables['lines']>): Promise<ChangedLine> => {
    const line = lineOf(row);
    const changes = await followLine(transaction, campaignId, row);
    return { line, changes, witnesses: await holdersOf(transaction, campaignId, line) };
  };

  const spokenBy = (state: LineState) => (state === 'speaking' ? processes.ownId : null);

  /** The next place in the scene; whoever has it holds the scene until its transaction ends, so no place is missed. */
  const takePlace = async (database: Database, sceneId: string) => {
    const scene = await database
      .updateTable('scenes')
      .set((eb) => ({ line_count: eb('line_count', '+', 1) }))
      .where('campaign_id', '=', campaignId)
      .where('id', '=', sceneId)
      .returning('line_count')
      .executeTakeFirst();
    if (scene === undefined)
      throw new Error(`Campaign ${campaignId} has no scene ${sceneId} to add a line to.`);
    return scene.line_count;
  };

  /** Changes what a person said and what stands. Nobody but an NPC's own turn changes what an NPC said. */
  const changeSaid = async (id: string, change: { readonly text: string; readonly state?: 'retracted' }) => {
    const revised = await db.transaction().execute(async (transaction) => {
      const row = await transaction
        .updateTable('lines')
        .set(change)
        .where('campaign_id', '=', campaignId)
        .where('id', '=', id)
        .where('speaker_kind', '!=', 'npc')
        .where('state', 'in', STANDING)
        .returningAll()
        .executeTakeFirst();
      return row && changed(transaction, row);
    });
    if (revised !== undefined) tellOfChanged(revised);
    return revised?.line;
  };

  return {
    /** @throws Error where the campaign has no such scene or witness, or an out-of-character line is given witnesses. */
    append: async (line) => {
      if (line.kind === 'ooc' && line.witnesses.length > 0)
        throw new Error(`Line ${line.id} is out of character: no NPC can witness it.`);
      const witnesses = [...new Set(line.witnesses)];
      const appended = await db.transaction().execute(async (transaction) => {
        const stored = await byId(transaction, line.id);
        if (stored !== undefined) return { line: stored, isNew: false };
        const saidAt = clock.now();
        const played = await passTime(transaction, campaignId, saidAt);
        const row = {
          campaign_id: campaignId,
          id: line.id,
          scene_id: line.sceneId,
          seq: await takePlace(transaction, line.sceneId),
          speaker_kind: line.speaker.kind,
          speaker_id: line.speaker.id,
          speaker_name: line.speaker.name,
          kind: line.kind,
          text: line.text,
          state: line.state,
          reply_to: line.replyTo ?? null,
          created_at_ms: saidAt,
          spoken_by: spokenBy(line.state),
          played_at_ms: played.playedInMs,
          played_day: played.playedDays,
          world_minute: played.worldMinute,
        };
        // Whoever speaks is known to live before the line is there to be taken for cut off.
        if (line.state === 'speaking') await processes.keepAlive(transaction);
        await transaction.insertInto('lines').values(row).execute();
        for (const npcId of witnesses)
          await transaction
            .insertInto('line_witnesses')
            .values({
              campaign_id: campaignId,
              scene_id: row.scene_id,
              seq: row.seq,
              npc_id: npcId,
              said_at_ms: row.created_at_ms,
              uses: 0,
              played_day: row.played_day,
            })
            .execute();
        return { line: lineOf(row), isNew: true };
      });
      if (appended.isNew) tellOf(appended.line, witnesses);
      return appended;
    },

    update: async (id, { text, state }) => {
      const updated = await db.transaction().execute(async (transaction) => {
        const row = await transaction
          .updateTable('lines')
          .set({ text, state, spoken_by: spokenBy(state) })
          .where('campaign_id', '=', campaignId)
          .where('id', '=', id)
          .where('state', '!=', 'retracted')
          .returningAll()
          .executeTakeFirst();
        return row === undefined || state === 'speaking' ? undefined : changed(transaction, row);
      });
      if (updated !== undefined) tellOfChanged(updated);
    },

    revise: async (id, text) => changeSaid(id, { text }),

    retract: async (id) => changeSaid(id, { text: '', state: 'retracted' }),

    addPost: async (id, messageId) =>
      db.transaction().execute(async (transaction) => {
        const line = await byId(transaction, id);
        if (line !== undefined) await addMessage(transaction, campaignId, line, messageId);
      }),

    marked: async (id) =>
      db.transaction().execute(async (transaction) => release(transaction, campaignId, id)),

    byPost: async (channelId, messageId) => {
      const row = await lines(db)
        .innerJoin('posts', (join) =>
          join.onRef('posts.campaign_id', '=', 'lines.campaign_id').onRef('posts.line_id', '=', 'lines.id'),
        )
        .innerJoin('scenes', (join) =>
          join
            .onRef('scenes.campaign_id', '=', 'posts.campaign_id')
            .onRef('scenes.id', '=', 'posts.scene_id'),
        )
        .where('scenes.channel_id', '=', channelId)
        .where('posts.message_id', '=', messageId)
        .executeTakeFirst();
      return row && lineOf(row);
    },

    byId: async (id) => byId(db, id),

    recent: async (sceneId, limit) => {
      const rows = await lines(db)
        .where('lines.scene_id', '=', sceneId)
        .where('lines.state', 'not in', NEVER_SAID)
        .orderBy('lines.seq', 'desc')
        .limit(Math.max(0, limit))
        .execute();
      return rows.reverse().map(lineOf);
    },

    witnessed: async (sceneId, npcId, limit) => {
      const rows = await db
        .selectFrom('lines')
        .innerJoin('line_witnesses', sameLine)
        .select([
          'lines.seq',
          'lines.id',
          'speaker_kind',
          'speaker_id',
          'speaker_name',
          'text',
          'created_at_ms',
          'world_minute',
        ])
        .where('lines.campaign_id', '=', campaignId)
        .where('lines.scene_id', '=', sceneId)
        .where('lines.state', 'not in', NEVER_SAID)
        .where('line_witnesses.npc_id', '=', npcId)
        .where('line_witnesses.standing', '!=', 'forgotten')
        // By the column whose index leads to the lines: what an NPC saw is found without walking through what it did not.
        .orderBy('line_witnesses.seq', 'desc')
        .limit(Math.max(0, limit))
        .execute();
      return rows.reverse().map(
        (row): WitnessedLine => ({
          id: row.id,
          seq: row.seq,
          speaker: { kind: row.speaker_kind, id: row.speaker_id, name: row.speaker_name },
          text: row.text,
          createdAtInMs: row.created_at_ms,
          ...(row.world_minute === null ? {} : { worldMinute: row.world_minute }),
        }),
      );
    },

    witnesses: async (id) => {
      const line = await byId(db, id);
      return line === undefined ? [] : witnessesOf(db, campaignId, line);
    },

    repliesTo: async (id) => {
      const rows = await lines(db)
        .where('reply_to', '=', id)
        .orderBy('created_at_ms')
        .orderBy('seq')
        .execute();
      return rows.map(lineOf);
    },
  };
}

interface ChangedLine {
  readonly line: Line;
  readonly witnesses: readonly string[];
  readonly changes: readonly ChangeOfMemories[];
}

/** NPC ids. */
async function witnessesOf(
  database: Database,
  campaignId: string,
  line: Pick<Line, 'sceneId' | 'seq'>,
): Promise<readonly string[]> {
  return npcIdsOf(witnessing(database, campaignId, line));
}

/** NPC ids of those who have not forgotten it. */
export async function holdersOf(
  database: Database,
  campaignId: string,
  line: Pick<Line, 'sceneId' | 'seq'>,
): Promise<readonly string[]> {
  return npcIdsOf(witnessing(database, campaignId, line).where('standing', '!=', 'forgotten'));
}

function witnessing(database: Database, campaignId: string, line: Pick<Line, 'sceneId' | 'seq'>) {
  return database
    .selectFrom('line_witnesses')
    .select('npc_id')
    .where('campaign_id', '=', campaignId)
    .where('scene_id', '=', line.sceneId)
    .where('seq', '=', line.seq)
    .orderBy('npc_id');
}

async function npcIdsOf(query: ReturnType<typeof witnessing>): Promise<readonly string[]> {
  return (await query.execute()).map((row) => row.npc_id);
}

/** No process has anything left to do for a line, unless it is being spoken. */
export async function release(database: Database, campaignId: string, lineId: string): Promise<void> {
  await database
    .updateTable('lines')
    .set({ spoken_by: null })
    .where('campaign_id', '=', campaignId)
    .where('id', '=', lineId)
    .where('state', '!=', 'speaking')
    .execute();
}
