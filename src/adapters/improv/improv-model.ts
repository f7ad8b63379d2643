import { setTimeout as delay } from 'node:timers/promises';
import { ModelError } from '#src/core/errors.ts';
import type { LanguageModel, ModelEvent, ModelRequest, Task } from '#src/core/model.ts';
import { draftPersona } from './cast/draft.ts';
import { planCast } from './cast/plan.ts';
import { seeded } from './random.ts';
import { loadTables, type Tables } from './tables.ts';
import { speak } from './voice/speak.ts';
import { loadVoiceBook, type VoiceBook } from './voice/voice-book.ts';

const NAME = 'improv';
/** So that a line feels spoken. In milliseconds, per word. */
const FASTEST_WORD_IN_MS = 12;
const SLOWEST_WORD_IN_MS = 30;
/** However long a line is, it stands whole within this. In milliseconds. */
const WHOLE_LINE_IN_MS = 1500;

export interface ImprovOptions {
  /** Folder of one language or setting. The one that ships where left out. */
  readonly tablesDirectory?: string;
  /** Waits between words; rejects when the signal aborts. `'none'` gives a line at once. */
  readonly pacing?: ((delayInMs: number, signal: AbortSignal) => Promise<void>) | 'none';
}

interface Library {
  readonly tables: Tables;
  readonly book: VoiceBook;
}

const pause = (delayInMs: number, signal: AbortSignal): Promise<void> =>
  delay(delayInMs, undefined, { signal });

/**
 * The embedded default: plans, drafts and speaks from our own tables, with no server and no key. It works from the
 * task alone and never renders the prompt. The tables are read on first use.
 */
export class ImprovModel implements LanguageModel {
  readonly name = NAME;
  readonly #directory: string;
  readonly #pacing: NonNullable<ImprovOptions['pacing']>;
  #library: Promise<Library> | undefined;

  constructor(options: ImprovOptions = {}) {
    this.#directory = options.tablesDirectory ?? `${import.meta.dirname}/tables/english`;
    this.#pacing = options.pacing ?? pause;
  }

  async *stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent, void, void> {
    throwIfAborted(signal);
    const library = await this.#open();
    throwIfAborted(signal);
    const { task } = request;
    const text = answer(task, library);
    for (const piece of task.kind === 'speak' ? paced(text, task.seed) : [{ text, delayInMs: 0 }]) {
      if (this.#pacing !== 'none' && piece.delayInMs > 0)
        await this.#pacing(piece.delayInMs, signal).catch(stopped);
      throwIfAborted(signal);
      yield { type: 'text', text: piece.text };
    }
    throwIfAborted(signal);
    yield { type: 'end', reason: 'stop', usage: { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 } };
  }

  /** Reads the tables once; a try that failed is made again by the next request. */
  async #open(): Promise<Library> {
    this.#library ??= Promise.all([loadTables(this.#directory), loadVoiceBook(this.#directory)]).then(
      ([tables, book]) => ({ tables, book }),
    );
    try {
      return await this.#library;
    } catch (cause) {
      this.#library = undefined;
      throw new ModelError('unreachable', NAME, 'The tables cannot be read.', { cause });
    }
  }
}

function answer(task: Task, { tables, book }: Library): string {
  switch (task.kind) {
    case 'speak':
      return speak(task, book);
    case 'plan':
      return JSON.stringify({ members: planCast(task, tables) });
    case 'draft':
      return JSON.stringify(draftPersona(task, tables, book));
  }
}

/** Word by word, each with the time before it; nothing waits before the first. */
function paced(text: string, seed: string): { text: string; delayInMs: number }[] {
  const random = seeded(`pace|${seed}`);
  const pieces = text.match(/\S+\s*|^\s+/gu) ?? [];
  const wishedInMs = pieces.map((_, index) =>
    index === 0 ? 0 : random.integer(FASTEST_WORD_IN_MS, SLOWEST_WORD_IN_MS),
  );
  const whole = wishedInMs.reduce((sum, each) => sum + each, 0);
  const haste = Math.min(1, WHOLE_LINE_IN_MS / Math.max(1, whole));
  return pieces.map((piece, index) => ({
    text: piece,
    delayInMs: Math.floor((wishedInMs[index] ?? 0) * haste),
  }));
}

function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new ModelError('aborted', NAME, 'The request was aborted.');
}

/** A wait that an abort ended: what follows sees the signal. Anything else that goes wrong with a wait is a fault. */
function stopped(error: unknown): void {
  if (!(error instanceof Error && error.name === 'AbortError')) throw error;
}
