import { afterEach, beforeEach, describe, expect, vi } from 'vitest';
import type { MemoryShelf } from '#src/core/memory.ts';
import type { Decisions, Folded, MemoryChange, Settled } from '#src/core/memory-store.ts';
import { MOST_PINNED } from '#src/core/memory-store.ts';
import type { CampaignStore } from '#src/core/store.ts';
import type { StoreTest } from './store-fixtures.ts';
import { addNpc, newNpc } from './store-samples.ts';

const MINUTE_IN_MS = 60_000;
const DAY_IN_MS = 24 * 60 * MINUTE_IN_MS;
const NOTHING: Decisions = { weighed: [], folded: [], letGo: [] };
const NONE: Settled = { weighed: 0, promoted: 0, summaries: 0, folded: 0, letGo: 0 };

const seen = (...ids: readonly string[]) => ids.map((id) => ({ id, text: `What ${id} says.` }));
const folding = (memoryId: string, ...ids: readonly string[]): Folded => ({
  memoryId,
  text: `${ids.join(' and ')} were said.`,
  importance: 0.5,
  sources: seen(...ids),
});
const told = (id: string, change: Partial<Parameters<CampaignStore['memories']['tell']>[1]> = {}) => ({
  ...{ id, text: `${id} is so.`, importance: 0.9, isPinned: false, by: 'Gale', inPlaceOf: undefined },
  ...change,
});

/** Ids on each shelf, newest first. */
async function shelvesOf(campaign: CampaignStore, npcId: string) {
  const ids = async (shelf: 'recent' | 'long-term' | 'semantic') =>
    (await campaign.memories.held(npcId, { shelf, limit: 100 })).map(({ unit }) => unit.id);
  return {
    recent: await ids('recent'),
    longTerm: await ids('long-term'),
    semantic: await ids('semantic'),
  };
}

