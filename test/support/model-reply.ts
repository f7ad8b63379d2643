import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { type ChatRequest, defaultAnswer } from './model-answers.ts';

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

/** Sends one reply. */
export async function answer(
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

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

async function drained(response: ServerResponse, hungUp: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    response.once('drain', resolve);
    hungUp.addEventListener('abort', () => resolve(), { once: true });
  });
}
