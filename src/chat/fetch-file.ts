/** How long a platform may take to hand a file out. */
const TIME_LIMIT_IN_MS = 20_000;

export interface FetchOptions {
  /** More than this is not read, however much comes. */
  readonly mostBytes: number;
  readonly timeLimitInMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly redirect?: 'follow' | 'manual';
  /** Looks at the answer before its body is read, and throws where that is not the file. */
  readonly accept?: (response: Response) => void;
}

/**
 * Reads a file that somebody handed in from where their platform keeps it.
 * @throws what `accept` threw; else an Error where it is not there, is longer than it may be, or takes too long.
 */
export async function fetchFile(url: string | URL, options: FetchOptions): Promise<Uint8Array> {
  const { mostBytes, timeLimitInMs = TIME_LIMIT_IN_MS, accept = mustBeOk } = options;
  const { headers = {}, redirect = 'follow' } = options;
  const response = await fetch(url, { headers, redirect, signal: AbortSignal.timeout(timeLimitInMs) });
  try {
    accept(response);
  } catch (error) {
    await response.body?.cancel();
    throw error;
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    length += chunk.byteLength;
    if (length > mostBytes) throw new Error('the file is longer than it was said to be');
  }
  return Buffer.concat(chunks);
}

function mustBeOk({ ok, status }: Response): void {
  if (!ok) throw new Error(`the file was answered with ${status}`);
}
