import * as z from 'zod';
import {
  isArchivedMembers,
  isArchivedRequest,
  isArchivedSheet,
  isArchivedTexts,
  isRecordOfData,
} from './archive-json.ts';
import { isLocks } from './json.ts';
import type { Tables } from './tables.ts';

/**
 * What an archive holds of a campaign, table by table and column by column. A column that is missing here does not compile,
 * and a test holds both lists against a migrated database. One that is added later gets `.default(…)`, so that older archives
 * can still be read, and `ARCHIVE_VERSION` (`src/archive/format.ts`) grows.
 */
export interface ArchivedTable {
  readonly table: keyof Tables;
  /** What its records are called. */
  readonly is: string;
  /** The columns that tell rows of one campaign apart, in order. */
  readonly key: readonly string[];
  /** All that is archived, in order. */
  readonly columns: readonly string[];
  /** Those that hold JSON: an archive has it as it is. */
  readonly json: ReadonlySet<string>;
  readonly record: z.ZodType<{ readonly [column: string]: unknown }>;
  /** Columns that stay behind: they mean something to this database alone. */
  readonly left: readonly string[];
  /** It names people or messages of its workspace, and is left out in another one. */
  readonly isOfWorkspace: boolean;
}

const text = z.string();
/** Names and the like. */
const word = z.string().max(2_000);
/** Without control characters: keys are put together with them. */
const id = word.regex(/^[^\p{Cc}]+$/u, 'must be an id');
/** Milliseconds since 1970 have room in it, and sums of them. */
const whole = z
  .int()
  .min(-(2 ** 45))
  .max(2 ** 45);
const perhaps = <T extends z.ZodType>(column: T) => z.nullable(column);
const flag = z.literal([0, 1]);

type Column<Table extends keyof Tables> = keyof Tables[Table] & string;

function archived<Table extends keyof Tables, Left extends Column<Table> = never>(
  table: Table,
  given: {
    readonly is: string;
    readonly key: readonly Column<Table>[];
    readonly columns: Readonly<Record<Exclude<Column<Table>, 'campaign_id' | Left>, z.ZodType>>;
    readonly json?: readonly Column<Table>[];
    readonly left?: readonly Left[];
    readonly isOfWorkspace?: boolean;
  },
): ArchivedTable {
  const { is, key, columns, json = [], left = [], isOfWorkspace = false } = given;
  const record = z.strictObject(columns);
  return {
    ...{ table, is, key, columns: Object.keys(columns), json: new Set(json), left, isOfWorkspace },
    record,
  };
}

/** The campaign's own row: it stands in the head. */
export const ARCHIVED_CAMPAIGN = archived('campaigns', {
  is: 'campaign',
  key: ['id'],
  columns: {
    id,
    name: word.min(1),
    settings: z.custom(isRecordOfData, 'must be settings'),
    lore_revision: whole,
    played_ms: whole,
    played_days: whole,
    last_line_at_ms: perhaps(whole),
    played_date: perhaps(whole),
    unrested_lines: whole,
    world_minute: perhaps(whole),
  },
  json: ['settings'],
  // The name has another key where it gets another name.
  left: ['workspace_id', 'is_default', 'name_key'],
});

const standing = z.enum(['recent', 'long-term', 'folded', 'let go', 'forgotten']);
const uses = { uses: whole, last_used_at_ms: perhaps(whole), last_used_day: perhaps(whole) };

