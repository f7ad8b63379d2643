import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ImprovModel, type ImprovOptions } from '#src/adapters/improv/improv-model.ts';
import { ModelError } from '#src/core/errors.ts';
import type { ModelEvent, ModelRequest, Task } from '#src/core/model.ts';
import { DIRECTORY, draft } from './cast/support.ts';

const requestFor = (task: Task): ModelRequest => ({
  task,
  prompt: () => Promise.reject(new Error('improv has no use for a prompt')),
  origin: { workspaceId: 'w', campaignId: 'c' },
});
const PLAN: Task = {
  kind: 'plan',
  count: 3,
  prompt: 'smugglers',
  level: undefined,
  tone: undefined,
  takenNames: [],
  seed: 's',
};
const DRAFT: Task = {
  kind: 'draft',
  member: undefined,
  others: [],
  prompt: 'barkeep',
  notes: '',
  level: undefined,
  tone: undefined,
  system: 'none',
  hint: '',
  keep: {},
  previous: undefined,
  takenNames: [],
  depth: 'full',
  seed: 'seed',
};
const SPEAK: Task = {
  kind: 'speak',
  persona: draft({ prompt: 'barkeep' }),
  present: ['Ash'],
  transcript: [
    {
      id: 'l1',
      speaker: 'Ash',
      speakerKind: 'character',
      isOwn: false,
      text: 'What do you want most, and what do you know of this place?',
    },
  ],
  seed: 's',
};

async function collect(
  task: Task,
  options: ImprovOptions,
  signal = new AbortController().signal,
): Promise<ModelEvent[]> {
  return Array.fromAsync(new ImprovModel(options).stream(requestFor(task), signal));
}
const textOf = (events: readonly ModelEvent[]) =>
  events.map((event) => (event.type === 'text' ? event.text : '')).join('');

describe('ImprovModel', () => {
  test('plans and drafts as JSON, and costs nothing', async () => {
    const events = await collect(PLAN, { pacing: 'none' });
    expect(JSON.parse(textOf(events)).members).toHaveLength(3);
    expect(events.at(-1)).toEqual({
      type: 'end',
      reason: 'stop',
      usage: { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 },
    });
    expect(JSON.parse(textOf(await collect(DRAFT, { pacing: 'none' })))).toEqual(
      JSON.parse(JSON.stringify(draft({ prompt: 'barkeep' }))),
    );
  });

  test('says nothing of its own about what was said', async () => {
    const line = { speaker: 'Ash', text: 'I owe the toll.' };
    const tasks: readonly Task[] = [
      { kind: 'weigh', lines: [{ ...line, importance: 0.7 }] },
      { kind: 'fold', lines: [line], gist: 'Ash: I owe.', limitInCharacters: 600 },
      { kind: 'rephrase', name: 'Tilda', lines: [line] },
    ];
    const answers = await Promise.all(
      tasks.map(async (task) => textOf(await collect(task, { pacing: 'none' }))),
    );
    expect(answers.map((text): unknown => JSON.parse(text))).toEqual([
      { importance: [0.7] },
      { summary: 'Ash: I owe.' },
      { query: 'I owe the toll.' },
    ]);
  });

  test('speaks word by word, at a pace, and whole within two seconds', async () => {
    const waits: number[] = [];
    const events = await collect(SPEAK, { pacing: async (delayInMs) => void waits.push(delayInMs) });
    const text = textOf(events);
    expect(text).toBe(textOf(await collect(SPEAK, { pacing: 'none' })));
    expect(text.split(/\s+/u).length).toBeGreaterThan(3);
    expect(events.filter(({ type }) => type === 'text').length).toBe(text.trim().split(/\s+/u).length);
    expect(waits.length).toBe(events.length - 2);
    expect(Math.max(...waits)).toBeLessThanOrEqual(30);
    expect(Math.min(...waits)).toBeGreaterThan(0);
    expect(waits.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(1500);
  });

  test('stops at once when it is aborted, before, between words and while waiting', async () => {
    const aborted = expect.objectContaining({ name: 'ModelError', kind: 'aborted', model: 'improv' });
    await expect(collect(SPEAK, {}, AbortSignal.abort())).rejects.toEqual(aborted);

    const between = new AbortController();
    const said: ModelEvent[] = [];
    const listen = async () => {
      for await (const event of new ImprovModel({ pacing: 'none' }).stream(
        requestFor(SPEAK),
        between.signal,
      )) {
        said.push(event);
        between.abort();
      }
    };
    await expect(listen()).rejects.toEqual(aborted);
    expect(said).toHaveLength(1);

    const waiting = new AbortController();
    const model = new ImprovModel();
    const stream = model.stream(requestFor(SPEAK), waiting.signal);
    await stream.next();
    const next = stream.next();
    waiting.abort();
    await expect(next).rejects.toEqual(aborted);
  });

  test('a fault of the pacing is not taken for an abort', async () => {
    await expect(collect(SPEAK, { pacing: () => Promise.reject(new Error('clock broke')) })).rejects.toThrow(
      'clock broke',
    );
  });

  test('tables that cannot be read are a failure of the model, each time it is asked', async () => {
    const model = new ImprovModel({ tablesDirectory: '/nowhere/at/all' });
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const failure = Array.fromAsync(model.stream(requestFor(PLAN), new AbortController().signal));
      await expect(failure).rejects.toBeInstanceOf(ModelError);
      await expect(failure).rejects.toMatchObject({ kind: 'unreachable', model: 'improv' });
    }
  });

  test('who only talks needs no tables to draft from', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'speech-'));
    try {
      const isSpeech = (path: string) =>
        !path.endsWith('.yaml') || /(?:voices|speech)[\w-]*\.yaml$/u.test(path);
      await cp(DIRECTORY, folder, { recursive: true, filter: isSpeech });
      const options = { pacing: 'none', tablesDirectory: folder } as const;
      expect(textOf(await collect(SPEAK, options))).toBe(textOf(await collect(SPEAK, { pacing: 'none' })));
      await expect(collect(DRAFT, options)).rejects.toThrow('cannot be read');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('the same request gives the same answer', async () => {
    for (const task of [PLAN, DRAFT, SPEAK])
      expect(textOf(await collect(task, { pacing: 'none' }))).toBe(
        textOf(await collect(task, { pacing: 'none' })),
      );
  });
});
