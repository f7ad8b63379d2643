import { parentPort, workerData } from 'node:worker_threads';
import { openLangChain } from './langchain.ts';
import { openMem0 } from './mem0.ts';
import type { Peer, PeerTask, PeerText, PeerTimes } from './peer.ts';

/** A thread of its own for one peer: what it sets up, keeps and throws stays in it. */
const task: PeerTask = workerData;

const LIMIT = 10;
const IN_FLIGHT = 32;
const WARM_UP = 5;
/** Each part ends at whichever comes first. */
const MOST_QUESTIONS = 400;
const LONGEST_IN_MS = 15_000;
const LOOPBACK = /^(?:127\.0\.0\.1|localhost|\[::1\])$/u;

stayAtHome();
parentPort?.postMessage(await measure());

async function measure(): Promise<PeerTimes> {
  const peer: Peer = await (task.peer === 'langchain' ? openLangChain(task) : openMem0(task));
  await peer.remember(task.memories);
  const ask = async (index: number) => {
    const found = await peer.ask(questionAt(index), LIMIT);
    if (found === 0) throw new Error(`${task.peer} found nothing for a question about what was said.`);
  };
  for (let index = 0; index < WARM_UP; index += 1) await ask(index);
  const timesInMs: number[] = [];
  await untilEnough(1, async (index) => {
    const startedAt = performance.now();
    await ask(index);
    timesInMs.push(performance.now() - startedAt);
  });
  const startedAt = performance.now();
  const asked = await untilEnough(IN_FLIGHT, ask);
  return { timesInMs, perSecond: asked / ((performance.now() - startedAt) / 1000) };
}

/** How often it was done before it was often or long enough. */
async function untilEnough(inFlight: number, work: (index: number) => Promise<void>): Promise<number> {
  const endsAt = performance.now() + LONGEST_IN_MS;
  let done = 0;
  let next = 0;
  const worker = async () => {
    while (next < MOST_QUESTIONS && performance.now() < endsAt) {
      await work(next++);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  return done;
}

function questionAt(index: number): PeerText {
  const question = task.questions[index % task.questions.length];
  if (question === undefined) throw new RangeError('There are no questions to ask.');
  return question;
}

/** Libraries report home by `fetch`. They are told not to, and here they cannot. */
function stayAtHome(): void {
  const { fetch } = globalThis;
  globalThis.fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (!LOOPBACK.test(url.hostname)) throw new Error(`Nothing is sent to ${url.hostname} from here.`);
    return fetch(input, init);
  };
}
