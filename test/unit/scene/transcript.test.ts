import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readTranscript } from '#src/scene/transcript.ts';
import { mira, openTable, type Table } from '../../support/table.ts';

let table: Table;
beforeEach(async () => {
  table = await openTable();
});
afterEach(() => table.close());

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
      const seen = await readTranscript(table.campaign, scene.id, options);
      expect(seen.at(-1)?.text).toBe(`Line ${index}.`);
      sizes.push(seen.length);
      starts.add(seen[0]?.text ?? '');
    }
    expect(sizes.slice(0, 12)).toEqual(Array.from({ length: 12 }, (_, index) => (index + 1) * 50 - 10));
    expect(Math.min(...sizes.slice(12))).toBeGreaterThanOrEqual(400);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(600);
    expect([...starts]).toEqual(['Line 11.', 'Line 200.', 'Line 400.']);
  });

  it('says what time it was in the world where that has changed', async () => {
    const { lines, scenes, time } = table.campaign;
    const scene = await scenes.open('table');
    const npc = await table.addNpc('Tilda');
    const minutes = [undefined, 2460, 2470, 3000, 3000, 2400];
    for (const [index, worldMinute] of minutes.entries()) {
      await time.change(() => worldMinute);
      await lines.append({
        ...{ id: `l${index}`, sceneId: scene.id, speaker: mira, kind: 'speech', text: `Line ${index}.` },
        ...{ state: 'said', replyTo: undefined, witnesses: [npc.id] },
      });
    }
    const answering = await lines.byId('l5');
    if (answering === undefined) throw new Error('no line');
    const options = { npcId: npc.id, answering, before: Infinity, without: new Set<string>() };
    const seen = await readTranscript(table.campaign, scene.id, options);
    expect(seen.map((line) => line.time)).toEqual([
      ...[undefined, 'day 1, afternoon', undefined, 'day 2, before dawn', undefined, 'day 1, afternoon'],
    ]);
    expect(seen[0]).not.toHaveProperty('time');
  });
});
