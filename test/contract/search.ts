import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EmbeddedEntry, SearchIndex, SearchKey, SearchQuery } from '#src/core/search.ts';

const SEARCH_DIMENSIONS = 8;

/** A place for one empty search. */
export interface SearchPlace {
  readonly index: SearchIndex;
  remove(): Promise<void>;
}

/** A vector of length 1 that points along one axis, and a little along another. */
function vector(axis: number, other = 0, share = 0): Float32Array {
  const made = new Float32Array(SEARCH_DIMENSIONS);
  made[axis] = Math.sqrt(1 - share * share);
  made[other] = (made[other] ?? 0) + share;
  return made;
}

function entry(id: string, change: Partial<EmbeddedEntry> = {}): EmbeddedEntry {
  return {
    ...{ campaignId: 'c1', kind: 'memory', id, text: `about ${id}`, vector: vector(0) },
    readers: [{ npcId: 'wren', tier: 'semantic' }],
    ...change,
  };
}

function query(change: Partial<SearchQuery> = {}): SearchQuery {
  return {
    ...{ campaignId: 'c1', what: 'memories', npcId: 'wren', words: [], vector: vector(0), limit: 10 },
    ...change,
  };
}

/**
 * What every search of the long tiers and of lore does.
 * @param open one that is empty.
 */
