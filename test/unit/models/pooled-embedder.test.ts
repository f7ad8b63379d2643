import { describe, expect, test, vi } from 'vitest';
import { ModelError } from '#src/core/errors.ts';
import { PermitPool } from '#src/models/permit-pool.ts';
import { PooledEmbedder } from '#src/models/pooled-embedder.ts';
import { ScriptedEmbedder } from '../../support/scripted-embedder.ts';

const never = new AbortController().signal;

function pooled(limit = 1) {
  const inner = new ScriptedEmbedder();
  const pool = new PermitPool({ limit });
  const meter = { record: vi.fn(), recordError: vi.fn() };
  return { inner, pool, meter, embedder: new PooledEmbedder(inner, pool, meter) };
}

describe('an embedder with permits', () => {
  test('makes no more calls than there are permits, and is timed', async () => {
    const { inner, pool, meter, embedder } = pooled();
    const gate = Promise.withResolvers<void>();
    inner.gate = gate.promise;
    const both = [embedder.embed(['bell'], never), embedder.embed(['toll'], never)];
    await vi.waitFor(() => expect(inner.calls).toHaveLength(1));
    expect(pool.figures).toEqual({ limit: 1, held: 1, waiting: 1 });
    gate.resolve();
    expect(await Promise.all(both)).toHaveLength(2);
    expect(pool.figures).toEqual({ limit: 1, held: 0, waiting: 0 });
    expect(meter.record.mock.calls.map(([stage]) => stage).sort()).toEqual([
      ...['embedding', 'embedding', 'queue wait', 'queue wait'],
    ]);
    expect(embedder.dimensions).toBe(4);
  });

  test('gives its permit back when the call fails, and counts what failed', async () => {
    const { inner, pool, meter, embedder } = pooled();
    inner.fault = new ModelError('malformed', 'scripted', 'no vector');
    await expect(embedder.embed(['bell'], never)).rejects.toThrow('no vector');
    inner.fault = new ModelError('aborted', 'scripted', 'aborted');
    await expect(embedder.embed(['bell'], never)).rejects.toThrow('aborted');
    expect(pool.figures.held).toBe(0);
    expect(meter.recordError.mock.calls).toEqual([['malformed']]);
  });

  test('may be left while it waits for a permit', async () => {
    const { inner, pool, embedder } = pooled();
    const permit = await pool.acquire('drafting', 'w1', never);
    const leaving = new AbortController();
    const left = embedder.embed(['bell'], leaving.signal);
    leaving.abort();
    await expect(left).rejects.toMatchObject({ kind: 'aborted' });
    permit?.release();
    expect(inner.calls).toEqual([]);
  });
});
