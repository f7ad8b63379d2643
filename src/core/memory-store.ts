import type { HeldMemory, MemoryShelf, MemorySource, MemoryUnit, PlayedTime } from './memory.ts';
import type { WorldMinute } from './world-time.ts';

/**
 * What NPCs remember. A line that stands is a memory of each of its witnesses by being in the transcript: it is written
 * once, and what becomes of the line becomes of the memory. What is no line, a summary or the game master's word, has
 * text of its own.
 */
export interface MemoryStore {
  /**
   * Whose memories other processes have changed since this was last asked. Where there is nothing new it is `last` itself,
   * and costs next to nothing.
   */
  changedElsewhere(last: Elsewhere | undefined): Promise<Elsewhere>;
  /** The newest memories of one NPC in the recent tiers, newest first. */
  of(npcId: string, options: { readonly limit: number }): Promise<readonly MemoryUnit[]>;
  /**
   * Memories of one NPC in the long tiers, newest first: `limit` in long-term, as many in semantic memory, and all that
   * are pinned.
   */
  long(npcId: string, options: { readonly limit: number }): Promise<readonly MemoryUnit[]>;
  /** The newest lines that anybody of the campaign remembers, newest first. */
  all(options: { readonly limit: number }): Promise<readonly MemoryUnit[]>;
  /** The newest memories in place of lines that anybody of the campaign has, newest first. */
  semanticOfAll(options: { readonly limit: number }): Promise<readonly MemoryUnit[]>;
  /** Who holds these memories, by memory id; those that nobody holds are left out. */
  holders(ids: readonly string[]): Promise<ReadonlyMap<string, readonly MemoryHolder[]>>;
  /** These came to an NPC's mind. What it does not hold is left alone. */
  used(npcId: string, ids: readonly string[]): Promise<void>;

  /** One shelf of an NPC, newest first. */
  held(
    npcId: string,
    options: { readonly shelf: MemoryShelf; readonly limit: number; readonly offset?: number },
  ): Promise<readonly HeldMemory[]>;
  /** Those of these memories that the NPC holds, in no order. */
  heldAmong(npcId: string, ids: readonly string[]): Promise<readonly HeldMemory[]>;
  /** The ids of what is on one shelf of an NPC, or where it is left out on all of them, newest first. */
  idsHeld(
    npcId: string,
    options: { readonly shelf?: MemoryShelf; readonly limit: number; readonly offset?: number },
  ): Promise<readonly string[]>;
  /** How many memories of an NPC lie on each shelf. */
  counts(npcId: string): Promise<Readonly<Record<MemoryShelf, number>>>;
  /** What a memory was made of; a line is its own. */
  sources(id: string): Promise<readonly MemorySource[]>;
  /** What these memories say, held by anybody or not; lines that do not stand are left out. In no order. */
  units(ids: readonly string[]): Promise<readonly MemoryUnit[]>;
  /**
   * The game master's word, which an NPC from now on remembers. The same id twice is one. What it is in place of is
   * given up in the same transaction, as by `forget`; undefined where that is not held.
   * @throws Error where the campaign has no such NPC.
   */
  tell(npcId: string, word: GmWord): Promise<HeldMemory | undefined>;
  /** An NPC no longer holds a memory, nor what it was made of. False where it does not hold it. */
  forget(npcId: string, id: string): Promise<boolean>;
  /** A pinned memory never leaves by itself. `false` where it is not held, `full` where too many are pinned. */
  pin(npcId: string, id: string, isPinned: boolean): Promise<boolean | 'full'>;
}

/** What other processes have changed of a campaign's memories, up to some moment. */
export interface Elsewhere {
  readonly version: number;
  readonly revisions: ReadonlyMap<string, string>;
  /** Those whose memories have changed since the moment before; none the first time. */
  readonly npcIds: readonly string[];
}

/** More pinned memories than any NPC needs; all of them are searched each time. */
export const MOST_PINNED = 200;

export interface GmWord {
  readonly id: string;
  readonly text: string;
  readonly importance: number;
  readonly isPinned: boolean;
  readonly by: string;
  readonly inPlaceOf: string | undefined;
  /** In-world time of what it tells; that of what it is in place of, or none, where left out. */
  readonly worldMinute?: WorldMinute | undefined;
}

export interface MemoryHolder {
  readonly npcId: string;
  /** How often it came to this NPC's mind. */
  readonly uses: number;
  readonly lastUsedAtInMs: number | undefined;
}

