import type { Generated, Kysely } from 'kysely';
import type { Permission } from '#src/core/command.ts';
import type {
  Line,
  LineState,
  NpcStatus,
  PlatformName,
  SpeakerKind,
  VersionReason,
} from '#src/core/entities.ts';
import type { LoreAudience } from '#src/core/lore.ts';
import type { MemoryKind, MemorySource } from '#src/core/memory.ts';
import type { SearchKind } from '#src/core/search.ts';

/**
 * What lies in the database, column by column. Times are milliseconds since the epoch; columns that hold JSON say of
 * what. Whatever belongs to a campaign has the campaign's id as the first part of its key, and every reference carries
 * it too: a row cannot point into another campaign.
 */
export interface Tables {
  readonly workspaces: WorkspaceTable;
  readonly campaigns: CampaignTable;
  readonly channels: ChannelTable;
  readonly npcs: NpcTable;
  readonly npc_versions: NpcVersionTable;
  readonly casts: CastTable;
  readonly scenes: SceneTable;
  readonly scene_npcs: SceneNpcTable;
  readonly lines: LineTable;
  readonly line_witnesses: LineWitnessTable;
  readonly posts: PostTable;
  readonly characters: CharacterTable;
  readonly waiting: WaitingTable;
  readonly waiting_seen: WaitingSeenTable;
  readonly usage: UsageTable;
  readonly processes: ProcessTable;
  readonly installations: InstallationTable;
  readonly shelved_actions: ShelvedActionTable;
  readonly lore_documents: LoreDocumentTable;
  readonly lore_readers: LoreReaderTable;
  readonly lore_passages: LorePassageTable;
  readonly played_dates: PlayedDateTable;
  readonly memories: MemoryTable;
  readonly memory_holders: MemoryHolderTable;
  readonly memory_sources: MemorySourceTable;
  readonly locks: LockTable;
  readonly consolidations: ConsolidationTable;
  readonly search_entries: SearchEntryTable;
  readonly search_outbox: SearchOutboxTable;
  readonly search_purpose: SearchPurposeTable;
  readonly memory_news: MemoryNewsTable;
  readonly kysely_migration: MigrationTable;
}

/** The database, or one transaction on it. */
export type Database = Kysely<Tables>;

interface WorkspaceTable {
  readonly id: string;
  readonly platform: PlatformName;
  readonly platform_id: string;
  readonly name: string;
}

interface CampaignTable {
  readonly id: string;
  readonly workspace_id: string;
  readonly name: string;
  readonly name_key: string;
  /** 1 or 0. */
  readonly is_default: number;
  /** JSON: the CampaignSettings that were ever changed. */
  readonly settings: string;
  /** Grows with every change of its lore. */
  readonly lore_revision: Generated<number>;
  /** Its played time so far. */
  readonly played_ms: Generated<number>;
  readonly played_days: Generated<number>;
  /** Null where it has no line yet. */
  readonly last_line_at_ms: number | null;
  /** The date (days since the epoch, UTC) of its last line: what `played_dates` need not be asked about. */
  readonly played_date: number | null;
  /** Lines that were said or changed since it was last consolidated. */
  readonly unrested_lines: Generated<number>;
  /** Its in-world time; null where that is not kept. */
  readonly world_minute: number | null;
}

/** On which dates (days since the epoch, UTC) a campaign had a line. */
interface PlayedDateTable {
  readonly campaign_id: string;
  readonly date: number;
}

/** Channels bound to a campaign that is not the default one. */
interface ChannelTable {
  readonly workspace_id: string;
  readonly channel_id: string;
  readonly campaign_id: string;
}

/** The sheet itself stands in `npc_versions`; what addresses the NPC stands here too, to be read without the sheets. */
interface NpcTable {
  readonly campaign_id: string;
  readonly id: string;
  readonly name: string;
  readonly name_key: string;
  /** JSON: string[]. */
  readonly aliases: string;
  readonly status: NpcStatus;
  /** The current version. */
  readonly version: number;
  readonly cast_id: string | null;
  /** The member's name as planned; null where there is no cast. */
  readonly cast_member: string | null;
  /** JSON: PersonaField[]. */
  readonly locks: string;
  readonly source_file: string | null;
  readonly created_at_ms: number;
}

interface NpcVersionTable {
  readonly campaign_id: string;
  readonly npc_id: string;
  readonly version: number;
  /** JSON: Persona. */
  readonly persona: string;
  readonly reason: VersionReason;
  readonly made_by: string;
  readonly created_at_ms: number;
}

interface CastTable {
  readonly campaign_id: string;
  readonly id: string;
  /** The how-manyth cast of its campaign: two of the same millisecond still have an order. */
  readonly number: number;
  /** JSON: CastRequest. */
  readonly request: string;
  /** JSON: CastMember[]. */
  readonly members: string;
  /** 1 or 0. */
  readonly is_stopped: number;
  readonly created_at_ms: number;
}

