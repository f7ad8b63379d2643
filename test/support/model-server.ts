import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { parseArgs } from 'node:util';
import { answerEmbeddings, type EmbeddingRequest, type EmbeddingScript } from './embedding-reply.ts';
import type { ChatRequest } from './model-answers.ts';
import { answer, type Reply, sendJson } from './model-reply.ts';

/**
 * An OpenAI-compatible model server on loopback that does as it is told: for tests in this process, and for
 * benchmarks and whole sessions as a process of its own:
 *
 *     node test/support/model-server.ts --port 0 --delay 400 --tokens-per-second 80 --fail 429,cut --fail-share 0.2
 *
 * It prints its base URL as its one line on standard output and ends with SIGTERM or SIGINT. With `--busy 10` its
 * process is blocked every other 10 ms, as on a loaded machine. `GET /figures` gives
 * {openNow, openMax, total} of chat completions, `POST /figures/reset` sets openMax and total back.
 */
export interface ModelServer {
  /** Base URL, ending in /v1. */
  readonly url: string;
  /** Chat completions being answered now, as this server sees it: until the response has closed. */
  readonly openNow: number;
  /** Most of them at once since the start, or since `forget`. */
  readonly openMax: number;
  /** Connections made so far. */
  readonly connections: number;
  /** Chat completions so far, oldest first. */
  readonly journal: readonly JournalEntry[];
  /** Requests for embeddings so far, oldest first. */
  readonly embeddings: readonly EmbeddingEntry[];
  /** Answers from now on; undefined: sensible answers of its own. */
  script(script: Script | undefined): void;
  /** Answers to requests for embeddings from now on; undefined: sensible answers of its own. */
  scriptEmbeddings(script: EmbeddingScript | undefined): void;
  /** Empties journal and figures. */
  forget(): void;
  close(): Promise<void>;
}

export interface JournalEntry {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: ChatRequest;
  /** `open` until it has ended; `broken`: the other side hung up, or the script cut it. */
  state: 'open' | 'answered' | 'broken';
}

export interface EmbeddingEntry {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: EmbeddingRequest;
  state: 'open' | 'answered' | 'broken';
}

/** @param index how many requests came before this one. */
export type Script = (request: ChatRequest, index: number) => Reply | Promise<Reply>;

