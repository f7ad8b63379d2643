import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { OpenAiModel } from '#src/adapters/openai/openai-model.ts';
import { OpenAiServer } from '#src/adapters/openai/openai-server.ts';
import { ModelError, type ModelFailureKind } from '#src/core/errors.ts';
import type { ModelEvent, ModelProfile, ModelRequest } from '#src/core/model.ts';
import type { Reply } from '../../../support/model-reply.ts';
import { profile, readAll, requestFor } from '../../../support/model-request.ts';
import { type ModelServer, startModelServer } from '../../../support/model-server.ts';

let remote: ModelServer;
let server: OpenAiServer;

beforeAll(async () => {
  remote = await startModelServer();
});
afterAll(() => remote.close());
beforeEach(() => {
  remote.script(undefined);
  remote.forget();
  server = new OpenAiServer({ baseURL: remote.url, apiKey: 'sk-secret-key', maxConnections: 4 });
});
afterEach(() => server.close());

function model(changes: Partial<ModelProfile> = {}): OpenAiModel {
  return new OpenAiModel({
    name: 'stand-in',
    profile: { ...profile, ...changes },
    server,
    firstBackoffInMs: 1,
  });
}

function ask(asked: OpenAiModel, request: ModelRequest = requestFor('speak'), signal = neverAborted()) {
  return readAll(asked.stream(request, signal));
}

function neverAborted(): AbortSignal {
  return new AbortController().signal;
}

/** Answers in their order; the last one goes on. */
function inOrder(...replies: readonly Reply[]): void {
  remote.script((_request, index) => replies[Math.min(index, replies.length - 1)] ?? {});
}

async function failure(promise: Promise<unknown>): Promise<ModelError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ModelError)) throw new Error('expected a ModelError', { cause: error });
  return error;
}

const shape = {
  name: 'plan',
  jsonSchema: { type: 'object', properties: { members: { type: 'array' } }, required: ['members'] },
};

describe('an answer', () => {
  test('is streamed piece by piece and ends with the usage that the server counted', async () => {
    inOrder({
      tokens: ['Mind', ' the', ' step.'],
      usage: { prompt: 1_200, cached: 1_024, completion: 3 },
    });
    const events: ModelEvent[] = [];
    for await (const event of model().stream(requestFor('speak'), neverAborted())) events.push(event);
    expect(events).toEqual([
      { type: 'text', text: 'Mind' },
      { type: 'text', text: ' the' },
      { type: 'text', text: ' step.' },
      {
        type: 'end',
        reason: 'stop',
        usage: { inputTokens: 1_200, cachedInputTokens: 1_024, outputTokens: 3 },
      },
    ]);
  });

  test('that the server does not count is estimated at four characters a token', async () => {
    inOrder({ text: 'Mind the step.', usage: false });
    const { end } = await ask(model());
    // 'You are Wren.' and 'Who goes there?' are 28 characters, the answer 14.
    expect(end?.usage).toEqual({ inputTokens: 7, cachedInputTokens: 0, outputTokens: 4 });
  });

  test('that was cut at the output limit says so', async () => {
    inOrder({ text: 'Mind the', finishReason: 'length' });
    expect((await ask(model())).end?.reason).toBe('length');
  });

  test('comes whole from servers that do not stream', async () => {
    expect((await ask(model({ streams: false }))).text).not.toBe('');
    expect(remote.journal[0]?.body.stream).toBe(false);
    expect(remote.journal[0]?.body).not.toHaveProperty('stream_options');
  });

  test('is read from plain JSON where a stream was asked for', async () => {
    inOrder({ text: 'Mind the step.', whole: true });
    expect(await ask(model())).toMatchObject({ text: 'Mind the step.', end: { reason: 'stop' } });
  });

  test.each([true, false])('holds nothing that the model thought (streamed: %s)', async (streams) => {
    inOrder({ tokens: ['<thi', 'nk>He is', ' a spy.</th', 'ink>\n\nGood', ' day.'], reasoning: 'A spy!' });
    expect((await ask(model({ streams }))).text).toBe('Good day.');
  });
});

