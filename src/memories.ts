import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { openSqliteArchive } from './adapters/sqlite/open-sqlite-archive.ts';
import { openSqlitePeople } from './adapters/sqlite/open-sqlite-people.ts';
import { databaseRefusal } from './adapters/sqlite/open-sqlite-store.ts';
import { openProgress, type ProgressStream } from './adapters/terminal/progress-bar.ts';
import { type Asked, readAsked, USAGE } from './archive/asked.ts';
import { chooseCampaign, listed, shownCampaign, shownWorkspace } from './archive/campaign-choice.ts';
import { exportCampaign } from './archive/export-campaign.ts';
import { forgetPerson } from './archive/forget-person.ts';
import { type Imported, importCampaign, undoImport } from './archive/import-campaign.ts';
import { refusalFor, writeNewFile } from './archive/new-file.ts';
import type { Config } from './config.ts';
import type { ArchiveHead, BegunImport, CampaignArchive } from './core/archive.ts';
import { systemClock } from './core/clock.ts';
import { Refusal } from './core/errors.ts';
import type { Log } from './core/log.ts';
import type { Progress } from './core/progress.ts';
import { clip, plainLine } from './core/text.ts';
import type { Reindexed } from './search/reindex.ts';

const LONGEST_FAULT = 300;
const HOW_TO_GO_ON =
  'Where none runs now: import FILE of the same file goes on, and import FILE --undo takes it back.';

export interface MemoriesSetup {
  readonly config: Config;
  /** What stood behind `memories`. */
  readonly words: readonly string[];
  /** An archive, where that is asked for, or how it is used. */
  readonly output: NodeJS.WritableStream;
  /** Progress, and what was done. */
  readonly errors: ProgressStream;
  /** Ends it; what is done stays, and can be gone on with. */
  readonly leave: AbortSignal;
  readonly log: Log;
}

/**
 * Moves campaigns, builds the search anew and forgets people: `npm run memories`.
 * @returns the exit code: 1 where something is left to do.
 * @throws Refusal where it cannot be done as asked.
 */
export async function runMemories(setup: MemoriesSetup): Promise<0 | 1> {
  const { config, errors, output } = setup;
  const asked = readAsked(setup.words);
  const say = (text: string) => errors.write(`${text}\n`);
  const progress = await openProgress(errors, systemClock);
  const archive = await openSqliteArchive({ file: config.databaseFile, clock: systemClock });
  try {
    switch (asked.what) {
      case 'help': {
        const campaigns = (await archive.campaigns()).map(shownCampaign);
        const which =
          campaigns.length === 0 ? 'There is no campaign yet.' : `Campaigns:\n${listed(campaigns)}`;
        const begun = (await archive.begun()).map(begunWords);
        const half = begun.length === 0 ? '' : `Half-done imports:\n${listed(begun)}\n${HOW_TO_GO_ON}\n`;
        output.write(`${USAGE}\n${which}\n${half}`);
        return 0;
      }
      case 'export':
        say(await exported(setup, asked, archive, progress));
        return 0;
      case 'import':
        say(await imported(setup, asked, archive, progress));
        return 0;
      case 'reindex': {
        const done = await reindexed(setup, archive, progress);
        say(reindexWords(done, setup.leave.aborted));
        return done.left === 0 ? 0 : 1;
      }
      case 'forget-person':
        say(await forgotten(setup, asked, archive, progress));
        return 0;
    }
  } catch (error) {
    throw databaseRefusal(error, config.databaseFile) ?? error;
  } finally {
    await archive.close();
  }
}

async function exported(
  { output, leave }: MemoriesSetup,
  asked: Extract<Asked, { what: 'export' }>,
  archive: CampaignArchive,
  progress: Progress,
): Promise<string> {
  const { file } = asked;
  const campaign = chooseCampaign(await archive.campaigns(), asked);
  const head = await exportCampaign({
    ...{ archive, progress, campaignId: campaign.id, madeAtInMs: systemClock.now() },
    write: (pieces) => (file === '-' ? writeOut(pieces, output, leave) : writeNewFile(file, pieces, leave)),
  });
  if (head === undefined)
    return 'Ended before all of it was written: there is no file. Run it again to begin anew.';
  const where = file === '-' ? 'standard output' : file;
  return `Exported ${shownCampaign(campaign)} to ${where}: ${contents(head.counts)}. Keep it as safe as the database: players' words and secrets are in it.`;
}

/** @throws Refusal where nobody takes it. */
async function writeOut(
  pieces: AsyncIterable<string>,
  output: NodeJS.WritableStream,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await pipeline(pieces, output, { end: false, signal });
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw new Refusal('Standard output does not take all of it: it is incomplete there.', { cause: error });
  }
}

