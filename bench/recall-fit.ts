import { writeFile } from 'node:fs/promises';
import { WEIGHTS } from '#src/memory/ranking.ts';
import type { BenchOptions, Metrics } from './support/benchmark.ts';
import { type Example, examplesOf, rankedBy, weightsFrom } from './support/fit-recall.ts';
import { type Asked, figuresOf, readLocomo } from './support/locomo.ts';

/**
 * Fits the weights of recall anew, and says how well they rank conversations that they were not fitted on: each by
 * weights fitted on the others. `--out` writes the weights fitted on all.
 */
export async function run({ dataFile, outFile, progress }: BenchOptions): Promise<Metrics> {
  const conversations = await readLocomo(dataFile);
  const examples: (readonly Example[])[] = [];
  for (const conversation of conversations) examples.push(examplesOf(conversation));
  const all = examples.flat();
  if (all.length === 0)
    throw new Error('There is nothing to fit to: no question has evidence and a category.');
  const unseen: Asked[] = [];
  for (const [left, own] of examples.entries()) {
    progress(`without conversation ${left + 1} of ${examples.length} …`);
    const others = examples.filter((_, at) => at !== left).flat();
    if (others.length > 0) unseen.push(...rankedBy(weightsFrom(others, L2), own));
  }
  progress('on all …');
  const weights = weightsFrom(all, L2);
  progress(JSON.stringify(weights, undefined, 2));
  if (outFile !== undefined) await writeFile(outFile, `${JSON.stringify(weights, undefined, 2)}\n`);
  return {
    questions: all.length,
    ...named('unseen', unseen),
    ...named('fitted', rankedBy(weights, all)),
    ...named('shipped', rankedBy(WEIGHTS, all)),
  };
}

/** It fits to other conversations with `--data` and writes the weights with `--out`. */
export const takesFiles = true;

/** Held small by so much, weights rank a conversation best that they were not fitted on. */
const L2 = 0.01;

function named(what: string, asked: readonly Asked[]): Metrics {
  if (asked.length === 0) return {};
  const { recallAt10, ndcgAt10 } = figuresOf(asked);
  return { [`${what}RecallAt10`]: recallAt10, [`${what}NdcgAt10`]: ndcgAt10 };
}
