import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type MemorySettings, USUAL_MEMORY_SETTINGS } from '#src/core/memory-settings.ts';
import type { LanguageModel } from '#src/core/model.ts';
import type { CampaignStore } from '#src/core/store.ts';
import { ModelJudge } from '#src/jobs/model-judge.ts';
import { Consolidator } from '#src/memory/consolidate.ts';
import type { Judge } from '#src/memory/judge.ts';
import { newLine, TestClock } from '../../contract/store-samples.ts';
import { defaultProfile } from '../../support/profile.ts';
import { openTable, type Table } from '../../support/table.ts';

const MINUTE_IN_MS = 60_000;
const DAY_IN_MS = 24 * 60 * MINUTE_IN_MS;
const SMALL = { shortTerm: 4, episodic: 8, longTerm: 3, semantic: 2 };
const MATTERS = 'I swear I will bring the crown of King Aldo to the lighthouse before winter!';
const SMALL_TALK = 'Good evening. Another ale, please.';
/** What the rules are not sure of: worth a summary, not a place in long-term memory. */
const COOK = 'They say the cook of the inn puts too much pepper into it when it rains and when it does not.';
const DOG = 'The dog of the cook barks at everybody who comes late.';
const SMITHY = 'Somebody painted the door of the smithy green, I do not know who.';

let clock: TestClock;
let table: Table;
let store: CampaignStore;
let lines: number;

beforeEach(async () => {
  clock = new TestClock();
  table = await openTable({ clock });
  store = table.campaign;
  lines = 0;
  await table.addNpc('Tilda');
  await table.addNpc('Bram');
});
afterEach(() => table.close());

async function say(text: string, witnesses = ['npc-1'], channel = 'table') {
  const scene = await store.scenes.open(channel);
  lines += 1;
  clock.time += MINUTE_IN_MS;
  const id = `line-${lines}`;
  await store.lines.append(newLine(id, scene.id, { text, witnesses }));
  return id;
}

/** An evening of small talk, an hour long, so many days later. */
async function evening(daysLater = 1) {
  clock.time = (Math.floor(clock.time / DAY_IN_MS) + daysLater) * DAY_IN_MS;
  for (let index = 0; index < 4; index += 1) {
    await say(SMALL_TALK, ['npc-1', 'npc-2']);
    clock.time += 19 * MINUTE_IN_MS;
  }
  await say(SMALL_TALK, ['npc-1', 'npc-2']);
}

const origin = () => ({ workspaceId: 'w', campaignId: store.campaignId });
const rest = (
  options: {
    readonly bounds?: typeof SMALL;
    readonly judge?: Judge;
    readonly settings?: MemorySettings;
  } = {},
) => {
  const { judge, ...others } = options;
  return new Consolidator({ clock, judge, ...others }).run(store, origin(), new AbortController().signal);
};

/** What an NPC remembers, shelf by shelf, newest first. */
async function textsOf(npcId = 'npc-1') {
  const on = async (shelf: 'recent' | 'long-term' | 'semantic') =>
    (await store.memories.held(npcId, { shelf, limit: 100 })).map(({ unit }) => unit.text);
  return { recent: await on('recent'), longTerm: await on('long-term'), semantic: await on('semantic') };
}

