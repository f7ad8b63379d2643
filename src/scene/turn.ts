import type { Line, LineState, Npc, Scene, Speaker } from '#src/core/entities.ts';
import type { LanguageModel, SpeakTask } from '#src/core/model.ts';
import type { CampaignStore } from '#src/core/store.ts';
import { type Action, type Notice, notice } from '#src/core/view.ts';
import type { MemoryKeeper } from '#src/memory/memory-keeper.ts';
import { failureWords } from '#src/models/failure-words.ts';
import { Gate, type GateRule } from './gate.ts';
import { harmlessText, speaksForItself } from './gate-rules.ts';
import { recollect } from './recollect.ts';
import { MAX_REPLY_IN_CHARACTERS, type ReplyOutcome, speakThroughGate } from './reply.ts';
import { peopleIn, readTranscript } from './transcript.ts';
import type { Visit } from './visit.ts';

const RETRY: Action = { label: 'Retry', command: 'retry', options: {} };

/** One NPC's answer to one line. */
export interface Turn {
  readonly visit: Visit;
  readonly scene: Scene;
  readonly heard: Line;
  readonly npc: Npc;
  /** Everybody who witnesses the answer, the NPC too. */
  readonly onStage: readonly Npc[];
  /** Lines that are committed, but come after this turn. */
  readonly unheard: ReadonlySet<string>;
  readonly signal: AbortSignal;
}

export interface TurnDependencies {
  readonly model: LanguageModel;
  readonly memory: MemoryKeeper;
  /** Logs a failure, once. */
  readonly onFault: (error: unknown, doing: string) => void;
}

/**
 * Takes a turn: the answer's row, the sign that somebody is about to speak, the model's words through the gate, and
 * its end on the screen and in the store. What is shown has been committed before.
 */
export async function takeTurn(turn: Turn, { model, memory, onFault }: TurnDependencies): Promise<LineState> {
  const { npc } = turn;
  const { lines } = turn.visit.store;
  // Its row precedes its first post: after a crash it stands as cut off and is never sent again.
  const row = await openRow(turn);
  const output = await turn.visit.stage.speak({ id: npc.id, name: npc.persona.name }, row.id);
  let text = '';
  const breakOff = async (why: string): Promise<LineState> => {
    const state = text.trim() === '' ? 'failed' : 'cut';
    await lines.update(row.id, { text: text.trim(), state });
    await output.end({ state, notice: brokenNotice(npc, state, why) });
    return state;
  };
  try {
    const task = await taskOf(turn, row, memory);
    const outcome = await speakThroughGate(model, task, {
      origin: turn.visit.origin,
      rules: await rulesFor(turn.visit.store, npc, task.present),
      signal: turn.signal,
      onPassed: async (piece) => {
        text += piece;
        await lines.update(row.id, { text, state: 'speaking' });
        output.append(piece);
      },
    });
    if (outcome.state === 'broken') onFault(outcome.error, 'speaking');
    if (outcome.state === 'broken' || outcome.state === 'held') return await breakOff(reasonOf(outcome));
    await lines.update(row.id, { text: text.trim(), state: outcome.state });
    memory.used(turn.visit.store, npc.id, broughtBack(task));
    await output.end({ state: outcome.state });
    return outcome.state;
  } catch (error) {
    onFault(error, 'speaking');
    return breakOff('something failed here, and it is in the log. Try again');
  }
}

/** Speaks an NPC's greeting: a line like any other, though no model made it. */
export async function greet(
  visit: Visit,
  scene: Scene,
  npc: Npc,
  options: { id: string; onStage: readonly Npc[] },
) {
  const gate = new Gate({ rules: [harmlessText], maxCharacters: MAX_REPLY_IN_CHARACTERS });
  const text = `${gate.push(npc.persona.first_mes).passed}${gate.end(true).passed}`.trim();
  if (text === '') return;
  const { isNew } = await visit.store.lines.append({
    id: options.id,
    sceneId: scene.id,
    speaker: speakerOf(npc),
    kind: 'speech',
    text,
    state: 'said',
    replyTo: undefined,
    witnesses: options.onStage.map((witness) => witness.id),
  });
  if (!isNew) return;
  const output = await visit.stage.speak({ id: npc.id, name: npc.persona.name }, options.id);
  output.append(text);
  await output.end({ state: 'said' });
}

/** The answer's id derives from the line it answers; a further try has its number behind. */
async function openRow(turn: Turn): Promise<Line> {
  for (let attempt = 1; ; attempt += 1) {
    const { line, isNew } = await turn.visit.store.lines.append({
      id: `${turn.heard.id}>${turn.npc.id}${attempt === 1 ? '' : `#${attempt}`}`,
      sceneId: turn.scene.id,
      speaker: speakerOf(turn.npc),
      kind: 'speech',
      text: '',
      state: 'speaking',
      replyTo: turn.heard.id,
      witnesses: turn.onStage.map((witness) => witness.id),
    });
    if (isNew) return line;
  }
}

async function taskOf(turn: Turn, row: Line, memory: MemoryKeeper): Promise<SpeakTask> {
  const { npc, heard } = turn;
  const { store } = turn.visit;
  const without = new Set([...turn.unheard, row.id]);
  const options = { npcId: npc.id, answering: heard, without };
  const transcript = await readTranscript(store, turn.scene.id, options);
  const memories = await recollect(memory, store, { npc, heard, transcript, without });
  const others = turn.onStage.filter((npc) => npc.id !== turn.npc.id).map((npc) => npc.persona.name);
  return {
    kind: 'speak',
    persona: turn.npc.persona,
    present: [...others, ...peopleIn(transcript)],
    transcript,
    memories,
    seed: row.id,
  };
}

/** The memories beyond what the NPC had before its eyes. */
function broughtBack({ memories = [], transcript }: SpeakTask): readonly string[] {
  const seen = new Set(transcript.map(({ id }) => id));
  return memories.map(({ id }) => id).filter((id) => !seen.has(id));
}

/** The names of all NPCs of the campaign are known to the gate, which shows them to nobody. */
async function rulesFor(
  store: CampaignStore,
  npc: Npc,
  present: readonly string[],
): Promise<readonly GateRule[]> {
  const others = (await store.npcs.list()).filter((other) => other.id !== npc.id);
  const names = others.flatMap((other) => [other.persona.name, ...other.persona.aliases]);
  return [harmlessText, speaksForItself([npc.persona.name, ...npc.persona.aliases], [...names, ...present])];
}

function speakerOf(npc: Npc): Speaker {
  return { kind: 'npc', id: npc.id, name: npc.persona.name };
}

function reasonOf(outcome: Extract<ReplyOutcome, { state: 'broken' | 'held' }>): string {
  return outcome.state === 'held' ? `twice, ${outcome.complaint}. Try again` : failureWords(outcome.error);
}

function brokenNotice(npc: Npc, state: 'cut' | 'failed', why: string): Notice {
  const what = `${npc.persona.name} ${state === 'cut' ? 'breaks off' : 'does not answer'}`;
  return { ...notice('trouble', `${what}: ${why}.`), actions: [RETRY] };
}
