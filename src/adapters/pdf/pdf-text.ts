import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { TextExtractor } from '#src/core/documents.ts';
import { Refusal } from '#src/core/errors.ts';
import { KeyedQueues } from '#src/core/keyed-queues.ts';
import type { PdfAnswer } from './pdf-worker.ts';

const TIME_LIMIT_IN_MS = 30_000;
/** Of the thread's heap, and as much again of what lies outside it. */
const MEMORY_LIMIT_IN_MB = 256;
/** How often it is looked how much the thread holds outside its heap. */
const LOOK_EVERY_MS = 25;
/** So many wait for the one that is read; each takes half a minute at most. */
const MOST_WAITING = 2;

const INSTEAD = 'Save it again from another program, or paste the text.';

export interface PdfLimits {
  readonly timeLimitInMs?: number;
  readonly memoryLimitInMb?: number;
}

/** PDFs are read one at a time, whoever hands them in: what one may take, the process has room for. */
const queue = new KeyedQueues();
const QUEUE = 'pdf';

/**
 * Reads PDFs in a thread of its own with bounded time and memory: a file that lies about itself can neither hold up a
 * scene nor take the process down.
 */
export function pdfReader({
  timeLimitInMs = TIME_LIMIT_IN_MS,
  memoryLimitInMb = MEMORY_LIMIT_IN_MB,
}: PdfLimits = {}): TextExtractor {
  return {
    async pdf(bytes) {
      if (queue.waiting(QUEUE) >= MOST_WAITING)
        throw new Refusal('Other PDFs are being read. Hand it in again in a minute, or paste the text.');
      const answer = await queue.run(QUEUE, () => readApart(bytes, { timeLimitInMs, memoryLimitInMb }));
      if (answer.outcome === 'protected')
        throw new Refusal(`That PDF is protected by a password and cannot be read. ${INSTEAD}`);
      if (answer.outcome !== 'read')
        throw new Refusal(
          `That file is no PDF that can be read: it is damaged or something else. ${INSTEAD}`,
        );
      if (answer.text.trim() === '')
        throw new Refusal(
          'That PDF holds pictures of pages and no text. Run it through text recognition first, or paste the text.',
        );
      return answer.text;
    },
  };
}

async function readApart(
  bytes: Uint8Array,
  { timeLimitInMs, memoryLimitInMb }: Required<PdfLimits>,
): Promise<PdfAnswer> {
  const worker = new Worker(new URL('./pdf-worker.ts', import.meta.url), {
    workerData: bytes,
    // Its heap; what lies outside is watched below.
    resourceLimits: { maxOldGenerationSizeMb: memoryLimitInMb },
    // What a library prints about a hostile file is nobody's log.
    stdout: true,
    stderr: true,
  });
  const { promise, resolve, reject } = Promise.withResolvers<PdfAnswer>();
  const tooLarge = () => {
    reject(new Refusal(`That PDF needs more than ${memoryLimitInMb} MB of memory to be read. ${INSTEAD}`));
  };
  const timer = setTimeout(() => {
    reject(new Refusal(`That PDF takes longer than ${timeLimitInMs / 1000} seconds to read. ${INSTEAD}`));
  }, timeLimitInMs);
  worker.once('message', resolve);
  worker.once('error', (error) => {
    if ('code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') tooLarge();
    // It died of the file.
    else resolve({ outcome: 'unreadable' });
  });
  worker.once('exit', () => resolve({ outcome: 'unreadable' }));
  const watching = new AbortController();
  // Before it is there, nothing can be asked of it.
  worker.once('online', () => {
    void outgrows(worker, { memoryLimitInMb, signal: watching.signal }).then((isTooLarge) => {
      if (isTooLarge) tooLarge();
    });
  });
  return promise.finally(async () => {
    clearTimeout(timer);
    watching.abort();
    await worker.terminate();
  });
}

/**
 * Looks at what a thread holds outside its heap, until that is too much or the watch is ended. A stream that unpacks to
 * a thousand times its size lies there, where no limit of V8 reaches. Never rejects.
 * @returns whether it is too much.
 */
async function outgrows(
  worker: Worker,
  { memoryLimitInMb, signal }: { readonly memoryLimitInMb: number; readonly signal: AbortSignal },
): Promise<boolean> {
  try {
    while (!signal.aborted) {
      const { external_memory: outside } = await worker.getHeapStatistics();
      if (outside > memoryLimitInMb * 1024 * 1024) return true;
      await pause(LOOK_EVERY_MS, undefined, { signal });
    }
  } catch {
    // The thread has ended, or the watch.
  }
  return false;
}
