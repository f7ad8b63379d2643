import type { Origin } from '#src/core/model.ts';
import type { GistLine } from './gist.ts';

/** Whoever retells and judges better than rules do: a configured model. */
export interface Judge {
  /** How important each line is, from 0 to 1. Never rejects but for an abort: what it cannot say it takes from the rules. */
  weigh(lines: readonly GistLine[], origin: Origin, signal: AbortSignal): Promise<Judged<number>>;
  /**
   * A group in a few sentences, of which others may be told who witnessed these lines and no other: so it is to know of
   * nothing else. Undefined where it fails: then the gist stays. Rejects for an abort alone.
   */
  fold(group: FoldGroup, origin: Origin, signal: AbortSignal): Promise<string | undefined>;
}

/** One answer for each thing that was asked about, in their order. */
export interface Judged<T> {
  readonly answers: readonly T[];
  /** So many of them are the rules': the judge failed. */
  readonly byRules: number;
}

/** Lines of one scene as one NPC witnessed them, and what stays of them where nobody retells them. */
export interface FoldGroup {
  readonly lines: readonly GistLine[];
  readonly gist: string;
}
