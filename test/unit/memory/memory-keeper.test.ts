import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Line } from '#src/core/entities.ts';
import { MOST_PINNED } from '#src/core/memory-store.ts';
import { MemoryKeeper } from '#src/memory/memory-keeper.ts';
import { RecallIndex } from '#src/memory/recall-index.ts';
import { newLine, TestClock } from '../../contract/store-samples.ts';
import { openTable, type Table } from '../../support/table.ts';

let table: Table;
let keeper: MemoryKeeper;
let clock: TestClock;
let lines: number;
const faults: unknown[] = [];
const leftOut: string[] = [];

beforeEach(async () => {
  table = await openTable();
  clock = new TestClock();
  faults.length = 0;
  leftOut.length = 0;
  lines = 0;
  keeper = new MemoryKeeper({
    clock,
    onFault: (error) => faults.push(error),
    onLeftOut: (why) => leftOut.push(why),
  });
  table.store.onLine((committed) => keeper.committed(committed));
  table.store.onMemories((change) => keeper.changed(change));
  await table.addNpc('Tilda');
  await table.addNpc('Bram');
});
afterEach(async () => {
  vi.useRealTimers();
  await table.close();
});

async function say(text: string, witnesses = ['npc-1'], state: Line['state'] = 'said') {
  const scene = await table.campaign.scenes.open('table');
  lines += 1;
  const { line } = await table.campaign.lines.append(
    newLine(`line-${lines}`, scene.id, { text, witnesses, state }),
  );
  return line;
}

async function found(query: string, npcId = 'npc-1') {
  const hits = await keeper.recall(table.campaign, npcId, query, { limit: 5 });
  return hits.map(({ unit }) => unit.text);
}

describe('what is remembered', () => {
  it('was said before its index was loaded, or after', async () => {
    await say('The tunnel begins under the mill.');
    expect(await found('tunnel')).toEqual(['The tunnel begins under the mill.']);
    await say('The tunnel ends in the vault.');
    await say('The lantern is out.', ['npc-2']);
    expect((await found('tunnel')).toSorted()).toEqual([
      'The tunnel begins under the mill.',
      'The tunnel ends in the vault.',
    ]);
    expect(await found('lantern')).toEqual([]);
    expect(await found('lantern', 'npc-2')).toEqual(['The lantern is out.']);
  });

  it('follows the line: as far as it was shown, and gone where it no longer stands', async () => {
    await found('anything');
    const { id } = await say('', ['npc-1'], 'speaking');
    const { lines } = table.campaign;
    await lines.update(id, { text: 'The tunnel', state: 'speaking' });
    expect(await found('tunnel')).toEqual([]);
    await lines.update(id, { text: 'The tunnel is', state: 'cut' });
    expect(await found('tunnel')).toEqual(['The tunnel is']);
    await lines.update(id, { text: 'The lantern is out.', state: 'said' });
    expect(await found('tunnel')).toEqual([]);
    expect(await found('lantern')).toEqual(['The lantern is out.']);
    await lines.update(id, { text: '', state: 'failed' });
    expect(await found('lantern')).toEqual([]);
  });

  it('follows what a person changes or takes back, for every witness and for everybody', async () => {
    const everybody = async (query: string) =>
      (await keeper.recallOfAll(table.campaign, query, { limit: 5 })).map(({ unit }) => unit.text);
    const { id } = await say('The tunnel begins under the mill.', ['npc-1', 'npc-2']);
    const finders = [found, (query: string) => found(query, 'npc-2'), everybody];
    for (const find of finders) expect(await find('tunnel')).toHaveLength(1);
    const { lines } = table.campaign;
    await lines.revise(id, 'The staircase begins under the chapel.');
    for (const find of finders) {
      expect(await find('tunnel')).toEqual([]);
      expect(await find('staircase')).toEqual(['The staircase begins under the chapel.']);
    }
    await lines.retract(id);
    for (const find of finders) expect(await find('staircase')).toEqual([]);
    expect(faults).toEqual([]);
  });

  it('is changed or taken back also while its index is being loaded', async () => {
    const changed = await say('The tunnel begins here.');
    const gone = await say('The tunnel ends there.');
    const read = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const { of } = table.campaign.memories;
    vi.spyOn(table.campaign.memories, 'of').mockImplementation(async (...asked) => {
      const units = await of(...asked);
      read.resolve();
      await goOn.promise;
      return units;
    });
    const asked = found('tunnel');
    await read.promise;
    await table.campaign.lines.revise(changed.id, 'The tunnel begins elsewhere.');
    await table.campaign.lines.retract(gone.id);
    goOn.resolve();
    expect(await asked).toEqual(['The tunnel begins elsewhere.']);
  });

  it('includes what is committed while its index is being loaded', async () => {
    await say('The tunnel begins here.');
    const read = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const { of } = table.campaign.memories;
    vi.spyOn(table.campaign.memories, 'of').mockImplementation(async (...asked) => {
      const units = await of(...asked);
      read.resolve();
      await goOn.promise;
      return units;
    });
    const asked = found('tunnel');
    await read.promise;
    await say('The tunnel ends there.');
    goOn.resolve();
    expect(await asked).toHaveLength(2);
  });

  it('is searched over everybody of the campaign where nobody is named', async () => {
    await say('The tunnel begins here.');
    await say('The tunnel ends there.', ['npc-2']);
    await say('Nobody hears of the tunnel.', []);
    const all = async () =>
      (await keeper.recallOfAll(table.campaign, 'tunnel', { limit: 5 })).map(({ unit }) => unit.text);
    expect((await all()).toSorted()).toEqual(['The tunnel begins here.', 'The tunnel ends there.']);
    await say('A second tunnel!', ['npc-2']);
    expect(await all()).toHaveLength(3);
  });
});

