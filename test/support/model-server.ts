import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { defaultAnswer } from './model-answers.ts';

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
  /** Answers from now on; undefined: sensible answers of its own. */
  script(script: Script | undefined): void;
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

/** What is read of a chat completion request; the rest is there too. */
export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly stream?: boolean;
  readonly stream_options?: { readonly include_usage?: boolean };
  readonly response_format?: { readonly type: string; readonly json_schema?: { readonly schema: unknown } };
  readonly [field: string]: unknown;
}

/** How one request is answered. What is left out is as a good server does it. */
export interface Reply {
  /** Default: an answer of its own. */
  readonly text?: string;
  /** Text cut into the tokens that are sent; overrides `text`. */
  readonly tokens?: Iterable<string>;
  /** Before the response starts. */
  readonly delayInMs?: number;
  /** Unlimited where left out. */
  readonly tokensPerSecond?: number;
  /** Default 'stop'; null: none is ever sent. */
  readonly finishReason?: string | null;
  readonly refusal?: string;
  /** Sent before the text as `reasoning_content`. */
  readonly reasoning?: string;
  /** False: no usage, even where asked for. */
  readonly usage?: false | { readonly prompt: number; readonly cached: number; readonly completion: number };
  /** True: one JSON body, even where a stream was asked for. */
  readonly whole?: boolean;
  /** An error response instead of an answer. */
  readonly error?: {
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: unknown;
  };
  /** Goes silent for good: before anything is sent, or behind so many tokens. */
  readonly stallAfter?: 'nothing' | number;
  /** Cuts the connection: before anything is sent, or behind so many tokens. */
  readonly cutAfter?: 'nothing' | number;
  /** Sent as the body just as it is, in these pieces. */
  readonly raw?: { readonly contentType: string; readonly pieces: readonly string[] };
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
  const forget = () => {
    journal.length = 0;
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

  const server = createServer((request, response) => {
    const route = `${request.method} ${request.url}`;
    if (route === 'POST /v1/chat/completions') void complete(request, response);
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
    forget,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  response: ServerResponse,
  request: ChatRequest,
  reply: Reply,
  hungUp: AbortSignal,
): Promise<void> {
  if (reply.delayInMs !== undefined) await delay(reply.delayInMs, undefined, { signal: hungUp });
  if (reply.stallAfter === 'nothing') return;
  if (reply.cutAfter === 'nothing') {
    response.socket?.destroy();
    return;
  }
  if (reply.error !== undefined) {
    const { status, headers, body } = reply.error;
    sendJson(
      response,
      status,
      body ?? { error: { message: 'as the script says', type: 'scripted' } },
      headers,
    );
    return;
  }
  if (reply.raw !== undefined) {
    response.writeHead(200, { 'content-type': reply.raw.contentType });
    for (const piece of reply.raw.pieces) {
      response.write(piece);
      await delay(1, undefined, { signal: hungUp });
    }
    response.end();
    return;
  }
  const tokens =
    reply.tokens ?? tokensOf(reply.text ?? (reply.refusal === undefined ? defaultAnswer(request) : ''));
  if (request.stream !== true || reply.whole === true)
    sendWhole(response, request, reply, [...tokens].join(''));
  else await stream(response, request, reply, tokens, hungUp);
}

async function stream(
  response: ServerResponse,
  request: ChatRequest,
  reply: Reply,
  tokens: Iterable<string>,
  hungUp: AbortSignal,
): Promise<void> {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
  });
  const send = (delta: object, finishReason: string | null = null) =>
    response.write(
      event({
        ...envelope(request),
        choices: [{ index: 0, delta, finish_reason: finishReason, logprobs: null }],
      }),
    );
  send({ role: 'assistant', content: '' });
  if (reply.reasoning !== undefined) send({ reasoning_content: reply.reasoning });
  if (reply.refusal !== undefined) send({ refusal: reply.refusal });
  const startedAtInMs = performance.now();
  let count = 0;
  for (const token of tokens) {
    if (hungUp.aborted) return;
    if (reply.stallAfter === count) return;
    if (reply.cutAfter === count) {
      // Only once what came before has left this process.
      await new Promise((resolve) => response.write(': cut\n\n', resolve));
      response.socket?.destroy();
      return;
    }
    const hasRoom = send({ content: token });
    count += 1;
    if (reply.tokensPerSecond !== undefined) {
      const dueInMs = startedAtInMs + (count * 1_000) / reply.tokensPerSecond - performance.now();
      if (dueInMs > 0) await delay(dueInMs, undefined, { signal: hungUp });
    } else if (!hasRoom) await drained(response, hungUp);
  }
  if (reply.stallAfter === count) return;
  if (reply.finishReason !== null) send({}, reply.finishReason ?? 'stop');
  if (reply.usage !== false && request.stream_options?.include_usage === true)
    response.write(event({ ...envelope(request), choices: [], usage: usage(request, reply, count) }));
  response.end('data: [DONE]\n\n');
}

function sendWhole(response: ServerResponse, request: ChatRequest, reply: Reply, text: string): void {
  sendJson(response, 200, {
    ...envelope(request),
    object: 'chat.completion',
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: text,
          refusal: reply.refusal ?? null,
          ...(reply.reasoning === undefined ? {} : { reasoning_content: reply.reasoning }),
        },
        finish_reason: reply.finishReason === undefined ? 'stop' : reply.finishReason,
      },
    ],
    ...(reply.usage === false ? {} : { usage: usage(request, reply, Math.ceil(text.length / 4)) }),
  });
}

function usage(request: ChatRequest, reply: Reply, tokenCount: number): object {
  const prompt = Math.ceil(request.messages.reduce((sum, { content }) => sum + content.length, 0) / 4);
  const counted = reply.usage || { prompt, cached: 0, completion: tokenCount };
  return {
    prompt_tokens: counted.prompt,
    completion_tokens: counted.completion,
    total_tokens: counted.prompt + counted.completion,
    prompt_tokens_details: { cached_tokens: counted.cached },
  };
}

function envelope(request: ChatRequest): object {
  return {
    id: 'chatcmpl-stand-in',
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model: request.model,
  };
}

function event(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

/** Words with the space before them: about what a tokenizer makes of prose. */
function tokensOf(text: string): string[] {
  return text.match(/\s*\S+|\s+$/g) ?? [];
}

function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

async function textOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

async function drained(response: ServerResponse, hungUp: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    response.once('drain', resolve);
    hungUp.addEventListener('abort', () => resolve(), { once: true });
  });
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