async function imported(
  { leave }: MemoriesSetup,
  asked: Extract<Asked, { what: 'import' }>,
  archive: CampaignArchive,
  progress: Progress,
): Promise<string> {
  const options = { ...asked, archive, progress, signal: leave };
  try {
    if (asked.undo) {
      const records = await undoImport(options);
      if (records === undefined) return 'Ended before all of it was taken back. Run the same again to go on.';
      return records === 0
        ? 'Nothing of that file was left half imported.'
        : `Taken back: ${records} records that a broken off import had written.`;
    }
    const done = await importCampaign(options);
    return done === undefined
      ? 'Ended before all of it was imported. Run the same again to go on, or with --undo to take it back.'
      : importedWords(done);
  } catch (error) {
    throw refusalFor(error, asked.file) ?? error;
  }
}

async function forgotten(
  { config, leave }: MemoriesSetup,
  asked: Extract<Asked, { what: 'forget-person' }>,
  archive: CampaignArchive,
  progress: Progress,
): Promise<string> {
  const people = await openSqlitePeople({ file: config.databaseFile, clock: systemClock });
  try {
    return await forgetPerson({ ...asked, archive, people, progress, signal: leave });
  } finally {
    await people.close();
  }
}

function begunWords({ name, written, isUndone }: BegunImport): string {
  const records = isUndone
    ? 'half taken back, which --undo ends'
    : `${written} ${written === 1 ? 'record' : 'records'} written so far`;
  return plainLine(`${name === undefined ? 'a campaign' : `“${name}”`}: ${records}`);
}

function importedWords({ target, read, foundWritten, isDefault, withPeople }: Imported): string {
  const where = shownCampaign({ name: target.name, workspace: { ...target.workspace, id: '' } });
  const sentences = [
    `Imported ${where}: ${contents(read.head.counts)}.`,
    ...(foundWritten === 0 ? [] : [`An earlier import had brought ${foundWritten} of its records already.`]),
    isDefault
      ? 'It is played in every channel that is bound to no other campaign.'
      : `/campaign use ${target.name} has it played in a channel.`,
    peopleWords(read.head, withPeople),
    'What its search needs is made when it is next played, or now by npm run memories -- reindex.',
  ];
  return sentences.join(' ');
}

async function reindexed(
  setup: MemoriesSetup,
  archive: CampaignArchive,
  progress: Progress,
): Promise<Reindexed> {
  const { config, leave, log } = setup;
  if (config.chromaUrl === 'local' && (await archive.isPlayed()))
    throw new Refusal(
      'The bot runs, and has started the Chroma server of CHROMA_URL=local on the same folder: two of them would spoil it. Stop the bot first.',
    );
  const [{ openSearchParts }, { reindex }] = await Promise.all([
    import('./search-parts.ts'),
    import('./search/reindex.ts'),
  ]);
  const parts = await openSearchParts({ config, log, clock: systemClock });
  const wait = async (durationInMs: number) => {
    await delay(durationInMs, undefined, { signal: leave }).catch(() => undefined);
  };
  try {
    return await reindex({ ...parts, progress, signal: leave, wait, clock: systemClock });
  } finally {
    await parts.close();
  }
}

function reindexWords({ wentOn, total, left, fault }: Reindexed, isEnded: boolean): string {
  const told = total - left;
  if (left === 0)
    return `The search is built anew: ${told} entries${wentOn ? ' that an earlier run had left' : ''}.`;
  const sofar = `${Math.max(0, told)} entries are told, ${left} are left`;
  if (isEnded) return `${sofar}. Run the same again to go on; a bot that runs goes on too.`;
  if (fault === undefined)
    return `${sofar}: another process is telling the search and has not ended. Run the same again later to go on.`;
  const why = fault instanceof Error ? clip(plainLine(fault.message), LONGEST_FAULT) : 'something failed';
  return `${sofar}: ${why}. They are found by their words until then. See npm run doctor, then run the same again to go on.`;
}

/** Who leads it now, or that nobody of the file's people does. */
function peopleWords({ workspace, campaign, channels }: ArchiveHead, cameAlong: boolean): string {
  if (!cameAlong)
    return `It comes from ${shownWorkspace(workspace)}: its game masters, GM room, bound channels and players' characters were left behind.`;
  const { settings } = campaign;
  const gms = isList(settings, 'gms') ? settings.gms.length : 0;
  return `Its people came along: ${gms} named as game masters (/campaign show tells whom), its GM room, and of ${channels.length} bound channels those where nobody else's campaign is played.`;
}

function isList<K extends string>(value: unknown, key: K): value is Readonly<Record<K, readonly unknown[]>> {
  return typeof value === 'object' && value !== null && Array.isArray(Reflect.get(value, key));
}

/** "12 NPCs, 3 scenes, 4120 lines, 310 memories, 2 documents". */
function contents(counts: Readonly<Record<string, number>>): string {
  const parts = [
    [counts.npc, 'NPC'],
    [counts.scene, 'scene'],
    [counts.line, 'line'],
    [counts.memory, 'summary', 'summaries'],
    [counts.document, 'document'],
  ] as const;
  return parts.map(([count = 0, one, more = `${one}s`]) => `${count} ${count === 1 ? one : more}`).join(', ');
}
