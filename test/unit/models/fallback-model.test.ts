import { describe, expect, test } from 'vitest';
import { ModelError, type ModelFailureKind } from '#src/core/errors.ts';
import type { Origin } from '#src/core/model.ts';
import { type Fall, FallbackModel } from '#src/models/fallback-model.ts';
import { readAll, requestFor, ScriptedModel } from '../../support/model-request.ts';

const never = new AbortController().signal;
const here: Origin = { workspaceId: 'w1', campaignId: 'c1' };
const there: Origin = { workspaceId: 'w1', campaignId: 'c2' };

function chain(
  answers: {
    readonly first: (call: number) => readonly string[] | ModelFailureKind;
    readonly second?: (call: number) => readonly string[] | ModelFailureKind;
    readonly last?: (call: number) => readonly string[] | ModelFailureKind;
  },
  allow = true,
) {
  const scripted = (name: string, answer: (call: number) => readonly string[] | ModelFailureKind) =>
    new ScriptedModel(name, (call) => {
      const given = answer(call);
      return typeof given === 'string' ? new ModelError(given, name, given) : given;
    });
  const first = scripted('first', answers.first);
  const second = scripted('second', answers.second ?? (() => ['second']));
  const last = scripted('improv', answers.last ?? (() => ['improv']));
  const falls: Fall[] = [];
  const recoveries: { readonly model: string; readonly origin: Origin }[] = [];
  let nowInMs = 0;
  const model = new FallbackModel({
    models: [first, second],
    lastResort: { model: last, allow: async () => allow },
    onFall: (fall) => falls.push(fall),
    onRecovered: (recovery) => recoveries.push(recovery),
    clock: { now: () => nowInMs },
  });
  const ask = async (origin = here) =>
    (await readAll(model.stream(requestFor('speak', { origin }), never))).text;
  const pass = (durationInMs: number) => {
    nowInMs += durationInMs;
  };
  return { model, first, second, last, falls, recoveries, ask, pass };
}

