import { appendFile, writeFile } from 'node:fs/promises';
import type { BenchOptions, Bounds, Metrics } from './support/benchmark.ts';
import { openChronicle } from './support/chronicle.ts';
import {
  ADVERSARIAL,
  type Asked,
  figuresOf,
  goldOf,
  type LocomoConversation,
  readLocomo,
} from './support/locomo.ts';

/**
 * How many of the turns that answer a question are found, by LoCoMo's protocol: one memory for each conversation, one
 * unit for each turn, the question verbatim. The turns are said before an NPC, in one scene at the times of their sessions,
 * and the product's own memory is asked. Nothing of the questions' answers is read. Conversations without evidence give
 * ranks alone.
 */
export async function run({ dataFile, outFile, progress }: BenchOptions): Promise<Metrics> {
  const conversations = await readLocomo(dataFile);
  if (outFile !== undefined) await writeFile(outFile, '');
  let questionsAsked = 0;
  const asked: Asked[] = [];
  for (const [number, conversation] of conversations.entries()) {
    progress(`conversation ${number + 1} of ${conversations.length} …`);
    const { sampleId, units, questions } = conversation;
    const ids = new Set(units.map(({ id }) => id));
    const found = await answers(conversation);
    const ranks = found.map((ranked, index) => {
      const first = ranked.slice(0, WRITTEN).map(({ id }) => id);
      return `${JSON.stringify({ sample_id: sampleId, index, ranked: first })}\n`;
    });
    if (outFile !== undefined) await appendFile(outFile, ranks.join(''));
    questionsAsked += questions.length;
    for (const [position, question] of questions.entries()) {
      const gold = goldOf(question, ids);
      const { category } = question;
      if (gold.size > 0 && category !== undefined)
        asked.push({ category, gold, ranked: found[position] ?? [] });
    }
  }
  const headline = asked.filter(({ category }) => category !== ADVERSARIAL);
  return {
    questions: questionsAsked,
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

/** For each question the turns, best first; those for which nothing speaks come last, the newest first. */
async function answers({ units, questions }: LocomoConversation) {
  let now = 0;
  await using chronicle = await openChronicle(1, { now: () => now });
  const { campaign, npcIds } = chronicle;
  const [npcId = ''] = npcIds;
  const { id: sceneId } = await campaign.scenes.open('locomo');
  for (const { id, speaker, text, saidAtInMs } of units) {
    now = saidAtInMs;
    await campaign.lines.append({
      ...{ id, sceneId, text, kind: 'speech', state: 'said', replyTo: undefined, witnesses: [npcId] },
      speaker: { kind: 'character', id: speaker, name: speaker },
    });
  }
  const keeper = chronicle.newKeeper();
  const newestFirst = units.toReversed();
  const found: (typeof units)[] = [];
  for (const { question } of questions) {
    const hits = await keeper.recall(campaign, npcId, question, { limit: units.length });
    const ranked = hits.map(({ unit }) => unit);
    const ids = new Set(ranked.map(({ id }) => id));
    found.push([...ranked, ...newestFirst.filter(({ id }) => !ids.has(id))]);
  }
  return found;
}

/** It reads other conversations with `--data` and writes ranks with `--out`. */
export const takesFiles = true;

export const bounds: Bounds = { recallAt10: { atLeast: 81 }, ndcgAt10: { atLeast: 67 } };

/** Ids written for each question. */
const WRITTEN = 50;
const CATEGORIES = { 1: 'multiHop', 2: 'temporal', 3: 'openDomain', 4: 'singleHop', 5: 'adversarial' };
