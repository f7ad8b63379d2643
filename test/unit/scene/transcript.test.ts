import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Speaker } from '#src/core/entities.ts';
import { readTranscript } from '#src/scene/transcript.ts';
import { gm, mira, openTable, type Table } from '../../support/table.ts';

const HOUR_IN_MS = 60 * 60_000;

let table: Table;
beforeEach(async () => {
  table = await openTable();
});
afterEach(() => table.close());

interface Said {
  readonly by?: Speaker;
  /** Since the line before. */
  readonly hours?: number;
  readonly worldMinute?: number;
}

/** What an NPC that witnesses all of it is given to read before it answers the last line, at a table of its own. */
async function readAfter(all: readonly Said[]) {
  await table.close();
  let now = Date.UTC(2031, 4, 1);
  table = await openTable({ clock: { now: () => now } });
  const { lines, scenes, time } = table.campaign;
  const scene = await scenes.open('table');
  const npc = await table.addNpc('Tilda');
  for (const [index, { by = mira, hours = 0, worldMinute }] of all.entries()) {
    now += hours * HOUR_IN_MS;
    await time.change(() => worldMinute);
    await lines.append({
      ...{ id: `l${index}`, sceneId: scene.id, speaker: by, kind: 'speech', text: `Line ${index}.` },
      ...{ state: 'said', replyTo: undefined, witnesses: [npc.id] },
    });
  }
  const answering = await lines.byId(`l${all.length - 1}`);
  if (answering === undefined) throw new Error('no line');
  const options = { npcId: npc.id, answering, before: Infinity, without: new Set<string>() };
  return readTranscript(table.campaign, scene.id, options);
}

async function marksOf(all: readonly Said[]) {
  return (await readAfter(all)).lines.map(({ mark }) => mark);
}

describe('readTranscript', () => {
  it('is whole while it fits, and then begins at a step that stays where it is', {
    timeout: 30_000,
  }, async () => {
    const { lines, scenes } = table.campaign;
    const scene = await scenes.open('table');
    const first = await table.addNpc('First');
    const second = await table.addNpc('Second');
    const append = (index: number) =>
      lines.append({
        id: `l${index}`,
        sceneId: scene.id,
        speaker: mira,
        kind: 'speech',
        text: `Line ${index}.`,
        state: 'said',
        replyTo: undefined,
        witnesses: index > 10 ? [first.id, second.id] : [first.id],
      });
    const sizes: number[] = [];
    const starts = new Set<string>();
    for (let index = 1; index <= 900; index += 1) {
      const { line } = await append(index);
      if (index % 50 !== 0) continue;
      const options = { npcId: second.id, answering: line, before: Infinity, without: new Set<string>() };
      const { lines: seen } = await readTranscript(table.campaign, scene.id, options);
      expect(seen.at(-1)?.text).toBe(`Line ${index}.`);
      sizes.push(seen.length);
      starts.add(seen[0]?.text ?? '');
    }
    expect(sizes.slice(0, 12)).toEqual(Array.from({ length: 12 }, (_, index) => (index + 1) * 50 - 10));
    expect(Math.min(...sizes.slice(12))).toBeGreaterThanOrEqual(400);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(600);
    expect([...starts]).toEqual(['Line 11.', 'Line 200.', 'Line 400.']);
  });

  it('says what time it was in the world where that has changed, and where it is kept no longer', async () => {
    const minutes = [undefined, 2460, 2470, 3000, 3000, 2400, undefined];
    const { lines } = await readAfter(
      minutes.map((worldMinute) => (worldMinute === undefined ? {} : { worldMinute })),
    );
    expect(lines.map(({ mark }) => mark)).toEqual([
      ...[undefined, 'It is day 1, afternoon', undefined, 'It is day 2, before dawn', undefined],
      ...['It is day 1, afternoon', 'No time is kept from here on'],
    ]);
    expect(lines[0]).not.toHaveProperty('mark');
    expect(lines.map(({ time }) => time)).toEqual([
      ...[undefined, 'day 1, afternoon', 'day 1, afternoon', 'day 2, before dawn', 'day 2, before dawn'],
      ...['day 1, afternoon', undefined],
    ]);
  });

  it('says how much later it is within one part of the day, from an hour on', async () => {
    const evening = 18 * 60;
    const minutes = [0, 59, 119, 239, 200, 200].map((minute) => evening + minute);
    // 239 is night; back from there it is evening again, and never "earlier".
    minutes.push(evening + 120, 1440, 1440 + 30, 1440 + 270);
    expect(await marksOf(minutes.map((worldMinute) => ({ worldMinute })))).toEqual([
      ...['It is day 0, evening', undefined, 'One hour later', 'It is day 0, night', undefined],
      ...[undefined, 'It is day 0, evening', 'It is day 1, before dawn', undefined, 'Four hours later'],
    ]);
  });

  it('says where a later evening of play begins, unless the world’s time is kept', async () => {
    const pauses = [{}, { hours: 6 }, { hours: 6.01 }, {}, { hours: 24 * 7 }];
    expect(await marksOf(pauses)).toEqual([
      ...[undefined, undefined, 'A new game session begins', undefined, 'A new game session begins'],
    ]);
    const kept = pauses.map((said) => ({ ...said, worldMinute: 600 }));
    expect(await marksOf([...kept, {}, { hours: 7 }])).toEqual([
      ...['It is day 0, morning', undefined, undefined, undefined, undefined],
      ...['No time is kept from here on', 'A new game session begins'],
    ]);
  });

  it('says the same of the lines before, whatever follows', async () => {
    const all = [{}, { hours: 7 }, { worldMinute: 600 }, { worldMinute: 680 }, { hours: 9 }, { hours: 9 }];
    const marks = await marksOf(all);
    for (let length = 1; length < all.length; length += 1)
      expect(await marksOf(all.slice(0, length))).toEqual(marks.slice(0, length));
  });
});

