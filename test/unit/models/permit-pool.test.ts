import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Lane, type Permit, PermitPool } from '#src/models/permit-pool.ts';

const never = new AbortController().signal;

/** Lets waiting promises run. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

async function order(waiters: readonly (readonly [Lane, string, string])[]): Promise<string[]> {
  const pool = new PermitPool({ limit: 1 });
  const first = await pool.acquire('drafting', 'first', never);
  const served: string[] = [];
  const all = waiters.map(async ([lane, workspaceId, name]) => {
    const permit = await pool.acquire(lane, workspaceId, never);
    served.push(name);
    permit?.release();
  });
  first?.release();
  await Promise.all(all);
  return served;
}

describe('PermitPool', () => {
  test.each([0, -1, 1.5, Number.NaN])('refuses a limit of %s', (limit) => {
    expect(() => new PermitPool({ limit })).toThrow(/limit.*got/);
  });

  test('lets conversation go before drafting', async () => {
    expect(
      await order([
        ['drafting', 'a', 'draft 1'],
        ['drafting', 'a', 'draft 2'],
        ['conversation', 'b', 'talk 1'],
        ['conversation', 'b', 'talk 2'],
      ]),
    ).toEqual(['talk 1', 'talk 2', 'draft 1', 'draft 2']);
  });

  test('lets workspaces take turns, each in its own order', async () => {
    const twenty = Array.from({ length: 20 }, (_, index) => ['drafting', 'a', `a${index + 1}`] as const);
    const served = await order([
      ...twenty,
      ['drafting', 'b', 'b1'],
      ['drafting', 'c', 'c1'],
      ['drafting', 'b', 'b2'],
    ]);
    expect(served.slice(0, 6)).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
    expect(served).toHaveLength(23);
  });

  test('counts what is held and who waits', async () => {
    const pool = new PermitPool({ limit: 2 });
    const permits = [await pool.acquire('drafting', 'a', never), await pool.acquire('drafting', 'a', never)];
    const third = pool.acquire('drafting', 'a', never);
    expect(pool.figures).toEqual({ limit: 2, held: 2, waiting: 1 });
    permits[0]?.release();
    permits[0]?.release();
    (await third)?.release();
    expect(pool.figures).toEqual({ limit: 2, held: 1, waiting: 0 });
  });

  test('gives nothing to whoever aborted, before or while waiting', async () => {
    const pool = new PermitPool({ limit: 1 });
    expect(await pool.acquire('drafting', 'a', AbortSignal.abort())).toBeUndefined();
    const held = await pool.acquire('drafting', 'a', never);
    const abort = new AbortController();
    const waiting = pool.acquire('drafting', 'a', abort.signal);
    const next = pool.acquire('drafting', 'a', never);
    abort.abort();
    expect(await waiting).toBeUndefined();
    held?.release();
    (await next)?.release();
    expect(pool.figures).toEqual({ limit: 1, held: 0, waiting: 0 });
  });

  test('never exceeds its limit, leaks nothing and starves nobody, whatever happens', async () => {
    const step = fc.record({
      lane: fc.constantFrom<Lane>('conversation', 'drafting'),
      workspaceId: fc.constantFrom('a', 'b', 'c'),
      act: fc.constantFrom('keep', 'abort', 'release'),
      releaseFirst: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(step, { maxLength: 40 }),
        async (limit, steps) => {
          const pool = new PermitPool({ limit });
          const held: Permit[] = [];
          let outstanding = 0;
          const calls: Promise<void>[] = [];
          for (const { lane, workspaceId, act, releaseFirst } of steps) {
            const abort = new AbortController();
            outstanding += 1;
            calls.push(
              pool.acquire(lane, workspaceId, abort.signal).then((permit) => {
                outstanding -= 1;
                if (permit !== undefined) held.push(permit);
              }),
            );
            if (act === 'abort') abort.abort();
            if (act === 'release' || releaseFirst) held.shift()?.release();
            await settle();
            expect(held.length).toBeLessThanOrEqual(limit);
            expect(pool.figures).toEqual({ limit, held: held.length, waiting: outstanding });
            if (outstanding > 0) expect(held.length).toBe(limit);
          }
          while (held.length > 0) {
            held.shift()?.release();
            await settle();
          }
          await Promise.all(calls);
          expect(pool.figures).toEqual({ limit, held: 0, waiting: 0 });
        },
      ),
    );
  });
});