describe('a request', () => {
  test('carries limits, temperature and stops of the profile, and asks for usage', async () => {
    await ask(model({ temperature: 0.7, stopSequences: ['\n\n'] }));
    expect(remote.journal[0]?.body).toMatchObject({
      model: 'stand-in',
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 300,
      temperature: 0.7,
      stop: ['\n\n'],
      messages: [
        { role: 'system', content: 'You are Wren.' },
        { role: 'user', content: 'Who goes there?' },
      ],
    });
    expect(remote.journal[0]?.headers.authorization).toBe('Bearer sk-secret-key');
  });

  test('leaves out what the profile does not have', async () => {
    await ask(model({ outputLimitField: 'max_completion_tokens' }));
    const body = remote.journal[0]?.body;
    expect(body).toMatchObject({ max_completion_tokens: 300 });
    for (const field of ['max_tokens', 'temperature', 'stop', 'response_format'])
      expect(body).not.toHaveProperty(field);
  });

  test('asks for JSON of a shape under the limit for objects', async () => {
    await ask(model(), requestFor('plan', { shape }));
    expect(remote.journal[0]?.body).toMatchObject({
      max_tokens: 2_000,
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'plan', strict: true, schema: shape.jsonSchema },
      },
    });
  });

  test('uses one connection for one call after another', async () => {
    const asked = model();
    for (let call = 0; call < 5; call += 1) await ask(asked);
    expect(remote.connections).toBe(1);
  });
});

describe('a server that does not take a field', () => {
  const refusing = (field: string, error: object) => {
    remote.script((body) => (field in body ? { error: { status: 400, body: { error } } } : {}));
  };

  test.each([
    ['response_format', { message: "'response_format' is not supported" }],
    ['stream_options', { message: 'Extra inputs are not permitted', param: 'stream_options' }],
    ['temperature', { message: 'no', param: 'temperature' }],
    ['stop', { message: 'Unsupported parameter: stop' }],
    ['stream', { message: 'no', param: 'stream' }],
  ])('is asked without %s, from then on', async (field, error) => {
    remote.script((body) =>
      body[field] === undefined || body[field] === false ? {} : { error: { status: 400, body: { error } } },
    );
    const asked = model({ temperature: 1, stopSequences: ['#'] });
    expect((await ask(asked, requestFor('plan', { shape }))).end).toBeDefined();
    await ask(asked, requestFor('plan', { shape }));
    expect(remote.journal.map(({ body }) => Boolean(body[field]))).toEqual([true, false, false]);
  });

  test('is told the limit in the other field', async () => {
    refusing('max_tokens', {
      message: "'max_tokens' is not supported. Use 'max_completion_tokens' instead.",
    });
    await ask(model());
    expect(remote.journal[1]?.body).toMatchObject({ max_completion_tokens: 300 });
  });

  test('is told the shape in words instead', async () => {
    refusing('response_format', { message: 'no', param: 'response_format' });
    await ask(model(), requestFor('plan', { shape }));
    const told = remote.journal[1]?.body.messages.at(-1);
    expect(told?.role).toBe('system');
    expect(told?.content).toContain(JSON.stringify(shape.jsonSchema));
  });

  test('fails where it names nothing that could be left out', async () => {
    inOrder({
      error: {
        status: 400,
        body: { error: { message: 'messages too long', code: 'context_length_exceeded' } },
      },
    });
    const error = await failure(ask(model()));
    expect(error).toMatchObject({ kind: 'rejected', message: 'HTTP 400 context_length_exceeded' });
    expect(remote.journal).toHaveLength(1);
  });
});

