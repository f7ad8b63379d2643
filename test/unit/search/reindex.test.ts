import { setImmediate as nextTask } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openSqliteStore } from '#src/adapters/sqlite/open-sqlite-store.ts';
import type { Embedder } from '#src/core/embedding.ts';
import type { CampaignStore, Store } from '#src/core/store.ts';
import { type ReindexOptions, reindex } from '#src/search/reindex.ts';
import { SearchIndexer } from '#src/search/search-indexer.ts';
import { addNpc, newNpc, TestClock } from '../../contract/store-samples.ts';
import { RecordingSearch } from '../../support/recording-search.ts';
import { ScriptedEmbedder } from '../../support/scripted-embedder.ts';

/** A far search that has another identity once it was emptied. */
class EmptiedSearch extends RecordingSearch {
  emptied = 0;
  async empty(): Promise<void> {
    if (this.fault !== undefined) throw this.fault;
    this.entries.clear();
    this.emptied += 1;
  }
  readonly far = {
    index: this,
    identity: async () => {
      if (this.fault !== undefined) throw this.fault;
      return `chroma ${this.emptied}`;
    },
    empty: () => this.empty(),
  };
}

let clock: TestClock;
let store: Store;
let campaign: CampaignStore;
let chroma: EmptiedSearch;
let embedder: ScriptedEmbedder;
let ending: AbortController;
const progress = { begin: vi.fn(), reach: vi.fn(), end: vi.fn() };

beforeEach(async () => {
  clock = new TestClock();
  store = await openSqliteStore({ file: ':memory:', clock });
  const workspace = await store.openWorkspace({ platform: 'terminal', platformId: 'local', name: 'Table' });
  campaign = store.campaign((await store.campaignOf(workspace.id, 'table')).id);
  await addNpc(campaign, newNpc('wren'));
  chroma = new EmptiedSearch();
  embedder = new ScriptedEmbedder();
  ending = new AbortController();
});
afterEach(async () => {
  vi.useRealTimers();
  await store.close();
});

function parts(change: Partial<ReindexOptions> = {}): ReindexOptions {
  const own = change.embedder ?? embedder;
  return {
    ...{ outbox: store.searchOutbox, locks: store.locks, own: store.searchIndex(own.name), far: chroma.far },
    ...{ embedder, clock, progress, signal: ending.signal },
    wait: async (durationInMs) => {
      clock.time += durationInMs;
      if (vi.isFakeTimers()) vi.advanceTimersByTime(durationInMs);
      if (!ending.signal.aborted) await nextTask();
    },
    ...change,
  };
}

const tell = (id: string, text = `${id} is so.`) =>
  campaign.memories.tell('wren', {
    ...{ id, text, importance: 0.9, isPinned: false, by: 'Gale', inPlaceOf: undefined },
  });
const told = (id: string) =>
  ({ campaignId: campaign.campaignId, kind: 'memory', id, text: `${id} is so.` }) as const;
const tellMany = async (count: number) => {
  for (let number = 0; number < count; number += 1) await tell(`m${number}`);
};
const asGame = (change: Partial<ReindexOptions> = {}, onFault = vi.fn()) =>
  new SearchIndexer({ ...parts(change), onFault });
/** The embedder under another name, as another model. */
const another: Embedder = {
  name: 'another',
  dimensions: undefined,
  embed: (texts, signal) => embedder.embed(texts, signal),
};

