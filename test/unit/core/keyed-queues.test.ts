import { describe, expect, it } from 'vitest';
import { KeyedQueues } from '#src/core/keyed-queues.ts';

describe('keyed queues', () => {
  it('run one work at a time for each key, in order, however long each takes', async () => {
    const queues = new KeyedQueues();
    const order: string[] = [];
    const slow = Promise.withResolvers<void>();
    const first = queues.run('C1', async () => {
      await slow.promise;
      order.push('first');
    });
    const second = queues.run('C1', async () => void order.push('second'));
    await queues.run('C2', async () => void order.push('elsewhere'));
    expect(order).toEqual(['elsewhere']);
    expect([queues.waiting('C1'), queues.waiting('C2')]).toEqual([1, 0]);
    slow.resolve();
    await Promise.all([first, second]);
    expect(order).toEqual(['elsewhere', 'first', 'second']);
  });

  it('go on after a work that failed', async () => {
    const queues = new KeyedQueues();
    await expect(queues.run('C1', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await queues.run('C1', async () => 'next')).toBe('next');
  });

  it('are settled when nothing is under way anywhere', async () => {
    const queues = new KeyedQueues();
    const ended: string[] = [];
    for (const key of ['C1', 'C1', 'C2']) {
      void queues.run(key, async () => {
        await Promise.resolve();
        ended.push(key);
      });
    }
    await queues.settled();
    expect(ended.toSorted()).toEqual(['C1', 'C1', 'C2']);
  });

  it('are not settled while what was added meanwhile is under way', async () => {
    const queues = new KeyedQueues();
    const ended: string[] = [];
    void queues.run('C1', async () => {
      void queues.run('C2', async () => {
        for (let tick = 0; tick < 10; tick += 1) await Promise.resolve();
        ended.push('C2');
      });
      ended.push('C1');
    });
    await queues.settled();
    expect(ended).toEqual(['C1', 'C2']);
  });

  it('run whatever comes at once in the order in which it came, and count what waits', async () => {
    const queues = new KeyedQueues();
    const order: number[] = [];
    let running = 0;
    const works = Array.from({ length: 50 }, (_, index) =>
      queues
        .run('C1', async () => {
          running += 1;
          expect(running).toBe(1);
          expect(queues.waiting('C1')).toBe(49 - index);
          await Promise.resolve();
          order.push(index);
          running -= 1;
          if (index % 3 === 0) throw new Error('no');
        })
        .catch(() => undefined),
    );
    await Promise.all(works);
    expect(order).toEqual([...works.keys()]);
    expect(queues.waiting('C1')).toBe(0);
  });
});
