import { describe, expect, test } from 'vitest';
import { systemClock } from '#src/core/clock.ts';
import { ModelError } from '#src/core/errors.ts';
import type { LanguageModel } from '#src/core/model.ts';
import { assembleModel } from '#src/models/assemble.ts';
import { PermitPool } from '#src/models/permit-pool.ts';
import { RecordingMeter } from '../../support/model-meter.ts';
import { profile, readAll, requestFor, ScriptedModel } from '../../support/model-request.ts';

const never = new AbortController().signal;

function assemble(configured: readonly LanguageModel[]) {
  const meter = new RecordingMeter();
  const pool = new PermitPool({ limit: 1 });
  const falls: string[] = [];
  const model = assembleModel({
    configured: configured.map((one) => ({ model: one, profile })),
    embedded: new ScriptedModel('improv', () => ['Aye.']),
    allowEmbedded: async () => true,
    pool,
    meter,
    onFall: ({ to }) => falls.push(to),
    onRecovered: () => {},
    clock: systemClock,
  });
  return { model, meter, pool, falls };
}

describe('assembleModel', () => {
  test('with nothing configured is the embedded model: free, and without a permit', async () => {
    const { model, meter, pool } = assemble([]);
    await pool.acquire('conversation', 'w', never);
    expect((await readAll(model.stream(requestFor('speak'), never))).text).toBe('Aye.');
    expect(model.name).toBe('improv');
    expect(meter.stages).toEqual(['first token', 'whole reply']);
    expect(meter.usages[0]?.usage.costInMicroUsd).toBe(0);
  });

  test('gives the permit back between two models, and counts each try', async () => {
    const chat = new ScriptedModel('chat', () => new ModelError('timeout', 'chat', 'late'));
    const small = new ScriptedModel('small', () => ['Yes.']);
    const { model, meter, pool, falls } = assemble([chat, small]);
    expect((await readAll(model.stream(requestFor('speak'), never))).text).toBe('Yes.');
    expect(meter.stages).toEqual(['queue wait', 'queue wait', 'first token', 'whole reply']);
    expect(meter.errors).toEqual(['timeout']);
    expect(meter.usages.map(({ usage }) => [usage.model, usage.costInMicroUsd])).toEqual([['small', 220]]);
    expect(falls).toEqual(['small']);
    expect(pool.figures.held).toBe(0);
  });

  test('measures the first token without the wait for the permit', async () => {
    const { model, meter, pool } = assemble([new ScriptedModel('chat', () => ['Yes.'])]);
    const permit = await pool.acquire('conversation', 'w', never);
    const reading = readAll(model.stream(requestFor('speak'), never));
    setTimeout(() => permit?.release(), 60);
    await reading;
    const wait = meter.durations.find(({ stage }) => stage === 'queue wait')?.durationInMs ?? 0;
    const token = meter.durations.find(({ stage }) => stage === 'first token')?.durationInMs ?? wait;
    expect(wait).toBeGreaterThanOrEqual(55);
    expect(token).toBeLessThan(wait);
  });
});
