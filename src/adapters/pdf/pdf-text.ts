import { Worker } from 'node:worker_threads';
import type { TextExtractor } from '#src/core/documents.ts';
import { Refusal } from '#src/core/errors.ts';
import type { PdfAnswer } from './pdf-worker.ts';

const TIME_LIMIT_IN_MS = 30_000;
const MEMORY_LIMIT_IN_MB = 256;

const INSTEAD = 'Save it again from another program, or paste the text.';

/**
 * Reads PDFs in a thread of its own with bounded time and memory: a file that lies about itself can neither hold up a
 * scene nor take the process down.
 */
export function pdfReader({ timeLimitInMs = TIME_LIMIT_IN_MS } = {}): TextExtractor {
  return {
    async pdf(bytes) {
      const answer = await readApart(bytes, timeLimitInMs);
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

function readApart(bytes: Uint8Array, timeLimitInMs: number): Promise<PdfAnswer> {
  const worker = new Worker(new URL('./pdf-worker.ts', import.meta.url), {
    workerData: bytes,
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_LIMIT_IN_MB },
    // What a library prints about a hostile file is nobody's log.
    stdout: true,
    stderr: true,
  });
  const { promise, resolve, reject } = Promise.withResolvers<PdfAnswer>();
  const timer = setTimeout(() => {
    reject(new Refusal(`That PDF takes longer than ${timeLimitInMs / 1000} seconds to read. ${INSTEAD}`));
  }, timeLimitInMs);
  worker.once('message', resolve);
  // It ran out of memory, or died of the file.
  worker.once('error', () => resolve({ outcome: 'unreadable' }));
  worker.once('exit', () => resolve({ outcome: 'unreadable' }));
  return promise.finally(async () => {
    clearTimeout(timer);
    await worker.terminate();
  });
}
