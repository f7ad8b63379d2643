import type { Line, Npc, Scene, Speaker } from '#src/core/entities.ts';
import { Refusal } from '#src/core/errors.ts';
import type { LanguageModel, SpeakTask } from '#src/core/model.ts';
import type { PromptShares } from '#src/core/prompt-shares.ts';
import type { CampaignStore } from '#src/core/store.ts';
import {
  type Action,
  notice,
  type SpeakingNpc,
  type SpeechEnding,
  type SpeechOutput,
} from '#src/core/view.ts';
import type { MemoryKeeper } from '#src/memory/memory-keeper.ts';
import { FAULT_WORDS, failureWords } from '#src/models/failure-words.ts';
import { brokenOffNotice } from './broken-off.ts';
import { Gate, type GateRule } from './gate.ts';
import { harmlessText, speaksForItself } from './gate-rules.ts';
import { Posts } from './posts.ts';
import { MAX_REPLY_IN_CHARACTERS, type ReplyOutcome, speakThroughGate } from './reply.ts';
import { type LookedUpIn, type Occasion, speakTaskOf } from './speak-task.ts';
import { peopleIn } from './transcript.ts';
import { PROGRAM_ENDS } from './under-answer.ts';
import type { Visit } from './visit.ts';

/** One NPC's answer to one line. */
export interface Turn extends Occasion {
  readonly visit: Visit;
}

export interface TurnDependencies extends LookedUpIn {
  readonly model: LanguageModel;
  readonly memory: MemoryKeeper;
  /** Of prompts; the usual ones where left out. */
  readonly promptShares?: PromptShares;
}

const STOP: Action = { label: 'Stop', command: 'stop', options: { what: 'reply' } };

/**
 * Takes a turn: the answer's row, the sign that somebody is about to speak, the model's words through the gate, and
 * its end on the screen and in the store. What is shown has been committed before. Never rejects once the row stands:
 * what fails marks the answer and is told.
 */
export async function takeTurn(turn: Turn, dependencies: TurnDependencies): Promise<void> {
  const { npc, visit } = turn;
  const { lines } = visit.store;
  const { onFault } = dependencies;
  // Its row precedes its first post: after a crash it stands as cut off and is never sent again.
  const row = await openRow(turn);
  const posts = new Posts(lines, row.id, onFault);
  let text = '';
  let output: SpeechOutput | undefined;
  let ending: SpeechEnding;
  let hidden: string | undefined;
  try {
    const { posted } = posts;
    const shown = await visit.stage.speak({ npc: speaking(npc), lineId: row.id, actions: [STOP], posted });
    output = shown;
    const outcome = await perform(turn, row, dependencies, async (piece) => {
      await lines.update(row.id, { text: text + piece, state: 'speaking' });
      text += piece;
      shown.append(piece);
    });
    ending =
      turn.signal.reason === PROGRAM_ENDS && outcome.state === 'stopped'
        ? brokenOff(npc, text, 'the program is being ended. Try again when it is back')
        : endingOf(npc, text, outcome);
    if (outcome.state === 'broken') onFault(outcome.error, 'speaking');
    if (outcome.state === 'held') {
      hidden = `What ${npc.persona.name} was about to say was held back twice: ${outcome.complaint}.`;
    }
  } catch (error) {
    onFault(error, 'speaking');
    ending = brokenOff(npc, text, `${FAULT_WORDS}. Try again`);
  }
  try {
    if (output !== undefined) await output.end(ending);
    else if ('notice' in ending) await visit.stage.tell(ending.notice, 'everyone');
  } catch (error) {
    // A place that is gone or closed to us is no fault, and people were told where they could be.
    if (!(error instanceof Refusal)) onFault(error, 'showing the end of an answer');
  }
  await posts.kept();
  try {
    // Only now: an answer whose end is still on its way when the process dies is marked at the next start.
    await lines.update(row.id, { text: text.trim(), state: ending.state });
  } catch (error) {
    onFault(error, 'keeping an answer');
    await tellUnkept(turn);
  }
  if (hidden !== undefined) await visit.tellGms(notice('hint', hidden));
}

