import { createHash } from 'node:crypto';
import type { CampaignSnapshot } from '#src/core/archive.ts';
import { Refusal } from '#src/core/errors.ts';
import {
  ARCHIVE_FORMAT,
  ARCHIVE_HOLDS,
  ARCHIVE_VERSION,
  type ArchiveBeginning,
  type ArchiveEnd,
  LONGEST_LINE_IN_BYTES,
} from './format.ts';

/** A campaign as the text of an archive, piece by piece. */
export async function* archiveText(
  snapshot: CampaignSnapshot,
  options: {
    readonly madeAtInMs: number;
    /** Hears how many records are out. */
    readonly onRecords: (records: number) => void;
  },
): AsyncGenerator<string> {
  const hash = createHash('sha256');
  const hashed = (piece: string) => {
    hash.update(piece);
    return piece;
  };
  const beginning: ArchiveBeginning = {
    format: ARCHIVE_FORMAT,
    version: ARCHIVE_VERSION,
    holds: ARCHIVE_HOLDS,
    madeAtInMs: options.madeAtInMs,
  };
  yield hashed(lineOf({ ...beginning, ...snapshot.head }));
  let records = 0;
  for await (const some of snapshot.records()) {
    yield hashed(some.map(lineOf).join(''));
    records += some.length;
    options.onRecords(records);
  }
  const end: ArchiveEnd = { end: true, records, sha256: hash.digest('hex') };
  yield lineOf(end);
}

/** @throws Refusal where nobody could read it again. */
function lineOf(value: object): string {
  const line = `${JSON.stringify(value)}\n`;
  if (Buffer.byteLength(line) <= LONGEST_LINE_IN_BYTES) return line;
  throw new Refusal(
    'The campaign has an entry of more than 16 MB, which no archive can hold. Something else wrote it: restore the database from a backup.',
  );
}
