import type { Line, LineState } from './entities.ts';

/** What one NPC keeps of one line: the unit that is remembered and found again. */
export interface MemoryUnit {
  /** Unique in its campaign; derives from its source, so that the same line is the same memory. */
  readonly id: string;
  /** Who said it, as shown; empty where nobody did. */
  readonly speaker: string;
  readonly text: string;
  /** What was said together: a scene, or an evening of it. Neighbours are looked for within one session. */
  readonly session: string;
  /** Order within the session. */
  readonly seq: number;
  /** When it was said, in milliseconds since the epoch. */
  readonly saidAtInMs: number;
}

/** A memory that was found, best first. */
export interface MemoryHit {
  readonly unit: MemoryUnit;
  /** Higher is better; comparable within one recall only. */
  readonly score: number;
  /** Why it was found: "words: bell, tower", "next to what was found", "said by Mira". */
  readonly reasons: readonly string[];
}

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
  };
}