async function tellUnkept({ visit, npc }: Turn): Promise<void> {
  const { name } = npc.persona;
  const text = `What ${name} said could not be kept whole, so ${name} may not remember it. The log says why.`;
  await visit.stage.tell(notice('trouble', text), 'everyone').catch(() => undefined);
}

/** Speaks an NPC's greeting: a line like any other, though no model made it. */
export async function greet(
  visit: Visit,
  scene: Scene,
  npc: Npc,
  options: { readonly id: string; readonly onStage: readonly Npc[] },
  onFault: TurnDependencies['onFault'],
): Promise<void> {
  const gate = new Gate({ rules: [harmlessText], maxCharacters: MAX_REPLY_IN_CHARACTERS });
  const text = `${gate.push(npc.persona.first_mes).passed}${gate.end(true).passed}`.trim();
  if (text === '') return;
  const { isNew } = await visit.store.lines.append({
    id: options.id,
    sceneId: scene.id,
    speaker: speakerOf(npc),
    kind: 'speech',
    text,
    state: 'speaking',
    replyTo: undefined,
    witnesses: options.onStage.map((witness) => witness.id),
  });
  if (!isNew) return;
  const { lines } = visit.store;
  const posts = new Posts(lines, options.id, onFault);
  const { posted } = posts;
  try {
    const output = await visit.stage.speak({ npc: speaking(npc), lineId: options.id, actions: [], posted });
    output.append(text);
    await output.end({ state: 'said' });
  } catch (error) {
    // Nobody remembers what nobody may have seen.
    await posts.kept();
    await lines.update(options.id, { text: '', state: 'failed' });
    throw error;
  }
  await posts.kept();
  await lines.update(options.id, { text, state: 'said' });
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

async function perform(
  turn: Turn,
  row: Line,
  dependencies: TurnDependencies,
  onPassed: (piece: string) => Promise<void>,
): Promise<ReplyOutcome> {
  const { store, origin } = turn.visit;
  const { model, memory, promptShares: shares, onLeftOut: onCut } = dependencies;
  const task = await speakTaskOf(turn, row, dependencies);
  // It speaks for nobody who has left, either.
  const people = [...task.present, ...peopleIn(task.transcript)];
  const rules = await rulesFor(store, turn.npc, people);
  const { signal } = turn;
  const witnesses = turn.onStage.map(({ id }) => id);
  const onPassedOn = async (piece: string) => {
    memory.ahead(store, witnesses, piece);
    await onPassed(piece);
  };
  const how = { origin, rules, signal, shares, onCut, onPassed: onPassedOn };
  const outcome = await speakThroughGate(model, task, how);
  if (outcome.state === 'said') memory.used(store, turn.npc.id, broughtBack(task));
  return outcome;
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
  people: readonly string[],
): Promise<readonly GateRule[]> {
  const others = (await store.npcs.names()).filter(({ id }) => id !== npc.id);
  const names = others.flatMap(({ name, aliases }) => [name, ...aliases]);
  return [harmlessText, speaksForItself([npc.persona.name, ...npc.persona.aliases], [...names, ...people])];
}

function speakerOf(npc: Npc): Speaker {
  return { kind: 'npc', id: npc.id, name: npc.persona.name };
}

function speaking({ id, persona }: Npc): SpeakingNpc {
  return { id, name: persona.name, avatar: persona.avatar ?? '' };
}

function endingOf(npc: Npc, text: string, outcome: ReplyOutcome): SpeechEnding {
  if (outcome.state === 'broken') return brokenOff(npc, text, failureWords(outcome.error));
  if (outcome.state === 'overran')
    return brokenOff(npc, text, 'that is as long as an answer may be. Ask for the rest');
  // Why a rule held it back is for the GMs.
  if (outcome.state === 'held') return brokenOff(npc, text, 'what came could not be said here. Try again');
  return { state: outcome.state };
}

function brokenOff(npc: Npc, text: string, why: string): SpeechEnding {
  const state = text.trim() === '' ? 'failed' : 'cut';
  return { state, notice: brokenOffNotice(npc.persona.name, state, why) };
}
