import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { type Config, readConfig } from '#src/config.ts';
import { checkEmbeddings, checkModelServer } from '#src/doctor/model-server.ts';
import { deadAddress, httpServer, socketServer, tlsServer } from './loopback.ts';

const KEY = 'sk-hush-1234';
const PATIENT_IN_MS = 5_000;

function configFor(address: string, more: Readonly<Record<string, string>> = {}): Config {
  return readConfig({
    OPENAI_BASE_URL: `http://${address}/v1`,
    CHAT_MODEL: 'big',
    OPENAI_API_KEY: KEY,
    ...more,
  }).config;
}

interface Reply {
  readonly status?: number;
  readonly body?: unknown;
}

/** A server that answers by path; anything else is 404. @returns its address and what it was asked. */
async function serverWith(replies: Readonly<Record<string, Reply>>) {
  const calls: { readonly path: string; readonly key: string | undefined; readonly body: unknown }[] = [];
  const address = await httpServer((request, response) => {
    void bodyOf(request).then((text) => {
      const path = `${request.method} ${request.url}`;
      calls.push({
        path,
        key: request.headers.authorization,
        body: text === '' ? undefined : JSON.parse(text),
      });
      const { status = 200, body } = replies[path] ?? { status: 404 };
      response.statusCode = status;
      response.end(typeof body === 'string' ? body : JSON.stringify(body ?? {}));
    });
  });
  return { address, calls };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

const models = (...ids: readonly string[]): Reply => ({ body: { data: ids.map((id) => ({ id })) } });

/** "state subject: what" and "state subject → remedy" in one string each. */
async function findings(config: Config, timeoutInMs = PATIENT_IN_MS): Promise<readonly string[]> {
  const found = await checkModelServer(config, timeoutInMs);
  return found.map(({ state, subject, what, remedy }) => `${state} ${subject}: ${what} → ${remedy ?? ''}`);
}

describe('a model server', () => {
  it('is not asked where no model is set', async () => {
    const { address, calls } = await serverWith({});
    expect(await findings(configFor(address, { CHAT_MODEL: '' }))).toEqual([
      expect.stringMatching(
        /^ok Model server: none is set; the embedded improv plays every NPC → Set CHAT_MODEL/,
      ),
    ]);
    expect(calls).toEqual([]);
  });

  it('that has every model is in order, asked once and with the key', async () => {
    const { address, calls } = await serverWith({ 'GET /v1/models': models('big', 'small:latest', 'other') });
    expect(await findings(configFor(address, { SMALL_MODEL: 'small' }))).toEqual([
      `ok Model server: http://${address}/v1 is reached and offers 3 models → `,
      'ok CHAT_MODEL: big is offered → ',
      'ok SMALL_MODEL: small is offered → ',
    ]);
    expect(calls).toEqual([{ path: 'GET /v1/models', key: `Bearer ${KEY}`, body: undefined }]);
  });

  it('is asked without a key where there is none', async () => {
    const { address, calls } = await serverWith({ 'GET /v1/models': models('folder/big') });
    expect(await findings(configFor(address, { OPENAI_API_KEY: '' }))).toContain(
      'ok CHAT_MODEL: big is offered → ',
    );
    expect(calls[0]?.key).toBeUndefined();
  });

  it('without the model brings the nearest name', async () => {
    const { address } = await serverWith({ 'GET /v1/models': models('bigg', 'vast') });
    expect(await findings(configFor(address))).toContain(
      'warning CHAT_MODEL: big is not among the models that the server offers → Set CHAT_MODEL to one of them, perhaps bigg',
    );
  });

  it('without anything like the model says so', async () => {
    const { address } = await serverWith({ 'GET /v1/models': models('enormous') });
    expect((await findings(configFor(address)))[1]).toMatch(/→ Set CHAT_MODEL to one of them$/);
  });

  it.each([404, 405, 501])(
    'that answers %d to its list is asked for one token of each model',
    async (status) => {
      const { address, calls } = await serverWith({
        'GET /v1/models': { status },
        'POST /v1/chat/completions': { body: { choices: [{ message: { content: 'Hi' } }] } },
      });
      expect(await findings(configFor(address, { SMALL_MODEL: 'small' }))).toEqual([
        `ok CHAT_MODEL: big answers at http://${address}/v1 → `,
        `ok SMALL_MODEL: small answers at http://${address}/v1 → `,
      ]);
      expect(calls.slice(1).map(({ body }) => body)).toEqual(
        expect.arrayContaining(
          ['big', 'small'].map((model) => ({
            model,
            max_tokens: 1,
            messages: [{ role: 'user', content: 'Hello' }],
          })),
        ),
      );
    },
  );

  it('that knows no call at all has probably the wrong path', async () => {
    const { address } = await serverWith({});
    expect(await findings(configFor(address))).toEqual([
      expect.stringMatching(
        /^problem CHAT_MODEL: .* \(404\) → Check CHAT_MODEL, and OPENAI_BASE_URL: it usually ends in/,
      ),
    ]);
  });

  it.each<[string, Reply]>([
    ['no JSON', { body: '<html>Welcome</html>' }],
    ['another shape', { body: { models: ['big'] } }],
    ['half a JSON', { body: '{"data": [' }],
    ['more than anybody needs', { body: { data: [{ id: 'big' }], padding: 'x'.repeat(9 * 1024 * 1024) } }],
  ])('that answers with %s is not taken for one', async (_, reply) => {
    const { address } = await serverWith({ 'GET /v1/models': reply });
    expect(await findings(configFor(address))).toEqual([
      expect.stringContaining('answers, but not as an OpenAI-compatible server does'),
    ]);
  });

  it('that answers a call with another shape is not taken for one', async () => {
    const { address } = await serverWith({ 'POST /v1/chat/completions': { body: { choices: [] } } });
    expect(await findings(configFor(address))).toEqual([
      expect.stringMatching(/^problem CHAT_MODEL: .* not as an OpenAI-compatible server/),
    ]);
  });
});

describe('a model server that fails', () => {
  it.each([
    [401, 'problem', /turns the key in OPENAI_API_KEY away \(401\) → Copy it again/],
    [403, 'problem', /turns the key in OPENAI_API_KEY away \(403\)/],
    [429, 'warning', /too many calls or no credit is left \(429\) → Wait a minute/],
    [500, 'problem', /fails by itself \(500\) → Look at the server's own log/],
    [503, 'problem', /fails by itself \(503\)/],
    [418, 'problem', /does not take the call \(418\) → Check OPENAI_BASE_URL/],
  ])('with %d is told in its own words', async (status, state, words) => {
    const { address } = await serverWith({ 'GET /v1/models': { status, body: { error: { message: KEY } } } });
    const [finding = '', ...rest] = await findings(configFor(address));
    expect(rest).toEqual([]);
    expect(finding).toMatch(new RegExp(`^${state} Model server: `));
    expect(finding).toMatch(words);
    expect(finding).not.toContain('hush');
  });

  it('for want of a key is told so', async () => {
    const { address } = await serverWith({ 'GET /v1/models': { status: 401 } });
    expect((await findings(configFor(address, { OPENAI_API_KEY: '' })))[0]).toMatch(
      /wants a key \(401\) → Set OPENAI_API_KEY$/,
    );
  });

  it.each<[string, () => Promise<string>, RegExp]>([
    [
      'refuses',
      async () => `http://${await deadAddress()}`,
      /: nothing listens at http:.* → Start the server there/,
    ],
    [
      'is unknown',
      async () => 'http://nowhere.invalid',
      /: no server is known by the name in http:\/\/nowhere.invalid/,
    ],
    [
      'has its own certificate',
      async () => `https://${await tlsServer((_, response) => response.end())}`,
      /certificate of .* is not signed by anybody whom this machine trusts/,
    ],
    [
      'speaks without TLS',
      async () => `https://${await httpServer((_, response) => response.end())}`,
      /: no encrypted connection came about with/,
    ],
    [
      'hangs up',
      async () => `http://${await socketServer((socket) => socket.destroy())}`,
      /: .* hung up without an answer/,
    ],
    [
      'hangs up when asked',
      async () =>
        `http://${await socketServer(
          () => {},
          (socket) => socket.end(),
        )}`,
      /: .* hung up without an answer/,
    ],
    [
      'speaks something else',
      async () => `http://${await socketServer((socket) => socket.end('SSH-2.0-x\r\n'))}`,
      /: what listens at .* does not speak HTTP/,
    ],
  ])('because it %s is told in its own words', async (_, start, words) => {
    const config = configFor('', { OPENAI_BASE_URL: await start() });
    expect(await findings(config)).toEqual([expect.stringMatching(words)]);
  });

  it.each<[string, () => Promise<string>]>([
    ['never answers', () => httpServer(() => {})],
    ['never ends its answer', () => httpServer((_, response) => response.write('{"data": ['))],
  ])('because it %s is told in its own words', async (_, start) => {
    expect(await findings(configFor(await start()), 100)).toEqual([
      expect.stringMatching(/^problem Model server: .* did not answer in time →/),
    ]);
  });
});

describe('embeddings', () => {
  const withVectors = (address: string) => configFor(address, { EMBEDDING_MODEL: 'vectors' });

  it('are not asked for where no model is set', async () => {
    const { address, calls } = await serverWith({});
    expect(await checkEmbeddings(configFor(address), PATIENT_IN_MS)).toMatchObject({
      state: 'ok',
      what: 'EMBEDDING_MODEL is not set: vectors are hashed',
    });
    expect(calls).toEqual([]);
  });

  it('are in order when a vector comes', async () => {
    const { address, calls } = await serverWith({
      'POST /v1/embeddings': { body: { data: [{ embedding: [0.1, 0.2, 0.3] }] } },
    });
    expect(await checkEmbeddings(withVectors(address), PATIENT_IN_MS)).toMatchObject({
      state: 'ok',
      what: 'vectors answers with vectors of 3 numbers',
    });
    expect(calls).toEqual([
      {
        path: 'POST /v1/embeddings',
        key: `Bearer ${KEY}`,
        body: { model: 'vectors', input: expect.any(String), encoding_format: 'float' },
      },
    ]);
  });

  it.each<[string, Reply, RegExp]>([
    ['the model is unknown', { status: 404 }, /\(404\)/],
    ['the model makes none', { status: 400 }, /does not take the call \(400\)/],
    ['the vector is empty', { body: { data: [{ embedding: [] }] } }, /not as an OpenAI-compatible server/],
  ])('are a problem when %s', async (_, reply, words) => {
    const { address } = await serverWith({ 'POST /v1/embeddings': reply });
    const finding = await checkEmbeddings(withVectors(address), PATIENT_IN_MS);
    expect(finding).toMatchObject({
      state: 'problem',
      subject: 'Embeddings',
      what: expect.stringMatching(words),
    });
  });

  it('name their variable', async () => {
    const { address } = await serverWith({});
    expect((await checkEmbeddings(withVectors(address), PATIENT_IN_MS)).remedy).toContain('EMBEDDING_MODEL');
  });
});
