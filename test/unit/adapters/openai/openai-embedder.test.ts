import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import {
  LARGEST_REQUEST_IN_BYTES,
  LONGEST_INPUT_IN_BYTES,
  MOST_INPUTS,
  OpenAiEmbedder,
  type OpenAiEmbedderOptions,
} from '#src/adapters/openai/openai-embedder.ts';
import { OpenAiServer } from '#src/adapters/openai/openai-server.ts';
import { ModelError } from '#src/core/errors.ts';
import { type EmbeddingReply, embeddingsOf, standInVector } from '../../../support/embedding-reply.ts';
import { type ModelServer, startModelServer } from '../../../support/model-server.ts';

const SPECIFICATION = new URL('../../../../../shared/specs/openai-openapi.json', import.meta.url);

let remote: ModelServer;
let server: OpenAiServer;

beforeAll(async () => {
  remote = await startModelServer();
});
afterAll(() => remote.close());
beforeEach(() => {
  remote.scriptEmbeddings(undefined);
  remote.forget();
  server = new OpenAiServer({ baseURL: remote.url, apiKey: 'sk-secret-key', maxConnections: 4 });
});
afterEach(() => server.close());

const never = new AbortController().signal;

function embedder(options: Partial<OpenAiEmbedderOptions> = {}): OpenAiEmbedder {
  return new OpenAiEmbedder({ name: 'vectors', server, firstBackoffInMs: 1, ...options });
}

/** Answers in their order; the last one goes on. */
function inOrder(...replies: readonly EmbeddingReply[]): void {
  remote.scriptEmbeddings((_request, index) => replies[Math.min(index, replies.length - 1)] ?? {});
}

async function failure(promise: Promise<unknown>): Promise<ModelError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ModelError)) throw new Error('expected a ModelError', { cause: error });
  return error;
}

function unit(numbers: readonly number[]): number[] {
  const length = Math.hypot(...numbers);
  return numbers.map((value) => value / length);
}

function inputsOf(index: number): readonly string[] {
  const input = remote.embeddings[index]?.body.input ?? [];
  return typeof input === 'string' ? [input] : input;
}

describe('vectors', () => {
  test('come one for each text, in their order, of length 1', async () => {
    const asked = embedder();
    expect(asked.dimensions).toBeUndefined();
    const vectors = await asked.embed(['the bell', 'the toll', 'the bell'], never);
    for (const [index, text] of ['the bell', 'the toll', 'the bell'].entries())
      for (const [at, value] of unit(standInVector(text)).entries())
        expect(vectors[index]?.[at]).toBeCloseTo(value, 6);
    expect(asked.dimensions).toBe(16);
    expect(remote.embeddings).toHaveLength(1);
  });

  test('are put into order by the index that the server gives them', async () => {
    remote.scriptEmbeddings((request) => {
      const good = embeddingsOf(request);
      return { body: { ...good, data: good.data.toReversed() } };
    });
    const [first, second] = await embedder().embed(['a', 'b'], never);
    expect(first?.[0]).toBeCloseTo(unit(standInVector('a'))[0] ?? 0, 6);
    expect(second?.[0]).toBeCloseTo(unit(standInVector('b'))[0] ?? 0, 6);
  });

  test('are asked for as plain numbers, with the key, and what they took is told', async () => {
    const onUsage = vi.fn();
    await embedder({ onUsage }).embed(['four', 'eight ch'], never);
    expect(remote.embeddings[0]?.body).toEqual({
      model: 'vectors',
      input: ['four', 'eight ch'],
      encoding_format: 'float',
    });
    expect(remote.embeddings[0]?.headers.authorization).toBe('Bearer sk-secret-key');
    expect(onUsage.mock.calls).toEqual([[3]]);
  });

  test('are asked for on connections that are used again', async () => {
    const asked = embedder();
    for (const text of ['a', 'b', 'c']) await asked.embed([text], never);
    expect(remote.connections).toBe(1);
  });

  test('of nothing are none, and of a blank text there is none', async () => {
    expect(await embedder().embed([], never)).toEqual([]);
    await expect(embedder().embed(['a', ' \n'], never)).rejects.toThrow(RangeError);
    expect(remote.embeddings).toHaveLength(0);
  });
});

