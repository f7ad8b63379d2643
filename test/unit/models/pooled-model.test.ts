import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OpenAiModel } from '#src/adapters/openai/openai-model.ts';
import { OpenAiServer } from '#src/adapters/openai/openai-server.ts';
import { ModelError } from '#src/core/errors.ts';
import { PermitPool } from '#src/models/permit-pool.ts';
import { PooledModel } from '#src/models/pooled-model.ts';
import { profile, readAll, requestFor, ScriptedModel } from '../../support/model-request.ts';

const never = new AbortController().signal;

describe('PooledModel', () => {
  test('holds its permit until the inner call has really settled', async () => {
    const inner = new ScriptedModel('a', () => ['one', 'two', 'three'], 5);
    const pool = new PermitPool({ limit: 1 });
    const model = new PooledModel(inner, pool, () => {});
    const leaveEarly = async () => {
      for await (const _ of model.stream(requestFor('plan'), never)) break;
    };
    await Promise.all([leaveEarly(), readAll(model.stream(requestFor('plan'), never)), leaveEarly()]);
    expect(inner.openMax).toBe(1);
    expect(pool.figures).toMatchObject({ held: 0, waiting: 0 });
  });

  test('gives it back after a failure', async () => {
    const failure = new ModelError('server-error', 'a', 'HTTP 500');
    const pool = new PermitPool({ limit: 1 });
    const model = new PooledModel(new ScriptedModel('a', () => failure), pool, () => {});
    await expect(readAll(model.stream(requestFor('plan'), never))).rejects.toBe(failure);
    expect(pool.figures.held).toBe(0);
  });

  test('waits in the lane of its work, tells how long, and can be called off', async () => {
    const pool = new PermitPool({ limit: 1 });
    const waits: number[] = [];
    const inner = new ScriptedModel('a', () => ['yes']);
    const model = new PooledModel(inner, pool, (durationInMs) => waits.push(durationInMs));
    const held = await pool.acquire('drafting', 'w1', never);
    const abort = new AbortController();
    const calledOff = readAll(model.stream(requestFor('speak'), abort.signal));
    const planning = readAll(model.stream(requestFor('plan'), never));
    const speaking = readAll(model.stream(requestFor('speak'), never));
    abort.abort();
    await expect(calledOff).rejects.toMatchObject({ kind: 'aborted' });
    await delay(10);
    held?.release();
    await Promise.all([planning, speaking]);
    expect(inner.requests.map(({ task }) => task.kind)).toEqual(['speak', 'plan']);
    expect(waits).toHaveLength(2);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(9);
  });
});

describe('a server in another process', () => {
  const limit = 4;
  const calls = 300;
  const MOST_ROUNDS = 8;
  const ENDINGS = ['whole', 'aborted', 'timeout', 'server-error'] as const;
  let child: ChildProcess;
  let url = '';

  beforeAll(async () => {
    const file = new URL('../../support/model-server.ts', import.meta.url).pathname;
    const failures = 'stall,stall-mid,cut-mid,500,endless';
    const options = `--busy 10 --delay 2 --tokens-per-second 2000 --fail ${failures} --fail-share 0.6`;
    child = spawn(process.execPath, [file, ...options.split(' ')], { stdio: ['ignore', 'pipe', 'inherit'] });
    if (child.stdout === null) throw new Error('the server has no output');
    for await (const line of createInterface(child.stdout)) {
      url = line;
      break;
    }
  });
  afterAll(() => child.kill('SIGTERM'));

  test('never counts more open requests than there are permits, however calls end', async () => {
    const server = new OpenAiServer({ baseURL: url, apiKey: undefined, maxConnections: limit });
    const pool = new PermitPool({ limit });
    const inner = new OpenAiModel({
      name: 'stand-in',
      profile: { ...profile, firstTokenTimeoutInMs: 25, totalTimeoutInMs: 60 },
      server,
      firstBackoffInMs: 1,
    });
    const model = new PooledModel(inner, pool, () => {});
    const endings = new Map<string, number>();
    const call = async (index: number) => {
      const abort = new AbortController();
      let ending = 'whole';
      try {
        for await (const _ of model.stream(requestFor(index % 2 === 0 ? 'speak' : 'plan'), abort.signal)) {
          // Spread over the whole life of a call.
          if (index % 7 === 0) abort.abort();
          else if (index % 3 === 0) setTimeout(() => abort.abort(), index % 7);
          if (index % 5 === 0) break;
        }
      } catch (error) {
        if (!(error instanceof ModelError)) throw error;
        ending = error.kind;
      }
      endings.set(ending, (endings.get(ending) ?? 0) + 1);
    };
    const isLacking = (ending: string) => (endings.get(ending) ?? 0) <= 5;
    // A busy machine may end nearly all calls of a round in one way.
    for (let round = 0; round < MOST_ROUNDS && ENDINGS.some(isLacking); round += 1)
      await Promise.all(Array.from({ length: calls }, (_, index) => call(index)));
    const figures = await (await fetch(new URL('/figures', url))).json();
    expect(figures).toMatchObject({ openNow: 0, openMax: limit });
    expect(pool.figures).toEqual({ limit, held: 0, waiting: 0 });
    expect(ENDINGS.filter(isLacking)).toEqual([]);
    await server.close();
  }, 60_000);
});
