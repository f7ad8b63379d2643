import type { SeenLine } from '#src/core/model.ts';
import { speakerName } from '#src/core/speaker-name.ts';
import { oneLine } from '#src/core/text.ts';
import { MESSAGE_OVERHEAD_IN_TOKENS, type TokenCounter } from '#src/models/tokens.ts';
import { openingMark } from './folded-lines.ts';
import type { TalkSoFar } from './talk-so-far.ts';
import { earlierThatFits, NOTHING_TOLD, type Told } from './told.ts';

/** What leaves is folded in parts of so many lines, which stay the same when more leave. */
const LINES_A_PART = 20;
/** Kept free for what time it was at the first of the lines that find room. */
const OPENING_MARK_IN_TOKENS = 24 + MESSAGE_OVERHEAD_IN_TOKENS;
/** Of a line that stands in the same message as the one before it: the break, and one to spare. */
const LINE_BREAK_IN_TOKENS = 2;
/** Of the room for the lines before the last one: where that is small, no more is left free for others to come. */
const MOST_TO_GROW = 0.25;
/** What the first choice of lines leaves idle, the next ones use. */
const MOST_CHOICES = 4;

/** A line as it stands in the prompt, and what it takes of it. */
export interface CostedLine {
  readonly line: SeenLine;
  readonly text: string;
  /** What stands before it of the time that has passed; empty for most. */
  readonly mark: string;
  /** In tokens. */
  readonly cost: number;
}

/** In tokens. */
export interface TranscriptRoom {
  /** For lines, their gist, and what was found. */
  readonly all: number;
  /** The most for the gist. */
  readonly gist: number;
  /** For lines at least, whatever was found. */
  readonly fewest: number;
  /** Left free where the lines begin anew. */
  readonly toGrow: number;
  /** Where more is left over, the lines begin anew. */
  readonly mostIdle: number;
}

/** @param before the line that stands before it; undefined counts as one of another speaker. */
export function costed(line: SeenLine, before: SeenLine | undefined, countTokens: TokenCounter): CostedLine {
  const text = render(line);
  const mark = line.mark === undefined ? '' : `[${line.mark}]`;
  const isJoined = mark === '' && before?.isOwn === line.isOwn;
  const ownCost = isJoined ? LINE_BREAK_IN_TOKENS : MESSAGE_OVERHEAD_IN_TOKENS;
  const costOfMark = mark === '' ? 0 : countTokens(mark) + MESSAGE_OVERHEAD_IN_TOKENS;
  return { line, text, mark, cost: countTokens(text) + ownCost + costOfMark };
}

/** What the mark at the first line that is shown may take, in tokens: nothing where no time is kept. */
export function roomForOpeningMark(transcript: readonly SeenLine[]): number {
  return transcript.some(({ time }) => time !== undefined) ? OPENING_MARK_IN_TOKENS : 0;
}

/** A transcript on its way into a prompt. What its lines cost is counted once, and only of those that are looked at. */
export class TranscriptPart {
  readonly #transcript: readonly SeenLine[];
  readonly #countTokens: TokenCounter;
  /** The newest first. */
  readonly #costed: CostedLine[] = [];

  constructor(transcript: readonly SeenLine[], countTokens: TokenCounter) {
    this.#transcript = transcript;
    this.#countTokens = countTokens;
  }

  /** All lines, where they find room. */
  whole(roomInTokens: number): readonly CostedLine[] | undefined {
    const lines = this.#newestWithin(roomInTokens);
    const isWhole = lines.length === this.#transcript.length && costOf(lines) <= roomInTokens;
    return isWhole ? lines : undefined;
  }

