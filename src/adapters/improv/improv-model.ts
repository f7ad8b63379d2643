import { setTimeout as delay } from 'node:timers/promises';
import { ModelError } from '#src/core/errors.ts';
import type { LanguageModel, ModelEvent, ModelRequest, Task } from '#src/core/model.ts';
import { seeded } from './random.ts';

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

/** Reads a thing once, on first use; a try that failed is made again by the next. */
class Shelf<T> {
  readonly #read: () => Promise<T>;
  #content: Promise<T> | undefined;

  constructor(read: () => Promise<T>) {
    this.#read = read;
  }

  async open(): Promise<T> {
    this.#content ??= this.#read();
    try {
      return await this.#content;
    } catch (cause) {
      this.#content = undefined;
      throw new ModelError('unreachable', NAME, 'The tables cannot be read.', { cause });
    }
  }
}

const pause = (delayInMs: number, signal: AbortSignal): Promise<void> =>
  delay(delayInMs, undefined, { signal });

/**
 * The embedded default: plans, drafts and speaks from our own tables, with no server and no key. It works from the
 * task alone and never renders the prompt. The tables are read on first use.
 */
export class ImprovModel implements LanguageModel {
  readonly name = NAME;
  readonly #pacing: NonNullable<ImprovOptions['pacing']>;
  /** Two shelves: who only talks does not wait for what casts are drafted from. */
  readonly #tables: Shelf<Awaited<ReturnType<typeof readTables>>>;
  readonly #book: Shelf<Awaited<ReturnType<typeof readBook>>>;

  constructor(options: ImprovOptions = {}) {
    const directory = options.tablesDirectory ?? `${import.meta.dirname}/tables/english`;
    this.#tables = new Shelf(() => readTables(directory));
    this.#book = new Shelf(() => readBook(directory));
    this.#pacing = options.pacing ?? pause;
  }

  /** Reads the tables before anybody waits for them. */
  async warmUp(): Promise<void> {
    await Promise.all([this.#tables.open(), this.#book.open()]);
  }

  async *stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent, void, void> {
    throwIfAborted(signal);
    const { task } = request;
    const text = await this.#answer(task);
    throwIfAborted(signal);
    for (const piece of task.kind === 'speak' ? paced(text, task.seed) : [{ text, delayInMs: 0 }]) {
      if (this.#pacing !== 'none' && piece.delayInMs > 0)
        await this.#pacing(piece.delayInMs, signal).catch(stopped);
      throwIfAborted(signal);
      yield { type: 'text', text: piece.text };
    }
    throwIfAborted(signal);
    yield { type: 'end', reason: 'stop', usage: { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 } };
  }

  async #answer(task: Task): Promise<string> {
    switch (task.kind) {
      case 'speak': {
        const { speak, book } = await this.#book.open();
        return speak(task, book);
      }
      case 'plan': {
        const { planCast, tables } = await this.#tables.open();
        return JSON.stringify({ members: planCast(task, tables) });
      }
      case 'draft': {
        const [{ draftPersona, tables }, { book }] = await Promise.all([
          this.#tables.open(),
          this.#book.open(),
        ]);
        return JSON.stringify(draftPersona(task, tables, book));
      }
      // It has nothing of its own to say of what was said.
      case 'weigh':
        return JSON.stringify({ importance: task.lines.map(({ importance }) => importance) });
      case 'fold':
        return JSON.stringify({ summary: task.gist });
      case 'rephrase':
        return JSON.stringify({ query: task.lines.at(-1)?.text ?? '' });
    }
  }
}

/** What casts are planned and drafted with. Start-up does without it, and without YAML. */
async function readTables(directory: string) {
  const [{ planCast }, { draftPersona }, { loadTables }] = await Promise.all([
    import('./cast/plan.ts'),
    import('./cast/draft.ts'),
    import('./tables.ts'),
  ]);
  return { planCast, draftPersona, tables: await loadTables(directory) };
}

/** What NPCs speak with. */
async function readBook(directory: string) {
  const [{ speak }, { loadVoiceBook }] = await Promise.all([
    import('./voice/speak.ts'),
    import('./voice/voice-book.ts'),
  ]);
  return { speak, book: await loadVoiceBook(directory) };
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
