import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { systemClock } from '#src/core/clock.ts';
import { LoreLibrary } from '#src/lore/lore-library.ts';
import { readText } from '#src/lore/read-document.ts';
import type { BenchOptions, Bounds, Metrics } from './support/benchmark.ts';
import { openChronicle, TableTalk } from './support/chronicle.ts';
import { median, percentile } from './support/statistics.ts';

const CHAPTERS = 20;
const BOOK_IN_CHARACTERS = 400_000;
const PASSAGES = 10_000;
const SEARCHES = 500;
const WARM_UP = 50;
const ROUNDS = 3;

/** What it takes to index a book, to find its passages among 10,000, and to hold those. */
export async function run({ progress }: BenchOptions): Promise<Metrics> {
  const { text, questions } = bookOf(1, BOOK_IN_CHARACTERS);
  progress(`a book of ${Math.round(text.length / 1000)} KB in ${CHAPTERS} chapters …`);
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) times.push(await indexing(text, questions[0] ?? ''));

  progress(`${PASSAGES} passages …`);
  await using chronicle = await openChronicle(1);
  const asked: string[] = [];
  for (let volume = 0, count = 0; count < PASSAGES; volume += 1) {
    const book = bookOf(volume, BOOK_IN_CHARACTERS);
    asked.push(...book.questions);
    const read = await readText(book.text, { title: `Volume ${volume}`, isMarkdown: true });
    const passages = read.passages.slice(0, PASSAGES - count);
    count += passages.length;
    await chronicle.campaign.lore.put({ ...read, passages, audience: { kind: 'everyone' }, by: 'bench' });
  }
  const before = bytes();
  const library = newLibrary();
  const find = (at: number) =>
    library.find(chronicle.campaign, { npcId: 'npc-0' }, { asked: asked[at % asked.length] ?? '' });
  for (let at = 0; at < WARM_UP; at += 1) await find(at);
  const memoryMbPer10kPassages = (bytes() - before) / 1024 / 1024;
  const searches: number[] = [];
  let found = 0;
  for (let at = 0; at < SEARCHES; at += 1) {
    const startedAt = performance.now();
    found += (await find(at)).length;
    searches.push(performance.now() - startedAt);
  }
  if (found < SEARCHES) throw new Error('Questions about what is written find nothing.');
  return {
    indexMs: median(times),
    p50Ms: median(searches),
    p95Ms: percentile(searches, 95),
    memoryMbPer10kPassages,
  };
}

export const bounds: Bounds = {
  indexMs: { atMost: 5000 },
  p50Ms: { atMost: 5 },
  memoryMbPer10kPassages: { atMost: 60 },
};

/** Milliseconds from the text to the first passage found. */
async function indexing(text: string, question: string): Promise<number> {
  await using chronicle = await openChronicle(1);
  const library = newLibrary();
  const startedAt = performance.now();
  const read = await readText(text, { title: 'The book', isMarkdown: true });
  await chronicle.campaign.lore.put({ ...read, audience: { kind: 'everyone' }, by: 'bench' });
  const hits = await library.find(chronicle.campaign, { npcId: 'npc-0' }, { asked: question });
  if (hits.length === 0) throw new Error('What is written in the book is not found.');
  return performance.now() - startedAt;
}

function newLibrary(): LoreLibrary {
  const fail = (error: unknown) => {
    throw error;
  };
  return new LoreLibrary({ clock: systemClock, onFault: fail, onLeftOut: fail });
}

/** A book of its own making, and questions about some of its sentences. */
function bookOf(seed: number, sizeInCharacters: number) {
  const talk = new TableTalk(seed + 1);
  const questions: string[] = [];
  const chapters = Array.from({ length: CHAPTERS }, (_, at) => {
    const paragraphs: string[] = [];
    for (let length = 0; length < sizeInCharacters / CHAPTERS; ) {
      const sentences = Array.from({ length: 6 }, () => talk.line());
      if (paragraphs.length % 5 === 0) questions.push(talk.questionAbout(sentences[0] ?? ''));
      const paragraph = sentences.map((each) => `${each.charAt(0).toUpperCase()}${each.slice(1)}.`).join(' ');
      paragraphs.push(paragraph);
      length += paragraph.length;
    }
    return `# Chapter ${at + 1}\n\n${paragraphs.join('\n\n')}`;
  });
  return { text: chapters.join('\n\n'), questions };
}

function bytes(): number {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function')
    throw new TypeError('This Node does not let a benchmark collect garbage.');
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
