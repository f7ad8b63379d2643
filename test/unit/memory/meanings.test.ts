import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openSqliteStore } from '#src/adapters/sqlite/open-sqlite-store.ts';
import type { Embedder } from '#src/core/embedding.ts';
import type { CampaignStore, Store } from '#src/core/store.ts';
import { Meanings } from '#src/memory/meanings.ts';
import { MemoryKeeper } from '#src/memory/memory-keeper.ts';
import { RecallIndex } from '#src/memory/recall-index.ts';
import { LongRecall } from '#src/search/long-recall.ts';
import { SearchIndexer } from '#src/search/search-indexer.ts';
import { addNpc, newLine, newNpc, TestClock } from '../../contract/store-samples.ts';
import { standInVector } from '../../support/embedding-reply.ts';
import { RecordingSearch } from '../../support/recording-search.ts';

const WOLFISH = /wolf|lycanthrop|full moon/iu;

/** Texts of wolves mean nearly the same to it, and every other text something else. */
class WolfModel implements Embedder {
  readonly name = 'wolves';
  readonly dimensions = 32;
  readonly asked: string[] = [];

  vectorOf(text: string): Float32Array {
    const own = Float32Array.from(standInVector(text, this.dimensions));
    if (!WOLFISH.test(text)) return own;
    const vector = own.map((value, at) => (at === 0 ? 1 : 0.2 * value));
    return vector.map((value) => value / Math.hypot(...vector));
  }

  async embed(texts: readonly string[]): Promise<readonly Float32Array[]> {
    this.asked.push(...texts);
    return texts.map((text) => this.vectorOf(text));
  }
}

