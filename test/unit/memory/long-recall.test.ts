import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SearchHit, SearchQuery, TextSearch } from '#src/core/search.ts';
import { MemoryKeeper } from '#src/memory/memory-keeper.ts';
import { RecallIndex } from '#src/memory/recall-index.ts';
import { newLine, TestClock } from '../../contract/store-samples.ts';
import { openTable, type Table } from '../../support/table.ts';

/** More than an index holds of one of the long tiers. */
const BEYOND = 2_510;

let table: Table;
let clock: TestClock;
let asked: { readonly text: string; readonly query: Omit<SearchQuery, 'words' | 'vector'> }[];
let found: (() => Promise<readonly SearchHit[]>) | undefined;
const faults: unknown[] = [];
const leftOut: string[] = [];

beforeEach(async () => {
  table = await openTable();
  clock = new TestClock();
  asked = [];
  found = undefined;
  faults.length = 0;
  leftOut.length = 0;
  await table.addNpc('Tilda');
  await table.addNpc('Bram');
});
afterEach(async () => table.close());

/** @param hears whether it is told of what is held from now on; of what is not any more it always is. */
function keeper(isAlwaysAsked: boolean, hears = true): MemoryKeeper {
  const long: TextSearch = {
    isAlwaysAsked,
    find: async (text, query) => {
      asked.push({ text, query });
      return (await found?.()) ?? [];
    },
  };
  const made = new MemoryKeeper({
    clock,
    long,
    onFault: (error) => faults.push(error),
    onLeftOut: (why) => leftOut.push(why),
  });
  table.store.onLine((committed) => made.committed(committed));
  table.store.onMemories((change) => made.changed(hears ? change : { ...change, put: [] }));
  return made;
}

const hit = (id: string): SearchHit => ({ kind: 'memory', id, score: 1, likeness: undefined });

async function tell(npcId: string, id: string, text: string) {
  await table.campaign.memories.tell(npcId, {
    ...{ id, text, importance: 0.9, isPinned: false, by: 'GM', inPlaceOf: undefined },
  });
}

/** The first is told first, and lies beyond what an index loads. */
async function tellMany(npcId: string, first: string) {
  await tell(npcId, 'first', first);
  for (let at = 0; at < BEYOND; at += 1) {
    clock.time += 1;
    await tell(npcId, `m${at}`, `Barrel ${at} is full.`);
  }
}

async function idsOf(memory: MemoryKeeper, query: string, npcId = 'npc-1') {
  return (await memory.recall(table.campaign, npcId, query, { limit: 5 })).map(({ unit }) => unit.id);
}

describe('the long tiers', () => {
  it('are not asked where all of them lie in memory', async () => {
    await tell('npc-1', 'deal', 'The bargain was sealed in salt.');
    expect(await idsOf(keeper(false), 'bargain')).toEqual(['deal']);
    expect(asked).toEqual([]);
  });

  it('are asked on every turn where that is wished, for one NPC or for everybody', async () => {
    const memory = keeper(true);
    await tell('npc-1', 'deal', 'The bargain was sealed in salt.');
    await idsOf(memory, 'bargain');
    await memory.recallOfAll(table.campaign, 'bargain', { limit: 5 });
    const { campaignId } = table.campaign;
    expect(asked.map(({ text, query }) => [text, query])).toEqual([
      ['bargain', { campaignId, what: 'memories', npcId: 'npc-1', limit: 50 }],
      ['bargain', { campaignId, what: 'memories', npcId: undefined, limit: 50 }],
    ]);
  });

  it('are ranked together with what lies in memory', { timeout: 30_000 }, async () => {
    await tellMany('npc-1', 'The bargain was sealed in salt.');
    const memory = keeper(false);
    expect(await idsOf(memory, 'bargain')).not.toContain('first');
    expect(asked).toHaveLength(1);
    found = async () => [hit('first'), hit('never there'), hit('m5')];
    expect((await idsOf(memory, 'bargain sealed'))[0]).toBe('first');
    // From now on it lies in memory.
    found = undefined;
    expect((await idsOf(memory, 'what was sealed in salt?'))[0]).toBe('first');
    found = async () => [hit('first')];
    const all = await memory.recallOfAll(table.campaign, 'bargain', { limit: 5 });
    expect(all[0]?.unit.id).toBe('first');
  });

  it('give an NPC nothing that it does not hold, whatever the search says', async () => {
    await tell('npc-2', 'secret', 'The bargain was sealed in salt.');
    found = async () => [hit('secret')];
    const memory = keeper(true);
    expect(await idsOf(memory, 'bargain')).toEqual([]);
    expect(await idsOf(memory, 'bargain', 'npc-2')).toEqual(['secret']);
    await table.campaign.memories.forget('npc-2', 'secret');
    expect(await idsOf(memory, 'bargain', 'npc-2')).toEqual([]);
    expect(await memory.recallOfAll(table.campaign, 'bargain', { limit: 5 })).toEqual([]);
  });

  it('bring nothing back that was forgotten while they were asked', async () => {
    const memory = keeper(true, false);
    await tell('npc-1', 'other', 'A bargain.');
    await idsOf(memory, 'anything');
    await tell('npc-1', 'deal', 'The bargain was sealed in salt.');
    found = async () => [hit('deal')];
    const { memories } = table.campaign;
    const look = memories.heldAmong;
    vi.spyOn(memories, 'heldAmong').mockImplementationOnce(async (npcId, ids) => {
      const held = await look(npcId, ids);
      await memories.forget('npc-1', 'deal');
      return held;
    });
    expect(await idsOf(memory, 'bargain sealed')).toEqual(['other']);
    expect(await idsOf(memory, 'bargain sealed')).toEqual(['other']);
  });

  it('are left out where they cannot be searched: what lies in memory is found', async () => {
    await tell('npc-1', 'deal', 'The bargain was sealed in salt.');
    found = () => Promise.reject(new Error('away'));
    expect(await idsOf(keeper(true), 'bargain')).toEqual(['deal']);
    expect(leftOut).toEqual(['long search failed']);
    expect(faults).toHaveLength(1);
  });
});