export function searchContract(name: string, open: () => Promise<SearchPlace>): void {
  describe(`${name} as a search`, () => {
    let place: SearchPlace;
    let index: SearchIndex;
    beforeEach(async () => {
      place = await open();
      index = place.index;
    });
    afterEach(() => place.remove());

    const found = async (change: Partial<SearchQuery> = {}) =>
      (await index.find(query(change))).map(({ id }) => id);
    const sorted = async (change: Partial<SearchQuery> = {}) => (await found(change)).sort();

    test('finds nothing where there is nothing', async () => {
      expect(await found()).toEqual([]);
      expect(await found({ what: 'lore', npcId: undefined })).toEqual([]);
      await index.remove([{ campaignId: 'c1', kind: 'line', id: 'never there' }]);
      await index.put([]);
      await index.remove([]);
    });

    test('finds what is most alike first, and says how alike', async () => {
      await index.put([
        entry('far', { vector: vector(3) }),
        entry('near', { vector: vector(0, 1, 0.2) }),
        entry('nearer', { vector: vector(0, 1, 0.1) }),
      ]);
      const hits = await index.find(query({ limit: 2 }));
      expect(hits.map(({ id, kind }) => [id, kind])).toEqual([
        ['nearer', 'memory'],
        ['near', 'memory'],
      ]);
      expect(hits[0]?.likeness).toBeCloseTo(Math.sqrt(0.99), 3);
      expect(hits[1]?.score).toBeLessThan(hits[0]?.score ?? 0);
      expect(await found({ limit: 0 })).toEqual([]);
    });

    test('finds for an NPC only what it holds itself', async () => {
      await index.put([
        entry('hers'),
        entry('both', {
          readers: [
            { npcId: 'wren', tier: 'long-term' },
            { npcId: 'oda', tier: 'semantic' },
          ],
        }),
        entry('theirs', { readers: [{ npcId: 'oda', tier: 'semantic' }] }),
        entry('elsewhere', { campaignId: 'c2' }),
      ]);
      expect(await sorted()).toEqual(['both', 'hers']);
      expect(await sorted({ npcId: 'oda' })).toEqual(['both', 'theirs']);
      expect(await sorted({ npcId: 'nobody' })).toEqual([]);
      expect(await sorted({ npcId: undefined })).toEqual(['both', 'hers', 'theirs']);
      expect(await sorted({ campaignId: 'c2' })).toEqual(['elsewhere']);
      expect(await sorted({ campaignId: 'c3' })).toEqual([]);
    });

    test('keeps its places for what may be found: what others hold takes none', async () => {
      const theirs = Array.from({ length: 300 }, (_, at) =>
        entry(`theirs ${at}`, {
          vector: vector(0, 1 + (at % 7), at / 400),
          readers: [{ npcId: 'oda', tier: 'semantic' }],
        }),
      );
      await index.put([...theirs, entry('hers', { vector: vector(2) })]);
      expect(await found({ limit: 1 })).toEqual(['hers']);
    });

    test('tells tiers apart, each as its holder has it', async () => {
      await index.put([
        entry('line', { kind: 'line', readers: [{ npcId: 'wren', tier: 'long-term' }] }),
        entry('summary'),
        entry('other', {
          kind: 'line',
          readers: [
            { npcId: 'oda', tier: 'long-term' },
            { npcId: 'wren', tier: 'semantic' },
          ],
        }),
      ]);
      expect(await sorted({ tiers: ['long-term'] })).toEqual(['line']);
      expect(await sorted({ tiers: ['semantic'] })).toEqual(['other', 'summary']);
      expect(await sorted({ tiers: ['long-term'], npcId: undefined })).toEqual(['line', 'other']);
      expect(await sorted({ tiers: ['long-term', 'semantic'] })).toEqual(['line', 'other', 'summary']);
    });

    test('finds lore that a reader may know, and never among memories', async () => {
      const passage = (id: string, readers: EmbeddedEntry['readers'], campaignId = 'c1') =>
        entry(id, { kind: 'passage', readers, campaignId });
      await index.put([
        entry('memory'),
        passage('d/everyone', ['everyone']),
        passage('d/hers', [{ npcId: 'wren', tier: 'lore' }]),
        passage('d/theirs', [{ npcId: 'oda', tier: 'lore' }]),
        passage('d/secret', []),
        passage('d/elsewhere', ['everyone'], 'c2'),
      ]);
      const lore = { what: 'lore' } as const;
      expect(await sorted(lore)).toEqual(['d/everyone', 'd/hers']);
      expect(await sorted({ ...lore, npcId: 'oda' })).toEqual(['d/everyone', 'd/theirs']);
      expect(await sorted({ ...lore, npcId: undefined })).toEqual([
        ...['d/everyone', 'd/hers', 'd/secret', 'd/theirs'],
      ]);
      expect(await sorted()).toEqual(['memory']);
      expect(await sorted({ npcId: undefined })).toEqual(['memory']);
    });

    test('takes what is put again in place of what was there', async () => {
      await index.put([entry('a'), entry('b')]);
      await index.put([entry('a', { vector: vector(1), readers: [{ npcId: 'oda', tier: 'semantic' }] })]);
      expect(await found()).toEqual(['b']);
      expect(await found({ npcId: 'oda', vector: vector(1) })).toEqual(['a']);
      await index.put([entry('a')]);
      expect(await found({ npcId: 'oda' })).toEqual([]);
      expect(await sorted()).toEqual(['a', 'b']);
    });

    test('forgets what is removed, and no namesake of another kind or campaign', async () => {
      const key: SearchKey = { campaignId: 'c1', kind: 'memory', id: 'a' };
      await index.put([entry('a'), entry('a', { kind: 'line' }), entry('a', { campaignId: 'c2' })]);
      await index.remove([key]);
      expect((await index.find(query())).map(({ kind, id }) => [kind, id])).toEqual([['line', 'a']]);
      expect(await found({ campaignId: 'c2' })).toEqual(['a']);
      await index.remove([key, { ...key, kind: 'line' }]);
      expect(await found()).toEqual([]);
    });

    test('takes ids and readers of any form', async () => {
      const odd = ['a/b', 'a\nb', `"'; drop table x; --`, 'ä鐘🔔', '*', 'x'.repeat(300)];
      await index.put(odd.map((id) => entry(id, { readers: [{ npcId: id, tier: 'semantic' }] })));
      for (const id of odd) expect(await found({ npcId: id }), id).toEqual([id]);
      expect(await sorted({ npcId: undefined })).toEqual([...odd].sort());
    });

    test('finds of many that are equally alike as many as are asked for, each once', async () => {
      await index.put(Array.from({ length: 300 }, (_, at) => entry(`same ${at}`)));
      const hits = await index.find(query({ limit: 40 }));
      expect(new Set(hits.map(({ id }) => id)).size).toBe(40);
      expect(new Set(hits.map(({ likeness }) => likeness?.toFixed(3)))).toEqual(new Set(['1.000']));
    });

    test.each([
      ['no numbers', new Float32Array(SEARCH_DIMENSIONS).fill(Number.NaN)],
      ['numbers without end', new Float32Array(SEARCH_DIMENSIONS).fill(Number.POSITIVE_INFINITY)],
      ['too few numbers', Float32Array.of(1)],
      ['too many numbers', new Float32Array(SEARCH_DIMENSIONS + 1).fill(0.3)],
    ])('is not confused by a vector of %s', async (_what, bad) => {
      await index.put([entry('good'), entry('also good', { vector: vector(0, 1, 0.1) })]);
      // Refused, or kept for its words.
      await index.put([entry('bad', { vector: bad })]).catch(() => undefined);
      expect(await found()).toEqual(['good', 'also good']);
      const hits = await index.find(query({ vector: bad })).catch(() => []);
      expect(hits.filter(({ id }) => id !== 'bad')).toEqual([]);
    });

    test('takes many at once', async () => {
      const many = Array.from({ length: 1_200 }, (_, at) =>
        entry(`many ${at}`, { vector: vector(at % SEARCH_DIMENSIONS) }),
      );
      await index.put(many);
      expect(await found({ limit: 50 })).toHaveLength(50);
      await index.remove(many);
      expect(await found()).toEqual([]);
    });
  });
}