describe('who is there', () => {
  const tam: Speaker = { kind: 'character', id: 'player-2', name: 'Tam' };
  const bram: Speaker = { kind: 'npc', id: 'npc-9', name: 'Bram' };
  const hereAfter = async (all: readonly Said[]) => (await readAfter(all)).peopleHere;

  it('are the people who spoke this evening, in the order in which they began', async () => {
    const all = [{ by: tam }, { by: gm }, { by: bram }, {}, { by: tam, hours: 5 }, {}];
    expect(await hereAfter(all)).toEqual(['Tam', 'Mira']);
  });

  it('is nobody who spoke only on an evening before', async () => {
    expect(await hereAfter([{ by: tam }, {}, { hours: 7 }, {}])).toEqual(['Mira']);
    expect(
      await hereAfter([
        { by: tam, worldMinute: 600 },
        { hours: 7, worldMinute: 600 },
      ]),
    ).toEqual(['Mira']);
  });

  it.each([
    ['another part of the day', [600, 900], ['Mira']],
    ['an hour later', [600, 660], ['Mira']],
    ['a little later', [600, 610], ['Tam', 'Mira']],
    ['an earlier day', [4000, 600], ['Mira']],
    ['kept from now on', [undefined, 600], ['Tam', 'Mira']],
    ['kept no longer', [600, undefined], ['Tam', 'Mira']],
  ] as const)('is who spoke since the world’s time changed: %s', async (_, minutes, names) => {
    const [before, after] = minutes.map((worldMinute) => (worldMinute === undefined ? {} : { worldMinute }));
    expect(await hereAfter([{ by: tam, ...before }, { ...after }])).toEqual(names);
  });

  it('is nobody who has been silent for sixty lines, and always who is answered', async () => {
    const silence = (length: number) => Array.from({ length }, () => ({ by: bram }));
    expect(await hereAfter([{ by: tam }, ...silence(58), {}])).toEqual(['Tam', 'Mira']);
    expect(await hereAfter([{ by: tam }, ...silence(59), {}])).toEqual(['Mira']);
    expect(await hereAfter([{ by: tam }, { by: gm, hours: 7 }])).toEqual([]);
  });
});
