import { setTimeout as delay } from 'node:timers/promises';
import type { ChatCompletionCreateParams } from 'openai/resources/chat/completions';
import { ModelError } from '#src/core/errors.ts';
import type { LanguageModel, Message, ModelEvent, ModelProfile, ModelRequest } from '#src/core/model.ts';
import { answerParts } from './answer.ts';
import type { Connection } from './connection.ts';
import {
  BrokenAnswer,
  type Failure,
  failureOfApiError,
  failureOfConnection,
  failureOfStatus,
} from './failure.ts';
import { answeredError, type OpenAiServer } from './openai-server.ts';
import { Patience } from './patience.ts';
import { Reading } from './reading.ts';
import { Habits, requestBody } from './request-body.ts';
import { backoffInMs, MAX_RETRY_WAIT_IN_MS, retryAfterInMs } from './retry-after.ts';

const MAX_RETRIES = 2;
const FIRST_BACKOFF_IN_MS = 500;

export interface OpenAiModelOptions {
  /** The model's name as the server knows it. */
  readonly name: string;
  readonly profile: ModelProfile;
  readonly server: OpenAiServer;
  /** Wait before the first retry where the server names none; it doubles with each. */
  readonly firstBackoffInMs?: number;
}

/** A call that failed before any text came, and how long the server asks to wait. */
interface Setback extends Failure {
  readonly retryAfterInMs: number | undefined;
  readonly wasAnswered: boolean;
}

/** Chat completions of an OpenAI-compatible server: the one interface that all of them have in common. */
export class OpenAiModel implements LanguageModel {
  readonly name: string;
  readonly #profile: ModelProfile;
  readonly #server: OpenAiServer;
  readonly #firstBackoffInMs: number;
  readonly #habits = new Habits();

  constructor(options: OpenAiModelOptions) {
    this.name = options.name;
    this.#profile = options.profile;
    this.#server = options.server;
    this.#firstBackoffInMs = options.firstBackoffInMs ?? FIRST_BACKOFF_IN_MS;
  }

  async *stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent, void, void> {
    const streams = this.#profile.streams && this.#habits.takes('stream');
    const patience = new Patience(signal, this.#profile, { answersWhole: !streams });
    try {
      const messages = await request.prompt(this.#profile);
      for (let retry = 0; ; retry += 1) {
        const setback = yield* this.#call(request, messages, patience);
        if (setback === undefined) return;
        await this.#beforeRetry(setback, retry, patience);
      }
    } finally {
      patience.end();
    }
  }

  /** Asks until the server takes the form of the request. Yields the answer, or returns what went wrong before it. */
  async *#call(
    request: ModelRequest,
    messages: readonly Message[],
    patience: Patience,
  ): AsyncGenerator<ModelEvent, Setback | undefined, void> {
    for (;;) {
      const body = requestBody(this.name, this.#profile, request, messages, this.#habits);
      const setback = yield* this.#exchange(body, messages, patience);
      if (setback !== 'ask otherwise') return setback;
    }
  }

  /** One request on one connection, which is released or has ended when this settles. */
  async *#exchange(
    body: ChatCompletionCreateParams,
    messages: readonly Message[],
    patience: Patience,
  ): AsyncGenerator<ModelEvent, Setback | 'ask otherwise' | undefined, void> {
    const client = await this.#server.client();
    const connection = await this.#server.borrow();
    const line = new Line(connection, patience);
    const reading = new Reading(messages);
    try {
      this.#throwIfLost(patience);
      const response = await client.chat.completions
        .create(body, { fetchOptions: { dispatcher: connection.dispatcher } })
        .asResponse();
      line.response = response;
      for await (const part of answerParts(response)) {
        // Once we have hung up, what still comes is read away.
        if (patience.signal.aborted) continue;
        patience.heard();
        const text = reading.take(part);
        if (text !== '') yield { type: 'text', text };
      }
      this.#throwIfLost(patience);
      line.isFree = true;
      const rest = reading.rest();
      if (rest !== '') yield { type: 'text', text: rest };
      yield reading.end(this.name);
      return undefined;
    } catch (error) {
      this.#throwIfLost(patience);
      if (error instanceof ModelError) throw error;
      const answered = await answeredError(error);
      if (answered !== undefined) {
        line.isFree = true;
        if (this.#habits.learn(answered, body)) return 'ask otherwise';
      }
      const failure =
        answered !== undefined
          ? failureOfApiError(this.name, answered)
          : error instanceof BrokenAnswer
            ? failureOfStatus(this.name, error.status, error.code)
            : failureOfConnection(this.name, error, line.response !== undefined);
      if (reading.hasText) throw failure.error;
      const wait = retryAfterInMs(answered?.headers, Date.now());
      return { ...failure, retryAfterInMs: wait, wasAnswered: answered !== undefined };
    } finally {
      await line.end();
    }
  }

  /** @throws ModelError where there is to be no other try. */
  async #beforeRetry(setback: Setback, retry: number, patience: Patience): Promise<void> {
    const wait = setback.retryAfterInMs ?? backoffInMs(this.#firstBackoffInMs, retry);
    if (!setback.isRetryable || retry === MAX_RETRIES || wait > MAX_RETRY_WAIT_IN_MS) throw setback.error;
    // A server that answered is there: its silence is counted anew. A dead one gets no more time by being retried.
    if (setback.wasAnswered) patience.pause();
    await delay(wait, undefined, { signal: patience.signal }).catch(() => this.#throwIfLost(patience));
    if (setback.wasAnswered) patience.heard();
  }

  #throwIfLost(patience: Patience): void {
    const error = patience.error(this.name);
    if (error !== undefined) throw error;
  }
}

/** One lent connection, hung up as soon as patience is lost, and settled in every case. */
class Line {
  response: Response | undefined;
  /** The answer was read to its end: the connection can serve again. */
  isFree = false;
  readonly #connection: Connection;
  readonly #patience: Patience;
  #goodbye: Promise<void> | undefined;

  constructor(connection: Connection, patience: Patience) {
    this.#connection = connection;
    this.#patience = patience;
    patience.signal.addEventListener('abort', this.#onAbort);
  }

  async end(): Promise<void> {
    this.#patience.signal.removeEventListener('abort', this.#onAbort);
    if (this.isFree && this.#goodbye === undefined) this.#connection.release();
    else await Promise.all([this.#hangUp(), readAway(this.response)]);
  }

  readonly #onAbort = () => void this.#hangUp();

  #hangUp(): Promise<void> {
    this.#goodbye ??= this.#connection.hangUp();
    return this.#goodbye;
  }
}

async function readAway(response: Response | undefined): Promise<void> {
  try {
    for await (const _ of response?.body ?? []);
  } catch {
    // The connection ended, as it was meant to.
  }
}