interface SceneTable {
  readonly campaign_id: string;
  readonly id: string;
  readonly channel_id: string;
  /** How many lines it has: the last one's `seq`. */
  readonly line_count: number;
  readonly started_at_ms: number;
}

/** Who is on stage. */
interface SceneNpcTable {
  readonly campaign_id: string;
  readonly scene_id: string;
  readonly npc_id: string;
  /** Grows with each entrance. */
  readonly entrance: number;
}

interface LineTable {
  readonly campaign_id: string;
  readonly id: string;
  readonly scene_id: string;
  readonly seq: number;
  readonly speaker_kind: SpeakerKind;
  readonly speaker_id: string;
  readonly speaker_name: string;
  readonly kind: Line['kind'];
  readonly text: string;
  readonly state: LineState;
  readonly reply_to: string | null;
  readonly created_at_ms: number;
  /**
   * The process that is speaking it, or has to mark that it was cut off. Null for all others, and for what was being
   * spoken by a version that had no processes.
   */
  readonly spoken_by: string | null;
  /** The campaign's played time when it was said. */
  readonly played_at_ms: Generated<number>;
  readonly played_day: Generated<number>;
  /** The campaign's in-world time when it was said; null where that was not kept. */
  readonly world_minute: number | null;
}

/**
 * Who witnessed a line, and so remembers it. A line is named by its place here: that is the order in which a witness's
 * lines are read.
 */
interface LineWitnessTable {
  readonly campaign_id: string;
  readonly scene_id: string;
  readonly seq: number;
  readonly npc_id: string;
  /** The line's `created_at_ms` again: the order of a witness's lines across scenes. */
  readonly said_at_ms: number;
  /** How often the line came to this witness's mind, and when last. */
  readonly uses: number;
  readonly last_used_at_ms: number | null;
  readonly last_used_day: number | null;
  /** The line's `played_day` again. */
  readonly played_day: Generated<number>;
  readonly standing: Generated<Standing>;
  /** Null until it was weighed. */
  readonly importance: number | null;
  readonly pinned_at_ms: number | null;
}

/**
 * What a witness's line is to it. `recent`: in one of the recent tiers. `long-term`: in that one. `folded`: a summary
 * stands for it. `let go`: nothing does. `forgotten`: by the game master's word, and nothing brings it back.
 */
export type Standing = 'recent' | 'long-term' | 'folded' | 'let go' | 'forgotten';

/** What is remembered and is no line. */
interface MemoryTable {
  readonly campaign_id: string;
  /** A summary's derives from its sources: the same sources make the same memory. */
  readonly id: string;
  readonly kind: Exclude<MemoryKind, 'line'>;
  readonly text: string;
  /** A summary's scene, and in it the place of the last line that it stands for; the game master's word is alone. */
  readonly session: string;
  readonly seq: number;
  readonly said_at_ms: number;
  readonly played_at_ms: number;
  readonly played_day: number;
  readonly importance: number;
  /** A summary's: that of its last line. */
  readonly world_minute: number | null;
}

/** Who remembers it. It lies in semantic memory: what is promoted remains a line. */
interface MemoryHolderTable {
  readonly campaign_id: string;
  readonly memory_id: string;
  readonly npc_id: string;
  /** The memory's own again: the order in which a holder's memories are read. */
  readonly played_day: number;
  readonly said_at_ms: number;
  readonly uses: number;
  readonly last_used_at_ms: number | null;
  readonly last_used_day: number | null;
  readonly pinned_at_ms: number | null;
}

/** What a memory was made of, in order. */
interface MemorySourceTable {
  readonly campaign_id: string;
  readonly memory_id: string;
  readonly position: number;
  readonly kind: MemorySource['kind'];
  /** A line's or memory's id; the name of whoever gave their word. */
  readonly source_id: string;
}

/** Who does what nobody else may do at the same time. */
interface LockTable {
  readonly name: string;
  readonly token: string;
  /** So long it stands without being renewed. */
  readonly lease_ms: number;
  /** Goes up each time: that the holder lives is seen by it. */
  readonly renewals: number;
  /** The holder's process: `this-process.ts`. */
  readonly host: string;
  readonly pid: number;
  readonly started_at_ms: number;
}

/** What consolidating each campaign did when it was last done. */
interface ConsolidationTable {
  readonly campaign_id: string;
  readonly ended_at_ms: number;
  readonly took_ms: number;
  readonly weighed: number;
  readonly promoted: number;
  readonly summaries: number;
  readonly folded: number;
  readonly let_go: number;
  readonly dropped: number;
  readonly fault: string | null;
}

/** The platform's messages in which a line stands. */
interface PostTable {
  readonly campaign_id: string;
  readonly scene_id: string;
  /** The platform's id: unique in the scene's channel. */
  readonly message_id: string;
  readonly line_id: string;
  /** Order of the line's messages, from 1. */
  readonly number: number;
}

