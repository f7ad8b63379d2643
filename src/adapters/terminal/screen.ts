import type { Paint } from './paint.ts';

/** How rows are made. */
export interface Look {
  readonly paint: Paint;
  /** Columns at which rows are broken; Infinity where the reader breaks them. */
  readonly width: number;
}

/** What the play is written on: rows that stay, below them the row still growing, below that rows that may change. */
export interface Screen extends Look {
  /** Whether rows can still change once they stand. */
  readonly isLive: boolean;
  /**
   * Writes rows that stay. The row that was growing is replaced by the first of them (which begins with it) and by
   * `growing`, the row that goes on below. Resolves when the output has taken it all.
   */
  print(rows: readonly string[], growing?: string): Promise<void>;
  /** Shows rows that may change, or takes them away; nothing where the screen is not live. */
  note(owner: object, rows: NoteRows | undefined): void;
}

/** Asked again whenever the screen is drawn. */
export type NoteRows = (width: number) => readonly string[];
