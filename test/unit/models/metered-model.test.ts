import { describe, expect, test } from 'vitest';
import { ModelError } from '#src/core/errors.ts';
import { costInMicroUsd, MeteredModel } from '#src/models/metered-model.ts';
import { RecordingMeter } from '../../support/model-meter.ts';
import { profile, readAll, requestFor, ScriptedModel } from '../../support/model-request.ts';

const never = new AbortController().signal;
const prices = profile.pricePerMillionInUsd;

describe('MeteredModel', () => {
  test.each([
    ['speak', 'whole reply'],
    ['plan', 'planning'],
  ] as const)('times the first token and the whole of "%s", and prices it', async (kind, stage) => {
    const meter = new RecordingMeter();
    const model = new MeteredModel(new ScriptedModel('a', () => ['Mind', ' the step.']), prices, meter);
    await readAll(model.stream(requestFor(kind), never));
    expect(meter.stages).toEqual(['first token', stage]);
    expect(meter.usages).toEqual([
      {
        origin: { workspaceId: 'w1', campaignId: 'c1' },
        usage: {
          model: 'a',
          purpose: kind,
          inputTokens: 100,
          cachedInputTokens: 40,
          outputTokens: 10,
          // 60 at 2, 40 at 0.5, 10 at 8 millionths of a dollar.
          costInMicroUsd: 220,
        },
      },
    ]);
    expect(meter.errors).toEqual([]);
  });

  test('counts a failure by its kind, and what it had cost by then', async () => {
    const meter = new RecordingMeter();
    const failing = new MeteredModel(
      new ScriptedModel('a', () => new ModelError('timeout', 'a', 'late')),
      prices,
      meter,
    );
    await expect(readAll(failing.stream(requestFor('speak'), never))).rejects.toThrow('late');
    expect(meter.errors).toEqual(['timeout']);
    expect(meter.usages).toEqual([]);
  });

  test('estimates what a call cost that was left early, and calls that no error', async () => {
    const meter = new RecordingMeter();
    const model = new MeteredModel(new ScriptedModel('a', () => ['Mind the', ' step.']), prices, meter);
    for await (const _ of model.stream(requestFor('speak'), never)) break;
    expect(meter.errors).toEqual([]);
    // 28 characters of prompt, 8 of answer, at four a token.
    expect(meter.usages[0]?.usage).toMatchObject({ inputTokens: 7, cachedInputTokens: 0, outputTokens: 2 });
  });

  test('counts an abort as no error', async () => {
    const meter = new RecordingMeter();
    const aborted = new ScriptedModel('a', () => new ModelError('aborted', 'a', 'aborted by the caller'));
    await expect(
      readAll(new MeteredModel(aborted, prices, meter).stream(requestFor('speak'), never)),
    ).rejects.toThrow();
    expect(meter.errors).toEqual([]);
  });

  test('never counts more cached tokens than there were', () => {
    const usage = { inputTokens: 10, cachedInputTokens: 50, outputTokens: 0 };
    expect(costInMicroUsd(usage, prices)).toBe(5);
  });
});