  /**
   * The newest lines, and the gist of those before: from the same line as in the last prompt for as long as there is
   * room, and not too much of it. Else from one that leaves room for some lines more.
   * @param foundBeside what memories and lore take beside so many of the newest lines, in tokens.
   */
  newest(
    room: TranscriptRoom,
    talk: TalkSoFar,
    foundBeside: (linesShown: number) => number,
  ): { readonly lines: readonly CostedLine[]; readonly earlier: Told } {
    const idle = (lines: readonly CostedLine[], earlier: Told, found: number) =>
      room.all - earlier.cost - costOf(lines) - Math.max(found, talk.mostFound);
    const mostFor = (gist: number, found: number) =>
      Math.max(room.all - gist - found, Math.min(room.all - gist, room.fewest));
    const kept = this.#from(talk.firstLineId);
    if (kept !== undefined) {
      const found = foundBeside(kept.length);
      const earlier = this.#gistBefore(kept, room.gist);
      const hasRoom = costOf(kept) <= mostFor(earlier.cost, found);
      if (hasRoom && idle(kept, earlier, found) <= room.mostIdle) return { lines: kept, earlier };
    }
    const forMark = roomForOpeningMark(this.#transcript);
    let chosen: { readonly lines: readonly CostedLine[]; readonly earlier: Told };
    let { gist } = room;
    let found = foundBeside(0);
    let choices = 0;
    do {
      const most = mostFor(gist + forMark, Math.max(found, talk.mostFound));
      const toGrow = Math.min(room.toGrow, Math.max(0, most - this.#at(0).cost) * MOST_TO_GROW);
      const lines = this.#beginning(this.#newestWithin(most - toGrow));
      const earlier = this.#gistBefore(lines, gist);
      chosen = { lines, earlier };
      gist = earlier.cost;
      found = foundBeside(lines.length);
      choices += 1;
    } while (choices < MOST_CHOICES && idle(chosen.lines, chosen.earlier, found) > room.mostIdle);
    return chosen;
  }

  /** The lines from one of them on, unless that is the first of all. */
  #from(lineId: string | undefined): readonly CostedLine[] | undefined {
    const start = lineId === undefined ? -1 : this.#transcript.findIndex(({ id }) => id === lineId);
    if (start <= 0) return undefined;
    const count = this.#transcript.length - start;
    return this.#beginning(Array.from({ length: count }, (_, index) => this.#at(index)).reverse());
  }

  /** The newest lines that fit into `room` tokens, oldest first; the last one always stays. */
  #newestWithin(room: number): readonly CostedLine[] {
    const newest: CostedLine[] = [];
    for (let left = room; newest.length < this.#transcript.length; ) {
      const each = this.#at(newest.length);
      left -= each.cost;
      if (left < 0 && newest.length > 0) break;
      newest.push(each);
    }
    return newest.reverse();
  }

  /** @param index 0 for the newest line. */
  #at(index: number): CostedLine {
    let each = this.#costed[index];
    if (each === undefined) {
      const place = this.#transcript.length - 1 - index;
      const line = this.#transcript[place];
      if (line === undefined) throw new RangeError(`A transcript has no line ${place}.`);
      each = costed(line, this.#transcript[place - 1], this.#countTokens);
      this.#costed[index] = each;
    }
    return each;
  }

  /** With what is to be known of time at the first of them. */
  #beginning(lines: readonly CostedLine[]): readonly CostedLine[] {
    const [first, ...others] = lines;
    const mark = first && openingMark(first.line);
    if (first === undefined || mark === undefined || mark === first.line.mark) return lines;
    return [costed({ ...first.line, mark }, undefined, this.#countTokens), ...others];
  }

  #gistBefore(lines: readonly CostedLine[], roomInTokens: number): Told {
    const before = this.#transcript.slice(0, this.#transcript.length - lines.length);
    if (before.length === 0) return NOTHING_TOLD;
    return earlierThatFits(before, { linesAPart: LINES_A_PART, roomInTokens }, this.#countTokens);
  }
}

export function costOf(lines: readonly CostedLine[]): number {
  return lines.reduce((sum, { cost }) => sum + cost, 0);
}

/** One line of text a line of speech: nobody can type a second speaker into it, nor be called one. */
function render(line: SeenLine): string {
  const text = oneLine(line.text);
  if (line.isOwn) return text;
  return line.speakerKind === 'gm'
    ? `[The game master narrates] ${text}`
    : `${speakerName(line.speaker)}: ${text}`;
}
