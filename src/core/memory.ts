import type { Line, LineState } from './entities.ts';

/**
 * How long one NPC keeps what it holds, from what was just said to what stays for good. The first three follow from
 * played time and count alone (`memory/tiers.ts`); a memory is moved to the others.
 */
export const TIERS = ['working', 'short-term', 'episodic', 'long-term', 'semantic'] as const;
export type Tier = (typeof TIERS)[number];

/** Where a memory that is held lies: the first three tiers are one shelf. */
export const SHELVES = ['recent', 'long-term', 'semantic'] as const;
export type MemoryShelf = (typeof SHELVES)[number];

/** A line that was witnessed, a summary of such lines, or the game master's word. */
export type MemoryKind = 'line' | 'summary' | 'gm';

/** What one NPC keeps of one line, or in place of lines: the unit that is remembered and found again. */
export interface MemoryUnit {
  /** Unique in its campaign; derives from its source, so that the same line is the same memory. */
  readonly id: string;
  /** Who said it, as shown; empty where nobody did. */
  readonly speaker: string;
  readonly text: string;
  /** What was said together: a scene, or an evening of it. Neighbours are looked for within one session. */
  readonly session: string;
  /** Order within the session. What stands for several lines stands where the last of them did. */
  readonly seq: number;
  /** When it was said, in milliseconds since the epoch. */
  readonly saidAtInMs: number;
  /** In-world time when it was said, of what stands for several lines the last one's; left out where it was not kept. */
  readonly worldMinute?: number;
  /** What it is; a line where left out. */
  readonly kind?: Exclude<MemoryKind, 'line'>;
  /** Set where it was moved out of the recent tiers. */
  readonly tier?: 'long-term' | 'semantic';
}

/** A memory that was found, best first. */
export interface MemoryHit {
  readonly unit: MemoryUnit;
  /** Higher is better; comparable within one recall only. */
  readonly score: number;
  /** Why it was found: "words: bell, tower", "next to what was found", "said by Mira". */
  readonly reasons: readonly string[];
}

/**
 * A campaign's played time: the pauses between its lines that were no longer than half an hour, and the dates (UTC) on
 * which it had a line. It never goes back, whatever the clock does.
 */
export interface PlayedTime {
  readonly playedInMs: number;
  /** How many dates so far, the current one among them. */
  readonly playedDays: number;
}

/** A pause between two lines that is longer than this is no played time. */
export const LONGEST_PAUSE_IN_MS = 30 * 60_000;

/** One memory as one NPC holds it. */
export interface HeldMemory {
  readonly unit: MemoryUnit;
  readonly shelf: MemoryShelf;
  /** From 0 to 1; undefined until it was weighed. */
  readonly importance: number | undefined;
  readonly isPinned: boolean;
  /** How often it came to this NPC's mind. */
  readonly uses: number;
  readonly lastUsedAtInMs: number | undefined;
  /** The played time at which it was said. */
  readonly playedAtInMs: number;
  readonly playedDay: number;
  /** The played day on which it last came to mind. */
  readonly lastUsedDay: number | undefined;
}

/** What a memory was made of. */
export type MemorySource =
  | { readonly kind: 'line'; readonly id: string }
  /** Somebody's word: their name. */
  | { readonly kind: 'word'; readonly by: string };

/** Lines in these states stand in the transcript, broken off or whole; what was shown of them is remembered. */
export const STANDING: readonly LineState[] = ['said', 'stopped', 'cut'];

/** What its witnesses remember of a line. Undefined where there is nothing: out of character, failed, under way, empty. */
export function memoryOf(line: Line): MemoryUnit | undefined {
  if (line.kind === 'ooc' || line.text === '' || !STANDING.includes(line.state)) return undefined;
  return {
    id: line.id,
    // Nobody in the world says what the game master narrates.
    speaker: line.speaker.kind === 'gm' ? '' : line.speaker.name,
    text: line.text,
    session: line.sceneId,
    seq: line.seq,
    saidAtInMs: line.createdAtInMs,
    ...(line.worldMinute === undefined ? {} : { worldMinute: line.worldMinute }),
  };
}