describe('what a memory means to a model', () => {
  let store: Store;
  let campaign: CampaignStore;
  let keeper: MemoryKeeper;
  let model: WolfModel;
  let lines: number;
  const clock = new TestClock();

  beforeEach(async () => {
    store = await openSqliteStore({ file: ':memory:', clock });
    const workspace = await store.openWorkspace({ platform: 'terminal', platformId: 'local', name: 'Table' });
    campaign = store.campaign((await store.campaignOf(workspace.id, 'table')).id);
    for (const id of ['wren', 'oda']) await addNpc(campaign, newNpc(id));
    model = new WolfModel();
    lines = 0;
    await indexer().drain();
    keeper = newKeeper();
  });
  afterEach(() => store.close());

  const own = () => store.searchIndex(model.name);
  const onFault = (error: unknown) => {
    throw error;
  };

  function newKeeper(): MemoryKeeper {
    const recall = new LongRecall({
      ...{ search: own(), own: own(), embedder: model, isAlwaysAsked: false, onLeftOut: vi.fn() },
    });
    const made = new MemoryKeeper({
      ...{ clock, onFault, onLeftOut: vi.fn() },
      long: {
        isAlwaysAsked: false,
        find: (text, query) => recall.find(text, query),
        meanings: {
          of: (text) => recall.meaningOf(text),
          kept: (campaignId, memories) => recall.keptMeanings(campaignId, memories),
        },
      },
    });
    store.onLine((committed) => made.committed(committed));
    store.onMemories((change) => made.changed(change));
    return made;
  }

  function indexer(far?: RecordingSearch): SearchIndexer {
    return new SearchIndexer({
      ...{ outbox: store.searchOutbox, locks: store.locks, own: own(), embedder: model, clock, onFault },
      far: far && { index: far, identity: async () => 'chroma' },
    });
  }

  async function say(text: string, witnesses = ['wren']): Promise<string> {
    const scene = await campaign.scenes.open('table');
    lines += 1;
    const { line } = await campaign.lines.append(
      newLine(`line-${lines}`, scene.id, { text, witnesses, state: 'said' }),
    );
    return line.id;
  }

  async function found(query: string, npcId = 'wren', by = keeper) {
    const hits = await by.recall(campaign, npcId, query, { limit: 3 });
    return hits.map(({ unit, reasons }) => ({ text: unit.text, reasons }));
  }

  const WOLF = { text: 'I saw the cooper turn to a wolf.', reasons: ['means much the same'] };
  const chatter = async () => {
    for (const good of ['bread', 'rope', 'salt', 'lamp oil', 'wool', 'honey', 'nails', 'wax', 'tin', 'ale'])
      await say(`The baker sells ${good} for two coppers.`);
  };

  test('finds it where no word is shared, whether it was said before its index was loaded or after', async () => {
    await chatter();
    await say(WOLF.text);
    await indexer().drain();
    expect((await found('Who is a lycanthrope?'))[0]).toEqual(WOLF);
    expect((await found('Who is a lycanthrope?', 'wren', newKeeper()))[0]).toEqual(WOLF);
    await say('At every full moon the miller howls.');
    await indexer().drain();
    expect((await found('Who is a lycanthrope?')).map(({ text }) => text)).toContain(
      'At every full moon the miller howls.',
    );
    // It meant nothing to whoever was not there.
    expect(await found('Who is a lycanthrope?', 'oda')).toEqual([]);
  });

  test('is soon known: what was answered without it is not kept', async () => {
    await chatter();
    await indexer().drain();
    await say(WOLF.text);
    expect(await found('Who is a lycanthrope?')).not.toContainEqual(WOLF);
    await indexer().drain();
    expect(await found('Who is a lycanthrope?')).toContainEqual(WOLF);
    const asked = model.asked.length;
    expect(await found('Who is a lycanthrope?')).toContainEqual(WOLF);
    expect(model.asked.length).toBe(asked);
  });

  test('follows the line', async () => {
    await chatter();
    const id = await say(WOLF.text);
    await indexer().drain();
    await found('Who is a lycanthrope?');
    await campaign.lines.revise(id, 'I saw the cooper turn to drink.');
    // What it meant before is not learned anew.
    await found('Who is a lycanthrope?');
    await indexer().drain();
    const words = (await found('Who is a lycanthrope?')).map(({ text }) => text);
    expect(words.filter((text) => text.includes('cooper'))).toEqual([]);
  });

  test('is not told to Chroma of what lies in memory, nor kept for what nobody holds', async () => {
    const far = new RecordingSearch();
    await indexer(far).drain();
    const id = await say(WOLF.text);
    await indexer(far).drain();
    expect([...far.entries.keys()]).toEqual([]);
    const key = { campaignId: campaign.campaignId, kind: 'line', id, text: WOLF.text } as const;
    expect((await own().kept([key])).size).toBe(1);
    await campaign.memories.forget('wren', id);
    await indexer(far).drain();
    expect((await own().kept([key])).size).toBe(0);
  });

  test('is made of what was said before there was a model, and no more where there is none', async () => {
    const hashed = () =>
      new SearchIndexer({
        ...{
          outbox: store.searchOutbox,
          locks: store.locks,
          own: store.searchIndex('hashed'),
          clock,
          onFault,
        },
      });
    await hashed().drain();
    await chatter();
    await say(WOLF.text);
    expect(await store.searchOutbox.size()).toBe(0);
    await indexer().drain();
    expect((await found('Who is a lycanthrope?'))[0]).toEqual(WOLF);
  });
});