/** Under which name a person speaks, where it is not their own. */
interface CharacterTable {
  readonly campaign_id: string;
  /** The platform's id. */
  readonly person_id: string;
  readonly name: string;
}

/** Hidden text that waits for a game master. */
interface WaitingTable {
  readonly campaign_id: string;
  readonly id: string;
  /** Grows with each: two of the same millisecond still have an order. */
  readonly number: number;
  /** Null: any game master. */
  readonly person_id: string | null;
  readonly permission: Permission;
  /** JSON: Notice. */
  readonly notice: string;
  readonly since_ms: number;
  /** 1 or 0. */
  readonly is_announced: number;
}

/** Who has seen what waits for any game master. */
interface WaitingSeenTable {
  readonly campaign_id: string;
  readonly item_id: string;
  readonly person_id: string;
}

/** Sums by day (since the epoch, UTC), so that it stays small however many calls are made. */
interface UsageTable {
  readonly campaign_id: string;
  readonly day: number;
  readonly model: string;
  readonly purpose: string;
  readonly calls: number;
  readonly input_tokens: number;
  readonly cached_input_tokens: number;
  readonly output_tokens: number;
  /** Not whole where a price per token is a fraction. */
  readonly cost_in_micro_usd: number;
}

/** The processes that use the database: one without a row is gone, and what it was speaking is cut off. */
interface ProcessTable {
  readonly id: string;
  /** Where its pid means something. */
  readonly host: string;
  readonly pid: number;
  /** Of the operating system's process: tells apart those that had the same pid one after another. */
  readonly started_at_ms: number;
  /** It counts as gone from then on, unless it says again that it lives. */
  readonly alive_until_ms: number;
}

/** What the workspaces gave us that installed us by themselves. */
interface InstallationTable {
  readonly platform: PlatformName;
  readonly team_id: string;
  readonly team_name: string;
  /** `sealing.ts` has its form. */
  readonly sealed_bot_token: string;
  readonly bot_id: string;
  readonly bot_user_id: string;
  /** JSON: string[]. */
  readonly scopes: string;
  readonly installed_at_ms: number;
}

/** Actions that were too long for a button. */
interface ShelvedActionTable {
  readonly workspace_id: string;
  readonly code: string;
  /** JSON: Action. */
  readonly action: string;
  /** When last. */
  readonly put_at_ms: number;
}

interface LoreDocumentTable {
  readonly campaign_id: string;
  readonly id: string;
  readonly title: string;
  readonly title_key: string;
  readonly audience: LoreAudience['kind'];
  readonly passage_count: number;
  readonly size_in_characters: number;
  readonly made_by: string;
  readonly changed_at_ms: number;
}

/** Who may know a document whose audience is `npcs`. */
interface LoreReaderTable {
  readonly campaign_id: string;
  readonly document_id: string;
  readonly npc_id: string;
}

interface LorePassageTable {
  readonly campaign_id: string;
  readonly document_id: string;
  /** Derives from what it says; unique in its document. */
  readonly id: string;
  readonly seq: number;
  readonly heading: string;
  readonly text: string;
  /** JSON: string[]. */
  readonly keys: string;
  /** JSON: string[]. */
  readonly secondary_keys: string;
}

/**
 * What the search of the long tiers and of lore knows. Beside it lies `search_words`, a full-text table with the same
 * `entry` as its rowid: the words of the text, and those that stand for its readers (`search-index.ts`).
 */
interface SearchEntryTable {
  readonly entry: Generated<number>;
  readonly campaign_id: string;
  readonly kind: SearchKind;
  /** A line's or memory's id; of a passage its document's, a slash, and its own. */
  readonly source_id: string;
  /** Whose vector it is; null where there is none. */
  readonly model: string | null;
  /** 32-bit floats, the low byte first. */
  readonly vector: Uint8Array | null;
  /** SHA-256 of the text that it was told with, in base64; null where that was before this was kept. */
  readonly text_hash: string | null;
}

/** What the search has yet to be told. Triggers write it (`migrations/0006-search.ts`). */
interface SearchOutboxTable {
  readonly campaign_id: string;
  readonly kind: SearchKind;
  readonly source_id: string;
  /** Grows with each change. */
  readonly version: number;
  readonly attempts: number;
  /** 0: at once. 1: at once, after all that has changed. */
  readonly due_at_ms: number;
}

/** How often each process has changed what an NPC holds. */
interface MemoryNewsTable {
  readonly campaign_id: string;
  readonly npc_id: string;
  readonly process_id: string;
  readonly revision: number;
  readonly changed_at_ms: number;
}

/**
 * 1: for what the search was last built. 2: for what everything is being told anew, while that is under way. 3: there where
 * lines in the recent tiers are told too.
 */
interface SearchPurposeTable {
  readonly id: number;
  readonly purpose: string;
}

/** Kysely's own record of which migrations were run. */
interface MigrationTable {
  readonly name: string;
}
