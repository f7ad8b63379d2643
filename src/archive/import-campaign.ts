import {
  type ArchiveTarget,
  type CampaignArchive,
  type CampaignWriting,
  type FinishedArchive,
  isSameWorkspace,
  UnsoundArchive,
  WrittenByAnother,
} from '#src/core/archive.ts';
import { Refusal } from '#src/core/errors.ts';
import { nameKey } from '#src/core/names.ts';
import type { Progress } from '#src/core/progress.ts';
import { chooseWorkspace, shownWorkspace } from './campaign-choice.ts';
import { totalOf } from './export-campaign.ts';
import { type ReadArchive, readArchive } from './read-archive.ts';

export interface ImportOptions {
  readonly archive: CampaignArchive;
  readonly file: string;
  /** Another name than the campaign had. */
  readonly as: string | undefined;
  /** Another workspace than it was in. */
  readonly workspace: string | undefined;
  /** What names people and channels comes along: to the same workspace alone. */
  readonly withPeople: boolean;
  readonly progress: Progress;
  /** Ends it between two batches; what was written is gone on with. */
  readonly signal: AbortSignal;
}

export interface Imported extends FinishedArchive {
  readonly target: ArchiveTarget;
  readonly read: ReadArchive;
  /** Records that an earlier import of the same file had written. */
  readonly foundWritten: number;
  /** What names people and channels came along. */
  readonly withPeople: boolean;
}

/**
 * Reads a file twice: once to see that it is whole and can be used, before anything is changed, and once to write it.
 * @returns undefined where it was told to end: the same again goes on.
 * @throws Refusal where the file cannot be used, or the workspace has a campaign of that name.
 */
export async function importCampaign(options: ImportOptions): Promise<Imported | undefined> {
  const { archive, as, workspace, withPeople } = options;
  const checked = await check(options);
  if (checked === undefined) return undefined;
  const stored = await archive.campaigns();
  const target: ArchiveTarget = {
    workspace: workspace === undefined ? checked.head.workspace : chooseWorkspace(stored, workspace),
    name: as ?? checked.head.campaign.name,
    withPeople,
  };
  if (withPeople && !isSameWorkspace(checked.head, target))
    throw new Refusal(
      `${options.file} comes from ${shownWorkspace(checked.head.workspace)}: what names its people means nothing in ${shownWorkspace(target.workspace)}. Import it without --with-people.`,
    );
  const isTaken = stored.some(
    (each) =>
      !each.isEmpty &&
      nameKey(each.name) === nameKey(target.name) &&
      each.workspace.platform === target.workspace.platform &&
      each.workspace.platformId === target.workspace.platformId,
  );
  if (isTaken)
    throw new Refusal(
      `${shownWorkspace(target.workspace)} has a campaign called “${target.name}” already: perhaps this file was imported before. To have it a second time, give it another name with --as, or another workspace with --workspace.`,
    );
  const writing = await begun(options, checked);
  if (writing === undefined) return undefined;
  const foundWritten = writing.written;
  if (!(await write(options, checked, writing))) return undefined;
  return {
    ...(await finished(options, writing, target)),
    ...{ target, read: checked, foundWritten },
    withPeople,
  };
}

async function finished(
  { signal }: ImportOptions,
  writing: CampaignWriting,
  target: ArchiveTarget,
): Promise<FinishedArchive> {
  try {
    return await writing.finish(target);
  } catch (error) {
    // Nobody could ever go on with it. Where only the name is taken, the same again with another one goes on.
    if (error instanceof UnsoundArchive) await takeBack(writing, signal);
    throw error;
  }
}

/**
 * Takes back what an import of this file that was broken off has written.
 * @returns how many records those were; undefined where it was told to end: the same again goes on.
 */
export async function undoImport(options: ImportOptions): Promise<number | undefined> {
  const checked = await check(options);
  if (checked === undefined) return undefined;
  const writing = await options.archive.begin(checked.sha256, checked.head);
  return (await writing.undo(options.signal)) ? writing.written : undefined;
}

/** What was taken back in part is taken back whole first. @returns undefined where it was told to end. */
async function begun(
  { archive, signal }: ImportOptions,
  { sha256, head }: ReadArchive,
): Promise<CampaignWriting | undefined> {
  for (;;) {
    const writing = await archive.begin(sha256, head);
    if (!writing.isUndone) return writing;
    if (!(await writing.undo(signal))) return undefined;
  }
}

async function check({ archive, file, progress, signal }: ImportOptions): Promise<ReadArchive | undefined> {
  let seen = 0;
  try {
    return await readArchive(file, {
      ...{ archive, signal },
      onHead: (head) => progress.begin('Checking the file', totalOf(head)),
      onRecords: (records) => {
        seen += records.length;
        progress.reach(seen);
      },
    });
  } finally {
    progress.end();
  }
}

/** @returns whether all of it is written. */
async function write(
  { archive, file, progress, signal }: ImportOptions,
  checked: ReadArchive,
  writing: CampaignWriting,
): Promise<boolean> {
  let seen = 0;
  progress.begin('Importing', checked.records);
  try {
    const read = await readArchive(file, {
      ...{ archive, signal },
      onRecords: async (records) => {
        const known = Math.max(0, writing.written - seen);
        seen += records.length;
        if (known < records.length) await writing.put(records.slice(known));
        progress.reach(seen);
      },
    });
    if (read !== undefined && read.sha256 !== checked.sha256)
      throw new Refusal(`${file} was changed while it was being imported. Import it again.`);
    return read !== undefined;
  } catch (error) {
    if (error instanceof Refusal && !(error instanceof WrittenByAnother)) await takeBack(writing, signal);
    throw error;
  } finally {
    progress.end();
  }
}

/** What nobody could ever go on with. */
async function takeBack(writing: CampaignWriting, signal: AbortSignal): Promise<void> {
  try {
    await writing.undo(signal);
  } catch (error) {
    // Whoever has it now hears the same of the file.
    if (!(error instanceof WrittenByAnother)) throw error;
  }
}
