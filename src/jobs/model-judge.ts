import * as z from 'zod';
import type { LanguageModel, Origin } from '#src/core/model.ts';
import { clip } from '#src/core/text.ts';
import { type GistLine, MOST_OF_A_SUMMARY_IN_CHARACTERS } from '#src/memory/gist.ts';
import type { FoldGroup, Judge, Judged } from '#src/memory/judge.ts';
import { askObject } from '#src/models/structured.ts';
import { cleanLine } from '#src/persona/text.ts';
import { foldRequest, weighRequest } from '#src/prompt/requests.ts';

/** Lines that are judged by one call. */
const LINES_A_CALL = 40;
/** Between these the rules are not sure of a line's importance. */
const UNSURE_FROM = 0.2;
const UNSURE_TO = 0.9;

const weighSchema = z.object({
  importance: z
    .array(z.number().min(0).max(1).describe('From 0 to 1'))
    .describe('One number for each line, in their order'),
});
const foldSchema = z.object({
  summary: z.string().overwrite((text) => clip(cleanLine(text), MOST_OF_A_SUMMARY_IN_CHARACTERS)),
});

export interface ModelJudgeOptions {
  readonly model: LanguageModel;
  /** Logs a failure, once: the rules judge instead. */
  readonly onFault: (error: unknown, doing: string) => void;
}

/**
 * Judges by a language model: weighs some lines with each call, retells one group. What it answers is validated; where it
 * fails, the rules stand.
 */
export class ModelJudge implements Judge {
  readonly #options: ModelJudgeOptions;

  constructor(options: ModelJudgeOptions) {
    this.#options = options;
  }

  async weigh(lines: readonly GistLine[], origin: Origin, signal: AbortSignal): Promise<Judged<number>> {
    let byRules = 0;
    const importance = lines.map((line) => line.importance);
    const unsure = [...lines.entries()].filter(
      ([, line]) => line.importance >= UNSURE_FROM && line.importance <= UNSURE_TO,
    );
    for (let start = 0; start < unsure.length; start += LINES_A_CALL) {
      const some = unsure.slice(start, start + LINES_A_CALL);
      const request = weighRequest({ kind: 'weigh', lines: some.map(([, line]) => line) }, origin);
      const answer = await this.#ask('weighing memories', signal, () =>
        askObject(this.#options.model, request, weighSchema, {
          signal,
          check: ({ importance: { length } }) => countComplaint(length, some.length, 'importance'),
        }),
      );
      if (answer === undefined) byRules += some.length;
      for (const [index, [at]] of some.entries()) {
        const judged = answer?.importance[index];
        if (judged !== undefined) importance[at] = judged;
      }
    }
    return { answers: importance, byRules };
  }

  async fold({ lines, gist }: FoldGroup, origin: Origin, signal: AbortSignal): Promise<string | undefined> {
    const limitInCharacters = MOST_OF_A_SUMMARY_IN_CHARACTERS;
    const request = foldRequest({ kind: 'fold', lines, gist, limitInCharacters }, origin);
    const answer = await this.#ask('folding memories', signal, () =>
      askObject(this.#options.model, request, foldSchema, {
        signal,
        check: ({ summary }) => (/[\p{L}\p{N}]/u.test(summary) ? [] : ['the summary says nothing']),
      }),
    );
    return answer?.summary;
  }

  async #ask<T>(doing: string, signal: AbortSignal, ask: () => Promise<T>): Promise<T | undefined> {
    try {
      return await ask();
    } catch (error) {
      signal.throwIfAborted();
      this.#options.onFault(error, doing);
      return undefined;
    }
  }
}

function countComplaint(count: number, wanted: number, what: string): readonly string[] {
  return count === wanted ? [] : [`${what} must hold exactly ${wanted}, but holds ${count}`];
}
