import type { Embedder } from '#src/core/embedding.ts';
import { ModelError } from '#src/core/errors.ts';
import { failureOf } from './failure.ts';
import { LentConnection } from './lent-connection.ts';
import { answeredError, type OpenAiServer } from './openai-server.ts';
import { Patience } from './patience.ts';
import { type EmbeddingsAnswer, readEmbeddings } from './read-embeddings.ts';
import { beforeRetry, type Setback, setbackOf } from './setback.ts';

/** A server takes 2,048 inputs; so many are 20 MB of answer already. */
export const MOST_INPUTS = 512;
/**
 * A server takes 8,192 tokens an input and 300,000 a request. No tokenizer makes more tokens than there are bytes, so
 * these hold for every model.
 */
export const LONGEST_INPUT_IN_BYTES = 8_000;
export const LARGEST_REQUEST_IN_BYTES = 290_000;
const TOTAL_TIMEOUT_IN_MS = 30_000;

export interface OpenAiEmbedderOptions {
  /** The model's name as the server knows it. */
  readonly name: string;
  readonly server: OpenAiServer;
  /** Hears what each call took; undefined where the server does not count. */
  readonly onUsage?: (tokens: number | undefined) => void;
  readonly totalTimeoutInMs?: number;
  /** Wait before the first retry where the server names none; it doubles with each. */
  readonly firstBackoffInMs?: number;
}

/** The embeddings of an OpenAI-compatible server. */
export class OpenAiEmbedder implements Embedder {
  readonly name: string;
  readonly #options: OpenAiEmbedderOptions;
  #dimensions: number | undefined;

  constructor(options: OpenAiEmbedderOptions) {
    this.name = options.name;
    this.#options = options;
  }

  get dimensions(): number | undefined {
    return this.#dimensions;
  }

  async embed(texts: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]> {
    const vectors: Float32Array[] = [];
    for (const inputs of requestsOf(texts)) vectors.push(...(await this.#ask(inputs, signal)));
    return vectors;
  }

  async #ask(inputs: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]> {
    const totalTimeoutInMs = this.#options.totalTimeoutInMs ?? TOTAL_TIMEOUT_IN_MS;
    const limits = { firstTokenTimeoutInMs: totalTimeoutInMs, totalTimeoutInMs };
    const patience = new Patience(signal, limits, { answersWhole: true });
    const { firstBackoffInMs } = this.#options;
    try {
      for (let retry = 0; ; retry += 1) {
        const answer = await this.#exchange(inputs, patience);
        if ('vectors' in answer) {
          this.#options.onUsage?.(answer.tokens);
          return answer.vectors;
        }
        await beforeRetry(answer, { model: this.name, retry, patience, firstBackoffInMs });
      }
    } finally {
      patience.end();
    }
  }

  /** One request on one connection, which is released or has ended when this settles. */
  async #exchange(inputs: readonly string[], patience: Patience): Promise<EmbeddingsAnswer | Setback> {
    const client = await this.#options.server.client();
    const connection = await this.#options.server.borrow();
    const line = new LentConnection(connection, patience);
    try {
      patience.throwIfLost(this.name);
      const response = await client.embeddings
        .create(
          // Left to itself the client asks for base64, which few servers but OpenAI's know.
          { model: this.name, input: [...inputs], encoding_format: 'float' },
          { fetchOptions: { dispatcher: connection.dispatcher } },
        )
        .asResponse();
      line.response = response;
      const expected = { model: this.name, count: inputs.length, dimensions: this.#dimensions };
      const answer = await readEmbeddings(response, expected);
      patience.throwIfLost(this.name);
      line.isFree = true;
      this.#remember(answer);
      return answer;
    } catch (error) {
      patience.throwIfLost(this.name);
      if (error instanceof ModelError) throw error;
      const answered = await answeredError(error);
      if (answered !== undefined) line.isFree = true;
      return setbackOf(failureOf(this.name, error, answered, line.response !== undefined), answered);
    } finally {
      await line.end();
    }
  }

  /** Of two first calls at once, the one that ends later is held to what the other brought. */
  #remember({ vectors }: EmbeddingsAnswer): void {
    const dimensions = vectors[0]?.length;
    this.#dimensions ??= dimensions;
    if (dimensions !== this.#dimensions)
      throw new ModelError('malformed', this.name, `${dimensions} dimensions instead of ${this.#dimensions}`);
  }
}

/** Texts as they are sent, in as few requests as a server takes. */
function requestsOf(texts: readonly string[]): readonly (readonly string[])[] {
  const requests: string[][] = [];
  let inBytes = Number.POSITIVE_INFINITY;
  for (const text of texts) {
    if (text.trim() === '') throw new RangeError('Nothing can be made of a blank text: leave it out.');
    const { clipped, size } = clip(text);
    const request = requests.at(-1);
    if (
      request === undefined ||
      request.length === MOST_INPUTS ||
      inBytes + size > LARGEST_REQUEST_IN_BYTES
    ) {
      requests.push([clipped]);
      inBytes = size;
    } else {
      request.push(clipped);
      inBytes += size;
    }
  }
  return requests;
}

const room = new Uint8Array(LONGEST_INPUT_IN_BYTES);
const encoder = new TextEncoder();

/** A text's beginning, cut between two characters, without halves of characters. */
function clip(text: string): { readonly clipped: string; readonly size: number } {
  const { read, written } = encoder.encodeInto(text, room);
  return { clipped: text.slice(0, read).toWellFormed(), size: written };
}
