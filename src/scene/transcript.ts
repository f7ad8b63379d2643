import type { Line, Speaker, WitnessedLine } from '#src/core/entities.ts';
import type { SeenLine } from '#src/core/model.ts';
import type { CampaignStore } from '#src/core/store.ts';
import { worldTimeText } from '#src/core/world-time.ts';

/** Newest lines that a prompt is made from; older ones are for memory. */
const MAX_TRANSCRIPT_IN_LINES = 600;
/** The oldest lines leave in steps of so many, so that the start of the prompt stays the same for as many turns. */
const STEP_IN_LINES = 200;

/**
 * What one NPC witnessed of a scene, oldest first, ending with the line it is to answer.
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
): Promise<readonly SeenLine[]> {
  const lines = await store.lines.witnessed(sceneId, options.npcId, MAX_TRANSCRIPT_IN_LINES);
  const window = lines.length < MAX_TRANSCRIPT_IN_LINES ? lines : fromAStep(lines);
  const seen = window.filter(
    (line) =>
      line.seq < options.before &&
      line.id !== options.answering.id &&
      !options.without.has(line.id) &&
      line.text !== '',
  );
  return [...seen, options.answering].map((line, index, all) => asSeen(line, all[index - 1], options.npcId));
}

/** Cuts a full window at a step of the scene's own count, which does not move from turn to turn. */
function fromAStep(lines: readonly WitnessedLine[]): readonly WitnessedLine[] {
  const first = Math.ceil((lines[0]?.seq ?? 0) / STEP_IN_LINES) * STEP_IN_LINES;
  return lines.filter((line) => line.seq >= first);
}

function asSeen(line: WitnessedLine, before: WitnessedLine | undefined, npcId: string): SeenLine {
  const time = timeOf(line);
  const isOwn = line.speaker.kind === 'npc' && line.speaker.id === npcId;
  return {
    id: line.id,
    speaker: line.speaker.name,
    speakerKind: line.speaker.kind,
    isOwn,
    text: line.text,
    ...(time === undefined || time === (before && timeOf(before)) ? {} : { time }),
  };
}

function timeOf({ worldMinute }: WitnessedLine): string | undefined {
  return worldMinute === undefined ? undefined : worldTimeText(worldMinute);
}

/** Names of the people (not NPCs) who speak in a transcript, in the order of their first line. The GM has none. */
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