describe('what an index has yet to learn', () => {
  test('is learned from question to question, also what is older than many that have no vector yet', async () => {
    const store = await openSqliteStore({ file: ':memory:', clock: new TestClock() });
    const workspace = await store.openWorkspace({ platform: 'terminal', platformId: 'local', name: 'Table' });
    const campaign = store.campaign((await store.campaignOf(workspace.id, 'table')).id);
    await addNpc(campaign, newNpc('wren'));
    const scene = await campaign.scenes.open('table');
    for (let at = 0; at < 240; at += 1)
      await campaign.lines.append(
        newLine(`line-${at}`, scene.id, { text: `Line ${at}.`, witnesses: ['wren'] }),
      );
    const asked = new Set<string>();
    const keeper = new MemoryKeeper({
      ...{ clock: new TestClock(), onFault: vi.fn(), onLeftOut: vi.fn(), keptForInMs: 0 },
      long: {
        isAlwaysAsked: false,
        find: async () => [],
        meanings: {
          of: async () => Float32Array.of(1, 0),
          kept: async (_, memories) => {
            for (const { id } of memories) asked.add(id);
            return new Map();
          },
        },
      },
    });
    await keeper.recall(campaign, 'wren', 'line', { limit: 1 });
    asked.clear();
    for (let question = 0; question < 12; question += 1)
      await keeper.recall(campaign, 'wren', 'line', { limit: 1 });
    expect(asked.size).toBe(240);
    await store.close();
  });

  const unit = (id: string, text = `What ${id} says.`) => ({
    ...{ id, text, speaker: 'Mira', session: 's', seq: Number(id), saidAtInMs: Number(id) },
  });

  test('is the newest, and in turn all the others', () => {
    const index = new RecallIndex();
    index.add(Array.from({ length: 20 }, (_, at) => unit(`${at}`)));
    const asked = [0, 1, 2, 3].map(() => index.unlearned(8).map(({ id }) => Number(id)));
    for (const ids of asked) expect(ids.slice(0, 4)).toEqual([19, 18, 17, 16]);
    expect(new Set(asked.flat()).size).toBe(20);
  });

  test('is not what a memory was before it changed', () => {
    const index = new RecallIndex();
    const before = unit('1');
    index.add([before]);
    index.add([unit('1', 'Something else.')]);
    index.learn([before], new Map([['1', Float32Array.of(1, 0)]]));
    expect(index.unlearned(8)).toHaveLength(1);
    index.learn([unit('1', 'Something else.')], new Map([['1', Float32Array.of(1, 0)]]));
    expect(index.unlearned(8)).toEqual([]);
  });
});

describe('standing out', () => {
  const at = (count: number) => Int32Array.from({ length: count }, (_, slot) => slot);
  const unit = (values: Iterable<number>) => {
    const numbers = Float32Array.from(values);
    const length = Math.hypot(...numbers);
    return numbers.map((value) => value / length);
  };

  test('is measured by the others, whatever a model calls alike', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 24, maxLength: 24 }), {
          minLength: 30,
          maxLength: 60,
        }),
        fc.constantFrom(0, 0.5, 2),
        (rows, inCommon) => {
          // All texts of some models lie in one corner.
          const corner = (values: readonly number[]) =>
            unit(unit(values.map((value) => value + 0.5)).map((value) => value + inCommon / 5));
          const meanings = new Meanings();
          for (const [slot, row] of rows.entries()) meanings.keep(slot, corner(row));
          const meant = meanings.standingOut(corner(rows[7] ?? []), at(rows.length), rows.length);
          expect(Math.max(...(meant ?? []))).toBe(meant?.[7]);
        },
      ),
    );
  });

  test('is nothing for vectors of other dimensions, for none, and for what is no number', () => {
    const meanings = new Meanings();
    expect(meanings.standingOut(unit([1, 0]), at(3), 3)).toBeUndefined();
    meanings.keep(0, unit([1, 0]));
    meanings.keep(1, unit([1, 0, 0]));
    meanings.keep(2, Float32Array.of(Number.NaN, 1));
    meanings.keep(3, Float32Array.of(0, 0));
    expect([0, 1, 2, 3].map((slot) => meanings.has(slot))).toEqual([true, false, false, false]);
    expect(meanings.standingOut(unit([1, 0, 0]), at(4), 4)).toBeUndefined();
    expect([...(meanings.standingOut(unit([1, 0]), at(4), 4) ?? [])].map((value) => value > 0)).toEqual([
      true,
      false,
      false,
      false,
    ]);
    meanings.drop(0);
    expect(meanings.standingOut(unit([1, 0]), at(4), 4)).toBeUndefined();
  });
});
