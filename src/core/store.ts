import type { Permission } from './command.ts';
import type {
  Campaign,
  CampaignSettings,
  Cast,
  CastMember,
  CastPlace,
  CastRequest,
  Line,
  LineState,
  Npc,
  NpcStatus,
  NpcVersion,
  PlatformName,
  Scene,
  Speaker,
  Usage,
  VersionReason,
  WitnessedLine,
  Workspace,
} from './entities.ts';
import type { LoreAudience, LoreDocument, LorePassage, NewPassage } from './lore.ts';
import type { ConsolidationStore, LockStore, MemoryChange, MemoryStore } from './memory-store.ts';
import type { Persona, PersonaField } from './persona.ts';
import type { KeepingSearchIndex, SearchOutbox } from './search.ts';
import type { Action, Notice } from './view.ts';
import type { GameTime, WorldMinute } from './world-time.ts';

/**
 * Where the truth lies. A call that resolves has been committed. Everything of a campaign is reached through
 * `campaign(id)`, whose every read and write carries that id: no call crosses a campaign by construction.
 */
export interface Store {
  /** Finds or makes the workspace and its default campaign. */
  openWorkspace(ref: {
    readonly platform: PlatformName;
    readonly platformId: string;
    readonly name: string;
  }): Promise<Workspace>;
  /** The campaign bound to a channel, else to the channel that a thread is in, else the workspace's default one. */
  campaignOf(workspaceId: string, channelId: string, parentId?: string): Promise<Campaign>;
  campaigns(workspaceId: string): Promise<readonly Campaign[]>;
  /** Undefined where the workspace has a campaign of that name (compared without case). */
  addCampaign(workspaceId: string, name: string): Promise<Campaign | undefined>;
  /** Binds a channel to a campaign of the same workspace; false where that workspace has no such campaign. */
  bindChannel(workspaceId: string, channelId: string, campaignId: string): Promise<boolean>;
  campaign(campaignId: string): CampaignStore;
  /** The workspace that a campaign belongs to; undefined for an unknown campaign. */
  workspaceOf(campaignId: string): Promise<Workspace | undefined>;
  readonly installations: InstallationStore;
  readonly shelf: ActionShelf;
  /**
   * Lines that were being spoken by processes that are gone become `cut` (or `failed` where nothing stood), and come back
   * with where they were posted. At start and every minute; several processes may share the store. Those that were posted
   * are then this process's to mark: where it ends before it has (`LineStore.marked`), they come back to the next one.
   * @param platforms those that this process joins: what stands elsewhere is another's to mark. All where left out.
   */
  recoverLines(platforms?: readonly PlatformName[]): Promise<readonly RecoveredLine[]>;
  /** Tells the other processes that this one lives. Every 10 seconds: without it for 30, its lines count as cut off. */
  keepAlive(): Promise<void>;
  /** Drafts made before this time leave. Returns how many. */
  expireDrafts(beforeInMs: number): Promise<number>;
  /** Calls back with each line that was added or changed through this store, once that is committed; not while it is being spoken. */
  onLine(listener: (committed: CommittedLine) => void): void;
  /** Calls back with what NPCs hold otherwise than by a new line, once that is committed through this store. */
  onMemories(listener: (change: MemoryChange) => void): void;
  /** Campaigns in which something was said or changed since they were last consolidated. */
  unrested(): Promise<readonly { readonly campaignId: string; readonly workspaceId: string }[]>;
  readonly locks: LockStore;
  /** What the search of the long tiers and of lore has yet to be told. */
  readonly searchOutbox: SearchOutbox;
  /** The search in the store itself. @param model whose vectors it is given and asked with. */
  searchIndex(model: string): KeepingSearchIndex;
  close(): Promise<void>;
}

export interface RecoveredLine {
  readonly campaignId: string;
  readonly line: Line;
  readonly workspace: Workspace;
  readonly channelId: string;
  /** The platform's ids of the messages in which it stands, in order. */
  readonly messageIds: readonly string[];
}

/** Workspaces that installed us by themselves; tokens lie sealed. */
export interface InstallationStore {
  /**
   * Adds or replaces what a workspace gave us.
   * @throws Refusal where there is no SECRET_KEY to seal it with.
   */
  save(installation: Installation): Promise<void>;
  /** @throws Refusal where it was sealed with another SECRET_KEY. */
  byTeam(platform: PlatformName, teamId: string): Promise<Installation | undefined>;
  remove(platform: PlatformName, teamId: string): Promise<void>;
  /** Platform ids of all teams that have one. */
  teams(platform: PlatformName): Promise<readonly string[]>;
}

export interface Installation {
  readonly platform: PlatformName;
  readonly teamId: string;
  readonly teamName: string;
  readonly botToken: string;
  readonly botId: string;
  readonly botUserId: string;
  readonly scopes: readonly string[];
  readonly installedAtInMs: number;
}

