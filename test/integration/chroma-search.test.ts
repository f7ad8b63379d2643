import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ChromaSearch } from '#src/adapters/chroma/chroma-search.ts';
import type { EmbeddedEntry, SearchQuery } from '#src/core/search.ts';
import { searchContract } from '../contract/search.ts';
import { chromaMissing, startChroma } from '../support/servers/chroma.ts';
import type { RunningServer } from '../support/servers/server-process.ts';

const missing = await chromaMissing();

describe.skipIf(missing)(`on Chroma (${missing ?? 'brought'})`, () => {
  let server: RunningServer;
  let models = 0;
  beforeAll(async () => {
    server = await startChroma();
  });
  afterAll(() => server?.stop());

  /** With collections of its own. */
  const open = () => {
    models += 1;
    return ChromaSearch.open({ url: server.url, model: `model ${models}` });
  };
  const client = async () => {
    const { ChromaClient } = await import('chromadb');
    const { hostname: host, port } = new URL(server.url);
    return new ChromaClient({ host, port: Number(port), ssl: false });
  };
  const entry = (id: string, npcId = 'wren', vector = Float32Array.of(1, 0)): EmbeddedEntry => ({
    ...{ campaignId: 'c1', kind: 'memory', id, text: id, vector },
    readers: [{ npcId, tier: 'semantic' }],
  });
  const query = (npcId: string): SearchQuery => ({
    ...{ campaignId: 'c1', what: 'memories', npcId, words: [], limit: 10 },
    vector: Float32Array.of(1, 0),
  });

  searchContract('Chroma', async () => ({ index: await open(), remove: async () => undefined }));

  test('has two collections however many campaigns and NPCs there are', async () => {
    const before = await (await client()).countCollections();
    const search = await open();
    await search.put(
      Array.from({ length: 40 }, (_, at) => ({ ...entry(`m${at}`, `npc ${at}`), campaignId: `c${at}` })),
    );
    await search.put([{ ...entry('d/p'), kind: 'passage', readers: ['everyone'] }]);
    expect(await (await client()).countCollections()).toBe(before + 2);
  });

  test('keeps apart what was embedded by other models', async () => {
    const [one, other] = [await open(), await open()];
    await one.put([entry('a')]);
    await other.put([entry('b')]);
    expect((await one.find(query('wren'))).map(({ id }) => id)).toEqual(['a']);
  });

  test('finds what it was told again after it was emptied by somebody', async () => {
    const search = await open();
    await search.put([entry('a')]);
    const identity = await search.identity();
    expect(await search.identity()).toBe(identity);
    const admin = await client();
    for (const { name } of await admin.listCollections()) await admin.deleteCollection({ name });
    expect(await search.find(query('wren'))).toEqual([]);
    expect(await search.identity()).not.toBe(identity);
    await search.put([entry('b')]);
    expect((await search.find(query('wren'))).map(({ id }) => id)).toEqual(['b']);
  });

  test('refuses what has no vector, or one of other dimensions', async () => {
    const search = await open();
    await search.put([entry('a')]);
    await expect(search.put([{ ...entry('b'), vector: undefined }])).rejects.toThrow('without a vector');
    await expect(search.put([entry('b', 'wren', Float32Array.of(1))])).rejects.toThrow(/dimension/);
    await expect(search.find({ ...query('wren'), vector: undefined })).rejects.toThrow('with a vector');
    await expect(search.find({ ...query('wren'), vector: Float32Array.of(1) })).rejects.toThrow(/dimension/);
    expect((await search.find(query('wren'))).map(({ id }) => id)).toEqual(['a']);
  });
});

test('a Chroma that is not there is told by a rejection, and tried again with the next call', async () => {
  const search = await ChromaSearch.open({ url: 'http://127.0.0.1:9', model: 'm' });
  const asked = { campaignId: 'c1', what: 'lore', npcId: undefined, words: [], limit: 1 } as const;
  const vector = Float32Array.of(1, 0);
  await expect(search.find({ ...asked, vector })).rejects.toThrow();
  await expect(search.find({ ...asked, vector })).rejects.toThrow();
});
