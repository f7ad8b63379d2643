import { writeFile } from 'node:fs/promises';
import { RecallIndex } from '#src/memory/recall-index.ts';
import type { BenchOptions, Bounds, Metrics } from './support/benchmark.ts';
import { ADVERSARIAL, type Asked, figuresOf, goldOf, readLocomo } from './support/locomo.ts';

/**
 * How many of the turns that answer a question are found, by LoCoMo's protocol: one memory for each conversation, one
 * unit for each turn, the question verbatim. Nothing of the questions' answers is read. Conversations without evidence
 * give ranks alone.
 */
export async function run({ dataFile, outFile, progress }: BenchOptions): Promise<Metrics> {
  const conversations = await readLocomo(dataFile);
  const ranks: string[] = [];
  const asked: Asked[] = [];
  for (const [number, { sampleId, units, questions }] of conversations.entries()) {
    progress(`conversation ${number + 1} of ${conversations.length} …`);
    const index = new RecallIndex();
    index.add(units);
    const ids = new Set(units.map(({ id }) => id));
    for (const [position, question] of questions.entries()) {
      const hits = index.recall(question.question, { limit: units.length });
      const ranked = hits.map(({ unit }) => unit);
      const first = ranked.slice(0, WRITTEN).map(({ id }) => id);
      ranks.push(JSON.stringify({ sample_id: sampleId, index: position, ranked: first }));
      const gold = goldOf(question, ids);
      const { category } = question;
      if (gold.size > 0 && category !== undefined) asked.push({ category, gold, ranked });
    }
  }
  if (outFile !== undefined) await writeFile(outFile, `${ranks.join('\n')}\n`);
  const headline = asked.filter(({ category }) => category !== ADVERSARIAL);
  return {
    questions: ranks.length,
    ...(headline.length === 0 ? {} : figuresOf(headline)),
    ...Object.fromEntries(
      Object.entries(CATEGORIES).flatMap(([category, name]) => {
        const those = asked.filter((each) => each.category === Number(category));
        if (those.length === 0) return [];
        const { recallAt10, ndcgAt10 } = figuresOf(those);
        return [
          [`${name}RecallAt10`, recallAt10],
          [`${name}NdcgAt10`, ndcgAt10],
        ];
      }),
    ),
  };
}

/** It reads other conversations with `--data` and writes ranks with `--out`. */
export const takesFiles = true;

export const bounds: Bounds = { recallAt10: { atLeast: 81 }, ndcgAt10: { atLeast: 67 } };

/** Ids written for each question. */
const WRITTEN = 50;
const CATEGORIES = { 1: 'multiHop', 2: 'temporal', 3: 'openDomain', 4: 'singleHop', 5: 'adversarial' };
