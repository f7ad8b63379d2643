import * as z from 'zod';
import type { ArchiveHead, ArchiveRecord } from '#src/core/archive.ts';
import { Refusal } from '#src/core/errors.ts';
import { clip, plainLine } from '#src/core/text.ts';
import { ARCHIVED_CAMPAIGN, ARCHIVED_TABLES, type ArchivedTable } from './archive-tables.ts';

/** Of its name, in characters. */
const LONGEST_FIELD = 80;
const MOST_CHANNELS = 100_000;
/** Of lists and objects in each other; a sheet has some five. */
const MOST_LEVELS = 40;

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
  if (isDeeperThan(MOST_LEVELS, value)) throw new Refusal(`${what} cannot be used: it is nested too deeply`);
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  throw new Refusal(`${what} cannot be used: ${faultOf(read.error.issues[0], value)}`);
}

/** What is wrong with a value, in plain words and without showing what it says. */
function faultOf(issue: z.core.$ZodIssue | undefined, value: unknown): string {
  if (issue === undefined) return 'it cannot be read';
  const { path } = issue;
  if (path.length === 0) return issue.code === 'unrecognized_keys' ? UNKNOWN_FIELD : 'it is no JSON object';
  const field = `its field “${clip(plainLine(path.join('.')), LONGEST_FIELD)}”`;
  if (valueAt(value, path) === undefined) return `${field} is missing`;
  if (issue.message.startsWith('must be ')) return `${field} ${issue.message}`;
  switch (issue.code) {
    case 'invalid_type':
      return `${field} must be ${KINDS[issue.expected] ?? 'of another kind'}`;
    case 'invalid_value':
      return `${field} must be ${issue.values.map(String).join(' or ')}`;
    case 'too_big':
      return `${field} is too large`;
    case 'too_small':
      return `${field} is too small`;
    case 'unrecognized_keys':
      return `${field} has parts that it cannot have`;
    default:
      return `${field} cannot be read`;
  }
}

const UNKNOWN_FIELD = 'it has a field that it cannot have';
/** The validator's names of what is expected. */
const KINDS: Readonly<Partial<Record<string, string>>> = {
  ...{ string: 'text', number: 'a number', int: 'a whole number', array: 'a list', object: 'an object' },
  ...{ record: 'an object', boolean: 'true or false' },
};

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let found = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = Reflect.get(found, key);
  }
  return found;
}

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((part) => isDeeperThan(levels - 1, part));
}