describe('a failure', () => {
  test.each<[string, Reply, ModelFailureKind, number]>([
    ['a bad key', { error: { status: 401 } }, 'rejected', 1],
    ['an unknown model', { error: { status: 404 } }, 'rejected', 1],
    [
      'no money left',
      { error: { status: 429, body: { error: { code: 'insufficient_quota' } } } },
      'rejected',
      1,
    ],
    [
      'a filter on the way in',
      { error: { status: 400, body: { error: { code: 'content_filter' } } } },
      'refused',
      1,
    ],
    ['too many requests', { error: { status: 429 } }, 'rate-limited', 3],
    ['a request timeout', { error: { status: 408 } }, 'timeout', 3],
    ['a conflict', { error: { status: 409 } }, 'server-error', 3],
    ['a fault', { error: { status: 500 } }, 'server-error', 3],
    ['a fault without JSON', { error: { status: 502, body: '<html>' } }, 'server-error', 3],
    ['a cut before the answer', { cutAfter: 'nothing' }, 'unreachable', 3],
    ['a cut before the first token', { cutAfter: 0, tokensPerSecond: 100 }, 'server-error', 3],
    ['a cut in mid-stream', { text: 'Mind the step.', cutAfter: 2, tokensPerSecond: 100 }, 'server-error', 1],
    ['a refusal', { refusal: 'I would rather not.' }, 'refused', 1],
    ['a whole refusal', { refusal: 'I would rather not.', whole: true }, 'refused', 1],
    ['a content filter', { text: 'Mind', finishReason: 'content_filter' }, 'refused', 1],
    ['nothing', { text: '' }, 'empty', 1],
    ['nothing but a thought', { text: '<think>Hm.</think>' }, 'empty', 1],
    ['blanks', { tokens: [' ', '\n'] }, 'empty', 1],
    ['no finish', { text: 'Mind the', finishReason: null }, 'server-error', 1],
    [
      'a body that is no completion',
      { raw: { contentType: 'application/json', pieces: ['[]'] } },
      'server-error',
      1,
    ],
    [
      'broken JSON in a stream',
      { raw: { contentType: 'text/event-stream', pieces: ['data: {"cho\n\n'] } },
      'server-error',
      1,
    ],
    [
      'an error event',
      {
        raw: {
          contentType: 'text/event-stream',
          pieces: ['data: {"error":{"code":429,"message":"slow down"}}\n\n'],
        },
      },
      'rate-limited',
      3,
    ],
    [
      'an error without a status',
      { raw: { contentType: 'application/json', pieces: ['{"error":{"type":"overloaded"}}'] } },
      'server-error',
      1,
    ],
    [
      'an event without end',
      { raw: { contentType: 'text/event-stream', pieces: ['data: ', 'x'.repeat(1_100_000)] } },
      'server-error',
      1,
    ],
    [
      'a body without end',
      { raw: { contentType: 'application/json', pieces: ['x'.repeat(4_300_000)] } },
      'server-error',
      1,
    ],
  ])('of %s is told by its kind', async (_name, reply, kind, tries) => {
    inOrder(reply);
    expect((await failure(ask(model()))).kind).toBe(kind);
    expect(remote.journal).toHaveLength(tries);
    await vi.waitFor(() => expect(remote.openNow).toBe(0));
  });

  test('names neither key nor prompt nor what the server said', async () => {
    inOrder({
      error: { status: 401, body: { error: { message: 'bad key sk-secret-key for: Who goes there?' } } },
    });
    const error = await failure(ask(model()));
    expect(error.message).toBe('HTTP 401');
    expect(error.cause).toBeUndefined();
  });

  test('of a server that is not there is told at once', async () => {
    const closed = await startModelServer();
    await closed.close();
    const gone = new OpenAiServer({ baseURL: closed.url, apiKey: undefined, maxConnections: 1 });
    const asked = new OpenAiModel({ name: 'gone', profile, server: gone, firstBackoffInMs: 1 });
    expect(await failure(ask(asked))).toMatchObject({
      kind: 'unreachable',
      message: 'connection failed ECONNREFUSED',
    });
    await gone.close();
  });
});

describe('a retry', () => {
  test('is made at most twice and brings the answer', async () => {
    inOrder({ error: { status: 500 } }, { cutAfter: 'nothing' }, { text: 'Mind the step.' });
    expect((await ask(model())).text).toBe('Mind the step.');
  });

  test('waits as long as the server asks', async () => {
    inOrder({ error: { status: 429, headers: { 'retry-after-ms': '60' } } }, {});
    const startedAtInMs = performance.now();
    await ask(model());
    expect(performance.now() - startedAtInMs).toBeGreaterThanOrEqual(59);
  });

  test('is not made where the server asks for too long a wait', async () => {
    inOrder({ error: { status: 429, headers: { 'retry-after': '21' } } }, {});
    expect((await failure(ask(model()))).kind).toBe('rate-limited');
    expect(remote.journal).toHaveLength(1);
  });

  test('may wait longer than a first token may take', async () => {
    inOrder({ error: { status: 503, headers: { 'retry-after-ms': '150' } } }, { text: 'Mind the step.' });
    expect((await ask(model({ firstTokenTimeoutInMs: 100 }))).text).toBe('Mind the step.');
  });

  test('is not made once the caller has aborted', async () => {
    inOrder({ error: { status: 429, headers: { 'retry-after': '10' } } });
    const abort = new AbortController();
    const asked = failure(ask(model(), requestFor('speak'), abort.signal));
    await vi.waitFor(() => expect(remote.journal[0]?.state).toBe('answered'));
    abort.abort();
    expect((await asked).kind).toBe('aborted');
    expect(remote.journal).toHaveLength(1);
  });
});