describe('an index', () => {
  it('is loaded once, however many need it at once, and again when it was released', async () => {
    const of = vi.spyOn(table.campaign.memories, 'of');
    keeper.prepare(table.campaign, 'npc-1');
    await Promise.all(Array.from({ length: 10 }, () => found('tunnel')));
    expect(of).toHaveBeenCalledTimes(1);
    expect(keeper.figures()).toEqual({ hits: 0, misses: 1, entries: 1 });
    await found('another tunnel');
    expect(keeper.figures()).toMatchObject({ hits: 1, misses: 1 });
    keeper.release(table.campaign, 'npc-1');
    await found('a third tunnel');
    expect(of).toHaveBeenCalledTimes(2);
  });

  it('is dropped when it was not used for half an hour', async () => {
    await found('tunnel', 'npc-1');
    clock.time += 20 * 60_000;
    await found('tunnel', 'npc-1');
    await found('tunnel', 'npc-2');
    clock.time += 20 * 60_000;
    await found('tunnel', 'npc-1');
    expect(keeper.figures().entries).toBe(2);
    clock.time += 20 * 60_000;
    await found('tunnel', 'npc-1');
    expect(keeper.figures().entries).toBe(1);
  });

  it('is one of 64 at most: the one used longest ago makes room', async () => {
    for (let npc = 0; npc <= 64; npc += 1) await found('tunnel', `npc-${npc}`);
    expect(keeper.figures().entries).toBe(64);
  });

  it('begins anew from the store when it has outgrown its bound', async () => {
    const told = await say('The tunnel begins here.');
    const of = vi.spyOn(table.campaign.memories, 'of');
    const units = Array.from({ length: 10_000 + MOST_PINNED }, (_, seq) => ({
      ...{ id: `old-${seq}`, speaker: 'Mira', text: 'bell', session: told.sceneId, seq, saidAtInMs: seq },
    }));
    of.mockResolvedValueOnce(units);
    await found('bell');
    const { campaignId } = table.campaign;
    for (let line = 0; line <= 500; line += 1) {
      expect(keeper.figures().entries).toBe(1);
      keeper.committed({ campaignId, line: { ...told, id: `new-${line}` }, witnesses: ['npc-1'] });
    }
    expect(keeper.figures().entries).toBe(0);
    expect(await found('tunnel')).toEqual(['The tunnel begins here.']);
  });

  it('takes in what is moved, folded, told and forgotten', async () => {
    await say('The tunnel begins under the mill.', ['npc-1', 'npc-2']);
    await table.campaign.lines.append(
      newLine('line-2', (await table.campaign.scenes.open('den')).id, {
        text: 'The lantern is out.',
        witnesses: ['npc-1', 'npc-2'],
      }),
    );
    const { memories, consolidation } = table.campaign;
    const everybody = async (query: string) =>
      (await keeper.recallOfAll(table.campaign, query, { limit: 5 })).map(({ unit }) => unit.text);
    const reasons = async (query: string) =>
      (await keeper.recall(table.campaign, 'npc-1', query, { limit: 1 }))[0]?.reasons;
    for (const npcId of ['npc-1', 'npc-2']) await found('tunnel', npcId);
    await everybody('tunnel');
    const seen = { id: 'line-2', text: 'The lantern is out.' };
    const promoted = [{ ...seen, importance: 1, isPromoted: true }];
    await consolidation.settle('npc-1', { weighed: promoted, folded: [], letGo: [] });
    expect(await reasons('lantern')).toEqual(['words: lantern', 'long-term memory']);
    const sources = [{ id: 'line-1', text: 'The tunnel begins under the mill.' }];
    const folded = [{ memoryId: 'sum', text: 'Of a tunnel.', importance: 1, sources }];
    await consolidation.settle('npc-1', { weighed: [], folded, letGo: [] });
    expect(await found('tunnel')).toEqual(['Of a tunnel.']);
    expect(await found('mill')).toEqual([]);
    expect(await reasons('tunnel')).toEqual(['words: tunnel', 'a summary', 'semantic memory']);
    expect(await found('tunnel', 'npc-2')).toEqual(
      ['The tunnel begins under the mill.', 'The lantern is out.'].slice(0, 1),
    );
    expect((await everybody('tunnel')).toSorted()).toEqual([
      'Of a tunnel.',
      'The tunnel begins under the mill.',
    ]);
    const word = { id: 'word', text: 'There is no tunnel.', importance: 1, isPinned: false, by: 'Gale' };
    await memories.tell('npc-1', { ...word, inPlaceOf: 'sum' });
    expect(await found('tunnel')).toEqual(['There is no tunnel.']);
    await memories.forget('npc-1', 'word');
    expect(await found('tunnel')).toEqual([]);
    expect(await everybody('tunnel')).toEqual(['The tunnel begins under the mill.']);
    await table.campaign.lines.revise('line-1', 'The tunnel is shut.');
    expect([await found('tunnel'), await found('tunnel', 'npc-2')]).toEqual([[], ['The tunnel is shut.']]);
    expect(faults).toEqual([]);
  });

  it('holds what was moved while it was being read', async () => {
    await say('The tunnel begins under the mill.');
    const { memories, consolidation } = table.campaign;
    const sources = [{ id: 'line-1', text: 'The tunnel begins under the mill.' }];
    const folded = [{ memoryId: 'sum', text: 'Of a tunnel.', importance: 1, sources }];
    const read = await memories.of('npc-1', { limit: 5 });
    vi.spyOn(memories, 'of').mockImplementationOnce(async () => {
      await consolidation.settle('npc-1', { weighed: [], folded, letGo: [] });
      return read;
    });
    vi.spyOn(memories, 'long').mockResolvedValueOnce([]);
    expect(await found('tunnel')).toEqual(['Of a tunnel.']);
  });

  it('is loaded with what is pinned and with the long tiers', async () => {
    await say('The tunnel begins under the mill.');
    const { memories } = table.campaign;
    await memories.pin('npc-1', 'line-1', true);
    const word = { id: 'word', text: 'The lantern is out.', importance: 1, isPinned: false, by: 'Gale' };
    await memories.tell('npc-1', { ...word, inPlaceOf: undefined });
    expect([await found('tunnel'), await found('lantern')]).toEqual([
      ['The tunnel begins under the mill.'],
      ['The lantern is out.'],
    ]);
  });

  it('that cannot take a line is dropped, and the line is there nonetheless', async () => {
    await found('tunnel');
    vi.spyOn(RecallIndex.prototype, 'add').mockImplementationOnce(() => {
      throw new Error('no room');
    });
    await say('The tunnel begins here.');
    expect(faults).toEqual([new Error('no room')]);
    expect(await found('tunnel')).toEqual(['The tunnel begins here.']);
  });
});

