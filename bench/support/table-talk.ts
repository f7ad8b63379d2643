import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { MemoryUnit } from '#src/core/memory.ts';

const OWN_TALK = new URL('../../test/fixtures/table-talk.jsonl', import.meta.url);
const FIRST_EVENING_IN_MS = Date.UTC(2026, 0, 8, 19);
const WEEK_IN_MS = 7 * 86_400_000;
const A_LINE_IN_MS = 60_000;

const said = z.object({
  id: z.string(),
  /** Counted from 1; evenings are a week apart. */
  evening: z.int().positive(),
  /** Empty where it is told. */
  speaker: z.string(),
  text: z.string(),
});
const asked = z.object({
  question: z.string(),
  by: z.string(),
  of: z.string(),
  /** Ids of the lines that answer it, each by itself; the first says to which evening it belongs. */
  answers: z.array(z.string()).min(1),
});
const entry = z.union([said, asked]);

export interface TableQuestion {
  readonly question: string;
  readonly by: string;
  readonly of: string;
  readonly answers: ReadonlySet<string>;
  /** Nothing was chosen by it. */
  readonly isAside: boolean;
}

export interface TableTalk {
  readonly units: readonly MemoryUnit[];
  readonly questions: readonly TableQuestion[];
  /** Some weeks after the last line. */
  readonly endsAtInMs: number;
}

/** Reads a campaign's talk and the questions about it, one a line: the product's own, or a file of the same form. */
export async function readTableTalk(file: string | undefined): Promise<TableTalk> {
  const written = await readFile(file ?? OWN_TALK, 'utf8');
  const entries = written
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => entry.parse(JSON.parse(line)));
  const lines = entries.filter((each) => 'text' in each);
  const evenings = new Map(lines.map(({ id, evening }) => [id, evening]));
  const units = lines.map(({ id, evening, speaker, text }, seq) => ({
    id,
    speaker,
    text,
    session: `evening ${evening}`,
    seq,
    saidAtInMs: FIRST_EVENING_IN_MS + evening * WEEK_IN_MS + seq * A_LINE_IN_MS,
  }));
  const questions = entries
    .filter((each) => 'question' in each)
    .map(({ answers, ...rest }) => ({
      ...rest,
      answers: new Set(answers),
      isAside: (evenings.get(answers[0] ?? '') ?? 0) % 2 === 0,
    }));
  return { units, questions, endsAtInMs: (units.at(-1)?.saidAtInMs ?? 0) + 4 * WEEK_IN_MS };
}
