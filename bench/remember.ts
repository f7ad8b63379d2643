import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { chromaMissing } from '../test/support/servers/chroma.ts';
import type { BenchOptions, Bounds, Metrics } from './support/benchmark.ts';
import { openChromaBench, remember } from './support/chroma.ts';
import { openChronicle, TableTalk } from './support/chronicle.ts';
import { median } from './support/statistics.ts';

const LINES = 1000;
const MEMORIES = 5000;
const ENTRANCES = 9;
/** One index is lost in the noise of a process's memory; this many are not. */
const INDEXES = 10;

/** What it takes to store lines so that they can be found, to bring an NPC on stage, and to hold what it remembers. */
export async function run({ progress }: BenchOptions): Promise<Metrics> {
  progress(`${LINES} lines …`);
  const embedded1000Ms = await storing();
  progress(`an NPC with ${MEMORIES} memories …`);
  await using chronicle = await openChronicle(INDEXES);
  const { campaign, npcIds } = chronicle;
  const [npcId = ''] = npcIds;
  const talk = new TableTalk(5);
  for (let index = 0; index < MEMORIES; index += 1) await chronicle.say(talk.line(), npcIds);
  const times: number[] = [];
  // The first one loads the program and is told apart.
  for (let index = 0; index <= ENTRANCES; index += 1) {
    const keeper = chronicle.newKeeper();
    const startedAt = performance.now();
    await keeper.recall(campaign, npcId, 'the bell', { limit: 1 });
    times.push(performance.now() - startedAt);
  }
  const [firstOnStageMs = 0, ...later] = times;

  progress(`${INDEXES} NPCs with as many …`);
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function')
    throw new TypeError('This Node does not let a benchmark collect garbage.');
  const bytes = () => {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const keeper = chronicle.newKeeper();
  const before = bytes();
  for (const id of npcIds) await keeper.recall(campaign, id, 'the bell', { limit: 1 });
  const bytesPerRow = (bytes() - before) / (INDEXES * MEMORIES);
  if (keeper.figures().entries !== INDEXES) throw new Error('Not every index is there.');
  return {
    embedded1000Ms,
    ...(await inChroma(progress)),
    onStageMs: median(later),
    firstOnStageMs,
    bytesPerRow,
  };
}

export const bounds: Bounds = {
  embedded1000Ms: { atMost: 500 },
  chroma1000Ms: { atMost: 2000 },
  onStageMs: { atMost: 150 },
  bytesPerRow: { atMost: 3000 },
};

/** Milliseconds until lines are stored and the last one is found, before an NPC on stage. */
async function storing(): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    await using chronicle = await openChronicle(1);
    const { campaign, npcIds } = chronicle;
    const [npcId = ''] = npcIds;
    const keeper = chronicle.newKeeper();
    const talk = new TableTalk(round);
    const lines = Array.from({ length: LINES }, () => talk.line());
    await keeper.recall(campaign, npcId, 'the bell', { limit: 1 });
    const startedAt = performance.now();
    for (const line of lines) await chronicle.say(line, npcIds);
    const found = await keeper.recall(campaign, npcId, lines.at(-1) ?? '', { limit: 5 });
    times.push(performance.now() - startedAt);
    if (!found.some(({ unit }) => unit.text === lines.at(-1))) throw new Error('The last line is not found.');
  }
  return median(times);
}

/** Milliseconds until memories are stored and Chroma, which runs already, finds the last one. */
async function inChroma(progress: BenchOptions['progress']): Promise<Metrics> {
  const missing = await chromaMissing();
  if (missing !== undefined) {
    progress(`Without Chroma: ${missing}.`);
    return {};
  }
  progress(`${LINES} memories in Chroma …`);
  await using chroma = await openChromaBench();
  await using chronicle = await openChronicle(1);
  const { campaign, store, npcIds } = chronicle;
  const [npcId = ''] = npcIds;
  const times: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const talk = new TableTalk(100 + round);
    const words = Array.from({ length: LINES }, () => talk.line());
    const startedAt = performance.now();
    for (const [index, word] of words.entries())
      await remember(campaign, npcId, `word-${round}-${index}`, word);
    await chroma.tell(store);
    const found = await chroma.queryAlone(campaign.campaignId, npcId, words.at(-1) ?? '');
    times.push(performance.now() - startedAt);
    if (!found.some(({ id }) => id === `word-${round}-${LINES - 1}`))
      throw new Error('The last memory is not found in Chroma.');
  }
  return { chroma1000Ms: median(times) };
}
