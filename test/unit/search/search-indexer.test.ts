import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openSqliteStore } from '#src/adapters/sqlite/open-sqlite-store.ts';
import type { LockStore } from '#src/core/memory-store.ts';
import type { CampaignStore, Store } from '#src/core/store.ts';
import { SearchIndexer, type SearchIndexerOptions } from '#src/search/search-indexer.ts';
import { addNpc, newLine, newNpc, TestClock } from '../../contract/store-samples.ts';
import { RecordingSearch } from '../../support/recording-search.ts';
import { ScriptedEmbedder } from '../../support/scripted-embedder.ts';

let clock: TestClock;
let store: Store;
let campaign: CampaignStore;
let far: RecordingSearch;
let embedder: ScriptedEmbedder;
const onFault = vi.fn();

beforeEach(async () => {
  clock = new TestClock();
  store = await openSqliteStore({ file: ':memory:', clock });
  const workspace = await store.openWorkspace({ platform: 'terminal', platformId: 'local', name: 'Table' });
  campaign = store.campaign((await store.campaignOf(workspace.id, 'table')).id);
  for (const id of ['wren', 'oda']) await addNpc(campaign, newNpc(id));
  far = new RecordingSearch();
  embedder = new ScriptedEmbedder();
  onFault.mockClear();
});
afterEach(() => store.close());

function indexer(change: Partial<SearchIndexerOptions> = {}): SearchIndexer {
  return new SearchIndexer({
    ...{ outbox: store.searchOutbox, locks: store.locks, own: store.searchIndex(embedder.name) },
    ...{ far: { index: far, identity: async () => 'chroma' }, embedder, clock, onFault, ...change },
  });
}

const word = (id: string, text = `${id} is so.`) => ({
  ...{ id, text, importance: 0.9, isPinned: false, by: 'Gale', inPlaceOf: undefined },
});
const tell = (npcId: string, id: string) => campaign.memories.tell(npcId, word(id));
const told = () => [...far.entries.keys()].sort();

async function sayAndPromote(id: string): Promise<void> {
  const scene = await campaign.scenes.open('table');
  await campaign.lines.append(
    newLine(id, scene.id, { text: `What ${id} says.`, witnesses: ['wren', 'oda'] }),
  );
  const weighed = [{ id, text: `What ${id} says.`, importance: 1, isPromoted: true }];
  await campaign.consolidation.settle('wren', { weighed, folded: [], letGo: [] });
}

const passage = (text: string, keys: readonly string[] = []) => ({
  heading: 'Docks',
  text,
  keys,
  secondaryKeys: [],
});
const putLore = (
  texts: readonly string[],
  audience: Parameters<CampaignStore['lore']['put']>[0]['audience'] = { kind: 'everyone' },
) =>
  campaign.lore.put({
    ...{ title: 'The toll', audience, sizeInCharacters: 10, by: 'Gale' },
    passages: texts.map((text) => passage(text)),
  });

