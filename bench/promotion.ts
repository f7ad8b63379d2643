import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { importanceOf, KEEP_FROM, TRAITS, traitsOf } from '#src/memory/importance.ts';
import type { BenchOptions, Bounds, Metrics } from './support/benchmark.ts';
import { crossValidated, fitLogistic } from './support/logistic.ts';

const OWN_LINES = new URL('../test/fixtures/promotion.jsonl', import.meta.url);
const L2 = 0.001;
/** Ways in which a file may say that a line is to be kept. */
const KEEP = new Set(['keep', 'true', '1', 'yes', 'promote', 'kept']);

const labelled = z.object({
  text: z.string(),
  label: z.union([z.string(), z.boolean(), z.number()]).optional(),
  keep: z.union([z.boolean(), z.number()]).optional(),
});

/** Which of the lines that people labelled the rules keep and let go of as they did. */
export async function run({ dataFile, outFile, progress }: BenchOptions): Promise<Metrics> {
  const written = await readFile(dataFile ?? OWN_LINES, 'utf8');
  const lines = written
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const { text, label, keep } = labelled.parse(JSON.parse(line));
      return { text, keep: KEEP.has(String(label ?? keep).toLowerCase()) };
    });
  progress(`${lines.length} lines …`);
  const wrong = lines.filter(({ text, keep }) => importanceOf(text) >= KEEP_FROM !== keep);
  for (const { text, keep } of wrong) progress(`${keep ? 'let go of' : 'kept'}: ${text}`);
  const accuracyPercent = 100 * (1 - wrong.length / lines.length);
  if (dataFile !== undefined) return { accuracyPercent };
  const examples = lines.map(({ text, keep }) => {
    const traits = traitsOf(text);
    return { values: TRAITS.map((trait) => traits[trait]), is: keep };
  });
  if (outFile !== undefined) {
    const [bias = 0, ...weights] = fitLogistic(examples, L2);
    const named = Object.fromEntries(TRAITS.map((trait, at) => [trait, weights[at] ?? 0]));
    await writeFile(outFile, `${JSON.stringify({ bias, ...named }, undefined, 2)}\n`);
  }
  return { accuracyPercent, unseenAccuracyPercent: crossValidated(examples, L2) };
}

export const takesFiles = true;
export const bounds: Bounds = { accuracyPercent: { atLeast: 90 } };