describe('FallbackModel', () => {
  test('needs a model', () => {
    expect(
      () => new FallbackModel({ models: [], onFall() {}, onRecovered() {}, clock: { now: () => 0 } }),
    ).toThrow(/at least one/);
  });

  test('answers with the first as long as it can', async () => {
    const { ask, falls, second, model } = chain({ first: () => ['first'] });
    expect(await ask()).toBe('first');
    expect(model.name).toBe('first');
    expect(second.requests).toHaveLength(0);
    expect(falls).toEqual([]);
  });

  test.each<ModelFailureKind>([
    'unreachable',
    'timeout',
    'rate-limited',
    'server-error',
    'rejected',
    'empty',
  ])('falls to the second where the first is %s', async (kind) => {
    const { ask, falls } = chain({ first: () => kind });
    expect(await ask()).toBe('second');
    expect(falls).toEqual([{ from: 'first', to: 'second', kind, origin: here }]);
  });

  test.each<ModelFailureKind>(['aborted', 'refused'])(
    'does not look for another answer where it was %s',
    async (kind) => {
      const { ask, second, last } = chain({ first: () => kind });
      await expect(ask()).rejects.toMatchObject({ kind, model: 'first' });
      expect([second.requests, last.requests]).toEqual([[], []]);
    },
  );

  test('does not fall once something was said', async () => {
    const cut = new ModelError('server-error', 'first', 'cut');
    const second = new ScriptedModel('second', () => ['second']);
    const model = new FallbackModel({
      models: [new ScriptedModel('first', () => ['Mind ', cut]), second],
      onFall() {},
      onRecovered() {},
      clock: { now: () => 0 },
    });
    await expect(readAll(model.stream(requestFor('speak'), never))).rejects.toBe(cut);
    expect(second.requests).toHaveLength(0);
  });

  test('falls where nothing but blank text came, and gives none of it out', async () => {
    const empty = new ModelError('empty', 'first', 'no text');
    const falls: Fall[] = [];
    const model = new FallbackModel({
      models: [
        new ScriptedModel('first', () => [' ', '\n\t', empty]),
        new ScriptedModel('second', () => ['\n', ' Mind ', ' ', 'the step.']),
      ],
      onFall: (fall) => falls.push(fall),
      onRecovered() {},
      clock: { now: () => 0 },
    });
    expect((await readAll(model.stream(requestFor('speak'), never))).text).toBe('Mind  the step.');
    expect(falls).toMatchObject([{ from: 'first', to: 'second', kind: 'empty' }]);
  });

  test('lets improv speak only where the GM chose that', async () => {
    const chosen = chain({ first: () => 'timeout', second: () => 'rejected' });
    expect(await chosen.ask()).toBe('improv');
    expect(chosen.falls).toEqual([{ from: 'first', to: 'improv', kind: 'timeout', origin: here }]);
    const notChosen = chain({ first: () => 'timeout', second: () => 'rejected' }, false);
    await expect(notChosen.ask()).rejects.toMatchObject({ kind: 'timeout', model: 'first' });
    expect(notChosen.last.requests).toHaveLength(0);
  });

  test('fails as the first did where improv fails too', async () => {
    const { ask } = chain({ first: () => 'timeout', second: () => 'rejected', last: () => 'empty' });
    await expect(ask()).rejects.toMatchObject({ kind: 'timeout', model: 'first' });
  });

  test('lets through what is no failure of a model', async () => {
    const fault = new TypeError('a fault of ours');
    const model = new FallbackModel({
      models: [new ScriptedModel('first', () => fault), new ScriptedModel('second', () => ['second'])],
      onFall() {},
      onRecovered() {},
      clock: { now: () => 0 },
    });
    await expect(readAll(model.stream(requestFor('speak'), never))).rejects.toBe(fault);
  });

  test('tells each campaign once, until the first model answers there again', async () => {
    let isUp = false;
    const { ask, falls, recoveries } = chain({ first: () => (isUp ? ['first'] : 'rejected') });
    await ask();
    await ask();
    await ask(there);
    expect(falls.map(({ origin }) => origin)).toEqual([here, there]);
    isUp = true;
    await ask();
    await ask();
    expect(recoveries).toEqual([{ model: 'first', origin: here }]);
    isUp = false;
    await ask();
    await ask(there);
    expect(falls).toHaveLength(3);
  });

  test('tells of improv also where it told of the second before', async () => {
    let isUp = true;
    const { ask, falls } = chain({ first: () => 'rejected', second: () => (isUp ? ['second'] : 'rejected') });
    await ask();
    isUp = false;
    await ask();
    await ask();
    expect(falls.map(({ to }) => to)).toEqual(['second', 'improv']);
  });

  test('passes over a server that failed three times in a row, and tries it again after half a minute', async () => {
    const { ask, first, pass } = chain({ first: (call) => (call < 4 ? 'timeout' : ['first']) });
    for (let call = 0; call < 5; call += 1) expect(await ask()).toBe('second');
    expect(first.requests).toHaveLength(3);
    pass(30_000);
    // The fourth try fails too: the rest begins anew.
    await ask();
    await ask();
    expect(first.requests).toHaveLength(4);
    pass(30_000);
    expect(await ask()).toBe('first');
    expect(await ask()).toBe('first');
  });

  test('sends one call ahead after the rest', async () => {
    const { ask, first, pass } = chain({ first: () => 'timeout' });
    for (let call = 0; call < 3; call += 1) await ask();
    pass(30_000);
    await Promise.all([ask(), ask(), ask()]);
    expect(first.requests).toHaveLength(4);
  });

  test('really tries where every model rests', async () => {
    const { ask, first } = chain({ first: () => 'timeout', second: () => 'unreachable' }, false);
    for (let call = 0; call < 5; call += 1) await expect(ask()).rejects.toMatchObject({ kind: 'timeout' });
    expect(first.requests).toHaveLength(5);
  });

  test('does not rest a model for what a request was', async () => {
    const { ask, first } = chain({ first: () => 'rejected' });
    for (let call = 0; call < 5; call += 1) await ask();
    expect(first.requests).toHaveLength(5);
  });
});