describe('what has changed', () => {
  test('is told with its vectors and readers, and then waits no more', async () => {
    await tell('wren', 'deal');
    await sayAndPromote('oath');
    await indexer().drain();
    expect(told()).toEqual(['deal', 'oath']);
    expect(far.entries.get('deal')).toEqual({
      ...{ campaignId: campaign.campaignId, kind: 'memory', id: 'deal', text: 'deal is so.' },
      readers: [{ npcId: 'wren', tier: 'semantic' }],
      vector: embedder.vectorOf('deal is so.'),
    });
    // The other witness has it in a recent tier.
    expect(far.entries.get('oath')?.readers).toEqual([{ npcId: 'wren', tier: 'long-term' }]);
    expect(await store.searchOutbox.size()).toBe(0);
  });

  test('is found in the store by its words and vectors', async () => {
    await tell('wren', 'deal');
    await indexer({ far: undefined }).drain();
    const own = store.searchIndex(embedder.name);
    const query = { campaignId: campaign.campaignId, what: 'memories', npcId: 'wren', limit: 5 } as const;
    const ids = async (words: readonly string[], vector: Float32Array | undefined) =>
      (await own.find({ ...query, words, vector })).map(({ id }) => id);
    expect(await ids(['deal'], undefined)).toEqual(['deal']);
    expect(await ids([], embedder.vectorOf('anything'))).toEqual(['deal']);
  });

  test('is not told for lines in recent tiers: they lie in memory', async () => {
    const scene = await campaign.scenes.open('table');
    await campaign.lines.append(newLine('said', scene.id, { witnesses: ['wren'] }));
    expect(await store.searchOutbox.size()).toBe(0);
  });

  test('is told when a reader comes or goes', async () => {
    await tell('wren', 'deal');
    await sayAndPromote('oath');
    const own = indexer();
    await own.drain();
    await campaign.memories.forget('wren', 'deal');
    await campaign.memories.forget('wren', 'oath');
    await own.drain();
    expect(told()).toEqual([]);
    expect(own.figures()).toEqual({ told: 4, failed: 0 });
  });

  test('is told when a line in long-term memory is revised or taken back', async () => {
    const scene = await campaign.scenes.open('table');
    await campaign.lines.append(newLine('oath', scene.id, { text: 'I swear.', witnesses: ['wren'] }));
    await campaign.memories.pin('wren', 'oath', true);
    await indexer().drain();
    expect(far.entries.get('oath')?.text).toBe('I swear.');
    await campaign.lines.revise('oath', 'I do not.');
    await indexer().drain();
    expect(far.entries.get('oath')?.text).toBe('I do not.');
    await campaign.lines.retract('oath');
    await indexer().drain();
    expect(told()).toEqual([]);
  });

  test('is told of lore: passages, titles and who may know them', async () => {
    const own = indexer();
    const { document } = await putLore(['Two coins.', 'Free on feast days.']);
    await own.drain();
    expect([...far.entries.values()].map(({ text, readers }) => [text, readers])).toEqual([
      ['The toll\nDocks\nTwo coins.', ['everyone']],
      ['The toll\nDocks\nFree on feast days.', ['everyone']],
    ]);
    const [kept = ''] = told();
    embedder.calls.length = 0;
    await putLore(['Two coins.', 'Three at night.']);
    await own.drain();
    // What did not change is not asked for again.
    expect(embedder.calls).toEqual([['The toll\nDocks\nThree at night.']]);
    expect(told()).toHaveLength(2);
    expect(kept).not.toBe('');
    await putLore(['Two coins.'], { kind: 'npcs', npcIds: ['oda'] });
    await own.drain();
    expect([...far.entries.values()].map(({ readers }) => readers)).toEqual([
      [{ npcId: 'oda', tier: 'lore' }],
    ]);
    await putLore(['Two coins.'], { kind: 'gm' });
    await own.drain();
    expect([...far.entries.values()].map(({ readers }) => readers)).toEqual([[]]);
    await campaign.lore.remove(document.id);
    await own.drain();
    expect(told()).toEqual([]);
  });

  test('leaves out lore that comes up only when it is called', async () => {
    await campaign.lore.put({
      ...{ title: 'The toll', audience: { kind: 'everyone' }, sizeInCharacters: 10, by: 'Gale' },
      passages: [passage('Two coins.', ['toll'])],
    });
    await indexer().drain();
    expect(told()).toEqual([]);
  });

  test('is told in batches however much there is, and everything once', async () => {
    for (let at = 0; at < 600; at += 1) await tell('wren', `m${at}`);
    await indexer().drain();
    expect(far.entries.size).toBe(600);
    expect(embedder.calls.map(({ length }) => length)).toEqual([250, 250, 100]);
  });
});

