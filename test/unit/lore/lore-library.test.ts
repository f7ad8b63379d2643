import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LoreAudience } from '#src/core/lore.ts';
import type { SearchHit, TextSearch } from '#src/core/search.ts';
import { LoreLibrary, type LoreReader } from '#src/lore/lore-library.ts';
import { openTable, type Table } from '../../support/table.ts';

let table: Table;
let library: LoreLibrary;
const faults: unknown[] = [];
const leftOut: string[] = [];

beforeEach(async () => {
  table = await openTable();
  faults.length = 0;
  leftOut.length = 0;
  library = new LoreLibrary({
    clock: { now: () => 0 },
    onFault: (error) => faults.push(error),
    onLeftOut: (why) => leftOut.push(why),
  });
});
afterEach(async () => table.close());

async function put(
  title: string,
  texts: readonly string[],
  audience: LoreAudience = { kind: 'everyone' },
  keys: readonly string[] = [],
) {
  const passages = texts.map((text) => ({ heading: '', text, keys, secondaryKeys: [] }));
  return table.campaign.lore.put({ title, audience, passages, sizeInCharacters: 0, by: 'GM' });
}

async function find(asked: string, reader: LoreReader = { npcId: 'npc-1' }, around?: string) {
  const hits = await library.find(table.campaign, reader, { asked, ...(around && { around }) });
  return hits.map(({ passage }) => passage.text);
}

