/** What the stand-in keeps: Discord's things as they are to it, before they are put into words for one who asks. */

export interface UserRecord {
  readonly id: string;
  readonly name: string;
  readonly isBot: boolean;
  /** Refuses messages from bots: 50007. */
  isClosed: boolean;
}

export interface RoleRecord {
  readonly id: string;
  readonly name: string;
  permissions: bigint;
  /** A program's own role: who has it, and nobody else. */
  readonly botId?: string;
}

export interface MemberRecord {
  readonly user: UserRecord;
  readonly roles: Set<string>;
  nickname: string | undefined;
}

export interface GuildRecord {
  readonly id: string;
  readonly name: string;
  readonly ownerId: string;
  /** The role of everybody has the guild's id. */
  readonly roles: Map<string, RoleRecord>;
  readonly members: Map<string, MemberRecord>;
}

export interface Overwrite {
  readonly id: string;
  readonly kind: 'role' | 'member';
  readonly allow: bigint;
  readonly deny: bigint;
}

export const CHANNEL = {
  text: 0,
  dm: 1,
  voice: 2,
  news: 5,
  publicThread: 11,
  privateThread: 12,
  stage: 13,
  forum: 15,
  media: 16,
} as const;

export interface ThreadState {
  readonly members: Set<string>;
  readonly ownerId: string;
  isArchived: boolean;
  isLocked: boolean;
  autoArchiveInMinutes: number;
}

export interface ChannelRecord {
  readonly id: string;
  readonly type: number;
  name: string;
  readonly guildId: string | undefined;
  readonly parentId: string | undefined;
  overwrites: Overwrite[];
  readonly thread: ThreadState | undefined;
  /** Of a direct conversation. */
  readonly recipientId: string | undefined;
  readonly messages: Map<string, MessageRecord>;
}

export interface WebhookRecord {
  readonly id: string;
  readonly token: string;
  channelId: string;
  readonly guildId: string;
  name: string;
  /** The application that made it: its own, another's, or nobody's (made by hand). */
  readonly applicationId: string | undefined;
}

/** Components as they are sent and shown; what the stand-in does not look at passes through. */
export interface ComponentBody {
  readonly type: number;
  readonly id?: number;
  readonly custom_id?: string;
  readonly label?: string | null;
  readonly description?: string | null;
  readonly style?: number;
  readonly disabled?: boolean;
  readonly url?: string;
  readonly emoji?: object | null;
  readonly content?: string;
  readonly placeholder?: string | null;
  readonly value?: string | null;
  readonly required?: boolean;
  readonly min_length?: number | null;
  readonly max_length?: number | null;
  readonly min_values?: number;
  readonly max_values?: number;
  readonly options?: readonly {
    readonly label: string;
    readonly value: string;
    readonly description?: string | null;
    readonly default?: boolean;
  }[];
  readonly components?: readonly ComponentBody[];
  readonly component?: ComponentBody;
  readonly accessory?: ComponentBody;
}

export interface EmbedBody {
  readonly title?: string;
  readonly description?: string;
  readonly fields?: readonly { readonly name: string; readonly value: string }[];
  readonly footer?: { readonly text: string };
  readonly author?: { readonly name: string };
}

export interface AllowedMentions {
  readonly parse?: readonly string[] | null;
  readonly users?: readonly string[] | null;
  readonly roles?: readonly string[] | null;
  readonly replied_user?: boolean | null;
}

/** A message as a bot sends or edits it. */
export interface MessageBody {
  readonly content?: string | null;
  readonly embeds?: readonly EmbedBody[] | null;
  readonly components?: readonly ComponentBody[] | null;
  readonly flags?: number | null;
  readonly allowed_mentions?: AllowedMentions | null;
  readonly attachments?: readonly { readonly id: string | number; readonly filename?: string }[] | null;
  readonly message_reference?: { readonly message_id: string; readonly fail_if_not_exists?: boolean } | null;
  readonly sticker_ids?: readonly string[] | null;
  readonly poll?: object | null;
  readonly username?: string | null;
  readonly avatar_url?: string | null;
}

export interface FileRecord {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

export type Author =
  | { readonly kind: 'user'; readonly user: UserRecord }
  | {
      readonly kind: 'webhook';
      readonly webhookId: string;
      readonly name: string;
      readonly avatarUrl: string | undefined;
    };

export interface EditRecord {
  /** When the request came. */
  readonly atInMs: number;
  /** All that a person reads of it then. */
  readonly text: string;
}

export interface MessageRecord {
  readonly id: string;
  readonly channelId: string;
  readonly author: Author;
  readonly applicationId: string | undefined;
  content: string;
  embeds: readonly EmbedBody[];
  components: readonly ComponentBody[];
  flags: number;
  files: readonly FileRecord[];
  readonly stickers: readonly string[];
  readonly replyTo: string | undefined;
  /** Whom it mentions for the platform: users, by id. */
  mentions: readonly string[];
  /** Only this person sees it. */
  readonly ephemeralFor: string | undefined;
  readonly interaction: { readonly id: string; readonly type: number; readonly user: UserRecord } | undefined;
  readonly createdAtInMs: number;
  /** All that a person read of it at first. */
  readonly firstText: string;
  editedAtInMs: number | undefined;
  deletedAtInMs: number | undefined;
  readonly edits: EditRecord[];
}

export interface ModalBody {
  readonly custom_id: string;
  readonly title: string;
  readonly components: readonly ComponentBody[];
}

export interface Acknowledgement {
  readonly callback: number;
  /** From the dispatch to the arrival of the answer, in real time. */
  readonly afterInMs: number;
  readonly isEphemeral: boolean;
}

export interface InteractionRecord {
  readonly id: string;
  readonly token: string;
  readonly type: number;
  readonly user: UserRecord;
  readonly channel: ChannelRecord;
  /** The message on which a component was used, also where a modal came from one. */
  readonly source: MessageRecord | undefined;
  readonly data: object;
  readonly createdAtInMs: number;
  /** `performance.now()` when it was sent out. */
  readonly sentAt: number;
  acknowledged: Acknowledgement | undefined;
  /** Its first message, once there is one. */
  originalId: string | undefined;
  /** Still to be filled by the first follow-up or edit. */
  isOriginalLoading: boolean;
  readonly followUpIds: string[];
  modal: ModalBody | undefined;
  completions: readonly { readonly name: string; readonly value: string | number }[] | undefined;
  /** What the person sees where nothing came in time. */
  hasFailed: boolean;
}

export const FLAG = { ephemeral: 1 << 6, loading: 1 << 7, componentsV2: 1 << 15 } as const;
export const COMPONENT = {
  row: 1,
  button: 2,
  select: 3,
  textInput: 4,
  userSelect: 5,
  section: 9,
  text: 10,
  separator: 14,
  container: 17,
  label: 18,
} as const;

/** Every component of a message or modal, the outer before the inner. */
export function flatten(components: readonly ComponentBody[]): readonly ComponentBody[] {
  return components.flatMap((each) => [
    each,
    ...flatten(each.components ?? []),
    ...flatten([each.component, each.accessory].filter((inner) => inner !== undefined)),
  ]);
}