describe('names that were just said', () => {
  it('are fetched ahead: what is asked next is found without the search', async () => {
    const memory = keeper(true, false);
    await idsOf(memory, 'anything');
    await tell('npc-1', 'mill', 'Old Garrick hid the ledger in the mill.');
    found = async () => [hit('mill')];
    asked = [];
    memory.ahead(table.campaign, ['npc-1', 'npc-2'], 'Better ask Old Garrick.');
    // Nothing is known of the second one yet: what it needs is loaded with its first question.
    await vi.waitFor(() =>
      expect(asked.map(({ text, query }) => [text, query.npcId])).toEqual([['Old Garrick', 'npc-1']]),
    );
    found = async () => [];
    // Another question each time: an answer that came too early is kept.
    let tries = 0;
    await vi.waitFor(async () => {
      tries += 1;
      expect(await idsOf(memory, `What did Garrick hide ${tries}?`)).toEqual(['mill']);
    });
  });

  it('are asked for once in a while, and few of them', async () => {
    const memory = keeper(true);
    await idsOf(memory, 'anything');
    asked = [];
    const text = 'I met Ada, and Bo, no: Bob, and Cid, and Dan, and Eve, and Fay.';
    memory.ahead(table.campaign, ['npc-1'], text);
    memory.ahead(table.campaign, ['npc-1'], text);
    await vi.waitFor(() => expect(asked.map((each) => each.text)).toEqual(['Ada', 'Bob', 'Cid', 'Dan']));
    clock.time += 300_001;
    memory.ahead(table.campaign, ['npc-1'], 'I met Ada.');
    await vi.waitFor(() => expect(asked.map((each) => each.text).at(-1)).toBe('Ada'));
    expect(asked).toHaveLength(5);
  });

  it('are asked for one after another, and not for an index that is nearly full', async () => {
    const memory = keeper(true);
    await idsOf(memory, 'anything');
    asked = [];
    let underWay = 0;
    let most = 0;
    found = async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      await Promise.resolve();
      underWay -= 1;
      return [];
    };
    memory.ahead(table.campaign, ['npc-1'], 'I met Ada, and Bob, and Cid.');
    await vi.waitFor(() => expect(asked).toHaveLength(3));
    expect(most).toBe(1);
    asked = [];
    vi.spyOn(RecallIndex.prototype, 'size', 'get').mockReturnValue(99_999);
    memory.ahead(table.campaign, ['npc-1'], 'I met Dan, and Eve.');
    await new Promise((resolve) => setImmediate(resolve));
    expect(asked).toEqual([]);
  });

  it('and a search that fails is told of, and costs the reply nothing', async () => {
    const memory = keeper(true);
    await idsOf(memory, 'anything');
    found = async () => Promise.reject(new Error('down'));
    memory.ahead(table.campaign, ['npc-1'], 'I met Ada.');
    await vi.waitFor(() => expect(faults).toHaveLength(1));
    expect(leftOut).toEqual(['long search failed']);
  });
});

describe('an answer that was given', () => {
  it('is given again until the NPC hears, learns or forgets something', async () => {
    const memory = keeper(true);
    await tell('npc-1', 'deal', 'The bargain was sealed in salt.');
    const count = async () => {
      const before = asked.length;
      await idsOf(memory, 'bargain');
      return asked.length - before;
    };
    expect([await count(), await count()]).toEqual([1, 0]);
    const scene = await table.campaign.scenes.open('table');
    await table.campaign.lines.append(newLine('l1', scene.id, { text: 'A bargain!', witnesses: ['npc-1'] }));
    expect([await count(), await count()]).toEqual([1, 0]);
    expect(await idsOf(memory, 'bargain')).toContain('l1');
    await table.campaign.lines.append(newLine('l2', scene.id, { text: 'A bargain?', witnesses: ['npc-2'] }));
    expect(await count()).toBe(0);
    await table.campaign.memories.forget('npc-1', 'deal');
    expect(await count()).toBe(1);
    await tell('npc-1', 'word', 'A bargain is a bargain.');
    expect(await count()).toBe(1);
    expect(memory.answerFigures().hits).toBeGreaterThan(2);
  });

  it('is another for whoever asks otherwise', async () => {
    const memory = keeper(true);
    const ask = (options: Parameters<MemoryKeeper['recall']>[3]) =>
      memory.recall(table.campaign, 'npc-1', 'bargain', options);
    await ask({ limit: 5 });
    await ask({ limit: 6 });
    await ask({ limit: 5, askedBy: 'Mira' });
    await ask({ limit: 5, askedOf: 'Mira' });
    expect(asked).toHaveLength(4);
  });

  it('is another at another time only where the question names one', async () => {
    const memory = keeper(true);
    const ask = (query: string, atInMs: number, worldMinute?: number) =>
      memory.recall(table.campaign, 'npc-1', query, { limit: 5, now: { atInMs, worldMinute } });
    await ask('bargain', 1);
    await ask('bargain', 2, 3);
    expect(asked).toHaveLength(1);
    await ask('bargain of last night', 1);
    await ask('bargain of last night', 1);
    expect(asked).toHaveLength(2);
    await ask('bargain of last night', 1, 3);
    await ask('bargain of last night', 2, 3);
    expect(asked).toHaveLength(4);
  });
});