/** Actions that were too long for a button. */
export interface ActionShelf {
  /** Gives the code under which it lies; the same action has the same code. At most 40 characters. */
  put(workspaceId: string, action: Action): Promise<string>;
  get(workspaceId: string, code: string): Promise<Action | undefined>;
  /** Drops what was last put before this time. Returns how many. */
  expire(beforeInMs: number): Promise<number>;
}

export interface CommittedLine {
  readonly campaignId: string;
  readonly line: Line;
  /** NPC ids: of those who witnessed it and have not forgotten it. */
  readonly witnesses: readonly string[];
}

export interface CampaignStore {
  readonly campaignId: string;
  settings(): Promise<CampaignSettings>;
  /** A function is given the settings as they are, and nothing comes between. */
  changeSettings(
    change: Partial<CampaignSettings> | ((now: CampaignSettings) => Partial<CampaignSettings>),
  ): Promise<CampaignSettings>;
  readonly time: TimeStore;
  readonly npcs: NpcStore;
  readonly casts: CastStore;
  readonly scenes: SceneStore;
  readonly lines: LineStore;
  readonly memories: MemoryStore;
  readonly consolidation: ConsolidationStore;
  readonly usage: UsageStore;
  readonly lore: LoreStore;
  readonly characters: CharacterStore;
  readonly waiting: WaitingStore;
}

/** What time it is in the game. */
export interface TimeStore {
  now(): Promise<GameTime>;
  /**
   * Moves in-world time; undefined: it is not kept. Lines are stamped with it from then on. The function is given it as it
   * is, and nothing comes between.
   */
  change(
    change: (now: WorldMinute | undefined) => WorldMinute | undefined,
  ): Promise<{ readonly before: WorldMinute | undefined; readonly after: WorldMinute | undefined }>;
}

/** Under which name people speak here. */
export interface CharacterStore {
  /** By the platform's id of the person. */
  of(personId: string): Promise<string | undefined>;
  /** Undefined: as themselves again. */
  set(personId: string, name: string | undefined): Promise<void>;
}

/** Hidden text that could not be shown to a game master when it came up. */
export interface WaitingStore {
  /** The newest 50 for each person, and for any game master, are kept. The same id twice is one. */
  add(item: Omit<WaitingItem, 'isAnnounced' | 'wasSeen'>): Promise<void>;
  /** What waits for this person, and for any game master that this person has not seen; oldest first. */
  list(personId: string): Promise<readonly WaitingItem[]>;
  /** A person has seen these: their own go, what is for any game master stays for the others. */
  seen(personId: string, ids: readonly string[]): Promise<void>;
  /** They know that these wait. */
  announced(ids: readonly string[]): Promise<void>;
}

export interface WaitingItem {
  readonly id: string;
  /** The one who asked; undefined: any game master. */
  readonly personId: string | undefined;
  /** What somebody must be permitted to read it. */
  readonly permission: Permission;
  readonly notice: Notice;
  readonly sinceInMs: number;
  /** Those for whom it waits were told that something does. */
  readonly isAnnounced: boolean;
  /** Somebody has seen it. */
  readonly wasSeen: boolean;
}

/** How an NPC is called, without the rest of its sheet. */
export interface NpcNames {
  readonly id: string;
  readonly name: string;
  readonly aliases: readonly string[];
}

/** Why a version was not added: the NPC has a newer one than `base`, its new name is another's, or it was discarded. */
export type VersionConflict = 'changed' | 'name taken' | 'gone';

export interface NpcStore {
  /** By name, without case; discarded ones only where asked for. */
  list(statuses?: readonly NpcStatus[]): Promise<readonly Npc[]>;
  byId(id: string): Promise<Npc | undefined>;
  /** Those on stage in the scene of a channel, in the order of their entrance. */
  onStage(channelId: string): Promise<readonly Npc[]>;
  /** What drafts and kept ones are called, the newest NPC first: cheap, for whoever needs no sheet. */
  names(): Promise<readonly NpcNames[]>;
  /** Those drafted with a cast, discarded ones too, in no order. */
  ofCast(castId: string): Promise<readonly Npc[]>;
  /** Exact name, compared without case and surrounding space; never a discarded one. */
  byName(name: string): Promise<Npc | undefined>;
  /** Undefined where the name is taken by an NPC that is not discarded: nothing is changed then. */
  add(npc: {
    readonly id: string;
    readonly persona: Persona;
    readonly status: 'draft' | 'kept';
    readonly cast: CastPlace | undefined;
    readonly sourceFile: string | undefined;
    readonly reason: VersionReason;
    readonly by: string;
  }): Promise<Npc | undefined>;
  /**
   * Adds a version that was made from version `base`, and makes it the current one. `follow` false cuts the tie to the
   * source file. A conflict changes nothing.
   */
  addVersion(
    id: string,
    change: {
      readonly base: number;
      readonly persona: Persona;
      readonly reason: VersionReason;
      readonly by: string;
      readonly follow: boolean;
    },
  ): Promise<Npc | VersionConflict>;
  /** Newest first. */
  versions(id: string): Promise<readonly NpcVersion[]>;
  /**
   * Undefined where the NPC is gone, or where its name was taken while it was discarded. Who is discarded leaves every
   * stage.
   */
  setStatus(id: string, status: NpcStatus): Promise<Npc | undefined>;
  setLocks(id: string, locks: readonly PersonaField[]): Promise<Npc | undefined>;
}

