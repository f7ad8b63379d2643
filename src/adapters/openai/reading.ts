import { ModelError } from '#src/core/errors.ts';
import type { Message, ModelEvent, TokenUsage } from '#src/core/model.ts';
import type { AnswerPart } from './answer.ts';
import { ThinkingFilter } from './thinking.ts';

/** What has come of one answer. */
export class Reading {
  hasText = false;
  readonly #thinking = new ThinkingFilter();
  readonly #promptLength: number;
  #answerLength = 0;
  #isRefused = false;
  #finishReason: string | undefined;
  #usage: TokenUsage | undefined;

  constructor(messages: readonly Message[]) {
    this.#promptLength = messages.reduce((sum, { content }) => sum + content.length, 0);
  }

  /** @returns the text that this part adds. */
  take(part: AnswerPart): string {
    this.#answerLength += part.text.length;
    this.#isRefused ||= part.isRefusal;
    this.#finishReason = part.finishReason ?? this.#finishReason;
    this.#usage = part.usage ?? this.#usage;
    return this.#shown(this.#thinking.push(part.text));
  }

  rest(): string {
    return this.#shown(this.#thinking.end());
  }

  /** @throws ModelError where what came is no answer. */
  end(model: string): ModelEvent {
    if (this.#isRefused || this.#finishReason === 'content_filter')
      throw new ModelError('refused', model, this.#isRefused ? 'refusal' : 'content filter');
    if (this.#finishReason === undefined)
      throw new ModelError('server-error', model, 'the answer ended without a finish reason');
    if (!this.hasText) throw new ModelError('empty', model, `no text (finish reason ${this.#finishReason})`);
    return {
      type: 'end',
      reason: this.#finishReason === 'length' ? 'length' : 'stop',
      // Four characters a token: what English prose comes to, for servers that do not count.
      usage: this.#usage ?? {
        inputTokens: Math.ceil(this.#promptLength / 4),
        cachedInputTokens: 0,
        outputTokens: Math.ceil(this.#answerLength / 4),
      },
    };
  }

  #shown(text: string): string {
    if (text.trim() !== '') this.hasText = true;
    return text;
  }
}