describe('what could not be told', () => {
  test('waits, is found by its words meanwhile, and is told later', async () => {
    await tell('wren', 'deal');
    const own = indexer();
    embedder.fault = new Error('away');
    await own.drain();
    await own.drain();
    expect(onFault).toHaveBeenCalledTimes(1);
    expect(told()).toEqual([]);
    const query = { campaignId: campaign.campaignId, what: 'memories', npcId: 'wren', limit: 5 } as const;
    expect(
      await store.searchIndex(embedder.name).find({ ...query, words: ['deal'], vector: undefined }),
    ).toHaveLength(1);
    embedder.fault = undefined;
    await own.drain();
    expect(told()).toEqual([]);
    clock.time += 3_000;
    await own.drain();
    expect(told()).toEqual(['deal']);
    expect(await store.searchOutbox.size()).toBe(0);
  });

  test('survives a restart', async () => {
    await tell('wren', 'deal');
    far.fault = new Error('away');
    await indexer().drain();
    far.fault = undefined;
    clock.time += 3_000;
    await indexer().drain();
    expect(told()).toEqual(['deal']);
  });

  test('does not wait for a day because the clock was set back by one', async () => {
    await tell('wren', 'deal');
    far.fault = new Error('away');
    await indexer().drain();
    far.fault = undefined;
    clock.time -= 86_400_000;
    await indexer().drain();
    expect(told()).toEqual(['deal']);
  });

  test('does not hold up the others', async () => {
    for (const id of ['a', 'bad', 'c', 'd']) await tell('wren', id);
    far.refused = new Set(['bad']);
    const own = indexer();
    for (let round = 0; round < 4; round += 1) {
      await own.drain();
      clock.time += 1_000_000;
    }
    expect(told()).toEqual(['a', 'c', 'd']);
    expect(await store.searchOutbox.size()).toBe(1);
    far.refused = new Set();
    await own.drain();
    expect(told()).toEqual(['a', 'bad', 'c', 'd']);
  });

  test('is not done with when it changes while it is told', async () => {
    await tell('wren', 'deal');
    const gate = Promise.withResolvers<void>();
    embedder.gate = gate.promise;
    const draining = indexer().drain();
    await vi.waitFor(() => expect(embedder.calls).toHaveLength(1));
    await campaign.memories.forget('wren', 'deal');
    gate.resolve();
    await draining;
    await indexer().drain();
    expect(told()).toEqual([]);
    expect(await store.searchOutbox.size()).toBe(0);
  });

  test('is left to another process that is at it', async () => {
    await tell('wren', 'deal');
    expect(await store.locks.take('search', 'another', 60_000)).toBe(true);
    await indexer().drain();
    expect(told()).toEqual([]);
    await store.locks.release('search', 'another');
    await indexer().drain();
    expect(told()).toEqual(['deal']);
  });
});

describe('a vector that was made', () => {
  const lines = ['a', 'b', 'c'];
  const textOf = (id: string) => `What ${id} says.`;
  const kept = async (ids = lines) => {
    const { campaignId } = campaign;
    const texts = ids.map((id) => ({ campaignId, kind: 'line', id, text: textOf(id) }) as const);
    const found = await store.searchIndex(embedder.name).kept(texts);
    return [...found.keys()].toSorted().map((at) => ids[at]);
  };
  const embedded = () => embedder.calls.flat();

  beforeEach(async () => {
    await indexer().drain();
    const scene = await campaign.scenes.open('table');
    for (const id of lines)
      await campaign.lines.append(
        newLine(id, scene.id, { text: textOf(id), witnesses: ['wren'], state: 'said' }),
      );
    await indexer().drain();
    expect(embedded()).toEqual(lines.map(textOf));
    expect(await kept()).toEqual(lines);
    embedder.calls.length = 0;
  });

  test('is not made again however often Chroma refuses it', async () => {
    await campaign.memories.pin('wren', 'a', true);
    far.fault = new Error('refused');
    const own = indexer({ far: { index: far, identity: async () => 'another chroma' } });
    for (let round = 0; round < 4; round += 1) {
      await own.drain();
      clock.time += 1_000_000;
    }
    expect(await store.searchOutbox.size()).toBe(3);
    far.fault = undefined;
    await own.drain();
    expect(far.entries.get('a')?.vector).toEqual(embedder.vectorOf(textOf('a')));
    expect(embedded()).toEqual([]);
  });

  test('is not lost where the model is away and others in its batch have none', async () => {
    embedder.fault = new Error('away');
    await campaign.lines.revise('b', 'Something else.');
    const own = indexer({ far: { index: far, identity: async () => 'another chroma' } });
    for (let round = 0; round < 3; round += 1) {
      await own.drain();
      clock.time += 1_000_000;
      expect(await kept()).toEqual(['a', 'c']);
    }
    embedder.fault = undefined;
    embedder.calls.length = 0;
    await own.drain();
    expect(embedded()).toEqual(['Something else.']);
  });

  test('holds in whatever tier its line is, with or without the model', async () => {
    const query = { campaignId: campaign.campaignId, what: 'memories', npcId: 'wren', limit: 5 } as const;
    const find = async (id: string) => {
      const own = store.searchIndex(embedder.name);
      return (await own.find({ ...query, words: [id], vector: undefined })).map((hit) => hit.id);
    };
    await campaign.memories.pin('wren', 'c', true);
    expect(await kept()).toEqual(lines);
    await indexer().drain();
    embedder.fault = new Error('away');
    await campaign.memories.pin('wren', 'b', true);
    await indexer().drain();
    expect([await find('c'), await find('b')]).toEqual([['c'], ['b']]);
    expect(await kept()).toEqual(lines);
    expect(embedded()).toEqual([]);
    expect(await store.searchOutbox.size()).toBe(0);
  });
});

