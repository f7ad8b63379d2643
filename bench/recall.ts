import { chromaMissing } from '../test/support/servers/chroma.ts';
import type { BenchOptions, Bounds, Metrics } from './support/benchmark.ts';
import { openChromaBench, remember } from './support/chroma.ts';
import { type Chronicle, openChronicle, TableTalk } from './support/chronicle.ts';
import { askPeers } from './support/peers.ts';
import { median, percentile } from './support/statistics.ts';

const NPCS = 20;
const WARM_UP = 200;
const RECALLS = 2000;
const IN_FLIGHT = 32;
const LIMIT = 10;
const QUESTIONS_AGAIN = 50;
const KEPT_FOR_IN_MS = 300_000;
const IN_CHROMA = 10_000;
const CHROMA_RECALLS = 200;
const CHROMA_QUESTIONS = 100;

// What an NPC remembers, or is asked.
interface Said {
  readonly npcId: string;
  readonly text: string;
}

/** What it takes to find what one of 20 NPCs remembers, by the product's keeper with its indexes loaded. */
export async function run({ progress, withPeers }: BenchOptions): Promise<Metrics> {
  const small = await measure(10_000, progress);
  const large = await measure(50_000, progress);
  const chroma = await withChroma(progress);
  const p50Ms10k = median(small.times);
  return {
    p50Ms10k,
    p95Ms10k: percentile(small.times, 95),
    p50Ms50k: median(large.times),
    p95Ms50k: percentile(large.times, 95),
    perSecond32At10k: small.perSecond,
    cachedP50Ms: median(small.cached),
    ...chroma,
    ...(withPeers ? await besidePeers({ p50Ms10k, ...chroma }, progress) : {}),
  };
}

/** With `--peers` it asks others the same. */
export const hasPeers = true;

export const bounds: Bounds = {
  p50Ms10k: { atMost: 0.5 },
  p50Ms50k: { atMost: 1.5 },
  perSecond32At10k: { atLeast: 3000 },
  cachedP50Ms: { atMost: 0.02 },
  chromaRatio: { atMost: 1.3 },
};

/** @param rows memories of all NPCs together. */
async function measure(rows: number, progress: BenchOptions['progress']) {
  progress(`${rows} memories of ${NPCS} NPCs …`);
  await using chronicle = await openChronicle(NPCS);
  const { campaign, npcIds } = chronicle;
  const talk = new TableTalk(rows);
  const questions: Said[] = [];
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
  return { times, perSecond, cached: await askedAgain(chronicle, questions, progress) };
}

/** The same questions, when their answers are known: the questions above were all answered by themselves. */
async function askedAgain(
  { campaign, newKeeper }: Chronicle,
  questions: readonly Said[],
  progress: BenchOptions['progress'],
): Promise<readonly number[]> {
  progress(`${RECALLS} questions that were asked before …`);
  const keeper = newKeeper({ keptForInMs: KEPT_FOR_IN_MS });
  const times: number[] = [];
  for (let index = 0; index < RECALLS; index += 1) {
    const question = questions[index % QUESTIONS_AGAIN];
    if (question === undefined) throw new RangeError('There are no questions to ask.');
    const startedAt = performance.now();
    await keeper.recall(campaign, question.npcId, question.text, { limit: LIMIT });
    if (index >= QUESTIONS_AGAIN) times.push(performance.now() - startedAt);
  }
  return times;
}

/** Memories in the long tiers, which Chroma is asked for; nothing where there is no Chroma. */
async function withChroma(progress: BenchOptions['progress']): Promise<Metrics> {
  const missing = await chromaMissing();
  if (missing !== undefined) {
    progress(`Without Chroma: ${missing}.`);
    return {};
  }
  progress(`${IN_CHROMA} memories in Chroma …`);
  await using chroma = await openChromaBench();
  await using chronicle = await openChronicle(NPCS);
  const { campaign, npcIds } = chronicle;
  const { memories, questions } = toldIn10k(npcIds);
  for (const [row, { npcId, text }] of memories.entries())
    await remember(campaign, npcId, `word-${row}`, text);
  await chroma.tell(chronicle.store);
  const keeper = chronicle.newKeeper({ long: chroma.recall });
  for (const id of npcIds) await keeper.recall(campaign, id, 'the bell', { limit: LIMIT });
  const [bare, whole]: [number[], number[]] = [[], []];
  for (let index = 0; index < CHROMA_RECALLS; index += 1) {
    const question = questions[index % questions.length];
    if (question === undefined) throw new RangeError('There are no questions to ask.');
    const { npcId, text } = question;
    // Now one first, now the other: whoever comes second finds everything warm.
    const work = [
      async () => bare.push(await timeOf(() => chroma.queryAlone(campaign.campaignId, npcId, text))),
      async () => whole.push(await timeOf(() => keeper.recall(campaign, npcId, text, { limit: LIMIT }))),
    ];
    for (const each of index % 2 === 0 ? work : work.toReversed()) await each();
  }
  return {
    chromaRatio: median(whole) / median(bare),
    chromaP50Ms: median(whole),
    chromaQueryP50Ms: median(bare),
  };
}

/** Memories of all NPCs, and questions about some of them. */
function toldIn10k(npcIds: readonly string[]) {
  const talk = new TableTalk(IN_CHROMA);
  const memories: Said[] = [];
  const questions: Said[] = [];
  for (let row = 0; row < IN_CHROMA; row += 1) {
    const npcId = npcIds[row % NPCS] ?? '';
    const text = talk.line();
    memories.push({ npcId, text });
    if (row % (IN_CHROMA / CHROMA_QUESTIONS) === row % NPCS)
      questions.push({ npcId, text: talk.questionAbout(text) });
  }
  return { memories, questions };
}

/** What others take for the same, and how many times what the product takes: embedded, or with Chroma for all. */
async function besidePeers(own: Metrics, progress: BenchOptions['progress']): Promise<Metrics> {
  const told = toldIn10k(Array.from({ length: NPCS }, (_, index) => `npc-${index}`));
  const peers = await askPeers(told, { hasChroma: own.chromaP50Ms !== undefined, progress });
  const ratio = (name: string, peer: string, mine: string) => {
    const [theirs, ours] = [peers[peer], own[mine]];
    return theirs === undefined || ours === undefined ? {} : { [name]: theirs / ours };
  };
  return {
    ...peers,
    ...ratio('mem0OverRecall', 'mem0P50Ms10k', 'p50Ms10k'),
    ...ratio('mem0ChromaOverChromaRecall', 'mem0ChromaP50Ms10k', 'chromaP50Ms'),
    ...ratio('langchainOverChromaRecall', 'langchainP50Ms10k', 'chromaP50Ms'),
  };
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
