import { type FileHandle, open } from 'node:fs/promises';

const READ_AT_ONCE_IN_BYTES = 65_536;
const NEWLINE = 10;

export interface FileLine {
  /** Without the newline. */
  readonly bytes: Buffer;
  /** False for a last line without a newline, and for one that is too long: of that its beginning is here. */
  readonly isWhole: boolean;
}

/** The lines of a file, of which no more is in memory than the longest one may have. It ends with one that is longer. */
export async function* linesOfFile(file: string, longestInBytes: number): AsyncGenerator<FileLine> {
  const handle = await open(file);
  try {
    yield* linesOf(handle, longestInBytes);
  } finally {
    await handle.close();
  }
}

async function* linesOf(handle: FileHandle, longestInBytes: number): AsyncGenerator<FileLine> {
  let pieces: Buffer[] = [];
  let heldInBytes = 0;
  for (;;) {
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.allocUnsafe(READ_AT_ONCE_IN_BYTES) });
    if (bytesRead === 0) break;
    let rest = buffer.subarray(0, bytesRead);
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
      const bytes = Buffer.concat([...pieces, rest.subarray(0, end)]);
      yield { bytes, isWhole: bytes.length <= longestInBytes };
      [pieces, heldInBytes] = [[], 0];
      rest = rest.subarray(end + 1);
    }
    pieces.push(rest);
    heldInBytes += rest.length;
    if (heldInBytes > longestInBytes) break;
  }
  if (heldInBytes > 0) yield { bytes: Buffer.concat(pieces), isWhole: false };
}