describe('a lock that is lost', () => {
  const STEPS = ['due', 'own.remove', 'embed', 'own.put', 'far.remove', 'far.put'] as const;
  type Step = (typeof STEPS)[number];
  /** Nobody else is kept out by it, and the first renewal says that it is lost. */
  const lost: LockStore = { take: async () => true, renew: async () => false, release: async () => {} };
  let steps: Step[];

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    steps = [];
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** One that loses its lock at the end of a step, when that is taken for the so manieth time. */
  function loser(step: Step, time = 1, during = async () => {}): SearchIndexer {
    const taken = async (name: Step) => {
      steps.push(name);
      if (name !== step || steps.filter((other) => other === name).length !== time) return;
      await during();
      await vi.advanceTimersByTimeAsync(5_000);
    };
    const own = store.searchIndex(embedder.name);
    const { searchOutbox: outbox } = store;
    return indexer({
      locks: lost,
      outbox: {
        ...outbox,
        due: async (options) => {
          const due = await outbox.due(options);
          // Whether there is anything is asked without the lock.
          if (options.limit > 1) await taken('due');
          return due;
        },
      },
      own: {
        ...own,
        remove: async (keys) => {
          await own.remove(keys);
          await taken('own.remove');
        },
        put: async (entries) => {
          await own.put(entries);
          await taken('own.put');
        },
      },
      embedder: {
        name: embedder.name,
        dimensions: undefined,
        // It answers even where it was told that nobody waits any more.
        embed: async (texts) => {
          await taken('embed');
          return texts.map((text) => embedder.vectorOf(text));
        },
      },
      far: {
        identity: async () => 'chroma',
        index: {
          find: async () => [],
          remove: async (keys) => {
            await far.remove(keys);
            await taken('far.remove');
          },
          put: async (entries) => {
            await taken('far.put');
            await far.put(entries);
          },
        },
      },
    });
  }

  test.each(STEPS.slice(0, -1))('has nothing written after the step %s', async (step) => {
    await tell('wren', 'deal');
    const own = loser(step);
    await own.drain();
    expect(steps).toEqual(STEPS.slice(0, STEPS.indexOf(step) + 1));
    const [left] = await store.searchOutbox.due({ limit: 1 });
    // It did nothing wrong.
    expect(left).toMatchObject({ key: { id: 'deal' }, attempts: 0 });
    expect(onFault).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ message: 'The lock "search" was lost: it was held for too long.' }),
      expect.any(String),
    );
  });

  test('brings nothing back that another process has taken out meanwhile', async () => {
    await tell('wren', 'deal');
    const own = loser('embed', 1, async () => {
      await campaign.memories.forget('wren', 'deal');
      await indexer().drain();
    });
    await own.drain();
    await indexer().drain();
    const query = { campaignId: campaign.campaignId, what: 'memories', npcId: 'wren', limit: 5 } as const;
    const hits = await store
      .searchIndex(embedder.name)
      .find({ ...query, words: ['deal'], vector: undefined });
    expect(hits).toEqual([]);
    expect(told()).toEqual([]);
    expect(await store.searchOutbox.size()).toBe(0);
  });

  test('ends what is told one by one', async () => {
    for (const id of ['a', 'b', 'c']) await tell('wren', id);
    far.fault = new Error('away');
    await indexer().drain();
    far.fault = undefined;
    clock.time += 3_000;
    far.refused = new Set(['b']);
    // At first all are refused for the one; then the lock goes with the first that is told by itself.
    const own = loser('own.put', 2);
    await own.drain();
    expect(steps).toEqual(['due', 'own.remove', 'own.put', 'far.remove', 'far.put', 'own.remove', 'own.put']);
    expect(told()).toEqual([]);
  });

  test('has the model told that nobody waits any more', async () => {
    await tell('wren', 'deal');
    embedder.gate = Promise.withResolvers<void>().promise;
    const draining = indexer({ locks: lost }).drain();
    await vi.waitFor(() => expect(embedder.calls).toHaveLength(1));
    await vi.advanceTimersByTimeAsync(5_000);
    await draining;
    expect(embedder.signals[0]?.aborted).toBe(true);
  });
});

