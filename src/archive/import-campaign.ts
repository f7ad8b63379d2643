import {
  type ArchiveTarget,
  type CampaignArchive,
  type CampaignWriting,
  type FinishedArchive,
  isSameWorkspace,
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
  readonly isSameWorkspace: boolean;
}

/**
 * Reads a file twice: once to see that it is whole and can be used, before anything is changed, and once to write it.
 * @returns undefined where it was told to end: the same again goes on.
 * @throws Refusal where the file cannot be used, or the workspace has a campaign of that name.
 */
export async function importCampaign(options: ImportOptions): Promise<Imported | undefined> {
  const { archive, as, workspace } = options;
  const checked = await check(options);
  if (checked === undefined) return undefined;
  const stored = await archive.campaigns();
  const target: ArchiveTarget = {
    workspace: workspace === undefined ? checked.head.workspace : chooseWorkspace(stored, workspace),
    name: as ?? checked.head.campaign.name,
  };
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
  const writing = await archive.begin(checked.sha256, checked.head);
  const foundWritten = writing.written;
  if (!(await write(options, checked, writing))) return undefined;
  return {
    ...(await writing.finish(target)),
    ...{ target, read: checked, foundWritten },
    isSameWorkspace: isSameWorkspace(checked.head, target),
  };
}

/** Takes back what an import of this file that was broken off has written. @returns how many records those were. */
export async function undoImport(options: ImportOptions): Promise<number | undefined> {
  const checked = await check(options);
  if (checked === undefined) return undefined;
  const writing = await options.archive.begin(checked.sha256, checked.head);
  await writing.undo();
  return writing.written;
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
    // Nobody could ever go on with it.
    if (error instanceof Refusal && !(error instanceof WrittenByAnother)) await writing.undo();
    throw error;
  } finally {
    progress.end();
  }
}
