/**
 * An archive of a campaign is a text file with one JSON object a line: the head, the records in the order of
 * `CampaignArchive.kinds`, and the end, which tells that nothing is missing.
 */
export const ARCHIVE_FORMAT = 'dramatis campaign';

/** Grows with every change of what records hold; older ones can be read. */
export const ARCHIVE_VERSION = 1;

/** A line has less: the largest records are sheets and passages, some ten thousand bytes long. */
export const LONGEST_LINE_IN_BYTES = 16_777_216;

/** The last line. */
export interface ArchiveEnd {
  readonly end: true;
  readonly records: number;
  /** Of all bytes before this line, in hexadecimal digits. */
  readonly sha256: string;
}

/** What the head says of what is in the file, for who opens it. */
export const ARCHIVE_HOLDS =
  'One campaign of Dramatis with all that was said in it, also what players and game masters keep secret. Vectors are not in it: they are made again. Read it back with: npm run memories -- import FILE';

export interface ArchiveBeginning {
  readonly format: typeof ARCHIVE_FORMAT;
  readonly version: number;
  readonly holds: string;
  readonly madeAtInMs: number;
}
