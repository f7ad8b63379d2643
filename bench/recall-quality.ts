import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import type { MemoryUnit } from '#src/core/memory.ts';
import { RecallIndex } from '#src/memory/recall-index.ts';
import type { BenchOptions, Bounds, Metrics } from './support/benchmark.ts';

/**
 * How many of the turns that answer a question are found, by LoCoMo's protocol: one memory for each conversation, one
 * unit for each turn, the question verbatim. Nothing of the questions' answers is read.
 */
export async function run({ dataFile, outFile, progress }: BenchOptions): Promise<Metrics> {
  const conversations = await read(dataFile ?? DATA);
  const ranks: string[] = [];
  const asked: Asked[] = [];
  for (const [number, { sample_id, conversation, qa }] of conversations.entries()) {
    progress(`conversation ${number + 1} of ${conversations.length} …`);
    const units = unitsOf(conversation);
    const index = new RecallIndex();
    index.add(units);
    const ids = new Set(units.map(({ id }) => id));
    for (const [position, { question, evidence, category }] of qa.entries()) {
      const ranked = index.recall(question, { limit: units.length }).map(({ unit }) => unit);
      const first = ranked.slice(0, WRITTEN).map(({ id }) => id);
      ranks.push(JSON.stringify({ sample_id, index: position, ranked: first }));
      const gold = goldOf(evidence ?? [], ids);
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

const DATA = new URL('../../shared/data/locomo-dev.json', import.meta.url).pathname;
/** Ids written for each question. */
const WRITTEN = 50;
/** What a prompt can hold, at four characters a token. */
const CHARACTERS_OF_1K_TOKENS = 4_000;
const ADVERSARIAL = 5;
const CATEGORIES = { 1: 'multiHop', 2: 'temporal', 3: 'openDomain', 4: 'singleHop', 5: 'adversarial' };
const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);

interface Asked {
  readonly category: number;
  readonly gold: ReadonlySet<string>;
  readonly ranked: readonly MemoryUnit[];
}

const turn = z.object({
  dia_id: z.string(),
  speaker: z.string(),
  text: z.string(),
  blip_caption: z.string().optional(),
});
const dataset = z.array(
  z.object({
    sample_id: z.string(),
    conversation: z.record(z.string(), z.unknown()),
    qa: z.array(
      z.object({
        question: z.string(),
        evidence: z.array(z.string()).optional(),
        category: z.number().optional(),
      }),
    ),
  }),
);
type Conversation = z.infer<typeof dataset>[number]['conversation'];

async function read(file: string): Promise<z.infer<typeof dataset>> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    const message = `The conversations cannot be read at ${file}: name a file with --data FILE.`;
    throw Object.assign(new Error(message, { cause }), { code: 'ENOENT' });
  });
  return dataset.parse(JSON.parse(text));
}

/** The turns of a conversation, session after session; what a turn's picture shows stands behind its text. */
function unitsOf(conversation: Conversation): readonly MemoryUnit[] {
  return Object.keys(conversation)
    .filter((key) => /^session_\d+$/u.test(key))
    .flatMap((session) => {
      const saidAtInMs = momentOf(String(conversation[`${session}_date_time`]));
      return z
        .array(turn)
        .parse(conversation[session])
        .map(({ dia_id, speaker, text, blip_caption }, seq) => ({
          id: dia_id,
          speaker,
          text: blip_caption === undefined ? text : `${text} [${blip_caption}]`,
          session,
          seq,
          saidAtInMs,
        }));
    });
}

/** "1:56 pm on 8 May, 2023". */
function momentOf(text: string): number {
  const found = /^(\d+):(\d+) (am|pm) on (\d+) (\w+), (\d+)$/u.exec(text.trim());
  const [, hour, minute, half, day, month = '', year] = found ?? [];
  if (found === null || !MONTHS.includes(month)) throw new Error(`"${text}" is not a session's date.`);
  const hours = (Number(hour) % 12) + (half === 'pm' ? 12 : 0);
  return Date.UTC(Number(year), MONTHS.indexOf(month), Number(day), hours, Number(minute));
}

function goldOf(evidence: readonly string[], ids: ReadonlySet<string>): ReadonlySet<string> {
  const named = evidence.flatMap((text) => [...text.matchAll(/D:?(\d+):(\d+)/gu)]);
  return new Set(named.map(([, session, at]) => `D${session}:${at}`).filter((id) => ids.has(id)));
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

/** Percentages, averaged over the questions. */
function figuresOf(asked: readonly Asked[]) {
  const mean = (values: readonly number[]) => sum(values) / values.length;
  const recallAt = (count: number) => 100 * mean(asked.map((each) => foundIn(each, count) / each.gold.size));
  return {
    recallAt1: recallAt(1),
    recallAt5: recallAt(5),
    recallAt10: recallAt(10),
    ndcgAt10: 100 * mean(asked.map(ndcgOf)),
    within1kTokens: 100 * mean(asked.map((each) => foundIn(each, countWithinTokens(each)) / each.gold.size)),
  };
}

function foundIn({ gold, ranked }: Asked, count: number): number {
  return ranked.slice(0, count).filter(({ id }) => gold.has(id)).length;
}

function countWithinTokens({ ranked }: Asked): number {
  let characters = 0;
  const over = ranked.findIndex(({ text }) => {
    characters += text.length;
    return characters > CHARACTERS_OF_1K_TOKENS;
  });
  return over < 0 ? ranked.length : over;
}

/** Binary gain, discounted by the logarithm of the rank, over what the best order would gain. */
function ndcgOf({ gold, ranked }: Asked): number {
  const discount = (rank: number) => 1 / Math.log2(rank + 2);
  const gained = ranked.slice(0, 10).map(({ id }, rank) => (gold.has(id) ? discount(rank) : 0));
  return sum(gained) / sum(Array.from({ length: Math.min(gold.size, 10) }, (_, rank) => discount(rank)));
}
