import { Refusal } from '#src/core/errors.ts';
import type { Progress } from '#src/core/progress.ts';
import { type FarSearch, purposeOf, SearchIndexer, type SearchIndexerOptions } from './search-indexer.ts';

/** So often a server that fails is tried again, with 2, 4, 8 and 16 seconds between. */
const TRIES = 4;
const FIRST_WAIT_IN_MS = 2_000;
/** Another process that tells the search and gets nowhere is waited for so long. One that ended holds up nobody. */
const LONGEST_WAIT_FOR_OTHERS_IN_MS = 150_000;
const LOOKED_AFTER_IN_MS = 500;

export interface ReindexOptions extends Omit<SearchIndexerOptions, 'onFault' | 'far'> {
  readonly far: (FarSearch & { empty(): Promise<void> }) | undefined;
  readonly progress: Progress;
  /** Ends it; what is left can be gone on with. */
  readonly signal: AbortSignal;
  /** Resolves after so long, or when the signal aborts. */
  readonly wait: (durationInMs: number) => Promise<void>;
}

export interface Reindexed {
  /** It goes on with what an earlier one left. */
  readonly wentOn: boolean;
  /** What there was to tell, and what of it was not told. */
  readonly total: number;
  readonly left: number;
  /** Why something is left, where nobody asked it to end. */
  readonly fault: unknown;
}

/**
 * Builds the search anew: a far index is emptied, and everything is told again, embedded by the model that is configured
 * now. The outbox has what is still to be told, so that it can end at any time and go on later.
 * @throws Refusal where the far index is away.
 */
export async function reindex(options: ReindexOptions): Promise<Reindexed> {
  const { outbox, progress, signal, wait } = options;
  const wentOn = await begin(options);
  const total = await outbox.size();
  let left = total;
  let fault: unknown;
  let failures = 0;
  let waitedInMs = 0;
  progress.begin('Telling the search', total);
  try {
    while (left > 0 && !signal.aborted) {
      const before = left;
      const round = await oneRound(options, total);
      left = round.left;
      if (left < before) [failures, waitedInMs] = [0, 0];
      if (left === 0 || signal.aborted) break;
      if (round.end === 'others are at it') {
        if (waitedInMs >= LONGEST_WAIT_FOR_OTHERS_IN_MS) break;
        waitedInMs += LOOKED_AFTER_IN_MS;
        await wait(LOOKED_AFTER_IN_MS);
      } else {
        fault = round.fault ?? fault;
        failures += 1;
        if (failures > TRIES) break;
        await wait(FIRST_WAIT_IN_MS * 2 ** (failures - 1));
      }
    }
    // Texts that are refused by themselves are tried again by whoever plays: only an outage is gone on with.
    if (left === 0 || (!signal.aborted && (await areAllTried(options)))) await outbox.endAnew();
  } finally {
    progress.end();
  }
  return { wentOn, total, left, fault: left === 0 ? undefined : fault };
}

/** @returns whether an earlier one is gone on with. */
async function begin({ outbox, embedder, far, progress }: ReindexOptions): Promise<boolean> {
  if (await outbox.isAnewFor(await reached(purposeOf({ embedder, far })))) return true;
  progress.begin('Emptying the search', 0);
  try {
    if (far !== undefined) await reached(far.empty());
    await outbox.beginAnew(await reached(purposeOf({ embedder, far })));
    return false;
  } finally {
    progress.end();
  }
}

/** @throws Refusal where the far index is away. */
async function reached<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    throw new Refusal(
      'Chroma does not answer, and nothing was begun. See npm run doctor, then run this again: the search goes by the database until then.',
      { cause: error },
    );
  }
}

interface Round {
  readonly left: number;
  /** `rests`: what is left failed, and is not due yet. */
  readonly end: 'others are at it' | 'rests';
  readonly fault: unknown;
}

/** Tells what is due, showing how far that is. */
async function oneRound(options: ReindexOptions, total: number): Promise<Round> {
  const { outbox, progress, signal, wait } = options;
  let fault: unknown;
  const onFault = (error: unknown) => {
    fault = error;
  };
  // Each says anew what goes wrong.
  const indexer = new SearchIndexer({ ...options, onFault });
  const stop = () => void indexer.stop();
  signal.addEventListener('abort', stop);
  let isDone = false;
  const drain = indexer.drain().then(() => {
    isDone = true;
  });
  try {
    // Nothing waits any more once it is to end: it would be asked again without a pause, and nobody else got a turn.
    while (!isDone && !signal.aborted) {
      await Promise.race([drain, wait(LOOKED_AFTER_IN_MS)]);
      progress.reach(Math.max(0, total - (await outbox.size())));
    }
  } finally {
    signal.removeEventListener('abort', stop);
    await indexer.stop();
  }
  const isDue = (await outbox.due({ limit: 1 })).length > 0;
  const left = await outbox.size();
  return { left, fault, end: fault === undefined && isDue ? 'others are at it' : 'rests' };
}

async function areAllTried({ outbox }: ReindexOptions): Promise<boolean> {
  // What was never tried is due first.
  const [next] = await outbox.due({ limit: 1 });
  return next === undefined || next.attempts > 0;
}