describe('building the search anew', () => {
  test('empties Chroma and fills it with the vectors that there are', async () => {
    await tellMany(3);
    await asGame().drain();
    const made = embedder.calls.flat().length;
    await chroma.put([
      { campaignId: 'gone', kind: 'memory', id: 'orphan', text: 'x', readers: [], vector: undefined },
    ]);
    expect(await reindex(parts())).toEqual({ wentOn: false, total: 3, left: 0, fault: undefined });
    expect([...chroma.entries.keys()].toSorted()).toEqual(['m0', 'm1', 'm2']);
    expect(chroma.entries.get('m1')?.vector).toEqual(embedder.vectorOf('m1 is so.'));
    expect(embedder.calls.flat().length).toBe(made);
    expect(progress.reach).toHaveBeenLastCalledWith(3);
  });

  test('embeds what has changed since it was told, and not what its old text was', async () => {
    await tellMany(2);
    await tell('rewritten');
    await asGame().drain();
    await tell('new');
    await campaign.memories.forget('wren', 'rewritten');
    await tell('rewritten', 'It never was.');
    embedder.calls.length = 0;
    expect(await reindex(parts())).toMatchObject({ total: 4, left: 0 });
    expect(embedder.calls.flat().toSorted()).toEqual(['It never was.', 'new is so.']);
    expect(chroma.entries.get('rewritten')?.vector).toEqual(embedder.vectorOf('It never was.'));
  });

  test('tells what has changed before all that is only told again', async () => {
    await tellMany(2);
    await asGame().drain();
    const anew = () => store.searchOutbox.beginAnew({ name: 'something else', withRecent: false });
    await anew();
    await tell('new');
    await anew();
    const due = await store.searchOutbox.due({ limit: 10 });
    expect(due.map(({ key }) => key.id)).toEqual(['new', 'm0', 'm1']);
  });

  test('embeds everything for another model', async () => {
    await tellMany(2);
    await asGame().drain();
    expect((await store.searchIndex('another').kept([told('m0')])).size).toBe(0);
    const made = embedder.calls.flat().length;
    await reindex(parts({ embedder: another }));
    expect(embedder.calls.flat().length - made).toBe(2);
    expect((await store.searchIndex('another').kept([told('m0')])).size).toBe(1);
  });

  test('goes on where it was ended, and only then begins anew', async () => {
    await tellMany(600);
    await asGame().drain();
    const put = chroma.put.bind(chroma);
    let puts = 0;
    vi.spyOn(chroma, 'put').mockImplementation(async (entries) => {
      puts += 1;
      if (puts === 1) ending.abort();
      await put(entries);
    });
    const first = await reindex(parts());
    expect(first.left).toBeGreaterThan(0);
    expect(first.left).toBeLessThan(600);
    ending = new AbortController();
    const second = await reindex(parts());
    expect(second).toEqual({ wentOn: true, total: first.left, left: 0, fault: undefined });
    expect(chroma.emptied).toBe(1);
    expect(chroma.entries.size).toBe(600);
    expect(await reindex(parts())).toMatchObject({ wentOn: false, total: 600, left: 0 });
    expect(chroma.emptied).toBe(2);
  });

  test('says that Chroma is away before anything is begun', async () => {
    await tellMany(1);
    await asGame().drain();
    chroma.fault = new Error('ECONNREFUSED');
    await expect(reindex(parts())).rejects.toThrow('Chroma does not answer, and nothing was begun');
    expect(await store.searchOutbox.size()).toBe(0);
  });

  test('gives up where a server stays away, and goes on later', async () => {
    await tellMany(3);
    vi.spyOn(chroma, 'put').mockRejectedValue(new Error('away'));
    const done = await reindex(parts());
    expect(done).toMatchObject({ total: 3, left: 3 });
    expect(done.fault).toMatchObject({ message: 'away' });
    vi.mocked(chroma.put).mockRestore();
    clock.time += 3_600_000;
    expect(await reindex(parts())).toMatchObject({ left: 0 });
    expect(chroma.entries.size).toBe(3);
  });

  test('leaves what is refused by itself to the game, and is done with the rest', async () => {
    await tellMany(5);
    chroma.refused = new Set(['m3']);
    expect(await reindex(parts())).toMatchObject({ total: 5, left: 1 });
    expect([...chroma.entries.keys()].toSorted()).toEqual(['m0', 'm1', 'm2', 'm4']);
    chroma.refused = new Set();
    clock.time += 3_600_000;
    expect(await reindex(parts())).toMatchObject({ wentOn: false, total: 5, left: 0 });
  });

  test('waits for another process that tells the search, no longer than its lock lasts', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    await tellMany(2);
    await store.locks.take('search', 'another process', 20_000);
    const before = clock.now();
    expect(await reindex(parts())).toMatchObject({ left: 0 });
    expect(clock.now() - before).toBeGreaterThanOrEqual(20_000);
    expect(clock.now() - before).toBeLessThan(25_000);
  });
});

describe('a game that runs meanwhile', () => {
  test('goes on telling where it has the same model', async () => {
    const onFault = vi.fn();
    const game = asGame({}, onFault);
    await tell('before');
    await game.drain();
    await reindex(parts());
    await tell('after');
    await game.drain();
    expect([...chroma.entries.keys()].toSorted()).toEqual(['after', 'before']);
    expect(onFault).not.toHaveBeenCalled();
  });

  test('tells nothing any more where it has another: it waits for one that has the same', async () => {
    const onFault = vi.fn();
    const game = asGame({}, onFault);
    await tell('before');
    await game.drain();
    await reindex(parts({ embedder: another }));
    await tell('after');
    await game.drain();
    expect(onFault).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ message: expect.stringContaining('start this one again') }),
      expect.any(String),
    );
    expect(await store.searchOutbox.size()).toBe(1);
    await asGame({ embedder: another }).drain();
    expect(await store.searchOutbox.size()).toBe(0);
    expect((await store.searchIndex('another').kept([told('before'), told('after')])).size).toBe(2);
  });
});