describe('LoreLibrary', () => {
  const WORLD = [
    'The toll at the salt docks is two coppers a barrel, and Hroon keeps the tally.',
    'A tunnel runs from the third warehouse to the old lighthouse.',
    'Lady Corvane Vell leads the council of five families.',
  ];

  it('finds the passage that holds what is asked for, with score and reasons', async () => {
    await put('Saltmere', WORLD);
    expect(await find('Who keeps the tally?')).toEqual([WORLD[0]]);
    const [hit] = await library.find(table.campaign, 'gm', { asked: 'Where does the tunnel go?' });
    expect(hit?.passage.text).toBe(WORLD[1]);
    expect(hit?.score).toBeGreaterThan(0.5);
    expect(hit?.reasons).toEqual(['words: tunnel']);
  });

  it('finds nothing for talk that asks for nothing of it', async () => {
    await put('Saltmere', WORLD);
    for (const said of ['Hello there!', 'I draw my sword and attack.', '', '?!', '🗡️'])
      expect(await find(said)).toEqual([]);
  });

  it('does not look for the names of those who are spoken to', async () => {
    await put('Saltmere', [...WORLD, 'Tilda Marsh rows the ferry.']);
    const hits = await library.find(table.campaign, 'gm', {
      asked: "Tilda, who leads the council? Tilda's friend?",
      without: ['Tilda Marsh'],
    });
    expect(hits.map(({ passage }) => passage.text)).toEqual([WORLD[2]]);
  });

  it('gives an NPC only what it may know, and the game master everything', async () => {
    const npc = await table.addNpc('Hroon');
    const other = await table.addNpc('Tilda');
    await put('For all', ['The tunnel is old.']);
    await put('For Hroon', ['The tunnel is his.'], { kind: 'npcs', npcIds: [npc.id] });
    await put('For the GM', ['The tunnel is a trap.'], { kind: 'gm' });
    await put('Keyed', ['The tunnel is haunted.'], { kind: 'gm' }, ['tunnel']);
    expect((await find('the tunnel?', { npcId: npc.id })).toSorted()).toEqual([
      'The tunnel is his.',
      'The tunnel is old.',
    ]);
    expect(await find('the tunnel?', { npcId: other.id })).toEqual(['The tunnel is old.']);
    expect(await find('the tunnel?', 'gm')).toHaveLength(4);
  });

  it('calls keyed passages by what was said around, and at no other time', async () => {
    await put('Book', ['It floods at spring tide.'], { kind: 'everyone' }, ['tunnel']);
    expect(await find('And then?', 'gm', 'Is there a tunnel?\nAnd then?')).toEqual([
      'It floods at spring tide.',
    ]);
    expect(await find('When does it flood at spring tide?')).toEqual([]);
  });

  it('finds keyed passages by what they say for the game master, and says at what they come up', async () => {
    await put('Book', ['It floods at spring tide.'], { kind: 'everyone' }, ['tunnel', 'mine']);
    await put('Almanac', ['The spring tide comes in May.']);
    const hits = await library.find(table.campaign, 'gm', { asked: 'the spring tide' });
    expect(hits.map(({ passage, reasons }) => [passage.title, reasons])).toEqual([
      ['Almanac', ['words: spring, tide']],
      ['Book', ['words: spring, tide', 'comes up only at: tunnel, mine']],
    ]);
    const called = await library.find(table.campaign, 'gm', { asked: 'the tunnel at spring tide' });
    expect(called.map(({ passage, reasons }) => [passage.title, reasons])).toEqual([
      ['Book', ['called by: tunnel']],
      ['Almanac', ['words: spring, tide']],
    ]);
  });

  it('gives nobody a new text by the old word on who may know it', async () => {
    const npc = await table.addNpc('Hroon');
    await put('The abbot', ['The abbot is a pious man.']);
    const { lore } = table.campaign;
    const documents = vi.spyOn(lore, 'documents').mockImplementationOnce(async () => {
      documents.mockRestore();
      const before = await lore.documents();
      await put('The abbot', ['The abbot is the vampire.'], { kind: 'gm' });
      return before;
    });
    vi.spyOn(lore, 'passages').mockImplementationOnce(async () => {
      await vi.waitUntil(async () => (await lore.documents())[0]?.audience.kind === 'gm');
      vi.mocked(lore.passages).mockRestore();
      return lore.passages();
    });
    expect(await find('What of the abbot?', { npcId: npc.id })).toEqual([]);
    expect(await find('What of the abbot?', 'gm')).toEqual(['The abbot is the vampire.']);
  });

  it('goes on without where the lore changes whenever it is read', async () => {
    await put('The abbot', ['The abbot is a pious man.']);
    let revision = 0;
    vi.spyOn(table.campaign.lore, 'revision').mockImplementation(async () => (revision += 1));
    expect(await library.findInTime(table.campaign, 'gm', { asked: 'the abbot?' })).toEqual([]);
    expect(leftOut).toEqual(['lore failed']);
  });

  it('sees a change of the lore at once', async () => {
    const { document } = await put('Saltmere', WORLD);
    expect(await find('the tunnel?')).toHaveLength(1);
    await put('Saltmere', ['Nothing runs anywhere.']);
    expect(await find('the tunnel?')).toEqual([]);
    await put('Saltmere', WORLD);
    expect(await find('the tunnel?')).toHaveLength(1);
    await table.campaign.lore.remove(document.id);
    expect(await find('the tunnel?')).toEqual([]);
  });

  it('finds at most ten, the best first', async () => {
    await put(
      'Many',
      Array.from({ length: 30 }, (_, at) => `The tunnel has door ${at}.`),
    );
    await put('Best', ['The tunnel and the lighthouse.']);
    const found = await find('the tunnel to the lighthouse');
    expect(found[0]).toBe('The tunnel and the lighthouse.');
    expect(await find('the tunnel?')).toHaveLength(10);
  });

  it('goes on without where the store fails', async () => {
    const error = new Error('no disk');
    vi.spyOn(table.campaign.lore, 'revision').mockRejectedValue(error);
    const hits = await library.findInTime(table.campaign, 'gm', { asked: 'the tunnel?' });
    expect([hits, faults, leftOut]).toEqual([[], [error], ['lore failed']]);
  });

  it('goes on without where the store is late', async () => {
    vi.useFakeTimers();
    try {
      vi.spyOn(table.campaign.lore, 'revision').mockReturnValue(new Promise(() => {}));
      const finding = library.findInTime(table.campaign, 'gm', { asked: 'the tunnel?' });
      await vi.advanceTimersByTimeAsync(2_000);
      expect(await finding).toEqual([]);
      expect(leftOut).toEqual(['lore late']);
    } finally {
      vi.useRealTimers();
    }
  });

  it('never gives an NPC what it may not know, whatever is asked', async () => {
    const npcs = [await table.addNpc('Hroon'), await table.addNpc('Tilda')];
    const words = ['toll', 'tunnel', 'bell', 'council', 'fire'];
    const audience = fc.oneof(
      fc.constantFrom<LoreAudience>({ kind: 'everyone' }, { kind: 'gm' }),
      fc.subarray(npcs.map(({ id }) => id)).map((npcIds): LoreAudience => ({ kind: 'npcs', npcIds })),
    );
    const said = fc
      .array(fc.constantFrom(...words), { minLength: 1, maxLength: 4 })
      .map((each) => each.join(' '));
    const document = fc.record({ said, audience, isKeyed: fc.boolean() });
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(document, { maxLength: 6 }),
        said,
        fc.constantFrom(...npcs),
        async (documents, asked, npc) => {
          runs += 1;
          const allowed = new Set<string>();
          for (const old of await table.campaign.lore.documents()) await table.campaign.lore.remove(old.id);
          for (const [at, { said: text, audience: known, isKeyed }] of documents.entries()) {
            const unique = `${text} (${runs}.${at})`;
            await put(`Document ${at}`, [unique], known, isKeyed ? [words[at % words.length] ?? ''] : []);
            if (known.kind === 'everyone' || (known.kind === 'npcs' && known.npcIds.includes(npc.id)))
              allowed.add(unique);
          }
          for (const text of await find(asked, { npcId: npc.id })) expect(allowed).toContain(text);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('lore that means much the same', () => {
  const WORLD = [
    'The toll is two coppers.',
    'A tunnel runs to the lighthouse.',
    'The council meets at dusk.',
  ];
  const hit = (id: string, likeness: number | undefined): SearchHit => ({
    ...{ kind: 'passage', id, score: 1, likeness },
  });

  function searching(find: TextSearch['find']) {
    return new LoreLibrary({
      clock: { now: () => 0 },
      search: { isAlwaysAsked: true, find },
      onFault: (error) => faults.push(error),
      onLeftOut: (why) => leftOut.push(why),
    });
  }

  it('is found beside what has the words, above the least similarity', async () => {
    const { document } = await put('Saltmere', WORLD);
    const ids = (await table.campaign.lore.passages()).map(({ id }) => id);
    const queries: unknown[] = [];
    const own = searching(async (text, query) => {
      queries.push([text, query]);
      return [hit(ids[1] ?? '', 0.8), hit(ids[2] ?? '', 0.4), hit(ids[0] ?? '', 0.7), hit('gone/gone', 0.9)];
    });
    const hits = await own.find(table.campaign, { npcId: 'npc-1' }, { asked: 'What is the toll?' });
    expect(hits.map(({ passage, reasons }) => [passage.text, reasons])).toEqual([
      [WORLD[0], ['words: toll', 'means much the same']],
      [WORLD[1], ['means much the same']],
    ]);
    expect(queries).toEqual([
      [
        'What is the toll?',
        { campaignId: table.campaign.campaignId, what: 'lore', npcId: 'npc-1', limit: 10 },
      ],
    ]);
    // Whatever the search says, nobody is told what they may not know.
    await put('Saltmere', WORLD, { kind: 'gm' });
    expect(await own.find(table.campaign, { npcId: 'npc-1' }, { asked: 'What is the toll?' })).toEqual([]);
    expect(await own.find(table.campaign, 'gm', { asked: 'What is the toll?' })).toHaveLength(2);
    await table.campaign.lore.remove(document.id);
    expect(await own.find(table.campaign, 'gm', { asked: 'What is the toll?' })).toEqual([]);
  });

  it('is left out where it cannot be searched', async () => {
    await put('Saltmere', WORLD);
    const own = searching(() => Promise.reject(new Error('away')));
    expect(await own.find(table.campaign, 'gm', { asked: 'What is the toll?' })).toHaveLength(1);
    expect(leftOut).toEqual(['lore search failed']);
    expect(faults).toHaveLength(1);
  });
});