describe('consolidation', () => {
  it('leaves the newest alone, and moves what matters to long-term memory', async () => {
    await say(MATTERS);
    await say(SMALL_TALK);
    for (let index = 0; index < SMALL.shortTerm; index += 1) await say(MATTERS);
    const run = await rest({ bounds: SMALL });
    expect(run).toMatchObject({ weighed: 2, promoted: 1, folded: 0, letGo: 0, fault: undefined });
    expect(await textsOf()).toEqual({
      recent: [...Array.from({ length: SMALL.shortTerm }, () => MATTERS), SMALL_TALK],
      longTerm: [MATTERS],
      semantic: [],
    });
    expect(await rest({ bounds: SMALL })).toMatchObject({ weighed: 0, promoted: 0 });
    expect(await store.consolidation.lastRun()).toMatchObject({ weighed: 0 });
    expect(await store.consolidation.unrested()).toBe(0);
  });

  it('weighs what is old news by played time, however little there is', async () => {
    await say(COOK);
    for (let index = 0; index < 3; index += 1) {
      expect(await rest()).toMatchObject({ weighed: 0 });
      clock.time += 20 * MINUTE_IN_MS;
      await say(SMALL_TALK);
    }
    expect(await rest()).toMatchObject({ weighed: 1, promoted: 0 });
    const [oldest] = (await store.memories.held('npc-1', { shelf: 'recent', limit: 9 })).toReversed();
    expect(oldest?.importance).toBeCloseTo(0.61);
  });

  it.each([
    ['by post, some lines a day', 45],
    ['for twenty minutes an evening', 3],
  ])('promotes what matters of what is played %s', async (_how, pauseInMinutes) => {
    for (let day = 0; day < 4; day += 1) {
      for (let index = 0; index < 7; index += 1) {
        await say(index === 3 ? `${MATTERS} ${day}` : SMALL_TALK);
        clock.time += (pauseInMinutes - 1) * MINUTE_IN_MS;
        await rest();
      }
      clock.time = (Math.floor(clock.time / DAY_IN_MS) + 1) * DAY_IN_MS;
    }
    expect((await textsOf()).longTerm).toEqual([2, 1, 0].map((day) => `${MATTERS} ${day}`));
    expect(await store.consolidation.played()).toMatchObject({ playedDays: 4 });
  });

  it('keeps in long-term memory what is only put right there', async () => {
    const id = await say(MATTERS);
    await evening();
    await rest();
    await store.lines.revise(id, MATTERS.replace('!', '.'));
    expect(await textsOf()).toMatchObject({ longTerm: [MATTERS.replace('!', '.')] });
    expect(await rest()).toMatchObject({ weighed: 1, promoted: 0 });
    for (let day = 0; day < 9; day += 1) await evening();
    await rest();
    const { longTerm, semantic } = await textsOf();
    expect({ longTerm, semantic }).toEqual({ longTerm: [MATTERS.replace('!', '.')], semantic: [] });
    expect((await store.memories.heldAmong('npc-1', [id]))[0]?.importance).toBeGreaterThan(0.75);
  });

  it('folds what is older than seven played days, and lets go of what never mattered', async () => {
    await say(COOK);
    await say(DOG);
    for (let week = 0; week < 7; week += 1) {
      await rest();
      expect(await textsOf()).toMatchObject({ semantic: [] });
      await evening(7);
    }
    expect(await rest()).toMatchObject({ summaries: 1, folded: 2, letGo: 0 });
    const { recent, semantic } = await textsOf();
    expect(semantic).toEqual([`Wren: "${COOK} ${DOG}"`]);
    expect(recent).toHaveLength(35);
    const [summary] = await store.memories.held('npc-1', { shelf: 'semantic', limit: 1 });
    expect(await store.memories.sources(summary?.unit.id ?? '')).toEqual([
      { kind: 'line', id: 'line-1' },
      { kind: 'line', id: 'line-2' },
    ]);
    await evening(7);
    expect(await rest()).toMatchObject({ summaries: 0, letGo: 10 });
    expect((await textsOf()).recent).toHaveLength(35);
  });

  it('promotes and lets fade as the settings say', async () => {
    await say(COOK);
    await evening();
    const settings = { ...USUAL_MEMORY_SETTINGS, promoteAbove: 0.6, decayPerDay: 0.5 };
    expect(await rest({ settings: { ...settings, promoteAbove: 0.62 } })).toMatchObject({ promoted: 0 });
    await say(COOK);
    await evening();
    // How long it waited to be weighed takes nothing off.
    expect(await rest({ settings })).toMatchObject({ promoted: 1 });
    expect((await textsOf()).longTerm).toEqual([COOK]);
    for (let day = 0; day < 5; day += 1) await evening();
    // After seven played days, 0.61 is no more than 0.02, unless nothing fades.
    const fading = await rest({ settings });
    expect(fading).toMatchObject({ promoted: 0, summaries: 1 });
  });

  it('keeps what came to mind of late, and folds it when it is too old for that', async () => {
    const id = await say(COOK);
    for (let day = 0; day < 6; day += 1) await evening();
    await rest();
    for (let use = 0; use < 4; use += 1) await store.memories.used('npc-1', [id]);
    await evening();
    expect((await store.memories.heldAmong('npc-1', [id]))[0]?.shelf).toBe('recent');
    expect(await rest()).toMatchObject({ promoted: 1, weighed: 10 });
    expect((await store.memories.heldAmong('npc-1', [id]))[0]?.shelf).toBe('long-term');
    for (let day = 0; day < 22; day += 1) await evening();
    await rest();
    expect((await textsOf()).longTerm).toEqual([COOK]);
    await evening();
    await rest();
    expect((await textsOf()).longTerm).toEqual([]);
    expect((await textsOf()).semantic).toEqual([`Wren: "${COOK}"`]);
  });

  describe('by time as it passes', () => {
    const settings = { ...USUAL_MEMORY_SETTINGS, clock: 'wall' } as const;

    it('weighs the end of an evening once an hour is over, though nobody says any more', async () => {
      await say(MATTERS);
      await say(COOK);
      clock.time += 50 * MINUTE_IN_MS;
      expect(await rest({ settings })).toMatchObject({ weighed: 0 });
      expect(await store.consolidation.unrested()).toBe(2);
      clock.time += 10 * MINUTE_IN_MS;
      expect(await rest({ settings })).toMatchObject({ weighed: 2, promoted: 1 });
      expect(await store.consolidation.unrested()).toBe(2);
    });

    it('comes to rest once nothing is left that time alone makes leave', async () => {
      const pinned = await say(COOK);
      await store.memories.pin('npc-1', pinned, true);
      await say(DOG, ['npc-2']);
      clock.time += 8 * DAY_IN_MS;
      expect(await rest({ settings })).toMatchObject({ summaries: 1 });
      expect(await textsOf('npc-1')).toMatchObject({ recent: [], longTerm: [COOK] });
      expect(await store.consolidation.unrested()).toBe(0);
    });

    it('folds after seven days, however few of them were played, and lets go after thirty', async () => {
      await say(COOK);
      await say(DOG);
      await say(MATTERS);
      clock.time += 60 * MINUTE_IN_MS;
      await rest({ settings });
      await evening(6);
      await rest({ settings });
      expect((await textsOf()).semantic).toEqual([]);
      await evening(1);
      await rest({ settings });
      expect(await textsOf()).toMatchObject({ semantic: [`Wren: "${COOK} ${DOG}"`], longTerm: [MATTERS] });
      expect((await textsOf()).recent).toHaveLength(10);
      await evening(22);
      await rest({ settings });
      expect((await textsOf()).longTerm).toEqual([MATTERS]);
      await evening(1);
      await rest({ settings });
      expect((await textsOf()).longTerm).toEqual([]);
      // The last two evenings.
      expect((await textsOf()).recent).toHaveLength(10);
    });
  });

  it('keeps each tier within its bounds, and never loses what is pinned or the game master’s word', async () => {
    const pinned = await say('Pinned: the miller owes a crown.');
    await store.memories.pin('npc-1', pinned, true);
    const word = { text: 'Aldo is dead.', importance: 0, isPinned: false, by: 'Gale', inPlaceOf: undefined };
    await store.memories.tell('npc-1', { id: 'word', ...word });
    for (let index = 0; index < 30; index += 1) {
      await say(index % 3 === 0 ? `${MATTERS} ${index}` : `${COOK} ${index}`);
      clock.time += 12 * MINUTE_IN_MS;
      await rest({ bounds: SMALL });
    }
    const { recent, longTerm, semantic } = await textsOf();
    expect(recent.length).toBeLessThanOrEqual(SMALL.episodic);
    // The pinned one lies beyond the bound.
    expect(longTerm.length).toBeLessThanOrEqual(SMALL.longTerm + 1);
    expect(longTerm).toContain('Pinned: the miller owes a crown.');
    expect(semantic).toContain('Aldo is dead.');
    expect(semantic.length).toBeLessThanOrEqual(SMALL.semantic + 1);
    expect((await store.consolidation.lastRun())?.fault).toBeUndefined();
  });

  it('folds what each NPC witnessed, and nothing that it did not', async () => {
    await say(COOK, ['npc-1', 'npc-2']);
    await say(SMITHY, ['npc-1']);
    await say(DOG, ['npc-1', 'npc-2']);
    for (let day = 0; day < 7; day += 1) await evening();
    await rest();
    expect((await textsOf('npc-1')).semantic).toEqual([`Wren: "${COOK} ${SMITHY} ${DOG}"`]);
    expect((await textsOf('npc-2')).semantic).toEqual([`Wren: "${COOK} ${DOG}"`]);
  });

  it('folds anew what has changed', async () => {
    const id = await say(COOK);
    await say(DOG);
    for (let day = 0; day < 7; day += 1) await evening();
    await rest();
    await store.lines.revise(id, SMITHY);
    expect(await textsOf()).toMatchObject({ semantic: [] });
    expect((await textsOf()).recent.slice(-2)).toEqual([DOG, SMITHY]);
    await rest();
    expect((await textsOf()).semantic).toEqual([`Wren: "${SMITHY} ${DOG}"`]);
    await store.lines.retract(id);
    await rest();
    expect((await textsOf()).semantic).toEqual([`Wren: "${DOG}"`]);
  });

  it('takes the word of a judge where there is one', async () => {
    const asked: string[] = [];
    const judge: Judge = {
      weigh: async (all) => ({
        answers: all.map(({ text }) => (text === SMALL_TALK ? 0 : 0.5)),
        byRules: 0,
      }),
      fold: async ({ lines: { length }, gist }) => {
        asked.push(gist);
        return `Retold: ${length}.`;
      },
    };
    await say(MATTERS, ['npc-1', 'npc-2']);
    await say(DOG, ['npc-1', 'npc-2']);
    for (let day = 0; day < 7; day += 1) await evening();
    expect(await rest({ judge })).toMatchObject({ summaries: 2, fault: undefined });
    expect(await textsOf('npc-1')).toMatchObject({ semantic: ['Retold: 2.'] });
    expect(await textsOf('npc-2')).toMatchObject({ semantic: ['Retold: 2.'] });
    // Both witnessed the same: it is retold once.
    expect(asked).toHaveLength(1);
  });

  it('tells nobody what another witnessed, though a model muddles what it is told', async () => {
    const model: LanguageModel = {
      name: 'muddler',
      async *stream(request) {
        const prompt = JSON.stringify(await request.prompt(defaultProfile));
        const summary = [COOK, DOG, SMITHY].filter((text) => prompt.includes(text)).join(' ');
        yield { type: 'text', text: JSON.stringify({ summary }) };
        const usage = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 };
        yield { type: 'end', reason: 'stop', usage };
      },
    };
    await say(COOK, ['npc-1', 'npc-2'], 'square');
    await say(DOG, ['npc-1', 'npc-2'], 'square');
    await say(SMITHY, ['npc-1'], 'cellar');
    for (let day = 0; day < 7; day += 1) await evening();
    const modelJudge = new ModelJudge({
      model,
      onFault: (error) => {
        throw error;
      },
    });
    const judge: Judge = {
      weigh: async (all) => ({
        answers: all.map(({ text }) => (text === SMALL_TALK ? 0 : 0.5)),
        byRules: 0,
      }),
      fold: async (group, by, signal) => modelJudge.fold(group, by, signal),
    };
    await rest({ judge });
    expect((await textsOf('npc-1')).semantic.toSorted()).toEqual([SMITHY, `${COOK} ${DOG}`]);
    expect((await textsOf('npc-2')).semantic).toEqual([`${COOK} ${DOG}`]);
  });

  it('says what the rules did because the judge failed', async () => {
    const failing: Judge = {
      weigh: async (all) => ({ answers: all.map(() => 0.5), byRules: all.length }),
      fold: async () => undefined,
    };
    await say(DOG);
    await evening();
    const weighed = await rest({ judge: failing });
    expect(weighed.fault).toBe(
      'The model failed, so rules weighed 5 memories in its place; the log says why.',
    );
    for (let day = 0; day < 6; day += 1) await evening();
    const { fault } = await rest({ judge: failing });
    expect(fault).toMatch(
      /^The model failed, so rules weighed \d+ memories and made 1 summary in its place/u,
    );
    expect((await store.consolidation.lastRun())?.fault).toBe(fault);
    const broken = {
      ...store,
      memories: { ...store.memories, counts: () => Promise.reject(new Error('full')) },
    };
    await evening();
    const { signal } = new AbortController();
    await expect(new Consolidator({ clock, judge: failing }).run(broken, origin(), signal)).rejects.toThrow(
      'full',
    );
    expect((await store.consolidation.lastRun())?.fault).toMatch(
      /^It failed; the log says why\. .* the next time\. The model failed, so rules weighed/u,
    );
  });

  it('says when it failed, and goes on from there', async () => {
    for (let index = 0; index < 10; index += 1) await say(COOK);
    const { consolidation } = store;
    const broken: CampaignStore = {
      ...store,
      consolidation: { ...consolidation, settle: async () => Promise.reject(new Error('disk full')) },
    };
    const { signal } = new AbortController();
    await expect(
      new Consolidator({ clock, judge: undefined, bounds: SMALL }).run(broken, origin(), signal),
    ).rejects.toThrow('disk full');
    expect((await consolidation.lastRun())?.fault).toMatch(/failed; the log says why/u);
    expect(await consolidation.unrested()).toBe(10);
    await expect(
      new Consolidator({ clock, judge: undefined, bounds: SMALL }).run(store, origin(), AbortSignal.abort()),
    ).rejects.toThrow();
    expect((await consolidation.lastRun())?.fault).toMatch(/interrupted/u);
    expect((await rest({ bounds: SMALL })).fault).toBeUndefined();
    expect(await consolidation.unrested()).toBe(0);
  });

  it('passes lines that do not stand', async () => {
    const id = await say(COOK);
    await store.lines.retract(id);
    for (let index = 0; index < 5; index += 1) await say(COOK);
    expect(await rest({ bounds: SMALL })).toMatchObject({ letGo: 1, weighed: 1 });
    expect(await rest({ bounds: SMALL })).toMatchObject({ letGo: 0, weighed: 0 });
  });
});
