import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteArchive } from '#src/adapters/sqlite/open-sqlite-archive.ts';
import { openSqliteStore } from '#src/adapters/sqlite/open-sqlite-store.ts';
import { exportCampaign } from '#src/archive/export-campaign.ts';
import { type ImportOptions, importCampaign } from '#src/archive/import-campaign.ts';
import { writeNewFile } from '#src/archive/new-file.ts';
import type { CampaignArchive } from '#src/core/archive.ts';
import type { Progress } from '#src/core/progress.ts';
import type { CampaignStore, Store } from '#src/core/store.ts';
import { TestClock } from '../contract/store-samples.ts';

export const silent: Progress = { begin: () => {}, reach: () => {}, end: () => {} };

/** A database in a folder of its own, as a game and as the mover of campaigns see it. */
export interface ArchivePlace {
  readonly folder: string;
  readonly file: string;
  readonly clock: TestClock;
  readonly store: Store;
  readonly archive: CampaignArchive;
  /** Of the workspace that is named by its platform's id, or its default one. */
  campaign(name?: string, platformId?: string): Promise<CampaignStore>;
  /** Writes an archive of a campaign, and gives its path. */
  exported(campaignId: string, name?: string): Promise<string>;
  imported(file: string, change?: Partial<ImportOptions>): ReturnType<typeof importCampaign>;
  remove(): Promise<void>;
}

export async function openArchivePlace(): Promise<ArchivePlace> {
  const folder = await mkdtemp(join(tmpdir(), 'dramatis-archive-'));
  const clock = new TestClock();
  const file = join(folder, 'dramatis.db');
  const store = await openSqliteStore({ file, clock });
  const archive = await openSqliteArchive({ file, clock });
  const signal = new AbortController().signal;
  return {
    ...{ folder, file, clock, store, archive },
    campaign: async (name, platformId = 'docks') => {
      const workspace = await store.openWorkspace({ platform: 'discord', platformId, name: 'Salt Docks' });
      if (name === undefined) return store.campaign((await store.campaignOf(workspace.id, 'tavern')).id);
      const added = await store.addCampaign(workspace.id, name);
      if (added === undefined) throw new Error(`There is a campaign ${name}.`);
      return store.campaign(added.id);
    },
    exported: async (campaignId, name = 'out.jsonl') => {
      const path = join(folder, name);
      await exportCampaign({
        ...{ archive, campaignId, progress: silent, madeAtInMs: 0 },
        write: (pieces) => writeNewFile(path, pieces, signal),
      });
      return path;
    },
    imported: (path, change) =>
      importCampaign({
        ...{ archive, file: path, as: undefined, workspace: undefined, withPeople: false },
        ...{ progress: silent, signal },
        ...change,
      }),
    remove: async () => {
      await archive.close();
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** An archive's lines, the last of which has no fingerprint. */
export async function linesIn(file: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const text = await readFile(file, 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => {
      const { sha256: _, ...rest } = JSON.parse(line);
      return rest;
    });
}