describe('what is sent', () => {
  test('stays within what a server takes, and loses no text', async () => {
    const texts = fc.array(
      fc
        .tuple(fc.constantFrom('a', 'ä', '鐘', '🔔', '\ud800', 'toll '), fc.integer({ min: 1, max: 9_000 }))
        .map(([piece, times]) => piece.repeat(times)),
      { minLength: 1, maxLength: 120 },
    );
    await fc.assert(
      fc.asyncProperty(texts, async (given) => {
        remote.forget();
        const vectors = await embedder().embed(given, never);
        expect(vectors).toHaveLength(given.length);
        const sent = remote.embeddings.flatMap((_, index) => inputsOf(index));
        expect(sent).toHaveLength(given.length);
        for (const [index, text] of sent.entries()) {
          expect(text.isWellFormed()).toBe(true);
          expect(given[index]?.toWellFormed().startsWith(text)).toBe(true);
          expect(Buffer.byteLength(text)).toBeLessThanOrEqual(LONGEST_INPUT_IN_BYTES);
        }
        for (const index of remote.embeddings.keys())
          expect(Buffer.byteLength(inputsOf(index).join(''))).toBeLessThanOrEqual(LARGEST_REQUEST_IN_BYTES);
      }),
      { numRuns: 15 },
    );
  });

  test('is no more at once than an answer may be long', async () => {
    await embedder().embed(
      Array.from({ length: MOST_INPUTS + 1 }, (_, index) => `${index}`),
      never,
    );
    expect(remote.embeddings.map((_, index) => inputsOf(index).length)).toEqual([MOST_INPUTS, 1]);
  });

  test.skipIf(!existsSync(SPECIFICATION))(
    "agrees with OpenAI's own description (skipped where its file is not beside the repository)",
    async () => {
      const text = readFileSync(SPECIFICATION, 'utf8').replaceAll('#/components/schemas/', '#/$defs/');
      const components = z.object({ components: z.object({ schemas: z.record(z.string(), z.unknown()) }) });
      const { schemas } = components.parse(JSON.parse(text)).components;
      const schemaOf = (name: string) =>
        z.fromJSONSchema({ $ref: `#/$defs/${name}`, $defs: schemas } as Parameters<
          typeof z.fromJSONSchema
        >[0]);
      const request = schemaOf('CreateEmbeddingRequest');
      await embedder().embed(['the bell', 'the toll'], never);
      const body = remote.embeddings[0]?.body;
      expect(request.safeParse(body).error).toBeUndefined();
      for (const broken of [{ input: [] }, { input: 4 }, { encoding_format: 'hex' }])
        expect(request.safeParse({ ...body, ...broken }).success, JSON.stringify(broken)).toBe(false);
      const answer = schemaOf('CreateEmbeddingResponse');
      expect(answer.safeParse(embeddingsOf({ model: 'vectors', input: ['a'] })).error).toBeUndefined();
    },
  );
});

describe('an answer that cannot be used', () => {
  const entry = (embedding: unknown, index = 0) => ({ object: 'embedding', index, embedding });
  test.each([
    ['no JSON', 'this is no JSON'],
    ['a number that is none', '{"data":[{"index":0,"embedding":[NaN,1]}]}'],
    ['null for a number', { data: [entry([null, 1])] }],
    ['text for a number', { data: [entry(['1', '2'])] }],
    ['base64', { data: [entry('AAAAAAAAgD8=')] }],
    ['zeros alone', { data: [entry([0, 0, 0])] }],
    ['numbers too large', { data: [entry([1e308, 1e308])] }],
    ['no dimensions', { data: [entry([])] }],
    ['too many dimensions', { data: [entry(new Array(8_193).fill(1))] }],
    ['too few vectors', { data: [] }],
    ['too many vectors', { data: [entry([1]), entry([1], 1)] }],
    ['an index beyond the texts', { data: [entry([1], 1)] }],
    ['an entry without a vector', { data: [{ index: 0 }] }],
    ['no data', { object: 'list' }],
    ['a list', []],
  ])('is malformed: %s', async (_name, body) => {
    inOrder({ body });
    const error = await failure(embedder().embed(['the bell'], never));
    expect(error.kind).toBe('malformed');
    expect(error.message).not.toContain('bell');
    // The model would say the same again.
    expect(remote.embeddings).toHaveLength(1);
  });

  test('is malformed: one index twice, or vectors of two lengths', async () => {
    inOrder({ body: { data: [entry([1]), entry([1])] } }, { body: { data: [entry([1]), entry([1, 2], 1)] } });
    expect((await failure(embedder().embed(['a', 'b'], never))).kind).toBe('malformed');
    expect((await failure(embedder().embed(['a', 'b'], never))).kind).toBe('malformed');
  });

  test('is malformed: other dimensions than before', async () => {
    const asked = embedder();
    inOrder({ dimensions: 16 }, { dimensions: 24 }, { dimensions: 16 });
    await asked.embed(['a'], never);
    expect(await failure(asked.embed(['b'], never))).toMatchObject({
      kind: 'malformed',
      message: '24 dimensions instead of 16',
    });
    expect(await asked.embed(['c'], never)).toHaveLength(1);
  });

  test('is malformed: other dimensions than a call at the same time brought', async () => {
    const asked = embedder();
    inOrder({ dimensions: 16 }, { dimensions: 24, delayInMs: 30 });
    const [first, second] = [asked.embed(['a'], never), failure(asked.embed(['b'], never))];
    await first;
    expect((await second).kind).toBe('malformed');
  });

  test('does not go on without end', async () => {
    inOrder({ body: `{"data":[${'1,'.repeat(400_000)}1]}` });
    expect(await failure(embedder().embed(['a'], never))).toMatchObject({
      kind: 'malformed',
      message: 'an answer that does not end',
    });
  });

  test('is malformed: packed in a way that nobody asked for, which is named', async () => {
    inOrder({ contentEncoding: 'zstd' });
    expect(await failure(embedder().embed(['a'], never))).toMatchObject({
      kind: 'malformed',
      message: 'the answer is packed as zstd: have the server send it unpacked',
    });
    expect(remote.embeddings).toHaveLength(1);
    // What the status says holds, however what stands beside it is packed.
    inOrder({ contentEncoding: 'zstd', error: { status: 429 } });
    expect((await failure(embedder().embed(['a'], never))).kind).toBe('rate-limited');
    inOrder({});
    expect(await embedder().embed(['a'], never)).toHaveLength(1);
  });

  test('may hold an error', async () => {
    inOrder({ body: { error: { code: 503, message: 'loading the bell' } } }, {});
    expect(await embedder().embed(['a'], never)).toHaveLength(1);
    expect(remote.embeddings).toHaveLength(2);
  });
});

