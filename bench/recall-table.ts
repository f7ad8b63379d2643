import { fitting } from '#src/memory/fitting.ts';
import { RecallIndex } from '#src/memory/recall-index.ts';
import type { BenchOptions, Bounds, Metrics } from './support/benchmark.ts';
import { readTableTalk, type TableQuestion, type TableTalk } from './support/table-talk.ts';

/**
 * How often the line that answers a question of the table reaches a prompt: a campaign's talk, and questions as players ask
 * them. Of its evenings the even ones were kept aside while words and weights were chosen.
 */
export async function run({ dataFile, progress }: BenchOptions): Promise<Metrics> {
  const talk = await readTableTalk(dataFile);
  const index = new RecallIndex();
  index.add(talk.units);
  const found = talk.questions.map((question) => ({ question, ...placeOf(index, question, talk) }));
  for (const { question, place, best } of found)
    if (place > IN_A_PROMPT) progress(`${question.of}: ${question.question} Found first: ${best}`);
  return {
    lines: talk.units.length,
    questions: found.length,
    ...figuresOf(
      'tuned',
      found.filter(({ question }) => !question.isAside),
    ),
    ...figuresOf(
      'aside',
      found.filter(({ question }) => question.isAside),
    ),
  };
}

/** It asks other questions with `--data`. */
export const takesFiles = true;

export const bounds: Bounds = { asideInPrompt: { atLeast: 70 }, tunedInPrompt: { atLeast: 80 } };

/** So many memories at most come to mind for one line. */
const IN_A_PROMPT = 12;

function placeOf(
  index: RecallIndex,
  { question, by, of, answers }: TableQuestion,
  { endsAtInMs }: TableTalk,
) {
  const asked = { limit: 128, askedBy: by, askedOf: of, now: { atInMs: endsAtInMs } };
  const hits = fitting(index.recall(question, asked));
  const at = hits.findIndex(({ unit }) => answers.has(unit.id));
  return { place: at < 0 ? Number.POSITIVE_INFINITY : at + 1, best: hits[0]?.unit.text ?? 'nothing' };
}

function figuresOf(name: string, found: readonly { readonly place: number }[]): Metrics {
  if (found.length === 0) return {};
  const share = (most: number) => (100 * found.filter(({ place }) => place <= most).length) / found.length;
  return { [`${name}First`]: share(1), [`${name}InPrompt`]: share(IN_A_PROMPT) };
}
