import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { MemoryUnit } from '#src/core/memory.ts';

/** The conversations that are measured on where no others are named. */
const DATA = new URL('../../../shared/data/locomo-dev.json', import.meta.url).pathname;
/** What a prompt can hold, at four characters a token. */
const CHARACTERS_OF_1K_TOKENS = 4_000;
const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);
const SESSION = /^session_\d+$/u;

/** Questions whose answer the conversation does not hold. */
export const ADVERSARIAL = 5;

/** One question of a conversation. What is not given, as in conversations that are held back, is undefined. */
interface LocomoQuestion {
  readonly question: string;
  readonly evidence?: readonly string[] | undefined;
  readonly category?: number | undefined;
}

export interface LocomoConversation {
  readonly sampleId: string;
  /** One for each turn. */
  readonly units: readonly MemoryUnit[];
  readonly questions: readonly LocomoQuestion[];
}

/** A question with the turns that answer it, and what was found for it, best first. */
export interface Asked {
  readonly category: number;
  readonly gold: ReadonlySet<string>;
  readonly ranked: readonly MemoryUnit[];
}

const turn = z.object({
  dia_id: z.string(),
  speaker: z.string(),
  text: z.string().nullish(),
  blip_caption: z.string().nullish(),
});
const turns = z.array(turn);
const dataset = z.array(
  z.object({
    sample_id: z.string(),
    conversation: z.record(z.string(), z.unknown()),
    qa: z.array(
      z.object({
        question: z.string(),
        evidence: z.array(z.string()).nullish(),
        category: z.number().nullish(),
      }),
    ),
  }),
);

/**
 * Reads conversations in LoCoMo's form. Of a question nothing but what is asked, its evidence and its category is read:
 * its answer may be there or not.
 */
export async function readLocomo(file: string = DATA): Promise<readonly LocomoConversation[]> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    const message = `The conversations cannot be read at ${file}: name a file with --data FILE.`;
    throw Object.assign(new Error(message, { cause }), { code: 'ENOENT' });
  });
  return dataset.parse(JSON.parse(text)).map(({ sample_id, conversation, qa }) => ({
    sampleId: sample_id,
    units: unitsOf(conversation),
    questions: qa.map(({ question, evidence, category }) => ({
      question,
      evidence: evidence ?? undefined,
      category: category ?? undefined,
    })),
  }));
}

/** The turns of a conversation, session after session; what a turn's picture shows stands behind its text. */
function unitsOf(conversation: Readonly<Record<string, unknown>>): readonly MemoryUnit[] {
  return Object.keys(conversation)
    .filter((key) => SESSION.test(key))
    .flatMap((session, number) => {
      const saidAtInMs = momentOf(conversation[`${session}_date_time`], number);
      return turns.parse(conversation[session] ?? []).map(({ dia_id, speaker, text, blip_caption }, seq) => ({
        id: dia_id,
        speaker,
        text: [text ?? '', ...(blip_caption ? [`[${blip_caption}]`] : [])].join(' ').trim(),
        session,
        seq,
        saidAtInMs,
      }));
    });
}

/** A session without a date was on the day of its number: sessions stay in their order. */
function momentOf(written: unknown, session: number): number {
  if (written === undefined || written === null || written === '') return Date.UTC(1970, 0, 1 + session);
  const found = /^(\d+):(\d+) (am|pm) on (\d+) (\w+), (\d+)$/u.exec(String(written).trim());
  const [, hour, minute, half, day, month = '', year] = found ?? [];
  if (found === null || !MONTHS.includes(month))
    throw new Error(`"${String(written)}" is not a session's date.`);
  const hours = (Number(hour) % 12) + (half === 'pm' ? 12 : 0);
  return Date.UTC(Number(year), MONTHS.indexOf(month), Number(day), hours, Number(minute));
}

/** The turns that are a question's evidence, as far as they exist. */
export function goldOf({ evidence = [] }: LocomoQuestion, ids: ReadonlySet<string>): ReadonlySet<string> {
  const named = evidence.flatMap((text) => [...text.matchAll(/D:?(\d+):(\d+)/gu)]);
  return new Set(named.map(([, session, at]) => `D${session}:${at}`).filter((id) => ids.has(id)));
}

/** Percentages, averaged over the questions. */
export function figuresOf(asked: readonly Asked[]) {
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

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
