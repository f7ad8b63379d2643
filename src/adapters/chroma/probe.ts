import { createRequire } from 'node:module';
import { addressOf } from './address.ts';

/** What came of asking a Chroma server whether it is there. */
export type ChromaProbe =
  | { readonly outcome: 'reached' }
  | { readonly outcome: 'turned away' }
  /** Something answers, but not as Chroma's second API does. */
  | { readonly outcome: 'not chroma' }
  | { readonly outcome: 'failed'; readonly cause: unknown };

/** Asks for the heartbeat. Never rejects for what the server or the network does. */
export async function probeChroma(url: string, timeoutInMs: number): Promise<ChromaProbe> {
  const { ChromaClient, ChromaConnectionError, ChromaForbiddenError, ChromaUnauthorizedError } = await import(
    'chromadb'
  );
  const client = new ChromaClient({
    ...addressOf(url),
    fetchOptions: { signal: AbortSignal.timeout(timeoutInMs) },
  });
  try {
    const heartbeat: unknown = await client.heartbeat();
    return typeof heartbeat === 'number' ? { outcome: 'reached' } : { outcome: 'not chroma' };
  } catch (error) {
    if (error instanceof ChromaConnectionError)
      return { outcome: 'failed', cause: await causeOfFailure(url, timeoutInMs) };
    if (error instanceof ChromaUnauthorizedError || error instanceof ChromaForbiddenError)
      return { outcome: 'turned away' };
    return { outcome: 'not chroma' };
  }
}

/** The client keeps to itself why it found no connection: knock once more, without it. */
async function causeOfFailure(url: string, timeoutInMs: number): Promise<unknown> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutInMs) });
    await answer.body?.cancel();
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Whether the server that the npm package carries can run on this machine. */
export type LocalChromaProbe =
  | { readonly outcome: 'runs' }
  /** The package has nothing for this system and processor, or it was not installed. */
  | { readonly outcome: 'missing' }
  /** It is there, but was built for a newer C library. */
  | { readonly outcome: 'too old'; readonly needs: string; readonly has: string }
  | { readonly outcome: 'broken'; readonly code: string };

/** Package of the server's machine code by system and processor, as chromadb's own command looks for it. */
const BINDINGS: Readonly<Record<string, string>> = {
  'darwin arm64': 'chromadb-js-bindings-darwin-arm64',
  'darwin x64': 'chromadb-js-bindings-darwin-x64',
  'linux arm64': 'chromadb-js-bindings-linux-arm64-gnu',
  'linux x64': 'chromadb-js-bindings-linux-x64-gnu',
  'win32 arm64': 'chromadb-js-bindings-win32-arm64-msvc',
};

/** Loads the server's machine code (50 MB) into this process: there is no other way to learn whether it can. */
export function probeLocalChroma(
  load: (packageName: string) => unknown = createRequire(createRequire(import.meta.url).resolve('chromadb')),
  machine = `${process.platform} ${process.arch}`,
): LocalChromaProbe {
  const name = BINDINGS[machine];
  if (name === undefined) return { outcome: 'missing' };
  try {
    load(name);
    return { outcome: 'runs' };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    if (code === 'MODULE_NOT_FOUND') return { outcome: 'missing' };
    // The loader of the system tells the version in its sentence alone.
    const needs = error instanceof Error ? /GLIBC_(\d+\.\d+)' not found/.exec(error.message)?.[1] : undefined;
    return needs === undefined
      ? { outcome: 'broken', code }
      : { outcome: 'too old', needs, has: glibcVersion() };
  }
}

function glibcVersion(): string {
  const report: unknown = process.report.getReport();
  if (typeof report !== 'object' || report === null || !('header' in report)) return 'another';
  const { header } = report;
  if (typeof header !== 'object' || header === null || !('glibcVersionRuntime' in header)) return 'another';
  return String(header.glibcVersionRuntime);
}