export interface CastStore {
  add(cast: {
    readonly id: string;
    readonly request: CastRequest;
    readonly members: readonly CastMember[];
  }): Promise<Cast>;
  byId(id: string): Promise<Cast | undefined>;
  /** At most `limit`, the newest first; for "try the failed ones again". */
  recent(limit: number): Promise<readonly Cast[]>;
  /** Its drafting was stopped on purpose; an unknown cast is left alone. */
  markStopped(id: string): Promise<void>;
}

export interface SceneStore {
  /** The scene of a channel, or a new one. */
  open(channelId: string): Promise<Scene>;
  /** The scene of a channel, if any. */
  current(channelId: string): Promise<Scene | undefined>;
  /** NPC ids on stage, in the order of their entrance. */
  cast(sceneId: string): Promise<readonly string[]>;
  /** False where it already was on stage, or is discarded. */
  enter(sceneId: string, npcId: string): Promise<boolean>;
  /** False where it was not on stage. */
  leave(sceneId: string, npcId: string): Promise<boolean>;
}

export interface LineStore {
  /**
   * Commits a line with its witnesses and gives it the next place in its scene. The same id twice is one line: the
   * stored one comes back with `isNew` false and nothing is changed. Throws for a scene or a witness that is not of this
   * campaign, and for an out-of-character line with witnesses.
   */
  append(line: {
    readonly id: string;
    readonly sceneId: string;
    readonly speaker: Speaker;
    readonly kind: Line['kind'];
    readonly text: string;
    readonly state: LineState;
    readonly replyTo: string | undefined;
    /** NPC ids. */
    readonly witnesses: readonly string[];
  }): Promise<{ readonly line: Line; readonly isNew: boolean }>;
  /** Sets the text that stands so far, or the whole at the end, with its state; an unknown line is left alone. */
  update(id: string, change: { readonly text: string; readonly state: LineState }): Promise<void>;
  /** What a person said is changed afterwards; its witnesses stay. Undefined where there is no such line of a person that stands. */
  revise(id: string, text: string): Promise<Line | undefined>;
  /** What a person said was never said: the line becomes `retracted` and loses its text. Undefined as for `revise`. */
  retract(id: string): Promise<Line | undefined>;
  /** Adds a message of the platform in which the line stands, behind those it stands in already. */
  addPost(id: string, messageId: string): Promise<void>;
  /** The messages of a line that was recovered show that it was cut off: it is not recovered again. */
  marked(id: string): Promise<void>;
  /** The line of this channel's transcript that stands in a message. */
  byPost(channelId: string, messageId: string): Promise<Line | undefined>;
  byId(id: string): Promise<Line | undefined>;
  /** The newest `limit` lines of a scene in their order, without `failed` and `retracted` ones. */
  recent(sceneId: string, limit: number): Promise<readonly Line[]>;
  /** Those of them that an NPC witnessed, and has not forgotten, as it is given them to read before every answer. */
  witnessed(sceneId: string, npcId: string, limit: number): Promise<readonly WitnessedLine[]>;
  witnesses(id: string): Promise<readonly string[]>;
  /** All lines that answer `id`, every try of every NPC, in the order in which they were appended. */
  repliesTo(id: string): Promise<readonly Line[]>;
}

/** What the documents of a campaign say, and who may know it. */
export interface LoreStore {
  /** By title, without case. */
  documents(): Promise<readonly LoreDocument[]>;
  /**
   * Adds a document, or puts a new text in place of the one of the same title (compared without case). Passages that say
   * the same as before keep their ids.
   */
  put(document: {
    readonly title: string;
    readonly audience: LoreAudience;
    readonly passages: readonly NewPassage[];
    readonly sizeInCharacters: number;
    readonly by: string;
  }): Promise<PutLore>;
  /** False where there is no such document. */
  remove(documentId: string): Promise<boolean>;
  /** All passages, document after document in their order. */
  passages(): Promise<readonly LorePassage[]>;
  /** Grows with every change of the campaign's lore, by whichever process. */
  revision(): Promise<number>;
}

export interface PutLore {
  readonly document: LoreDocument;
  readonly isNew: boolean;
  /** Passages. */
  readonly added: number;
  readonly kept: number;
  readonly removed: number;
}

export interface UsageStore {
  add(usage: Usage): Promise<void>;
  /** Sums by model over the whole campaign. */
  totals(): Promise<readonly (Omit<Usage, 'purpose'> & { readonly calls: number })[]>;
}