test('everything is told anew for another model or another Chroma, and not for the same', async () => {
  await tell('wren', 'deal');
  await putLore(['Two coins.']);
  await sayAndPromote('oath');
  await indexer().drain();
  far.entries.clear();
  await indexer().drain();
  expect(told()).toEqual([]);
  await indexer({ embedder: new ScriptedEmbedder({ name: 'other' }) }).drain();
  expect(far.entries.size).toBe(3);
  far.entries.clear();
  await indexer({
    embedder: new ScriptedEmbedder({ name: 'other' }),
    far: { index: far, identity: async () => 'b' },
  }).drain();
  expect(far.entries.size).toBe(3);
});

test('a Chroma that comes back empty is told everything anew, without a restart', async () => {
  await tell('wren', 'deal');
  let identity = 'first';
  const own = indexer({ far: { index: far, identity: async () => identity } });
  await own.drain();
  identity = 'second';
  far.entries.clear();
  await own.drain();
  expect(told()).toEqual(['deal']);
  far.entries.clear();
  await own.drain();
  expect(told()).toEqual([]);
});

test('a Chroma that is away at the start keeps the store from nothing', async () => {
  await tell('wren', 'deal');
  let isAway = true;
  far.fault = new Error('away');
  const identity = async () => {
    if (isAway) throw new Error('away');
    return 'chroma';
  };
  const own = indexer({ far: { index: far, identity } });
  await own.drain();
  const query = { campaignId: campaign.campaignId, what: 'memories', npcId: 'wren', limit: 5 } as const;
  const find = () => store.searchIndex(embedder.name).find({ ...query, words: ['deal'], vector: undefined });
  expect(await find()).toHaveLength(1);
  isAway = false;
  far.fault = undefined;
  await own.drain();
  expect(told()).toEqual(['deal']);
});

test('vectors are hashed where there is no model', async () => {
  await tell('wren', 'deal');
  const own = indexer({ embedder: undefined, own: store.searchIndex('hashed') });
  await own.drain();
  expect(far.entries.get('deal')?.vector).toHaveLength(384);
});

test('the clock has it look after the outbox until it is stopped', async () => {
  vi.useFakeTimers();
  try {
    const own = indexer();
    own.start();
    await tell('wren', 'deal');
    await vi.advanceTimersByTimeAsync(1_000);
    await vi.waitFor(() => expect(told()).toEqual(['deal']));
    await own.stop();
    await tell('wren', 'later');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(told()).toEqual(['deal']);
  } finally {
    vi.useRealTimers();
  }
});

test('being stopped ends what is under way, and what was not told waits', async () => {
  await tell('wren', 'deal');
  embedder.gate = Promise.withResolvers<void>().promise;
  const own = indexer();
  void own.drain();
  await vi.waitFor(() => expect(embedder.calls).toHaveLength(1));
  await own.stop();
  expect(await store.searchOutbox.size()).toBe(1);
  expect(onFault).not.toHaveBeenCalled();
});
