import type { JoinBuilder, Selectable } from 'kysely';
import type { Line } from '#src/core/entities.ts';
import type { Tables } from './tables.ts';

const COLUMNS = [
  'id',
  'scene_id',
  'seq',
  'speaker_kind',
  'speaker_id',
  'speaker_name',
  'kind',
  'text',
  'state',
  'reply_to',
  'created_at_ms',
  'world_minute',
] as const;

/** What a row must have to be a line. */
export type LineRow = Pick<Selectable<Tables['lines']>, (typeof COLUMNS)[number]>;
export const LINE_COLUMNS = COLUMNS.map((column) => `lines.${column}` as const);

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