/** What an NPC holds has changed otherwise than by a new line. */
export interface MemoryChange {
  readonly campaignId: string;
  readonly npcId: string;
  /** Held from now on, or otherwise than before. */
  readonly put: readonly MemoryUnit[];
  /** Ids of what is not held any more. */
  readonly gone: readonly string[];
}

/** A place in the order in which what an NPC holds was said. */
export interface MemoryMark {
  readonly playedDay: number;
  readonly saidAtInMs: number;
  readonly seq: number;
}

/** How one NPC's memories are consolidated. Whatever changes something is one transaction. */
export interface ConsolidationStore {
  played(): Promise<PlayedTime>;
  /** On how many dates (UTC) before the one of this moment the campaign was played. */
  playedDaysBefore(momentInMs: number): Promise<number>;
  /**
   * Memories that nobody has weighed yet: those in long-term memory that have changed, and the oldest recent ones, oldest
   * first. Those of lines that do not stand have no text.
   */
  unweighed(npcId: string, options: { readonly limit: number }): Promise<readonly HeldMemory[]>;
  /** Where the `rank`th newest memory of a shelf is, counted from 1; undefined where there are fewer. */
  markOf(npcId: string, shelf: 'recent' | 'long-term', rank: number): Promise<MemoryMark | undefined>;
  /** What lies before a mark on a shelf and is not pinned, oldest first. */
  before(
    npcId: string,
    options: { readonly shelf: 'recent' | 'long-term'; readonly mark: MemoryMark; readonly limit: number },
  ): Promise<readonly HeldMemory[]>;
  /** The texts of those of these memories that exist, by id: the same sources have the same id. */
  known(memoryIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /**
   * Does what was decided of an NPC's memories. What has changed since it was looked at is left as it is: a line whose
   * text is another, a memory that lies elsewhere by now.
   */
  settle(npcId: string, decisions: Decisions): Promise<Settled>;
  /** Semantic memories that may leave, newest first. */
  semantic(
    npcId: string,
    options: { readonly limit: number; readonly offset: number },
  ): Promise<readonly HeldMemory[]>;
  /** Semantic memories leave for good, unless they were pinned meanwhile. */
  drop(npcId: string, ids: readonly string[]): Promise<number>;
  lastRun(): Promise<ConsolidationRun | undefined>;
  saveRun(run: ConsolidationRun): Promise<void>;
  /**
   * What has happened to a campaign's lines since it was last consolidated: each was said, whole or broken off, or changed,
   * or deleted. What is out of character does not count.
   */
  unrested(): Promise<number>;
  /** So much of it is dealt with. */
  rested(changes: number): Promise<void>;
}

/** What becomes of some of an NPC's memories that are lines. */
export interface Decisions {
  readonly weighed: readonly Weighed[];
  readonly folded: readonly Folded[];
  /** Let go of: nobody looks for them any more, but for the transcript. */
  readonly letGo: readonly LineAsSeen[];
}

/** A line as it was when it was decided upon. */
export interface LineAsSeen {
  readonly id: string;
  readonly text: string;
}

export interface Weighed extends LineAsSeen {
  readonly importance: number;
  /** Moved to long-term memory; what lies there already stays there. */
  readonly isPromoted: boolean;
}

export interface Folded {
  /** Derives from the sources. */
  readonly memoryId: string;
  readonly text: string;
  readonly importance: number;
  /** At least one, all of one scene, in their order. */
  readonly sources: readonly LineAsSeen[];
}

/** Memories. */
export interface Settled {
  readonly weighed: number;
  readonly promoted: number;
  readonly summaries: number;
  readonly folded: number;
  readonly letGo: number;
}

/** What consolidating a campaign did when it was last done. */
export interface ConsolidationRun extends Settled {
  readonly endedAtInMs: number;
  readonly tookInMs: number;
  /** Semantic memories that left for good. */
  readonly dropped: number;
  /** What went wrong, in a sentence or two (also that the model failed and rules judged); undefined where nothing did. */
  readonly fault: string | undefined;
}

/**
 * Locks that hold across processes. One whose holder has ended is free at once where that can be seen, else when it has not
 * been renewed for its lease: as long as whoever wants it has watched it, whatever any clock says.
 */
export interface LockStore {
  /** False where somebody else holds it. */
  take(name: string, token: string, leaseInMs: number): Promise<boolean>;
  /** False where it is not held with this token any more. */
  renew(name: string, token: string, leaseInMs: number): Promise<boolean>;
  /** Nothing where it is not held with this token. */
  release(name: string, token: string): Promise<void>;
}
