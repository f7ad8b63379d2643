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
const DAY_IN_MS = 86_400_000;
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

/** Whatever was written where a text belongs: nothing, a number, a list of texts. */
const text = z
  .unknown()
  .optional()
  .transform((written) => textsIn(written).join(' '));
const turn = z.object({ dia_id: text, speaker: text, text, blip_caption: text });
/** What is no list of turns has none. */
const turns = z.preprocess((written) => (Array.isArray(written) ? written : []), z.array(turn));
const category = z.coerce.number().int().optional().catch(undefined);
const dataset = z.array(
  z.object({
    sample_id: text,
    conversation: z.record(z.string(), z.unknown()),
    qa: z.array(z.object({ question: text, evidence: z.unknown().optional().transform(textsIn), category })),
  }),
);

function textsIn(written: unknown): readonly string[] {
  if (Array.isArray(written)) return written.flatMap(textsIn);
  return typeof written === 'string' || typeof written === 'number' ? [String(written)] : [];
}

/**
 * Reads conversations in LoCoMo's form. Of a question nothing but what is asked, its evidence and its category is read:
 * its answer may be there or not.
 */
export async function readLocomo(file: string = DATA): Promise<readonly LocomoConversation[]> {
  const written = await readFile(file, 'utf8').catch((cause: unknown) => {
    const message = `The conversations cannot be read at ${file}: name a file with --data FILE.`;
    throw Object.assign(new Error(message, { cause }), { code: 'ENOENT' });
  });
  // Some files begin with a mark of their byte order.
  return dataset
    .parse(JSON.parse(written.replace(/^\uFEFF/u, '')))
    .map(({ sample_id, conversation, qa }) => ({
      sampleId: sample_id,
      units: unitsOf(conversation),
      questions: qa,
    }));
}

/** The turns of a conversation, session after session; what a turn's picture shows stands behind its text. */
function unitsOf(conversation: Readonly<Record<string, unknown>>): readonly MemoryUnit[] {
  let saidAtInMs = Date.UTC(1970, 0, 1);
  return Object.keys(conversation)
    .filter((key) => SESSION.test(key))
    .flatMap((session) => {
      // A session without a date that can be read was the day after the one before: they stay in their order.
      saidAtInMs = momentOf(conversation[`${session}_date_time`]) ?? saidAtInMs + DAY_IN_MS;
      const at = saidAtInMs;
      return turns.parse(conversation[session]).map(({ dia_id, speaker, text: said, blip_caption }, seq) => ({
        id: dia_id,
        speaker,
        text: [said, ...(blip_caption ? [`[${blip_caption}]`] : [])].join(' ').trim(),
        session,
        seq,
        saidAtInMs: at,
      }));
    })
    .filter(({ id }) => id !== '');
}

/** "1:56 pm on 8 May, 2023", or another way to write a date; UTC. Undefined where it cannot be told. */
export function momentOf(written: unknown): number | undefined {
  const date = textsIn(written).join(' ').trim();
  const [, hour, minute = '0', half = ''] = /\b(\d{1,2})(?::(\d{2}))?\s*([ap]m)\b/iu.exec(date) ?? [];
  const [, day, name = '', year] = /\b(\d{1,2})\s+(\p{L}{3,})\.?,?\s+(\d{4})\b/u.exec(date) ?? [];
  const month = MONTHS.findIndex((each) => each.toLowerCase().startsWith(name.toLowerCase()));
  if (day !== undefined && month >= 0) {
    const hours = (Number(hour ?? 0) % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
    return Date.UTC(Number(year), month, Number(day), hours, Number(minute));
  }
  const parsed = /^\d{4}-\d{2}-\d{2}/u.test(date) ? Date.parse(date) : Number.NaN;
  return Number.isNaN(parsed) ? undefined : parsed;
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
