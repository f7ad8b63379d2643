import type { BenchOptions, Bounds, Metrics } from './support/benchmark.ts';
import { openChronicle, TableTalk } from './support/chronicle.ts';
import { median, percentile } from './support/statistics.ts';

const NPCS = 20;
const WARM_UP = 200;
const RECALLS = 2000;
const IN_FLIGHT = 32;
const LIMIT = 10;

/** What it takes to find what one of 20 NPCs remembers, by the product's keeper with its indexes loaded. */
export async function run({ progress }: BenchOptions): Promise<Metrics> {
  const small = await measure(10_000, progress);
  const large = await measure(50_000, progress);
  return {
    p50Ms10k: median(small.times),
    p95Ms10k: percentile(small.times, 95),
    p50Ms50k: median(large.times),
    p95Ms50k: percentile(large.times, 95),
    perSecond32At10k: small.perSecond,
  };
}

export const bounds: Bounds = {
  p50Ms10k: { atMost: 0.5 },
  p50Ms50k: { atMost: 1.5 },
  perSecond32At10k: { atLeast: 3000 },
};

/** @param rows memories of all NPCs together. */
async function measure(rows: number, progress: BenchOptions['progress']) {
  progress(`${rows} memories of ${NPCS} NPCs …`);
  await using chronicle = await openChronicle(NPCS);
  const { campaign, npcIds } = chronicle;
  const talk = new TableTalk(rows);
  const questions: { readonly npcId: string; readonly text: string }[] = [];
  for (let row = 0; row < rows; row += 1) {
    const npcId = npcIds[row % NPCS] ?? '';
    const line = talk.line();
    await chronicle.say(line, [npcId]);
    if (row % Math.floor(rows / 500) === row % NPCS)
      questions.push({ npcId, text: talk.questionAbout(line) });
  }
  const keeper = chronicle.newKeeper();
  const ask = async (index: number) => {
    const question = questions[index % questions.length];
    if (question === undefined) throw new RangeError('There are no questions to ask.');
    const hits = await keeper.recall(campaign, question.npcId, question.text, { limit: LIMIT });
    if (hits.length === 0) throw new Error('A question about what was said found nothing.');
  };
  for (const id of npcIds) await keeper.recall(campaign, id, 'the bell', { limit: LIMIT });
  for (let index = 0; index < WARM_UP; index += 1) await ask(index);

  progress(`${RECALLS} questions, one after another …`);
  const times: number[] = [];
  for (let index = 0; index < RECALLS; index += 1) {
    const startedAt = performance.now();
    await ask(index);
    times.push(performance.now() - startedAt);
  }

  progress(`${RECALLS} questions, ${IN_FLIGHT} in flight …`);
  let next = 0;
  const startedAt = performance.now();
  const asker = async () => {
    while (next < RECALLS) await ask(next++);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, asker));
  const perSecond = RECALLS / ((performance.now() - startedAt) / 1000);
  return { times, perSecond };
}
