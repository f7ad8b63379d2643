import { ModelError } from '#src/core/errors.ts';
import type { Meter, TimedStage } from '#src/core/meter.ts';
import type {
  LanguageModel,
  ModelEvent,
  ModelProfile,
  ModelRequest,
  Task,
  TokenUsage,
} from '#src/core/model.ts';
import { tokensForLength } from './tokens.ts';

const STAGE_OF: Readonly<Record<Task['kind'], TimedStage>> = {
  speak: 'whole reply',
  plan: 'planning',
  draft: 'drafting',
  weigh: 'weighing',
  fold: 'folding',
  rephrase: 'rephrasing',
};

type Prices = ModelProfile['pricePerMillionInUsd'];

/** Times, counts and prices each call of the inner model. Stands inside the permit: waiting is measured apart. */
export class MeteredModel implements LanguageModel {
  readonly name: string;
  readonly #inner: LanguageModel;
  readonly #prices: Prices;
  readonly #meter: Meter;

  constructor(inner: LanguageModel, prices: Prices, meter: Meter) {
    this.name = inner.name;
    this.#inner = inner;
    this.#prices = prices;
    this.#meter = meter;
  }

  async *stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent, void, void> {
    const startedAtInMs = performance.now();
    let promptLength = 0;
    let answerLength = 0;
    let usage: TokenUsage | undefined;
    const watched: ModelRequest = {
      ...request,
      prompt: async (profile) => {
        const messages = await request.prompt(profile);
        promptLength = messages.reduce((sum, { content }) => sum + content.length, 0);
        return messages;
      },
    };
    try {
      for await (const event of this.#inner.stream(watched, signal)) {
        if (event.type === 'end') {
          usage = event.usage;
          this.#meter.record(STAGE_OF[request.task.kind], performance.now() - startedAtInMs);
        } else {
          if (answerLength === 0) this.#meter.record('first token', performance.now() - startedAtInMs);
          answerLength += event.text.length;
        }
        yield event;
      }
    } catch (error) {
      if (error instanceof ModelError && error.kind !== 'aborted') this.#meter.recordError(error.kind);
      throw error;
    } finally {
      // A call that broke off costs what it took until then, but no server says how much that was.
      if (usage === undefined && answerLength > 0)
        usage = {
          inputTokens: tokensForLength(promptLength),
          cachedInputTokens: 0,
          outputTokens: tokensForLength(answerLength),
        };
      if (usage !== undefined)
        this.#meter.recordUsage(
          {
            ...usage,
            model: this.name,
            purpose: request.task.kind,
            costInMicroUsd: costInMicroUsd(usage, this.#prices),
          },
          request.origin,
        );
    }
  }
}

/** Dollars per million tokens are millionths of a dollar per token. */
export function costInMicroUsd(usage: TokenUsage, prices: Prices): number {
  const cached = Math.min(usage.cachedInputTokens, usage.inputTokens);
  return Math.round(
    (usage.inputTokens - cached) * prices.input +
      cached * prices.cachedInput +
      usage.outputTokens * prices.output,
  );
}