export function tierContract(it: StoreTest): void {
  describe('played time', () => {
    it('is the pauses that were not too long, and the dates', async ({ clock, campaign, append }) => {
      await addNpc(campaign, newNpc('npc'));
      expect(await campaign.consolidation.played()).toEqual({ playedInMs: 0, playedDays: 0 });
      const played: (readonly number[])[] = [];
      for (const [id, laterInMs] of [
        ['first', 0],
        ['soon', 10 * MINUTE_IN_MS],
        ['in time', 30 * MINUTE_IN_MS],
        ['late', 30 * MINUTE_IN_MS + 1],
        ['next week', 7 * DAY_IN_MS],
        ['and on', 1000],
      ] as const) {
        clock.time += laterInMs;
        await append(id, { witnesses: ['npc'] });
        const { playedInMs, playedDays } = await campaign.consolidation.played();
        const [held] = await campaign.memories.held('npc', { shelf: 'recent', limit: 1 });
        expect([held?.playedAtInMs, held?.playedDay]).toEqual([playedInMs, playedDays]);
        played.push([playedInMs / MINUTE_IN_MS, playedDays]);
      }
      expect(played.slice(0, 5)).toEqual([
        [0, 1],
        [10, 1],
        [40, 1],
        [40, 1],
        [40, 2],
      ]);
      expect(await campaign.consolidation.played()).toEqual({
        playedInMs: 40 * MINUTE_IN_MS + 1000,
        playedDays: 2,
      });
    });

    it('does not go back with the clock, and counts no date twice', async ({ clock, campaign, append }) => {
      const start = clock.time;
      const days: number[] = [];
      for (const [index, at] of [0, DAY_IN_MS, 0, DAY_IN_MS, -DAY_IN_MS, 400 * DAY_IN_MS, 0].entries()) {
        clock.time = start + at;
        await append(`line ${index}`);
        const { playedInMs, playedDays } = await campaign.consolidation.played();
        expect(playedInMs).toBe(0);
        days.push(playedDays);
      }
      expect(days).toEqual([1, 2, 2, 2, 3, 4, 4]);
      clock.time += MINUTE_IN_MS;
      await append('and on');
      expect((await campaign.consolidation.played()).playedInMs).toBe(MINUTE_IN_MS);
    });

    it('knows how many of its dates lie before another', async ({ clock, campaign, append }) => {
      const start = clock.time;
      const datesBefore = async (daysLater: number) =>
        campaign.consolidation.playedDaysBefore(start + daysLater * DAY_IN_MS);
      expect(await datesBefore(0)).toBe(0);
      for (const [index, day] of [0, 0, 7, 14].entries()) {
        clock.time = start + day * DAY_IN_MS;
        await append(`line ${index}`);
      }
      expect([
        await datesBefore(0),
        await datesBefore(1),
        await datesBefore(7),
        await datesBefore(8),
        await datesBefore(99),
      ]).toEqual([0, 1, 1, 2, 3]);
    });

    it('counts a line that is delivered twice once', async ({ clock, campaign, append }) => {
      await append('one');
      clock.time += MINUTE_IN_MS;
      await append('one');
      expect((await campaign.consolidation.played()).playedInMs).toBe(0);
    });
  });

  describe('tiers', () => {
    it('hold what was weighed, promoted, folded and let go', async ({ campaign, append }) => {
      await addNpc(campaign, newNpc('npc'));
      for (const id of ['a', 'b', 'c', 'd', 'e']) await append(id, { witnesses: ['npc'] });
      const { consolidation, memories } = campaign;
      expect((await consolidation.unweighed('npc', { limit: 3 })).map(({ unit }) => unit.id)).toEqual([
        'a',
        'b',
        'c',
      ]);
      await memories.used('npc', ['b', 'c', 'c']);
      await memories.used('npc', ['c']);
      const weighed = seen('a', 'b').map((line) => ({
        ...line,
        importance: 0.25,
        isPromoted: line.id === 'a',
      }));
      expect(await consolidation.settle('npc', { ...NOTHING, weighed })).toEqual({
        ...NONE,
        weighed: 2,
        promoted: 1,
      });
      const decisions = { ...NOTHING, folded: [folding('sum', 'b', 'c')], letGo: seen('d') };
      expect(await consolidation.settle('npc', decisions)).toEqual({
        ...NONE,
        summaries: 1,
        folded: 2,
        letGo: 1,
      });
      expect(await shelvesOf(campaign, 'npc')).toEqual({ recent: ['e'], longTerm: ['a'], semantic: ['sum'] });
      expect(await memories.counts('npc')).toEqual({ recent: 1, 'long-term': 1, semantic: 1 });
      expect(await memories.idsHeld('npc', { limit: 9 })).toEqual(['e', 'sum', 'a']);
      expect(await memories.idsHeld('npc', { limit: 1, offset: 1 })).toEqual(['sum']);
      expect(await memories.idsHeld('npc', { limit: 9, offset: 3 })).toEqual([]);
      expect((await memories.of('npc', { limit: 9 })).map(({ id }) => id)).toEqual(['e']);
      expect(await memories.long('npc', { limit: 9 })).toMatchObject([
        { id: 'sum', speaker: '', text: 'b and c were said.', seq: 3, kind: 'summary', tier: 'semantic' },
        { id: 'a', speaker: 'Wren', tier: 'long-term' },
      ]);
      expect((await memories.all({ limit: 9 })).map(({ id }) => id)).toEqual(['e', 'a']);
      expect((await memories.semanticOfAll({ limit: 9 })).map(({ id }) => id)).toEqual(['sum']);
      expect([...(await memories.holders(['a', 'b', 'd', 'sum'])).keys()]).toEqual(['a', 'sum']);
      expect(await memories.heldAmong('npc', ['a', 'b', 'd', 'sum'])).toMatchObject([
        { unit: { id: 'a' }, shelf: 'long-term', importance: 0.25, isPinned: false },
        { unit: { id: 'sum' }, shelf: 'semantic', importance: 0.5, uses: 3 },
      ]);
      expect(await memories.sources('sum')).toEqual([
        { kind: 'line', id: 'b' },
        { kind: 'line', id: 'c' },
      ]);
      expect((await memories.units(['c', 'd', 'sum', 'nothing'])).map(({ id }) => id).sort()).toEqual([
        'c',
        'd',
        'sum',
      ]);
      expect(await consolidation.known(['sum', 'other'])).toEqual(new Map([['sum', 'b and c were said.']]));
      const ids = async (shelf: MemoryShelf, offset?: number) =>
        memories.idsHeld('npc', offset === undefined ? { shelf, limit: 9 } : { shelf, limit: 9, offset });
      expect([await ids('recent'), await ids('recent', 1)]).toEqual([['e'], []]);
      expect([await ids('long-term'), await ids('semantic')]).toEqual([['a'], ['sum']]);
    });

    it('are moved to once, and only what is as it was seen', async ({ campaign, append }) => {
      await addNpc(campaign, newNpc('npc'));
      await addNpc(campaign, newNpc('other'));
      for (const id of ['a', 'b', 'c']) await append(id, { witnesses: ['npc'] });
      const { consolidation, memories } = campaign;
      await append('theirs', { witnesses: ['other'] });
      await memories.pin('npc', 'c', true);
      const stale = [{ id: 'a', text: 'Something else.' }];
      const decisions: Decisions = {
        weighed: [{ id: 'a', text: 'Something else.', importance: 1, isPromoted: true }],
        folded: [
          folding('with theirs', 'a', 'theirs'),
          { ...folding('stale', 'b'), sources: [...seen('b'), ...stale] },
          folding('pinned', 'b', 'c'),
          { ...folding('of nothing'), sources: [] },
        ],
        letGo: [...stale, ...seen('theirs', 'c', 'nothing')],
      };
      expect(await consolidation.settle('npc', decisions)).toEqual(NONE);
      expect(await shelvesOf(campaign, 'npc')).toEqual({ recent: ['b', 'a'], longTerm: ['c'], semantic: [] });
      const folded = { ...NOTHING, folded: [folding('sum', 'a', 'b')] };
      expect(await consolidation.settle('npc', folded)).toMatchObject({ summaries: 1 });
      expect(await consolidation.settle('npc', folded)).toEqual(NONE);
      expect((await shelvesOf(campaign, 'npc')).semantic).toEqual(['sum']);
    });

    it('share a summary with whoever witnessed the same, and nobody else', async ({ campaign, append }) => {
      for (const id of ['a', 'b', 'c']) await addNpc(campaign, newNpc(id));
      await append('one', { witnesses: ['a', 'b', 'c'] });
      await append('two', { witnesses: ['a', 'b'] });
      const { consolidation, memories } = campaign;
      await consolidation.settle('a', { ...NOTHING, folded: [folding('sum', 'one', 'two')] });
      expect(await memories.long('b', { limit: 9 })).toEqual([]);
      const again = { ...folding('sum', 'one', 'two'), text: 'In other words.' };
      await consolidation.settle('b', { ...NOTHING, folded: [again] });
      await consolidation.settle('c', { ...NOTHING, folded: [folding('sum', 'one', 'two')] });
      expect((await memories.holders(['sum'])).get('sum')?.map(({ npcId }) => npcId)).toEqual(['a', 'b']);
      expect((await memories.long('b', { limit: 9 })).map(({ text }) => text)).toEqual([
        'one and two were said.',
      ]);
      expect(await consolidation.drop('a', ['sum', 'other'])).toBe(1);
      expect(await memories.long('a', { limit: 9 })).toEqual([]);
      expect(await memories.long('b', { limit: 9 })).toHaveLength(1);
      expect(await consolidation.drop('b', ['sum'])).toBe(1);
      expect(await consolidation.known(['sum'])).toEqual(new Map());
      expect(await memories.sources('sum')).toEqual([]);
    });

    it('are read in the order in which they were said', async ({ clock, campaign, append }) => {
      await addNpc(campaign, newNpc('npc'));
      const { consolidation } = campaign;
      for (const [index, id] of ['a', 'b', 'c', 'd'].entries()) {
        if (index > 1) clock.time += DAY_IN_MS;
        await append(id, { witnesses: ['npc'] });
      }
      const weighed = seen('a', 'b', 'c').map((line) => ({ ...line, importance: 0.5, isPromoted: false }));
      await consolidation.settle('npc', { ...NOTHING, weighed });
      const mark = await consolidation.markOf('npc', 'recent', 2);
      expect(mark).toEqual({ playedDay: 2, saidAtInMs: clock.time - DAY_IN_MS, seq: 3 });
      expect(await consolidation.markOf('npc', 'recent', 5)).toBeUndefined();
      const earlier = async (change: Partial<NonNullable<typeof mark>>, limit = 9) =>
        (
          await consolidation.before('npc', {
            shelf: 'recent',
            mark: { playedDay: 2, saidAtInMs: 0, seq: 0, ...mark, ...change },
            limit,
          })
        ).map(({ unit }) => unit.id);
      expect(await earlier({})).toEqual(['a', 'b']);
      expect(await earlier({}, 1)).toEqual(['a']);
      expect(await earlier({ seq: 4 })).toEqual(['a', 'b', 'c']);
      // What nobody has weighed does not leave.
      expect(await earlier({ playedDay: 9 })).toEqual(['a', 'b', 'c']);
      expect(await earlier({ playedDay: 0 })).toEqual([]);
    });

    it('tell of lines that do not stand, so that they are passed', async ({ campaign, append }) => {
      await addNpc(campaign, newNpc('npc'));
      await append('said', { witnesses: ['npc'] });
      await append('gone', { witnesses: ['npc'] });
      await append('speaking', { witnesses: ['npc'], state: 'speaking' });
      await campaign.lines.retract('gone');
      const { consolidation } = campaign;
      const texts = async () =>
        (await consolidation.unweighed('npc', { limit: 9 })).map(({ unit }) => [unit.id, unit.text]);
      expect(await texts()).toEqual([
        ['said', 'What said says.'],
        ['gone', ''],
      ]);
      await consolidation.settle('npc', { ...NOTHING, letGo: [{ id: 'gone', text: '' }] });
      expect(await texts()).toEqual([['said', 'What said says.']]);
    });
  });

  describe('what was made of a line that changes', () => {
    it('is unmade, and the rest is remembered by itself again', async ({ store, campaign, append }) => {
      for (const id of ['a', 'b']) await addNpc(campaign, newNpc(id));
      for (const id of ['one', 'two', 'three']) await append(id, { witnesses: ['a', 'b'] });
      const { consolidation, lines } = campaign;
      for (const npc of ['a', 'b'])
        await consolidation.settle(npc, {
          weighed: [{ id: 'three', text: 'What three says.', importance: 1, isPromoted: true }],
          folded: [folding('sum', 'one', 'two')],
          letGo: [],
        });
      const changes: MemoryChange[] = [];
      store.onMemories((change) => changes.push(change));
      expect(await lines.revise('one', 'Nothing.')).toBeDefined();
      for (const npc of ['a', 'b'])
        expect(await shelvesOf(campaign, npc)).toEqual({
          recent: ['two', 'one'],
          longTerm: ['three'],
          semantic: [],
        });
      expect(await consolidation.known(['sum'])).toEqual(new Map());
      expect(changes.map(({ npcId, put, gone }) => [npcId, put.map(({ id }) => id), gone])).toEqual([
        ['a', ['two'], ['sum']],
        ['b', ['two'], ['sum']],
      ]);
      expect(changes[0]?.put[0]).not.toHaveProperty('tier');
      await lines.retract('three');
      expect((await shelvesOf(campaign, 'a')).longTerm).toEqual([]);
      expect((await consolidation.unweighed('a', { limit: 9 })).map(({ unit }) => unit.id)).toContain(
        'three',
      );
    });

    it('stays in long-term memory where it lay, and is weighed anew', async ({ campaign, append }) => {
      await addNpc(campaign, newNpc('npc'));
      for (const id of ['one', 'two', 'pinned']) await append(id, { witnesses: ['npc'] });
      const { consolidation, lines, memories } = campaign;
      const weigh = async (id: string, text: string, isPromoted: boolean) =>
        consolidation.settle('npc', { ...NOTHING, weighed: [{ id, text, importance: 0.5, isPromoted }] });
      await weigh('one', 'What one says.', true);
      await memories.pin('npc', 'pinned', true);
      expect(await lines.revise('one', 'What one said.')).toBeDefined();
      expect(await lines.revise('pinned', 'What was pinned.')).toBeDefined();
      expect((await shelvesOf(campaign, 'npc')).longTerm).toEqual(['pinned', 'one']);
      const unweighed = async () =>
        (await consolidation.unweighed('npc', { limit: 9 })).map(({ unit, shelf }) => [unit.id, shelf]);
      expect(await unweighed()).toEqual([
        ['one', 'long-term'],
        ['two', 'recent'],
      ]);
      expect(await consolidation.unweighed('npc', { limit: 1 })).toHaveLength(1);
      expect(await weigh('one', 'What one said.', false)).toEqual({ ...NONE, weighed: 1 });
      expect(await unweighed()).toEqual([['two', 'recent']]);
      expect(await memories.heldAmong('npc', ['one'])).toMatchObject([
        { shelf: 'long-term', importance: 0.5 },
      ]);
      // Weighed already: nobody has changed it since.
      expect(await weigh('one', 'What one said.', true)).toEqual(NONE);
    });

    it('is not counted where the line is deleted, nor pinned any more', async ({
      clock,
      campaign,
      append,
    }) => {
      await addNpc(campaign, newNpc('npc'));
      const { consolidation, lines, memories } = campaign;
      for (const id of ['recent', 'promoted', 'pinned', 'kept']) await append(id, { witnesses: ['npc'] });
      const weighed = seen('promoted').map((line) => ({ ...line, importance: 1, isPromoted: true }));
      await consolidation.settle('npc', { ...NOTHING, weighed });
      await memories.pin('npc', 'pinned', true);
      await append('under way', { witnesses: ['npc'], state: 'speaking', text: 'So' });
      expect(await memories.counts('npc')).toEqual({ recent: 2, 'long-term': 2, semantic: 0 });
      for (const id of ['recent', 'promoted', 'pinned']) await lines.retract(id);
      await lines.update('under way', { text: 'So', state: 'failed' });
      expect(await memories.counts('npc')).toEqual({ recent: 1, 'long-term': 0, semantic: 0 });
      expect(await shelvesOf(campaign, 'npc')).toEqual({ recent: ['kept'], longTerm: [], semantic: [] });
      expect(await memories.long('npc', { limit: 9 })).toEqual([]);
      // Nor does it take one of the places for pins.
      clock.time += 1000;
      for (let index = 0; index < MOST_PINNED - 1; index += 1)
        await memories.tell('npc', told(`word ${index}`, { isPinned: true }));
      expect(await memories.pin('npc', 'kept', true)).toBe(true);
    });

    it('leaves the game master’s word, and what was forgotten', async ({ store, campaign, append }) => {
      await addNpc(campaign, newNpc('npc'));
      await addNpc(campaign, newNpc('other'));
      await append('one', { witnesses: ['npc', 'other'] });
      const { memories } = campaign;
      await memories.tell('npc', told('word', { inPlaceOf: 'one' }));
      const committed: (readonly string[])[] = [];
      store.onLine(({ witnesses }) => committed.push(witnesses));
      await campaign.lines.revise('one', 'Nothing.');
      expect(committed).toEqual([['other']]);
      expect(await shelvesOf(campaign, 'npc')).toEqual({ recent: [], longTerm: [], semantic: ['word'] });
      expect(await campaign.lines.witnesses('one')).toEqual(['npc', 'other']);
    });

    it('is not what was made of other lines', async ({ campaign, append }) => {
      await addNpc(campaign, newNpc('npc'));
      for (const id of ['one', 'two', 'three']) await append(id, { witnesses: ['npc'] });
      const folded = [folding('first', 'one'), folding('second', 'two')];
      await campaign.consolidation.settle('npc', { ...NOTHING, folded, letGo: seen('three') });
      await campaign.lines.update('one', { text: 'So far', state: 'cut' });
      expect(await shelvesOf(campaign, 'npc')).toEqual({
        recent: ['one'],
        longTerm: [],
        semantic: ['second'],
      });
    });
  });

  describe('the game master’s word', () => {
    it('is remembered, once', async ({ clock, campaign }) => {
      await addNpc(campaign, newNpc('npc'));
      const first = await campaign.memories.tell('npc', told('word'));
      expect(first).toMatchObject({
        unit: {
          id: 'word',
          speaker: '',
          text: 'word is so.',
          kind: 'gm',
          tier: 'semantic',
          saidAtInMs: clock.time,
        },
        shelf: 'semantic',
        importance: 0.9,
        isPinned: false,
        uses: 0,
      });
      expect(await campaign.memories.tell('npc', told('word', { text: 'Other.' }))).toEqual(first);
      expect(await campaign.memories.sources('word')).toEqual([{ kind: 'word', by: 'Gale' }]);
      expect(await campaign.consolidation.semantic('npc', { limit: 9, offset: 0 })).toEqual([]);
      await expect(campaign.memories.tell('nobody', told('lost'))).rejects.toThrow();
      expect(await campaign.memories.semanticOfAll({ limit: 9 })).toHaveLength(1);
    });

    it('takes the place of what it corrects', async ({ campaign, append, idsOf }) => {
      await addNpc(campaign, newNpc('npc'));
      await addNpc(campaign, newNpc('other'));
      for (const id of ['one', 'two', 'three']) await append(id, { witnesses: ['npc', 'other'] });
      const { memories, consolidation } = campaign;
      const folded = [folding('sum', 'one', 'two')];
      for (const npc of ['npc', 'other']) await consolidation.settle(npc, { ...NOTHING, folded });
      await memories.tell('npc', told('word', { inPlaceOf: 'sum' }));
      await memories.tell('npc', told('second', { inPlaceOf: 'word' }));
      expect(await memories.tell('npc', told('third', { inPlaceOf: 'sum' }))).toBeUndefined();
      expect(await shelvesOf(campaign, 'npc')).toEqual({
        recent: ['three'],
        longTerm: [],
        semantic: ['second'],
      });
      expect((await shelvesOf(campaign, 'other')).semantic).toEqual(['sum']);
      expect(await memories.sources('second')).toEqual([
        { kind: 'line', id: 'one' },
        { kind: 'line', id: 'two' },
        { kind: 'word', by: 'Gale' },
      ]);
      // What it stood for is forgotten with it: also where the transcript is read.
      expect(await idsOf(9, 'npc')).toEqual(['three']);
      expect(await idsOf(9)).toEqual(['one', 'two', 'three']);
    });

    it('makes forget and pins', async ({ store, clock, campaign, append }) => {
      await addNpc(campaign, newNpc('npc'));
      for (const id of ['one', 'two']) await append(id, { witnesses: ['npc'] });
      const { memories, consolidation } = campaign;
      const changes: MemoryChange[] = [];
      store.onMemories((change) => changes.push(change));
      expect(await memories.forget('npc', 'one')).toBe(true);
      expect(await memories.forget('npc', 'one')).toBe(false);
      expect(await memories.pin('npc', 'one', true)).toBe(false);
      expect(await memories.pin('npc', 'two', true)).toBe(true);
      expect(await memories.heldAmong('npc', ['two'])).toMatchObject([
        { shelf: 'long-term', isPinned: true },
      ]);
      expect((await memories.long('npc', { limit: 0 })).map(({ id }) => id)).toEqual(['two']);
      const mark = { playedDay: 9, saidAtInMs: clock.time + 1, seq: 9 };
      expect(await consolidation.before('npc', { shelf: 'long-term', mark, limit: 9 })).toEqual([]);
      expect(await memories.pin('npc', 'two', false)).toBe(true);
      await memories.tell('npc', told('word', { isPinned: true }));
      expect(await memories.heldAmong('npc', ['two', 'word'])).toMatchObject([
        { unit: { id: 'two' }, isPinned: false },
        { unit: { id: 'word' }, isPinned: true },
      ]);
      expect(await memories.forget('npc', 'word')).toBe(true);
      expect(await consolidation.known(['word'])).toEqual(new Map());
      expect(changes.map(({ put, gone }) => [put.map(({ id }) => id), gone])).toEqual([
        [[], ['one']],
        [['two'], []],
        [['two'], []],
        [['word'], []],
        [[], ['word']],
      ]);
    });

    it('pins no more than a few', async ({ campaign }) => {
      await addNpc(campaign, newNpc('npc'));
      for (let index = 0; index < MOST_PINNED; index += 1)
        await campaign.memories.tell('npc', told(`word ${index}`, { isPinned: true }));
      await campaign.memories.tell('npc', told('one more'));
      expect(await campaign.memories.pin('npc', 'one more', true)).toBe('full');
      expect(await campaign.memories.pin('npc', 'word 7', false)).toBe(true);
      expect(await campaign.memories.pin('npc', 'one more', true)).toBe(true);
    });
  });

  describe('consolidation', () => {
    it('is due where something was said or changed', async ({ store, workspace, campaign, append }) => {
      expect(await store.unrested()).toEqual([]);
      await append('one');
      await append('one');
      await append('two');
      const due = [{ campaignId: campaign.campaignId, workspaceId: workspace.id }];
      expect(await store.unrested()).toEqual(due);
      const { consolidation } = campaign;
      expect(await consolidation.unrested()).toBe(2);
      await append('three');
      await consolidation.rested(2);
      expect(await store.unrested()).toEqual(due);
      await consolidation.rested(1);
      expect(await store.unrested()).toEqual([]);
      await campaign.lines.revise('two', 'Other.');
      expect(await consolidation.unrested()).toBe(1);
    });

    it('counts what is spoken once it was said, and nothing out of character', async ({
      store,
      campaign,
      append,
    }) => {
      const { consolidation, lines } = campaign;
      await append('aside', { kind: 'ooc' });
      await append('spoken', { state: 'speaking' });
      await append('half', { state: 'speaking' });
      await append('nothing', { state: 'speaking', text: '' });
      await lines.update('spoken', { text: 'So', state: 'speaking' });
      await lines.revise('aside', 'Sorry.');
      expect(await store.unrested()).toEqual([]);
      await lines.update('spoken', { text: 'So.', state: 'said' });
      expect(await consolidation.unrested()).toBe(1);
      await lines.update('nothing', { text: '', state: 'failed' });
      expect(await consolidation.unrested()).toBe(1);
      await lines.update('half', { text: 'And', state: 'cut' });
      expect(await consolidation.unrested()).toBe(2);
    });

    it('leaves word of its last run', async ({ clock, campaign }) => {
      const { consolidation } = campaign;
      expect(await consolidation.lastRun()).toBeUndefined();
      const run = {
        ...NONE,
        weighed: 3,
        dropped: 1,
        endedAtInMs: clock.time,
        tookInMs: 12,
        fault: undefined,
      };
      await consolidation.saveRun({ ...run, fault: 'It broke.' });
      expect(await consolidation.lastRun()).toEqual({ ...run, fault: 'It broke.' });
      await consolidation.saveRun(run);
      expect(await consolidation.lastRun()).toEqual(run);
    });
  });

  describe('a lock', () => {
    beforeEach(() => {
      vi.useFakeTimers({ toFake: ['performance'] });
    });
    afterEach(() => {
      vi.useRealTimers();
    });

    it('is one’s at a time, until it is given back', async ({ connect }) => {
      const { locks: ours } = await connect();
      const { locks: theirs } = await connect();
      expect(await ours.take('door', 'ours', 1000)).toBe(true);
      expect(await ours.take('door', 'ours', 1000)).toBe(true);
      expect(await theirs.take('door', 'theirs', 1000)).toBe(false);
      expect(await theirs.renew('door', 'theirs', 1000)).toBe(false);
      expect(await theirs.take('gate', 'theirs', 1000)).toBe(true);
      await theirs.release('door', 'theirs');
      expect(await theirs.take('door', 'theirs', 1000)).toBe(false);
      await ours.release('door', 'ours');
      expect(await theirs.take('door', 'theirs', 1000)).toBe(true);
    });

    it('is kept by renewing it, and lost where it was seen to stand for its lease', async ({ connect }) => {
      const { locks: ours } = await connect();
      const { locks: theirs } = await connect();
      await ours.take('door', 'ours', 1000);
      for (let half = 0; half < 4; half += 1) {
        expect(await theirs.take('door', 'theirs', 1000)).toBe(false);
        vi.advanceTimersByTime(900);
        expect(await ours.renew('door', 'ours', 1000)).toBe(true);
        vi.advanceTimersByTime(900);
      }
      expect(await theirs.take('door', 'theirs', 1000)).toBe(false);
      vi.advanceTimersByTime(999);
      expect(await theirs.take('door', 'theirs', 1000)).toBe(false);
      vi.advanceTimersByTime(1);
      expect(await theirs.take('door', 'theirs', 1000)).toBe(true);
      expect(await ours.renew('door', 'ours', 1000)).toBe(false);
      await ours.release('door', 'ours');
      expect(await ours.take('door', 'ours', 1000)).toBe(false);
    });

    it('is lost to one alone of those who wait for it', async ({ connect }) => {
      const { locks: ours } = await connect();
      await ours.take('door', 'ours', 1000);
      const others = await Promise.all(Array.from({ length: 5 }, () => connect()));
      const all = () =>
        Promise.all(others.map(({ locks }, index) => locks.take('door', `other ${index}`, 1000)));
      expect(await all()).toEqual(others.map(() => false));
      vi.advanceTimersByTime(1000);
      expect((await all()).filter((isTaken) => isTaken)).toHaveLength(1);
    });

    it('cares for no clock that is set', async ({ clock, connect }) => {
      const { locks: ours } = await connect();
      const { locks: theirs } = await connect();
      await ours.take('door', 'ours', 1000);
      for (const days of [-1, 2]) {
        clock.time += days * DAY_IN_MS;
        expect(await theirs.take('door', 'theirs', 1000)).toBe(false);
      }
      vi.advanceTimersByTime(1000);
      expect(await theirs.take('door', 'theirs', 1000)).toBe(true);
    });
  });
}