export async function startModelServer(
  options: { readonly port?: number; readonly script?: Script } = {},
): Promise<ModelServer> {
  let script = options.script;
  let openNow = 0;
  let openMax = 0;
  let total = 0;
  let connections = 0;
  const journal: JournalEntry[] = [];
  const embeddings: EmbeddingEntry[] = [];
  let embeddingScript: EmbeddingScript | undefined;
  const forget = () => {
    journal.length = 0;
    embeddings.length = 0;
    openMax = openNow;
    total = 0;
    connections = 0;
  };

  const complete = async (request: IncomingMessage, response: ServerResponse) => {
    openNow += 1;
    openMax = Math.max(openMax, openNow);
    const index = total;
    total += 1;
    const hungUp = new AbortController();
    let entry: JournalEntry | undefined;
    response.once('close', () => {
      openNow -= 1;
      if (entry !== undefined) entry.state = response.writableFinished ? 'answered' : 'broken';
      hungUp.abort();
    });
    let body: ChatRequest;
    try {
      body = JSON.parse(await textOf(request));
    } catch {
      sendJson(response, 400, { error: { message: 'not JSON', type: 'invalid_request_error' } });
      return;
    }
    entry = { headers: request.headers, body, state: hungUp.signal.aborted ? 'broken' : 'open' };
    journal.push(entry);
    const reply = (await script?.(body, index)) ?? {};
    await answer(response, body, reply, hungUp.signal).catch((error: unknown) => {
      if (!hungUp.signal.aborted) throw error;
    });
  };

  const embed = async (request: IncomingMessage, response: ServerResponse) => {
    const hungUp = new AbortController();
    const body: EmbeddingRequest = JSON.parse(await textOf(request));
    const entry: EmbeddingEntry = { headers: request.headers, body, state: 'open' };
    response.once('close', () => {
      entry.state = response.writableFinished ? 'answered' : 'broken';
      hungUp.abort();
    });
    const reply = embeddingScript?.(body, embeddings.length) ?? {};
    embeddings.push(entry);
    await answerEmbeddings(response, body, reply, hungUp.signal).catch((error: unknown) => {
      if (!hungUp.signal.aborted) throw error;
    });
  };

  const server = createServer((request, response) => {
    const route = `${request.method} ${request.url}`;
    if (route === 'POST /v1/chat/completions') void complete(request, response);
    else if (route === 'POST /v1/embeddings') void embed(request, response);
    else if (route === 'GET /v1/models')
      sendJson(response, 200, { object: 'list', data: [{ id: 'stand-in', object: 'model' }] });
    else if (route === 'GET /figures') sendJson(response, 200, { openNow, openMax, total });
    else if (route === 'POST /figures/reset') {
      forget();
      sendJson(response, 200, {});
    } else sendJson(response, 404, { error: { message: 'no such route', type: 'invalid_request_error' } });
  });
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the model server has no port');

  return {
    url: `http://127.0.0.1:${address.port}/v1`,
    journal,
    embeddings,
    get openNow() {
      return openNow;
    },
    get openMax() {
      return openMax;
    },
    get connections() {
      return connections;
    },
    script: (next) => {
      script = next;
    },
    scriptEmbeddings: (next) => {
      embeddingScript = next;
    },
    forget,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

/** Lets nothing else run: what reaches the server meanwhile, it learns all at once. */
function block(durationInMs: number): void {
  const endInMs = performance.now() + durationInMs;
  while (performance.now() < endInMs);
}

/** The failures that `--fail` names. */
const FAILURES: Readonly<Record<string, Reply>> = {
  '429': { error: { status: 429, headers: { 'retry-after': '1' } } },
  '500': { error: { status: 500 } },
  stall: { stallAfter: 'nothing' },
  'stall-mid': { stallAfter: 5 },
  cut: { cutAfter: 'nothing' },
  'cut-mid': { cutAfter: 5 },
  empty: { text: '' },
  'broken-json': { text: '{"name": "Half a na' },
  length: { finishReason: 'length' },
  'content-filter': { finishReason: 'content_filter', text: '' },
  refusal: { refusal: 'I would rather not.' },
  endless: { tokens: Array.from({ length: 50_000 }, (_, index) => ` word${index}`) },
  whole: { whole: true },
};

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      delay: { type: 'string', default: '0' },
      'tokens-per-second': { type: 'string' },
      fail: { type: 'string', default: '' },
      'fail-share': { type: 'string', default: '0.2' },
      busy: { type: 'string', default: '0' },
    },
  });
  const names = values.fail.split(',').filter((name) => name !== '');
  const failures = names.map((name) => {
    const failure = FAILURES[name];
    if (failure === undefined)
      throw new Error(`--fail: "${name}" is none of ${Object.keys(FAILURES).join(', ')}`);
    return failure;
  });
  const share = Number(values['fail-share']);
  const rate = values['tokens-per-second'];
  const pace: Reply = {
    delayInMs: Number(values.delay),
    ...(rate === undefined ? {} : { tokensPerSecond: Number(rate) }),
  };
  let debt = 0;
  let failed = 0;
  const server = await startModelServer({
    port: Number(values.port),
    // Evenly spread, so that two runs fail at the same requests.
    script: () => {
      debt += share;
      const failure = failures.length > 0 && debt >= 1 ? failures[failed % failures.length] : undefined;
      if (failure === undefined) return pace;
      debt -= 1;
      failed += 1;
      return { ...pace, ...failure };
    },
  });
  const busyInMs = Number(values.busy);
  if (busyInMs > 0) setInterval(() => block(busyInMs), 2 * busyInMs).unref();
  process.stdout.write(`${server.url}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.close());
}

if (import.meta.main) await main();
