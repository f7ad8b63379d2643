import type { ArchiveHead, CampaignArchive } from '#src/core/archive.ts';
import type { Progress } from '#src/core/progress.ts';
import { archiveText } from './archive-text.ts';

export interface ExportOptions {
  readonly archive: CampaignArchive;
  readonly campaignId: string;
  /** Takes the text piece by piece. Resolves with whether all of it was taken. */
  readonly write: (pieces: AsyncIterable<string>) => Promise<boolean>;
  readonly madeAtInMs: number;
  readonly progress: Progress;
}

/** Writes a campaign as it is at one moment. @returns its head, or undefined where not all of it was taken. */
export async function exportCampaign(options: ExportOptions): Promise<ArchiveHead | undefined> {
  const { archive, campaignId, write, madeAtInMs, progress } = options;
  try {
    return await archive.read(campaignId, async (snapshot) => {
      progress.begin('Exporting', totalOf(snapshot.head));
      const onRecords = (records: number) => progress.reach(records);
      const isWhole = await write(archiveText(snapshot, { madeAtInMs, onRecords }));
      return isWhole ? snapshot.head : undefined;
    });
  } finally {
    progress.end();
  }
}

/** Records. */
export function totalOf({ counts }: ArchiveHead): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
