import type { Workspace } from './entities.ts';
import { Refusal } from './errors.ts';

/**
 * Moving a campaign: its rows as records, read as they were at one moment, and written under another campaign's id. A
 * record carries no campaign's id, so that nothing of a file can reach another campaign.
 */
export interface CampaignArchive {
  /** Every campaign of every workspace, by workspace and name. */
  campaigns(): Promise<readonly StoredCampaign[]>;
  /** Has a campaign read as it was at one moment, whatever others write meanwhile. */
  read<T>(campaignId: string, work: (snapshot: CampaignSnapshot) => Promise<T>): Promise<T>;
  /** @throws Refusal where it is no head of an archive: why, without showing what it says. */
  headOf(value: unknown): ArchiveHead;
  /** @throws Refusal where it is no record of an archive: why, without showing what it says. */
  recordOf(value: unknown): ArchiveRecord;
  /** The kinds of records, in the order in which they stand: each names only what stands before it. */
  readonly kinds: readonly string[];
  /**
   * Begins to write a campaign, or goes on with that. Until `finish` it belongs to no workspace, and nobody can reach it.
   * @param key names what is written: the same key goes on where it was left.
   */
  begin(key: string, head: ArchiveHead): Promise<CampaignWriting>;
  /** What was begun to be written and is not finished: it is under way, or was broken off. */
  begun(): Promise<readonly BegunImport[]>;
  /** Whether another process plays on the same database now. */
  isPlayed(): Promise<boolean>;
  close(): Promise<void>;
}

export interface StoredCampaign {
  readonly id: string;
  readonly name: string;
  readonly workspace: Workspace;
  /** It has no NPC, scene, cast or lore: nothing is lost where another takes its place. */
  readonly isEmpty: boolean;
}

export interface BegunImport {
  /** The campaign's name in its file; undefined where an older version began it. */
  readonly name: string | undefined;
  /** Records. */
  readonly written: number;
  /** It is being taken back, or that was broken off: it can only be undone. */
  readonly isUndone: boolean;
}

export interface CampaignSnapshot {
  readonly head: ArchiveHead;
  /** All that the head counts, some hundred at a time. */
  records(): AsyncIterable<readonly ArchiveRecord[]>;
}

/** A row in an archive: of which kind it is, and its columns. */
export interface ArchiveRecord {
  readonly is: string;
  readonly [column: string]: unknown;
}

/** What an archive says before its records. */
export interface ArchiveHead {
  readonly workspace: Pick<Workspace, 'platform' | 'platformId' | 'name'>;
  readonly campaign: { readonly id: string; readonly name: string; readonly [column: string]: unknown };
  /** The platform's channels that are bound to it. */
  readonly channels: readonly string[];
  /** Records by kind. */
  readonly counts: Readonly<Record<string, number>>;
}

export interface CampaignWriting {
  /** Records that were written by now: the next one is that of this number, counted from 0. */
  readonly written: number;
  /** It is being taken back, or that was broken off: it can only be undone. */
  readonly isUndone: boolean;
  /**
   * Writes the next records, all or none.
   * @throws Refusal where they name what is not there or repeat what is; WrittenByAnother.
   */
  put(records: readonly ArchiveRecord[]): Promise<void>;
  /**
   * Hands the campaign over to its workspace: from here on it is played.
   * @throws Refusal where that has a campaign of that name by now, or not all of it is there; WrittenByAnother.
   */
  finish(target: ArchiveTarget): Promise<FinishedArchive>;
  /**
   * Takes back all that was written. Once begun, nobody goes on with it.
   * @returns whether all of it is: false where `signal` aborted, and the same again goes on.
   * @throws WrittenByAnother.
   */
  undo(signal?: AbortSignal): Promise<boolean>;
}

/** A file that no store would have written: it can never be imported. */
export class UnsoundArchive extends Refusal {}

/** Another process writes the same file into the same database or takes it back, or has done so by now. */
export class WrittenByAnother extends Refusal {}

export interface ArchiveTarget {
  /** Made where it is not there. */
  readonly workspace: Pick<Workspace, 'platform' | 'platformId' | 'name'>;
  /** The campaign's name there. */
  readonly name: string;
  /** Game masters, the GM room, people's characters and bound channels come along, where the workspace is the same. */
  readonly withPeople: boolean;
}

export interface FinishedArchive {
  /** It is played in every channel of its workspace that is bound to no other campaign. */
  readonly isDefault: boolean;
}

/** Whether what names people and channels of the head's workspace means the same in the target. */
export function isSameWorkspace(head: ArchiveHead, target: Pick<ArchiveTarget, 'workspace'>): boolean {
  const [from, to] = [head.workspace, target.workspace];
  return from.platform === to.platform && from.platformId === to.platformId;
}
