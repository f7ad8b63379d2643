import type { Line, Speaker, WitnessedLine } from '#src/core/entities.ts';
import type { SeenLine } from '#src/core/model.ts';
import type { CampaignStore } from '#src/core/store.ts';
import { worldTimeText } from '#src/core/world-time.ts';
import { isLaterEvening } from '#src/memory/evenings.ts';
import { numberWord } from '#src/memory/number-words.ts';

/** Newest lines that a prompt is made from; older ones are for memory. */
const MAX_TRANSCRIPT_IN_LINES = 600;
/** The oldest lines leave in steps of so many, so that the start of the prompt stays the same for as many turns. */
const STEP_IN_LINES = 200;

/** Who has been silent for so many lines may have left. */
const MOST_SILENT_IN_LINES = 60;
/** In words that nobody takes for time in the world. */
const A_LATER_EVENING = 'A new game session begins';
const NO_TIME_ANY_MORE = 'No time is kept from here on';
const HOUR_IN_MINUTES = 60;

/** What one NPC is given to read of a scene. */
export interface Transcript {
  /** Oldest first, ending with the line that it is to answer. */
  readonly lines: readonly SeenLine[];
  /** Names of the people (not NPCs) who spoke not long before, and since time last passed. The GM has none. */
  readonly peopleHere: readonly string[];
}

/**
 * What one NPC witnessed of a scene, and who is there.
 * @param options.before the place of the answer: what was committed after it comes after it.
 * @param options.without lines that are not to be seen yet: they wait for their turn.
 */
export async function readTranscript(
  store: CampaignStore,
  sceneId: string,
  options: {
    readonly npcId: string;
    readonly answering: Line;
    readonly before: number;
    readonly without: ReadonlySet<string>;
  },
): Promise<Transcript> {
  const lines = await store.lines.witnessed(sceneId, options.npcId, MAX_TRANSCRIPT_IN_LINES);
  const window = lines.length < MAX_TRANSCRIPT_IN_LINES ? lines : fromAStep(lines);
  const seen = window.filter(
    (line) =>
      line.seq < options.before &&
      line.id !== options.answering.id &&
      !options.without.has(line.id) &&
      line.text !== '',
  );
  const all = [...seen, options.answering];
  return {
    lines: all.map((line, index) => asSeen(line, all[index - 1], options.npcId)),
    peopleHere: peopleHere(all),
  };
}

/** Cuts a full window at a step of the scene's own count, which does not move from turn to turn. */
function fromAStep(lines: readonly WitnessedLine[]): readonly WitnessedLine[] {
  const first = Math.ceil((lines[0]?.seq ?? 0) / STEP_IN_LINES) * STEP_IN_LINES;
  return lines.filter((line) => line.seq >= first);
}

function asSeen(line: WitnessedLine, before: WitnessedLine | undefined, npcId: string): SeenLine {
  const mark = markBetween(before, line);
  const isOwn = line.speaker.kind === 'npc' && line.speaker.id === npcId;
  return {
    id: line.id,
    speaker: line.speaker.name,
    speakerKind: line.speaker.kind,
    isOwn,
    text: line.text,
    ...(mark === undefined ? {} : { mark }),
    ...(line.worldMinute === undefined ? {} : { time: worldTimeText(line.worldMinute) }),
  };
}

/** What is to be known of time between two lines, in words that stay true. Where the world's time is kept, it alone counts. */
function markBetween(before: WitnessedLine | undefined, line: WitnessedLine): string | undefined {
  const { worldMinute: now } = line;
  const then = before?.worldMinute;
  if (now === undefined) {
    // Else the last time that was said would rule what follows.
    if (then !== undefined) return NO_TIME_ANY_MORE;
    return before !== undefined && isLaterEvening(before.createdAtInMs, line.createdAtInMs)
      ? A_LATER_EVENING
      : undefined;
  }
  if (now === then) return undefined;
  const time = worldTimeText(now);
  if (then === undefined || time !== worldTimeText(then)) return `It is ${time}`;
  return now - then < HOUR_IN_MINUTES ? undefined : hoursLater((now - then) / HOUR_IN_MINUTES);
}

/** "Two hours later". */
function hoursLater(hours: number): string {
  const count = Math.round(hours);
  const word = numberWord(count);
  return `${word.charAt(0).toUpperCase()}${word.slice(1)} ${count === 1 ? 'hour' : 'hours'} later`;
}

/** Of whoever says the last line at least. */
function peopleHere(lines: readonly WitnessedLine[]): readonly string[] {
  const oldest = Math.max(0, lines.length - MOST_SILENT_IN_LINES);
  const apart = lines.findLastIndex((line, index) => index <= oldest || isApart(lines[index - 1], line));
  const names = lines.slice(apart).filter(({ speaker }) => speaker.kind === 'character');
  return [...new Set(names.map(({ speaker }) => speaker.name))];
}

/** Who was there at the one need not be there at the other. */
function isApart(before: WitnessedLine | undefined, line: WitnessedLine): boolean {
  if (before === undefined || isLaterEvening(before.createdAtInMs, line.createdAtInMs)) return true;
  // That time is kept from now on, or no longer, does not mean that any has passed.
  const isKept = before.worldMinute !== undefined && line.worldMinute !== undefined;
  return isKept && markBetween(before, line) !== undefined;
}

/** Names of all people (not NPCs) who speak in a transcript, in the order of their first line. The GM has none. */
export function peopleIn(transcript: readonly SeenLine[]): readonly string[] {
  return [
    ...new Set(transcript.filter((line) => line.speakerKind === 'character').map((line) => line.speaker)),
  ];
}

/**
 * The NPC that a speaker is in the middle of a talk with: the last one that spoke, if it answered this speaker or
 * greeted the scene.
 * @param recent the newest lines before the one that is being said, oldest first.
 */
export function partnerOf(speaker: Speaker, recent: readonly Line[]): string | undefined {
  const reply = recent.findLast((line) => line.speaker.kind === 'npc');
  if (reply === undefined) return undefined;
  if (reply.replyTo === undefined) return reply.speaker.id;
  const answered = recent.find((line) => line.id === reply.replyTo);
  return answered?.speaker.id === speaker.id && answered.speaker.name === speaker.name
    ? reply.speaker.id
    : undefined;
}
