import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { ArchiveHead, ArchiveRecord, CampaignArchive } from '#src/core/archive.ts';
import { Refusal } from '#src/core/errors.ts';
import { ARCHIVE_FORMAT, ARCHIVE_VERSION, type ArchiveEnd, LONGEST_LINE_IN_BYTES } from './format.ts';
import { type FileLine, linesOfFile } from './lines-of-file.ts';

/** Handed on together, or as soon as their lines have so many bytes. */
const RECORDS_AT_ONCE = 250;
const BYTES_AT_ONCE = 4_194_304;

export interface ReadArchive {
  readonly head: ArchiveHead;
  readonly records: number;
  /** Names what is in the file. */
  readonly sha256: string;
}

export interface ReadingOptions {
  readonly archive: Pick<CampaignArchive, 'headOf' | 'recordOf' | 'kinds'>;
  readonly onHead?: (head: ArchiveHead) => void;
  readonly onRecords: (records: readonly ArchiveRecord[]) => Promise<void> | void;
  readonly signal: AbortSignal;
}

const beginning = z.looseObject({ format: z.literal(ARCHIVE_FORMAT), version: z.int().min(1) });
const ending = z.strictObject({ end: z.literal(true), records: z.int().min(0), sha256: z.string() });

/**
 * Reads an archive from its first line to its last, which shows that it is whole and unchanged. Undefined where it was
 * told to end.
 * @throws Refusal where the file is none, or cannot be used: where in it, and why.
 */
export async function readArchive(file: string, options: ReadingOptions): Promise<ReadArchive | undefined> {
  const { archive, signal, onRecords } = options;
  const hash = createHash('sha256');
  const counts = new Map<string, number>();
  const kinds = new Map(archive.kinds.map((is, place) => [is, place]));
  let head: ArchiveHead | undefined;
  let end: ArchiveEnd | undefined;
  let number = 0;
  let records = 0;
  let lastPlace = 0;
  let batch: ArchiveRecord[] = [];
  let batchInBytes = 0;
  const refuse = (why: string, cause?: unknown) =>
    new Refusal(`${file} cannot be imported: ${why}`, { cause });

  for await (const line of linesOfFile(file, LONGEST_LINE_IN_BYTES)) {
    if (signal.aborted) return undefined;
    number += 1;
    if (head === undefined) {
      head = headIn(line, archive, refuse);
      options.onHead?.(head);
    } else if (end !== undefined) throw refuse('it goes on after its end. Export the campaign again.');
    else if (line.isWhole) {
      const value = valueIn(line);
      const read = ending.safeParse(value);
      if (read.success) {
        end = read.data;
        continue;
      }
      let record: ArchiveRecord;
      try {
        record = archive.recordOf(value);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        throw refuse(`in line ${number} ${error.message}. Export the campaign again.`, error);
      }
      const place = kinds.get(record.is) ?? -1;
      if (place < lastPlace) throw refuse(`line ${number} is not in its place. Export the campaign again.`);
      lastPlace = place;
      counts.set(record.is, (counts.get(record.is) ?? 0) + 1);
      records += 1;
      batch.push(record);
      batchInBytes += line.bytes.length;
    } else if (line.bytes.length > LONGEST_LINE_IN_BYTES)
      throw refuse(`line ${number} has more than 16 MB, which no archive has.`);
    else break;
    hash.update(line.bytes).update('\n');
    if (batch.length < RECORDS_AT_ONCE && batchInBytes < BYTES_AT_ONCE) continue;
    await onRecords(batch);
    [batch, batchInBytes] = [[], 0];
  }
  if (signal.aborted) return undefined;
  if (head === undefined) throw refuse('it is empty.');
  if (end === undefined)
    throw refuse('it is cut off: its end is missing. Copy it again, or export the campaign again.');
  const sha256 = hash.digest('hex');
  const isCounted = archive.kinds.every((is) => (counts.get(is) ?? 0) === head.counts[is]);
  if (end.sha256 !== sha256 || end.records !== records || !isCounted)
    throw refuse('it has been changed since it was written. Copy it again, or export the campaign again.');
  if (batch.length > 0) await onRecords(batch);
  return { head, records, sha256 };
}

function headIn(
  line: FileLine,
  archive: ReadingOptions['archive'],
  refuse: (why: string, cause?: unknown) => Refusal,
): ArchiveHead {
  const read = beginning.safeParse(line.isWhole ? valueIn(line) : undefined);
  if (!read.success) throw refuse('it is no archive of a campaign. `npm run memories -- export` makes one.');
  const { format: _, version, holds: __, madeAtInMs: ___, ...rest } = read.data;
  if (version > ARCHIVE_VERSION)
    throw refuse(
      `a newer version of Dramatis wrote it (format ${version}, and this one reads up to ${ARCHIVE_VERSION}). Update Dramatis first.`,
    );
  try {
    return archive.headOf(rest);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw refuse(`in line 1 ${error.message}. Export the campaign again.`, error);
  }
}

/** Undefined where it is no JSON, or no text at all. */
function valueIn({ bytes }: FileLine): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
