import { describe, expect, test, vi } from 'vitest';
import { RecallCache } from '#src/memory/recall-cache.ts';
import { TestClock } from '../../contract/store-samples.ts';

function cache(keptForInMs = 300_000) {
  const clock = new TestClock();
  return { clock, answers: new RecallCache<readonly number[]>({ clock, keptForInMs }) };
}

function counting() {
  let count = 0;
  return vi.fn(async () => [++count]);
}

describe('an answer', () => {
  test('is found once, for one holder and one question', async () => {
    const { answers } = cache();
    const find = counting();
    expect(await answers.answer('wren', 'bell', find)).toEqual([1]);
    expect(await answers.answer('wren', 'bell', find)).toEqual([1]);
    expect(await answers.answer('oda', 'bell', find)).toEqual([2]);
    expect(await answers.answer('wren', 'toll', find)).toEqual([3]);
    expect(answers.figures()).toEqual({ hits: 1, misses: 3, entries: 3 });
  });

  test('is given, and not kept, where whoever found it says so', async () => {
    const { answers } = cache();
    const before = answers.revisionOf('wren');
    const find = vi.fn(async (leave: () => void) => {
      leave();
      return [1];
    });
    expect(await answers.answer('wren', 'bell', find)).toEqual([1]);
    await answers.answer('wren', 'bell', find);
    expect(find).toHaveBeenCalledTimes(2);
    expect(answers.figures().entries).toBe(0);
    // Nothing has changed.
    expect(answers.revisionOf('wren')).toBe(before);
  });

  test('is good for so long', async () => {
    const { answers, clock } = cache();
    const find = counting();
    await answers.answer('wren', 'bell', find);
    clock.time += 299_000;
    expect(await answers.answer('wren', 'bell', find)).toEqual([1]);
    clock.time += 2_000;
    expect(await answers.answer('wren', 'bell', find)).toEqual([2]);
  });

  test('is good until something of its holder changes', async () => {
    const { answers } = cache();
    const find = counting();
    await answers.answer('wren', 'bell', find);
    await answers.answer('oda', 'bell', find);
    answers.changed('wren');
    expect(await answers.answer('wren', 'bell', find)).toEqual([3]);
    expect(await answers.answer('oda', 'bell', find)).toEqual([2]);
  });

  test('that was being found while its holder changed is not kept', async () => {
    const { answers } = cache();
    const gate = Promise.withResolvers<readonly number[]>();
    const before = answers.answer('wren', 'bell', () => gate.promise);
    answers.changed('wren');
    const find = counting();
    expect(await answers.answer('wren', 'bell', find)).toEqual([1]);
    gate.resolve([7]);
    expect(await before).toEqual([7]);
    expect(await answers.answer('wren', 'bell', find)).toEqual([1]);
  });

  test('is found once for all who ask at the same time', async () => {
    const { answers } = cache();
    const find = counting();
    const all = await Promise.all(Array.from({ length: 20 }, () => answers.answer('wren', 'bell', find)));
    expect(all).toEqual(Array.from({ length: 20 }, () => [1]));
    expect(find).toHaveBeenCalledTimes(1);
  });

  test('that could not be found is looked for again', async () => {
    const { answers } = cache();
    await expect(answers.answer('wren', 'bell', () => Promise.reject(new Error('away')))).rejects.toThrow(
      'away',
    );
    expect(await answers.answer('wren', 'bell', counting())).toEqual([1]);
  });

  test('is never kept where nothing is to be', async () => {
    const { answers } = cache(0);
    const find = counting();
    await answers.answer('wren', 'bell', find);
    expect(await answers.answer('wren', 'bell', find)).toEqual([2]);
  });

  test('is one of a bounded number, also of holders', async () => {
    const { answers } = cache();
    const find = counting();
    for (let at = 0; at < 5_000; at += 1) await answers.answer(`npc ${at}`, 'bell', find);
    expect(answers.figures().entries).toBe(1_000);
    // Its revision was forgotten: it counts as changed.
    answers.changed('npc 4999');
    expect(await answers.answer('npc 0', 'bell', find)).toEqual([5_001]);
  });
});