/** In the order in which they are written: each refers only to rows of those before it. */
export const ARCHIVED_TABLES: readonly ArchivedTable[] = [
  archived('played_dates', { is: 'played date', key: ['date'], columns: { date: whole } }),
  archived('casts', {
    is: 'cast',
    key: ['id'],
    columns: {
      id,
      number: whole,
      request: z.custom(isArchivedRequest, 'must be the request for a cast'),
      members: z.custom(isArchivedMembers, 'must be members of a cast'),
      is_stopped: flag,
      created_at_ms: whole,
    },
    json: ['request', 'members'],
  }),
  archived('npcs', {
    is: 'npc',
    key: ['id'],
    columns: {
      id,
      name: word,
      name_key: word,
      aliases: z.custom(isArchivedTexts, 'must be names'),
      status: z.enum(['draft', 'kept', 'discarded']),
      version: whole,
      cast_id: perhaps(id),
      cast_member: perhaps(word),
      locks: z.custom(isLocks, 'must be fields of a sheet'),
      source_file: perhaps(word),
      created_at_ms: whole,
    },
    json: ['aliases', 'locks'],
  }),
  archived('npc_versions', {
    is: 'sheet',
    key: ['npc_id', 'version'],
    columns: {
      npc_id: id,
      version: whole,
      persona: z.custom(isArchivedSheet, 'must be a sheet'),
      reason: z.enum(['drafted', 'rerolled', 'edited', 'restored', 'from file', 'deepened']),
      made_by: word,
      created_at_ms: whole,
    },
    json: ['persona'],
  }),
  archived('scenes', {
    is: 'scene',
    key: ['id'],
    columns: { id, channel_id: id, line_count: whole, started_at_ms: whole },
  }),
  archived('scene_npcs', {
    is: 'on stage',
    key: ['scene_id', 'npc_id'],
    columns: { scene_id: id, npc_id: id, entrance: whole },
  }),
  archived('lines', {
    is: 'line',
    key: ['scene_id', 'seq'],
    columns: {
      id,
      scene_id: id,
      seq: whole,
      speaker_kind: z.enum(['npc', 'character', 'gm']),
      speaker_id: word,
      speaker_name: word,
      kind: z.enum(['speech', 'ooc']),
      text,
      // What is being spoken is archived as it would stand if it were cut off now.
      state: z.enum(['said', 'stopped', 'cut', 'failed', 'retracted']),
      reply_to: perhaps(id),
      created_at_ms: whole,
      played_at_ms: whole,
      played_day: whole,
      world_minute: perhaps(whole),
    },
    left: ['spoken_by'],
  }),
  archived('line_witnesses', {
    is: 'witness',
    key: ['scene_id', 'seq', 'npc_id'],
    columns: {
      scene_id: id,
      seq: whole,
      npc_id: id,
      said_at_ms: whole,
      played_day: whole,
      standing,
      importance: perhaps(z.number()),
      pinned_at_ms: perhaps(whole),
      ...uses,
    },
  }),
  archived('posts', {
    is: 'post',
    key: ['scene_id', 'message_id'],
    columns: { scene_id: id, message_id: id, line_id: id, number: whole },
    isOfWorkspace: true,
  }),
  archived('characters', {
    is: 'character',
    key: ['person_id'],
    columns: { person_id: id, name: word },
    isOfWorkspace: true,
  }),
  archived('memories', {
    is: 'memory',
    key: ['id'],
    columns: {
      id,
      kind: z.enum(['summary', 'gm']),
      text,
      session: word,
      seq: whole,
      said_at_ms: whole,
      played_at_ms: whole,
      played_day: whole,
      importance: z.number(),
      world_minute: perhaps(whole),
    },
  }),
  archived('memory_holders', {
    is: 'holder',
    key: ['memory_id', 'npc_id'],
    columns: {
      memory_id: id,
      npc_id: id,
      played_day: whole,
      said_at_ms: whole,
      pinned_at_ms: perhaps(whole),
      ...uses,
    },
  }),
  archived('memory_sources', {
    is: 'source',
    key: ['memory_id', 'position'],
    columns: { memory_id: id, position: whole, kind: z.enum(['line', 'word']), source_id: word },
  }),
  archived('lore_documents', {
    is: 'document',
    key: ['id'],
    columns: {
      id,
      title: word,
      title_key: word,
      audience: z.enum(['everyone', 'npcs', 'gm']),
      passage_count: whole,
      size_in_characters: whole,
      made_by: word,
      changed_at_ms: whole,
    },
  }),
  archived('lore_readers', {
    is: 'reader',
    key: ['document_id', 'npc_id'],
    columns: { document_id: id, npc_id: id },
  }),
  archived('lore_passages', {
    is: 'passage',
    key: ['document_id', 'id'],
    columns: {
      document_id: id,
      id,
      seq: whole,
      heading: text,
      text,
      keys: z.custom(isArchivedTexts, 'must be words'),
      secondary_keys: z.custom(isArchivedTexts, 'must be words'),
    },
    json: ['keys', 'secondary_keys'],
  }),
  archived('usage', {
    is: 'usage',
    key: ['day', 'model', 'purpose'],
    columns: {
      day: whole,
      model: word,
      purpose: word,
      calls: whole,
      input_tokens: whole,
      cached_input_tokens: whole,
      output_tokens: whole,
      cost_in_micro_usd: z.number(),
    },
  }),
  archived('consolidations', {
    is: 'night',
    key: [],
    columns: {
      ended_at_ms: whole,
      took_ms: whole,
      weighed: whole,
      promoted: whole,
      summaries: whole,
      folded: whole,
      let_go: whole,
      dropped: whole,
      fault: perhaps(text),
    },
  }),
];

/** Tables of which an archive has nothing, and why. */
export const UNARCHIVED_TABLES: Readonly<Partial<Record<keyof Tables, string>>> = {
  workspaces: 'the head names the workspace',
  channels: 'the head lists them',
  waiting: 'hidden text that waits to be read is read where it waits',
  waiting_seen: 'as `waiting`',
  processes: 'they are of this database',
  installations: 'tokens, sealed with a key that stays here',
  shelved_actions: 'buttons that were shown here',
  locks: 'they are of this database',
  search_entries: 'derives from the rest, and is told anew: vectors are many times as large as their texts',
  search_outbox: 'as `search_entries`',
  search_purpose: 'as `search_entries`',
  memory_news: 'it is for the processes on this database',
  kysely_migration: 'it is of this database',
};
