import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { sendJson } from './model-reply.ts';

/** What is asked of a server for embeddings. */
export interface EmbeddingRequest {
  readonly model: string;
  readonly input: string | readonly string[];
  readonly encoding_format?: string;
}

/** How one request is answered. What is left out is as a good server does it. */
export interface EmbeddingReply {
  readonly delayInMs?: number;
  /** Of its own vectors. */
  readonly dimensions?: number;
  /** Sent as the body just as it is. */
  readonly body?: unknown;
  /** Of the whole answer, whether it is packed so or not. */
  readonly contentEncoding?: string;
  readonly error?: { readonly status: number; readonly headers?: Readonly<Record<string, string>> };
  /** `nothing`: never answers. `cut`: hangs up. */
  readonly ending?: 'nothing' | 'cut';
}

/** @param index how many requests for embeddings came before this one. */
export type EmbeddingScript = (request: EmbeddingRequest, index: number) => EmbeddingReply;

const DIMENSIONS = 16;

export async function answerEmbeddings(
  response: ServerResponse,
  request: EmbeddingRequest,
  reply: EmbeddingReply,
  hungUp: AbortSignal,
): Promise<void> {
  if (reply.delayInMs !== undefined) await delay(reply.delayInMs, undefined, { signal: hungUp });
  if (reply.ending === 'nothing') return;
  if (reply.contentEncoding !== undefined) response.setHeader('content-encoding', reply.contentEncoding);
  if (reply.ending === 'cut') response.socket?.destroy();
  else if (reply.error !== undefined)
    sendJson(
      response,
      reply.error.status,
      { error: { message: 'as the script says', type: 'scripted' } },
      reply.error.headers,
    );
  else sendJson(response, 200, reply.body ?? embeddingsOf(request, reply.dimensions));
}

/** What a good server answers. */
export function embeddingsOf({ model, input }: EmbeddingRequest, dimensions = DIMENSIONS) {
  const texts = typeof input === 'string' ? [input] : input;
  const tokens = texts.reduce((sum, text) => sum + Math.ceil(text.length / 4), 0);
  return {
    object: 'list',
    model,
    data: texts.map((text, index) => ({
      object: 'embedding',
      index,
      embedding: standInVector(text, dimensions),
    })),
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

/** Numbers that come of the text: the same to the same. Not of length 1. */
export function standInVector(text: string, dimensions = DIMENSIONS): number[] {
  const hash = createHash('sha256').update(text).digest();
  return Array.from({ length: dimensions }, (_, index) => (hash[index % hash.length] ?? 0) / 255 - 0.5);
}
