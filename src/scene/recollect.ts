import type { Line, Npc } from '#src/core/entities.ts';
import type { MemoryHit, MemoryUnit } from '#src/core/memory.ts';
import type { RecalledLine, SeenLine } from '#src/core/model.ts';
import type { CampaignStore } from '#src/core/store.ts';
import { fitting } from '#src/memory/fitting.ts';
import type { MemoryKeeper } from '#src/memory/memory-keeper.ts';
import { onWhichDay, whenItWas } from './when-it-was.ts';

/** So many memories at most come to mind for one line. */
const MOST_MEMORIES = 12;
/**
 * So many are looked at for those that the transcript does not show. Where it holds all of them, what lies beyond fits
 * no better than a hundred lines that were just read.
 */
const LOOKED_AT = 128;
/** The newest lines of a transcript stand in every prompt, however small: they need not be remembered. */
const SURELY_SEEN_IN_LINES = 20;
/** A line shorter than this ("And then?") asks about what was said before it. */
const SHORT_IN_CHARACTERS = 40;

/** As many of its summaries as a prompt may have room for. */
const MOST_IN_MIND = 24;

/** Asks memory another question than the line itself; resolves to nothing where there is none. */
export type AskAgain = (
  recall: (question: string) => Promise<readonly MemoryHit[]>,
) => Promise<readonly MemoryHit[]>;

/**
 * What comes back to an NPC's mind for the line it is to answer, the most fitting first: what it witnessed elsewhere or
 * before its transcript begins, and the old part of the transcript, where a small model's prompt does not reach.
 * @param options.transcript what the NPC is given to read, ending with the line to answer.
 * @param options.before the place of the answer in its scene: what was committed after it comes after it.
 * @param options.without lines that are committed, but not to be known yet.
 * @param options.askAgain what is found by another question comes to mind too.
 */
export async function recollect(
  memory: Pick<MemoryKeeper, 'recallInTime'>,
  store: CampaignStore,
  options: {
    readonly npc: Npc;
    readonly heard: Line;
    readonly transcript: readonly SeenLine[];
    readonly before: number;
    readonly without: ReadonlySet<string>;
    readonly askAgain?: AskAgain;
  },
): Promise<readonly RecalledLine[]> {
  const { npc, heard, transcript, before, without, askAgain } = options;
  const isDue = ({ id, session, seq }: MemoryUnit) =>
    !without.has(id) && !(session === heard.sceneId && seq >= before);
  const seen = new Set(transcript.map(({ id }) => id));
  const surelySeen = new Set(transcript.slice(-SURELY_SEEN_IN_LINES).map(({ id }) => id));
  const recall = async (question: string) => {
    const hits = await memory.recallInTime(store, npc.id, question, {
      limit: LOOKED_AT,
      askedOf: npc.persona.name,
      now: { atInMs: heard.createdAtInMs, worldMinute: heard.worldMinute },
      ...(heard.speaker.kind === 'gm' ? {} : { askedBy: heard.speaker.name }),
    });
    // The line itself is remembered already, and fits best: it must not set the measure.
    return fitting(hits.filter(({ unit }) => !surelySeen.has(unit.id) && isDue(unit)));
  };
  const [asked, askedAgain = []] = await Promise.all([recall(questionIn(transcript)), askAgain?.(recall)]);
  const fresh = byTurns(asked, askedAgain);
  const beyond = fresh.filter(({ unit }) => !seen.has(unit.id)).slice(0, MOST_MEMORIES);
  const readAlready = fresh.filter(({ unit }) => seen.has(unit.id)).slice(0, MOST_MEMORIES);
  const chosen = new Set([...beyond, ...readAlready]);
  return fresh.filter((hit) => chosen.has(hit)).map(({ unit }) => recalled(unit, whenItWas(unit, heard)));
}

/**
 * What an NPC still has in mind of older times, the newest first: summaries of what it witnessed, and the game master's
 * word.
 */
export async function stillInMind(
  store: CampaignStore,
  { npc, heard, before }: { readonly npc: Npc; readonly heard: Line; readonly before: number },
): Promise<readonly RecalledLine[]> {
  const held = await store.memories.held(npc.id, { shelf: 'semantic', limit: MOST_IN_MIND });
  return held
    .filter(({ unit }) => !(unit.session === heard.sceneId && unit.seq >= before))
    .map(({ unit }) => recalled(unit, onWhichDay(unit, heard)));
}

/** Of two lists, best first, whose scores do not compare: the best of the one, the best of the other, and so on, each once. */
function byTurns(one: readonly MemoryHit[], other: readonly MemoryHit[]): readonly MemoryHit[] {
  const hits = new Map<string, MemoryHit>();
  for (let at = 0; at < Math.max(one.length, other.length); at += 1)
    for (const hit of [one[at], other[at]])
      if (hit !== undefined && !hits.has(hit.unit.id)) hits.set(hit.unit.id, hit);
  return [...hits.values()];
}

/** The line to answer, with the one before it where it says little by itself. */
function questionIn(transcript: readonly SeenLine[]): string {
  const heard = transcript.at(-1)?.text ?? '';
  const before = transcript.at(-2)?.text ?? '';
  return heard.length < SHORT_IN_CHARACTERS ? `${before} ${heard}` : heard;
}

function recalled({ id, speaker, text, saidAtInMs, kind }: MemoryUnit, when: string): RecalledLine {
  return { id, speaker, text, saidAtInMs, when, ...(kind === undefined ? {} : { kind }) };
}