describe('a server that fails', () => {
  test.each([
    [429, 'rate-limited'],
    [500, 'server-error'],
    [408, 'timeout'],
  ] as const)('with %d is asked twice more', async (status, kind) => {
    inOrder({ error: { status } });
    expect((await failure(embedder().embed(['a'], never))).kind).toBe(kind);
    expect(remote.embeddings).toHaveLength(3);
    inOrder({});
    expect(await embedder().embed(['a'], never)).toHaveLength(1);
  });

  test('for a while answers in the end', async () => {
    inOrder({ error: { status: 503, headers: { 'retry-after': '0' } } }, { ending: 'cut' }, {});
    expect(await embedder().embed(['a'], never)).toHaveLength(1);
    expect(remote.embeddings).toHaveLength(3);
  });

  test.each([400, 401, 404])('with %d is not asked again', async (status) => {
    inOrder({ error: { status } });
    expect((await failure(embedder().embed(['a'], never))).kind).toBe('rejected');
    expect(remote.embeddings).toHaveLength(1);
  });

  test('that wants a long wait is not waited for', async () => {
    inOrder({ error: { status: 429, headers: { 'retry-after': '60' } } });
    expect((await failure(embedder().embed(['a'], never))).kind).toBe('rate-limited');
    expect(remote.embeddings).toHaveLength(1);
  });

  test('that is silent is given up', async () => {
    inOrder({ ending: 'nothing' });
    expect((await failure(embedder({ totalTimeoutInMs: 60 }).embed(['a'], never))).kind).toBe('timeout');
    await vi.waitFor(() => expect(remote.embeddings[0]?.state).toBe('broken'));
  });

  test('that is not there is unreachable', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => free.once('listening', resolve));
    const address = free.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    await new Promise((resolve) => free.close(resolve));
    const away = new OpenAiServer({
      baseURL: `http://127.0.0.1:${port}/v1`,
      apiKey: undefined,
      maxConnections: 1,
    });
    const error = await failure(embedder({ server: away }).embed(['a'], never));
    expect(error).toMatchObject({ kind: 'unreachable', message: 'connection failed ECONNREFUSED' });
    await away.close();
  });
});

test('an abort hangs up at once', async () => {
  inOrder({ ending: 'nothing' });
  const controller = new AbortController();
  const asked = failure(embedder().embed(['a'], controller.signal));
  await vi.waitFor(() => expect(remote.embeddings).toHaveLength(1));
  controller.abort();
  expect((await asked).kind).toBe('aborted');
  await vi.waitFor(() => expect(remote.embeddings[0]?.state).toBe('broken'));
  expect((await failure(embedder().embed(['a'], controller.signal))).kind).toBe('aborted');
  expect(remote.embeddings).toHaveLength(1);
});
