import type { Line, Npc, Scene } from '#src/core/entities.ts';
import { orLeftOut } from '#src/core/left-out.ts';
import type { RecalledLine, SpeakTask } from '#src/core/model.ts';
import { type RagMode, USUAL_RAG_MODE } from '#src/core/rag.ts';
import { worldTimeText } from '#src/core/world-time.ts';
import type { LoreLibrary } from '#src/lore/lore-library.ts';
import type { MemoryKeeper } from '#src/memory/memory-keeper.ts';
import { lookUp } from './look-up.ts';
import { type AskAgain, recollect, stillInMind } from './recollect.ts';
import type { Rephrase } from './rephrase.ts';
import { readTranscript } from './transcript.ts';
import type { Visit } from './visit.ts';

/** A line that an NPC is to answer. */
export interface Occasion {
  readonly visit: Pick<Visit, 'store' | 'origin'>;
  readonly scene: Scene;
  readonly heard: Line;
  readonly npc: Npc;
  /** Everybody who witnesses the answer, the NPC too. */
  readonly onStage: readonly Npc[];
  /** Lines that are committed, but come after this turn. */
  readonly unheard: ReadonlySet<string>;
  readonly signal: AbortSignal;
}

/** Where what an NPC knows beside its transcript comes from. */
export interface LookedUpIn {
  readonly memory: Pick<MemoryKeeper, 'recallInTime'>;
  readonly library: Pick<LoreLibrary, 'findInTime'>;
  /** `hybrid` where left out. */
  readonly ragMode?: RagMode;
  /** For `full`, which without it is `hybrid`. */
  readonly rephrase?: Rephrase | undefined;
  /** Logs a failure, once. */
  readonly onFault: (error: unknown, doing: string) => void;
  /** Counts what a turn had to go on without. */
  readonly onLeftOut?: (why: string) => void;
}

/**
 * What an NPC is given to speak from: what it witnessed of the scene, and what it knows beside that. All of that is
 * looked up at once; what fails or comes too late is left out.
 * @param row the answer's own line: what was committed after it comes after it.
 */
export async function speakTaskOf(
  occasion: Occasion,
  row: Pick<Line, 'id' | 'seq'>,
  from: LookedUpIn,
): Promise<SpeakTask> {
  const { npc, heard, scene, onStage, unheard } = occasion;
  const { store } = occasion.visit;
  const known = { before: row.seq, without: new Set(unheard) };
  const { lines: transcript, peopleHere } = await readTranscript(store, scene.id, {
    ...{ npcId: npc.id, answering: heard },
    ...known,
  });
  const lookedUp = await lookUpAll(occasion, { transcript, ...known }, from);
  const others = onStage.filter(({ id }) => id !== npc.id).map(({ persona }) => persona.name);
  return {
    kind: 'speak',
    persona: npc.persona,
    present: [...others, ...peopleHere],
    transcript,
    ...(heard.worldMinute === undefined ? {} : { now: worldTimeText(heard.worldMinute) }),
    ...lookedUp,
    seed: row.id,
  };
}

async function lookUpAll(
  occasion: Occasion,
  seen: Pick<SpeakTask, 'transcript'> & { readonly before: number; readonly without: ReadonlySet<string> },
  from: LookedUpIn,
): Promise<Pick<SpeakTask, 'memories' | 'lore' | 'summaries'>> {
  const { npc, heard, visit } = occasion;
  const { memory, library, ragMode = USUAL_RAG_MODE, onFault, onLeftOut = () => {} } = from;
  if (ragMode === 'disabled') return {};
  const inMind = orLeftOut<readonly RecalledLine[], 'summaries'>(
    stillInMind(visit.store, { npc, heard, before: seen.before }),
    [],
    { what: 'summaries', doing: 'reading summaries', onFault, onLeftOut },
  );
  if (ragMode === 'basic') return { summaries: await inMind };
  const askAgain = ragMode === 'full' ? secondQuestion(occasion, seen.transcript, from) : undefined;
  const [summaries, memories, lore] = await Promise.all([
    inMind,
    recollect(memory, visit.store, { npc, heard, ...seen, ...(askAgain && { askAgain }) }),
    lookUp(library, visit.store, { npc, transcript: seen.transcript }),
  ]);
  return { summaries, memories, lore };
}

/** The question in a model's words, and what is found by it: both within the time of one look-up. */
function secondQuestion(
  { visit, npc, signal }: Occasion,
  transcript: SpeakTask['transcript'],
  { rephrase, onFault, onLeftOut = () => {} }: LookedUpIn,
): AskAgain | undefined {
  if (rephrase === undefined) return undefined;
  return async (recall) => {
    const ended = new AbortController();
    const either = AbortSignal.any([signal, ended.signal]);
    const asking = async () => {
      try {
        return await recall(await rephrase({ name: npc.persona.name, transcript }, visit.origin, either));
      } catch (error) {
        // Nobody waits for this turn any more.
        if (signal.aborted) return [];
        throw error;
      }
    };
    try {
      const how = { what: 'second recall', doing: 'rewriting a question', onFault, onLeftOut } as const;
      return await orLeftOut(asking(), [], how);
    } finally {
      ended.abort();
    }
  };
}
