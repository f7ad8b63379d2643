import type { JoinBuilder, Selectable } from 'kysely';
import type { Line } from '#src/core/entities.ts';
import type { Tables } from './tables.ts';

/** A line as far as it is more than played time. */
export type LineRow = Omit<Selectable<Tables['lines']>, 'played_at_ms' | 'played_day' | 'spoken_by'>;

/** A line's own witnesses. */
export function sameLine(
  join: JoinBuilder<Tables, 'lines' | 'line_witnesses'>,
): JoinBuilder<Tables, 'lines' | 'line_witnesses'> {
  return join
    .onRef('line_witnesses.campaign_id', '=', 'lines.campaign_id')
    .onRef('line_witnesses.scene_id', '=', 'lines.scene_id')
    .onRef('line_witnesses.seq', '=', 'lines.seq');
}

export function lineOf(row: LineRow): Line {
  return {
    id: row.id,
    sceneId: row.scene_id,
    seq: row.seq,
    speaker: { kind: row.speaker_kind, id: row.speaker_id, name: row.speaker_name },
    kind: row.kind,
    text: row.text,
    state: row.state,
    replyTo: row.reply_to ?? undefined,
    createdAtInMs: row.created_at_ms,
    ...(row.world_minute === null ? {} : { worldMinute: row.world_minute }),
  };
}
