import type { ChatCompletionCreateParams } from 'openai/resources/chat/completions';
import { ModelError } from '#src/core/errors.ts';
import type { LanguageModel, Message, ModelEvent, ModelProfile, ModelRequest } from '#src/core/model.ts';
import { answerParts } from './answer.ts';
import { failureOf } from './failure.ts';
import { LentConnection } from './lent-connection.ts';
import { answeredError, type OpenAiServer } from './openai-server.ts';
import { Patience } from './patience.ts';
import { Reading } from './reading.ts';
import { Habits, requestBody } from './request-body.ts';
import { beforeRetry, type Setback, setbackOf } from './setback.ts';

export interface OpenAiModelOptions {
  /** The model's name as the server knows it. */
  readonly name: string;
  readonly profile: ModelProfile;
  readonly server: OpenAiServer;
  /** Wait before the first retry where the server names none; it doubles with each. */
  readonly firstBackoffInMs?: number;
}

/** Chat completions of an OpenAI-compatible server: the one interface that all of them have in common. */
export class OpenAiModel implements LanguageModel {
  readonly name: string;
  readonly #profile: ModelProfile;
  readonly #server: OpenAiServer;
  readonly #firstBackoffInMs: number | undefined;
  readonly #habits = new Habits();

  constructor(options: OpenAiModelOptions) {
    this.name = options.name;
    this.#profile = options.profile;
    this.#server = options.server;
    this.#firstBackoffInMs = options.firstBackoffInMs;
  }

  async *stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent, void, void> {
    const streams = this.#profile.streams && this.#habits.takes('stream');
    const patience = new Patience(signal, this.#profile, { answersWhole: !streams });
    try {
      const messages = await request.prompt(this.#profile);
      for (let retry = 0; ; retry += 1) {
        const setback = yield* this.#call(request, messages, patience);
        if (setback === undefined) return;
        await beforeRetry(setback, {
          model: this.name,
          retry,
          patience,
          firstBackoffInMs: this.#firstBackoffInMs,
        });
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
    const line = new LentConnection(connection, patience);
    const reading = new Reading(messages);
    try {
      patience.throwIfLost(this.name);
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
      patience.throwIfLost(this.name);
      line.isFree = true;
      const rest = reading.rest();
      if (rest !== '') yield { type: 'text', text: rest };
      yield reading.end(this.name);
      return undefined;
    } catch (error) {
      patience.throwIfLost(this.name);
      if (error instanceof ModelError) throw error;
      const answered = await answeredError(error);
      if (answered !== undefined) {
        line.isFree = true;
        if (this.#habits.learn(answered, body)) return 'ask otherwise';
      }
      const failure = failureOf(this.name, error, answered, line.response !== undefined);
      if (reading.hasText) throw failure.error;
      return setbackOf(failure, answered);
    } finally {
      await line.end();
    }
  }
}
