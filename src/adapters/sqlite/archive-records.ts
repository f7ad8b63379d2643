import * as z from 'zod';
import type { ArchiveHead, ArchiveRecord } from '#src/core/archive.ts';
import { Refusal } from '#src/core/errors.ts';
import { clip, plainLine } from '#src/core/text.ts';
import { ARCHIVED_CAMPAIGN, ARCHIVED_TABLES, type ArchivedTable } from './archive-tables.ts';

const LONGEST_REASON = 200;
const MOST_CHANNELS = 100_000;

const byKind: ReadonlyMap<unknown, ArchivedTable> = new Map(
  ARCHIVED_TABLES.map((table) => [table.is, table]),
);

const anyRecord = z.looseObject({ is: z.string() });
const word = z.string().min(1).max(2_000);
const head = z.strictObject({
  workspace: z.strictObject({
    platform: z.enum(['terminal', 'discord', 'slack']),
    platformId: word,
    name: word,
  }),
  campaign: z.looseObject({ id: word, name: word }),
  channels: z.array(word).max(MOST_CHANNELS),
  counts: z.strictObject(Object.fromEntries(ARCHIVED_TABLES.map(({ is }) => [is, z.int().min(0)]))),
});

/** @throws Refusal where it is no head of an archive: why, without showing what it says. */
export function archiveHeadOf(value: unknown): ArchiveHead {
  const read = checked(head, value, 'the head');
  checked(ARCHIVED_CAMPAIGN.record, read.campaign, 'the campaign');
  return read;
}

/** The table of a record, and the record. @throws Refusal where it is none: why, without showing what it says. */
export function archivedRow(value: unknown): {
  readonly table: ArchivedTable;
  readonly record: ArchiveRecord;
} {
  const { is, ...columns } = checked(anyRecord, value, 'the record');
  const table = byKind.get(is);
  if (table === undefined) throw new Refusal('the record is of no known kind');
  return { table, record: { is, ...checked(table.record, columns, `the ${is}`) } };
}

/** @throws Refusal as `archivedRow`. */
export function archiveRecordOf(value: unknown): ArchiveRecord {
  return archivedRow(value).record;
}

function checked<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`;
  const why = clip(plainLine(`${where}: ${issue?.message ?? 'unreadable'}`), LONGEST_REASON);
  throw new Refusal(`${what} cannot be used${why.startsWith(':') ? '' : ' '}${why}`);
}