describe('patience ends', () => {
  test.each<[string, Reply, Partial<ModelProfile>, string]>([
    [
      'before the response',
      { stallAfter: 'nothing' },
      { firstTokenTimeoutInMs: 80 },
      'nothing came for 80 ms',
    ],
    ['before the first token', { stallAfter: 0 }, { firstTokenTimeoutInMs: 80 }, 'nothing came for 80 ms'],
    [
      'in mid-stream',
      { text: 'Mind the step.', stallAfter: 2 },
      { firstTokenTimeoutInMs: 80 },
      'nothing came for 80 ms',
    ],
    [
      'for the whole',
      { tokens: Array(1_000).fill(' a'), tokensPerSecond: 100 },
      { totalTimeoutInMs: 120 },
      'not finished after 120 ms',
    ],
    [
      'for an answer at once',
      { delayInMs: 60_000 },
      { streams: false, firstTokenTimeoutInMs: 10, totalTimeoutInMs: 120 },
      'not finished after 120 ms',
    ],
  ])('%s, and the request with it', async (_name, reply, changes, message) => {
    inOrder(reply);
    expect(await failure(ask(model(changes)))).toMatchObject({ kind: 'timeout', message });
    expect(remote.openNow).toBe(0);
    expect(remote.journal.map(({ state }) => state)).toEqual(['broken']);
  });

  test('not while the server sends thoughts or tokens', async () => {
    inOrder({ tokens: Array(20).fill('<think>a</think>'), tokensPerSecond: 100, reasoning: 'Hm.' }, {});
    expect((await failure(ask(model({ firstTokenTimeoutInMs: 100 })))).kind).toBe('empty');
  });
});

describe('a call that is broken off', () => {
  const endless: Reply = { tokens: Array(50_000).fill(' word') };

  test.each<[string, Reply]>([
    ['before the response', { stallAfter: 'nothing' }],
    ['in the middle', { tokens: Array(1_000).fill(' a'), tokensPerSecond: 200 }],
    ['in a flood', endless],
  ])('by an abort %s has ended at the server when it settles', async (_name, reply) => {
    inOrder(reply);
    const abort = new AbortController();
    const asked = failure(ask(model(), requestFor('speak'), abort.signal));
    await vi.waitFor(() => expect(remote.openNow).toBe(1));
    abort.abort();
    expect((await asked).kind).toBe('aborted');
    expect(remote.openNow).toBe(0);
    expect(remote.journal[0]?.state).toBe('broken');
  });

  test('by leaving early has ended at the server when it settles', async () => {
    inOrder(endless);
    for await (const event of model().stream(requestFor('speak'), neverAborted()))
      if (event.type === 'text') break;
    expect(remote.openNow).toBe(0);
    expect(remote.journal[0]?.state).toBe('broken');
  });

  test('before it began asks nobody', async () => {
    expect((await failure(ask(model(), requestFor('speak'), AbortSignal.abort()))).kind).toBe('aborted');
    expect(remote.journal).toHaveLength(0);
  });

  test('while its reader takes its time throws at the next step', async () => {
    inOrder({ tokens: [' a', ' b', ' c'], stallAfter: 3 });
    const abort = new AbortController();
    const stream = model().stream(requestFor('speak'), abort.signal);
    await stream.next();
    abort.abort();
    expect((await failure(stream.next())).kind).toBe('aborted');
    expect(remote.openNow).toBe(0);
  });

  test('settles also where the server does not notice', async () => {
    const deaf = createServer({ allowHalfOpen: true }, (socket) => socket.on('error', () => {}).resume());
    await new Promise<void>((resolve) => deaf.listen(0, '127.0.0.1', resolve));
    const address = deaf.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const reached = new Promise((resolve) => deaf.once('connection', resolve));
    const elsewhere = new OpenAiServer({
      baseURL: `http://127.0.0.1:${port}/v1`,
      apiKey: undefined,
      maxConnections: 1,
    });
    const abort = new AbortController();
    const asked = failure(
      ask(new OpenAiModel({ name: 'deaf', profile, server: elsewhere }), requestFor('speak'), abort.signal),
    );
    await reached;
    abort.abort();
    expect((await asked).kind).toBe('aborted');
    await elsewhere.close();
    deaf.close();
  });

  test('leaves the others their connections', async () => {
    inOrder({ stallAfter: 'nothing' }, {});
    const asked = model();
    const abort = new AbortController();
    const broken = failure(ask(asked, requestFor('speak'), abort.signal));
    await vi.waitFor(() => expect(remote.openNow).toBe(1));
    const whole = await ask(asked);
    abort.abort();
    await broken;
    expect(whole.end?.reason).toBe('stop');
    expect((await ask(asked)).end?.reason).toBe('stop');
  });
});
