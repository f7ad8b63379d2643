import type { Clock } from '#src/core/clock.ts';
import type { Line, LineState, WitnessedLine } from '#src/core/entities.ts';
import { STANDING } from '#src/core/memory.ts';
import type { MemoryChange } from '#src/core/memory-store.ts';
import type { CommittedLine, LineStore } from '#src/core/store.ts';
import { type ChangeOfMemories, followLine } from './follow-line.ts';
import {
  ADD_LINE,
  ADD_WITNESS,
  HOLDERS,
  LINE_BY_ID,
  RECENT,
  REPLIES,
  SPEAK,
  TAKE_PLACE,
  WITNESSED,
  WITNESSES,
} from './line-queries.ts';
import { LINE_COLUMNS, type LineRow, lineOf } from './line-rows.ts';
import { passTime } from './played-time.ts';
import { addMessage } from './posts.ts';
import type { Processes } from './processes.ts';
import type { Database } from './tables.ts';

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
  const byId = async (database: Database, id: string) => {
    const row = await LINE_BY_ID.first(database, { campaignId, id });
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
  const changed = async (transaction: Database, row: LineRow): Promise<ChangedLine> => {
    const line = lineOf(row);
    const changes = await followLine(transaction, campaignId, row);
    return { line, changes, witnesses: await holdersOf(transaction, campaignId, line) };
  };

  const spokenBy = (state: LineState) => (state === 'speaking' ? processes.ownId : null);

  const takePlace = async (database: Database, sceneId: string) => {
    const scene = await TAKE_PLACE.first(database, { campaignId, sceneId });
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
        .returning(LINE_COLUMNS)
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
        const played = await passTime(transaction, campaignId, saidAt, line);
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
        await ADD_LINE.run(transaction, row);
        for (const npcId of witnesses)
          await ADD_WITNESS.run(transaction, { ...row, npc_id: npcId, said_at_ms: row.created_at_ms });
        return { line: lineOf(row), isNew: true };
      });
      if (appended.isNew) tellOf(appended.line, witnesses);
      return appended;
    },

    update: async (id, { text, state }) => {
      const updated = await db.transaction().execute(async (transaction) => {
        const spoken = { campaignId, id, text, state, spokenBy: spokenBy(state) };
        const row = await SPEAK.first(transaction, spoken);
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
      const row = await db
        .selectFrom('lines')
        .select(LINE_COLUMNS)
        .innerJoin('posts', (join) =>
          join.onRef('posts.campaign_id', '=', 'lines.campaign_id').onRef('posts.line_id', '=', 'lines.id'),
        )
        .innerJoin('scenes', (join) =>
          join
            .onRef('scenes.campaign_id', '=', 'posts.campaign_id')
            .onRef('scenes.id', '=', 'posts.scene_id'),
        )
        .where('lines.campaign_id', '=', campaignId)
        .where('scenes.channel_id', '=', channelId)
        .where('posts.message_id', '=', messageId)
        .executeTakeFirst();
      return row && lineOf(row);
    },

    byId: async (id) => byId(db, id),

    recent: async (sceneId, limit) => {
      const rows = await RECENT.all(db, { campaignId, sceneId, limit: Math.max(0, limit) });
      return rows.reverse().map(lineOf);
    },

    witnessed: async (sceneId, npcId, limit) => {
      const rows = await WITNESSED.all(db, { campaignId, sceneId, npcId, limit: Math.max(0, limit) });
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

    witnesses: async (id) => (await WITNESSES.all(db, { campaignId, id })).map((row) => row.npc_id),

    repliesTo: async (id) => (await REPLIES.all(db, { campaignId, id })).map(lineOf),
  };
}

interface ChangedLine {
  readonly line: Line;
  readonly witnesses: readonly string[];
  readonly changes: readonly ChangeOfMemories[];
}

/** NPC ids of those who have not forgotten it. */
export async function holdersOf(
  database: Database,
  campaignId: string,
  { sceneId, seq }: Pick<Line, 'sceneId' | 'seq'>,
): Promise<readonly string[]> {
  return (await HOLDERS.all(database, { campaignId, sceneId, seq })).map((row) => row.npc_id);
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
