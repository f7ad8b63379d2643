import { ModelError } from '#src/core/errors.ts';
import type { LanguageModel, Message, ModelEvent, ModelRequest } from '#src/core/model.ts';
import { defaultProfile } from './profile.ts';

/** One answer: its pieces of text in order, an error in their place, or a wait for the test to let it go on. */
export type Script = readonly (string | Error | Promise<unknown>)[];

/**
 * A language model that says what the test wrote, one script a call, in order; it records its calls and fails where
 * nothing is scripted. As the port asks, an abort ends it with ModelError 'aborted'.
 */
export class ScriptedModel implements LanguageModel {
  readonly name = 'scripted';
  readonly requests: ModelRequest[] = [];
  readonly prompts: (readonly Message[])[] = [];
  /** Streams that have begun and not settled. */
  open = 0;
  readonly #scripts: (Script | ((request: ModelRequest) => Script))[];
  readonly #ending: 'stop' | 'length';

  constructor(
    scripts: readonly (Script | ((request: ModelRequest) => Script))[],
    options: { readonly ending?: 'stop' | 'length' } = {},
  ) {
    this.#scripts = [...scripts];
    this.#ending = options.ending ?? 'stop';
  }

  async *stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent, void, void> {
    this.requests.push(request);
    this.prompts.push(await request.prompt(defaultProfile));
    const next = this.#scripts.shift();
    if (next === undefined) throw new Error('The test scripted no further answer.');
    const script = typeof next === 'function' ? next(request) : next;
    this.open += 1;
    try {
      for (const step of script) {
        if (step instanceof Promise) await Promise.race([step, aborted(signal)]);
        if (signal.aborted) throw new ModelError('aborted', this.name, 'aborted');
        if (step instanceof Error) throw step;
        if (typeof step === 'string') yield { type: 'text', text: step };
      }
      const usage = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 };
      yield { type: 'end', reason: this.#ending, usage };
    } finally {
      this.open -= 1;
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