describe('recall within a turn', () => {
  const inTime = () => keeper.recallInTime(table.campaign, 'npc-1', 'tunnel', { limit: 5 });

  it('gives what it finds', async () => {
    await say('The tunnel begins here.');
    expect(await inTime()).toMatchObject([{ unit: { text: 'The tunnel begins here.' } }]);
    expect([faults, leftOut]).toEqual([[], []]);
  });

  it('gives nothing where it takes longer than two seconds, and says so once', async () => {
    vi.useFakeTimers();
    const slow = Promise.withResolvers<[]>();
    vi.spyOn(table.campaign.memories, 'of').mockReturnValueOnce(slow.promise);
    const recalled = inTime();
    await vi.advanceTimersByTimeAsync(1_999);
    expect(leftOut).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(await recalled).toEqual([]);
    expect(leftOut).toEqual(['recall late']);
    expect(faults).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
    slow.resolve([]);
    vi.useRealTimers();
    expect(await inTime()).toEqual([]);
    expect(leftOut).toHaveLength(1);
  });

  it('gives nothing where it fails, says so once, and tries again the next time', async () => {
    await say('The tunnel begins here.');
    vi.spyOn(table.campaign.memories, 'of').mockRejectedValueOnce(new Error('disk'));
    expect(await inTime()).toEqual([]);
    expect([faults, leftOut]).toEqual([[new Error('disk')], ['recall failed']]);
    expect(await inTime()).toHaveLength(1);
  });

  it('is not troubled by what failed ahead of it, or behind it', async () => {
    vi.spyOn(table.campaign.memories, 'of').mockRejectedValueOnce(new Error('disk'));
    keeper.prepare(table.campaign, 'npc-1');
    await vi.waitFor(() => expect(faults).toEqual([new Error('disk')]));
    vi.spyOn(table.campaign.memories, 'used').mockRejectedValueOnce(new Error('full'));
    keeper.used(table.campaign, 'npc-1', ['line-1']);
    keeper.used(table.campaign, 'npc-1', []);
    await vi.waitFor(() => expect(faults).toEqual([new Error('disk'), new Error('full')]));
  });
});
