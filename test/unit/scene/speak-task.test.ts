import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { systemClock } from '#src/core/clock.ts';
import type { HeldMemory, MemoryHit } from '#src/core/memory.ts';
import type { RagMode } from '#src/core/rag.ts';
import { LoreLibrary } from '#src/lore/lore-library.ts';
import { type Rephrase, rephraseBy } from '#src/scene/rephrase.ts';
import { type LookedUpIn, speakTaskOf } from '#src/scene/speak-task.ts';
import { ScriptedModel } from '../../support/scripted-model.ts';
import { mira, openTable, type Table } from '../../support/table.ts';

let table: Table;
const faults: unknown[] = [];
const leftOut: string[] = [];
const onFault = (error: unknown) => faults.push(error);
const onLeftOut = (why: string) => leftOut.push(why);
const ASKED = 'What do you know of the tunnel under the old mill?';

beforeEach(async () => {
  table = await openTable();
  faults.length = 0;
  leftOut.length = 0;
});
afterEach(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  await table.close();
});

const hit = (id: string, score = 1): MemoryHit => ({
  unit: { id, speaker: 'Jon', text: id, session: 'long ago', seq: 1, saidAtInMs: 1 },
  ...{ score, reasons: [] },
});

/** Remembers what is asked of it. */
function memoryOf(answers: Readonly<Record<string, readonly MemoryHit[]>>) {
  const asked: string[] = [];
  const memory: LookedUpIn['memory'] = {
    recallInTime: async (_store, _npc, query) => {
      asked.push(query);
      return answers[query] ?? [];
    },
  };
  return { memory, asked };
}

async function taskOf(
  ragMode: RagMode | undefined,
  options: {
    readonly memory?: LookedUpIn['memory'];
    readonly rephrase?: Rephrase;
    readonly signal?: AbortSignal;
  } = {},
) {
  const { campaign, visit } = table;
  const npc = (await campaign.npcs.byId('npc-1')) ?? (await table.addNpc('Tilda'));
  await campaign.memories.tell(npc.id, {
    ...{ id: 'word-1', text: 'The mill burned down.', importance: 1, isPinned: false },
    ...{ by: 'GM', inPlaceOf: undefined },
  });
  await campaign.lore.put({
    ...{ title: 'The mill', audience: { kind: 'everyone' }, sizeInCharacters: 40, by: 'GM' },
    passages: [{ heading: '', text: 'A tunnel under the old mill floods.', keys: [], secondaryKeys: [] }],
  });
  const scene = await campaign.scenes.open('table');
  const { line: heard } = await campaign.lines.append({
    ...{ id: 'heard', sceneId: scene.id, speaker: mira, kind: 'speech', text: ASKED, state: 'said' },
    ...{ replyTo: undefined, witnesses: [npc.id] },
  });
  const { memory = memoryOf({ [ASKED]: [hit('old')] }).memory, rephrase, signal } = options;
  return speakTaskOf(
    {
      ...{ visit, scene, heard, npc, onStage: [npc], unheard: new Set<string>() },
      signal: signal ?? new AbortController().signal,
    },
    { id: 'row', seq: heard.seq + 1 },
    {
      memory,
      library: new LoreLibrary({ clock: systemClock, onFault, onLeftOut }),
      ...(ragMode && { ragMode }),
      rephrase,
      onFault,
      onLeftOut,
    },
  );
}

it.each([
  ['disabled', [undefined, undefined, undefined]],
  ['basic', [['The mill burned down.'], undefined, undefined]],
  ['hybrid', [['The mill burned down.'], ['old'], ['A tunnel under the old mill floods.']]],
  [undefined, [['The mill burned down.'], ['old'], ['A tunnel under the old mill floods.']]],
  ['full', [['The mill burned down.'], ['old'], ['A tunnel under the old mill floods.']]],
] as const)('looks up what is asked for: %s', async (ragMode, expected) => {
  const { summaries, memories, lore } = await taskOf(ragMode);
  const texts = (told: readonly { readonly text: string }[] | undefined) => told?.map(({ text }) => text);
  expect([texts(summaries), texts(memories), texts(lore)]).toEqual(expected);
  expect([faults, leftOut]).toEqual([[], []]);
});

it('asks memory again in a model’s words where everything is asked for, and takes from both by turns', async () => {
  const model = new ScriptedModel([['{"query":"a flooded\\ntunnel"}']]);
  const { memory, asked } = memoryOf({
    [ASKED]: [hit('one', 9), hit('both', 8)],
    'a flooded tunnel': [hit('both', 0.2), hit('two', 0.19), hit('far weaker', 0.01)],
  });
  const { memories } = await taskOf('full', { memory, rephrase: rephraseBy(model) });
  expect(asked).toEqual([ASKED, 'a flooded tunnel']);
  expect(memories?.map(({ id }) => id)).toEqual(['one', 'both', 'two']);
  expect(model.requests[0]?.task).toEqual({
    ...{ kind: 'rephrase', name: 'Tilda' },
    lines: [{ speaker: 'Mira', text: ASKED }],
  });
  expect(model.prompts[0]?.at(-1)?.content).toBe(
    `Tilda is to answer the last of these lines:\n- Mira: ${ASKED}`,
  );
});

it('asks no model in the other ways', async () => {
  const model = new ScriptedModel([]);
  await taskOf('hybrid', { rephrase: rephraseBy(model) });
  expect(model.requests).toEqual([]);
});

it('goes on without the second question where the model fails, and counts it', async () => {
  const rephrase = async () => Promise.reject(new Error('gone'));
  const { memories } = await taskOf('full', { rephrase });
  expect(memories?.map(({ id }) => id)).toEqual(['old']);
  expect([faults, leftOut]).toEqual([[new Error('gone')], ['second recall failed']]);
});

it('ends the model’s call where it takes longer than two seconds', async () => {
  let given: AbortSignal | undefined;
  const asked = Promise.withResolvers<void>();
  const rephrase: Rephrase = async (_asked, _origin, signal) => {
    given = signal;
    asked.resolve();
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(new Error('aborted')));
    });
  };
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const task = taskOf('full', { rephrase });
  await asked.promise;
  await vi.advanceTimersByTimeAsync(2_000);
  expect((await task).memories?.map(({ id }) => id)).toEqual(['old']);
  expect(given?.aborted).toBe(true);
  expect(leftOut).toEqual(['second recall late']);
  expect(vi.getTimerCount()).toBe(0);
});

it('counts nothing where nobody waits for the turn any more', async () => {
  const turn = new AbortController();
  const rephrase: Rephrase = async (_asked, _origin, signal) => {
    turn.abort();
    signal.throwIfAborted();
    return 'never';
  };
  await taskOf('full', { rephrase, signal: turn.signal });
  expect([faults, leftOut]).toEqual([[], []]);
});

it('goes on without summaries that come too late, and counts them', async () => {
  const reading = Promise.withResolvers<void>();
  await taskOf('disabled');
  vi.spyOn(table.campaign.memories, 'held').mockImplementationOnce(async () => {
    reading.resolve();
    return new Promise<readonly HeldMemory[]>(() => {});
  });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const task = taskOf('hybrid');
  await reading.promise;
  await vi.advanceTimersByTimeAsync(2_000);
  expect(await task).toMatchObject({ summaries: [], memories: [{ id: 'old' }] });
  expect(leftOut).toEqual(['summaries late']);
});
