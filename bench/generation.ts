import type { BoardView, Notice, Stage } from '#src/core/view.ts';
import type { Reply } from '../test/support/model-reply.ts';
import { type ModelServer, startModelServer } from '../test/support/model-server.ts';
import type { BenchOptions, Bounds, Metrics } from './support/benchmark.ts';
import { openProduct } from './support/product.ts';
import { median, percentile } from './support/statistics.ts';

const CALL_IN_MS = 400;
const COUNT = 10;
const AT_ONCE = 5;
const RUNS = 7;
const IDEAL_IN_MS = CALL_IN_MS * (1 + COUNT / AT_ONCE);
const PERMITS = 8;

/** How near a cast of ten comes to the time its calls need, and whether permits hold when calls fail. */
export async function run({ progress }: BenchOptions): Promise<Metrics> {
  const server = await startModelServer();
  server.script(() => ({ delayInMs: CALL_IN_MS }));
  try {
    progress(`${RUNS} casts, ${AT_ONCE} drafts at once …`);
    const together = await casts(server, AT_ONCE, RUNS);
    progress('one cast, one draft at a time …');
    const [sequential = 0] = await casts(server, 1, 1);
    progress('casts whose calls stall, fail, are cut, time out and are stopped …');
    const permits = await permitsUnderFailure(server);
    return {
      castWallMs: median(together),
      castP95Ms: percentile(together, 95),
      idealWallMs: IDEAL_IN_MS,
      castOverIdeal: median(together) / IDEAL_IN_MS,
      sequentialWallMs: sequential,
      speedupOverSequential: sequential / median(together),
      ...permits,
      permitLimit: PERMITS,
    };
  } finally {
    await server.close();
  }
}

export const bounds: Bounds = {
  castWallMs: { atMost: 1.1 * IDEAL_IN_MS },
  castOverIdeal: { atMost: 1.1 },
  speedupOverSequential: { atLeast: 3.3 },
  permitsHeldMax: { atMost: PERMITS },
};

/** Milliseconds that each of so many casts took, after one that is not counted. */
async function casts(server: ModelServer, atOnce: number, runs: number): Promise<readonly number[]> {
  await using product = await openProduct({
    environment: {
      OPENAI_BASE_URL: server.url,
      CHAT_MODEL: 'bench',
      MAX_CONCURRENT_GENERATIONS: String(atOnce),
    },
  });
  const times: number[] = [];
  for (let index = 0; index <= runs; index += 1) {
    const stage = new SilentStage();
    const count = String(index === 0 ? 1 : COUNT);
    const startedAt = performance.now();
    await product.run('npc generate', { count, prompt: 'smugglers' }, stage, `bench-${index}`);
    if (index > 0) times.push(performance.now() - startedAt);
    if (stage.last?.finishedCount !== Number(count)) throw new Error(`a cast failed: ${stage.complaint}`);
  }
  return times;
}

/** Most requests open at once, as the server counts them, while everything goes wrong. */
async function permitsUnderFailure(server: ModelServer): Promise<Metrics> {
  await using product = await openProduct({
    environment: {
      OPENAI_BASE_URL: server.url,
      CHAT_MODEL: 'bench',
      MAX_CONCURRENT_MODEL_CALLS: String(PERMITS),
    },
    profile: { firstTokenTimeoutInMs: 150, totalTimeoutInMs: 400 },
  });
  let calls = 0;
  server.script(({ response_format: format }) => {
    calls += 1;
    // Plans succeed, so that every cast goes on to draft at once.
    if (format?.json_schema?.name === 'plan') return {};
    // In turn: whole, silent or cut in the middle, silent or cut from the start, slow, refused. What fails before the
    // first token is tried again after a pause, in which no request is open: so there is less of that.
    const ways: readonly Reply[] = [
      { delayInMs: 30 },
      { delayInMs: 5, stallAfter: 3 },
      { delayInMs: 60 },
      { delayInMs: 20, cutAfter: 2 },
      { stallAfter: 'nothing' },
      { delayInMs: 20, tokensPerSecond: 1000 },
      { delayInMs: 10, stallAfter: 1 },
      ...(calls % 5 === 0 ? [{ cutAfter: 'nothing' } as const, { error: { status: 500 } }] : []),
    ];
    return ways[calls % ways.length] ?? {};
  });
  server.forget();
  const workspaces = Array.from({ length: 6 }, (_, index) => `workspace-${index}`);
  for (let round = 0; round < 3; round += 1) {
    const drafting = workspaces.map((workspace) =>
      product.run('npc generate', { count: '20', prompt: 'a crowd' }, new SilentStage(), workspace),
    );
    let turn = 0;
    const stopping = setInterval(() => {
      turn += 1;
      void product.run('stop', {}, new SilentStage(), workspaces[turn % workspaces.length]);
    }, 700);
    await Promise.all(drafting);
    clearInterval(stopping);
  }
  return { permitsHeldMax: server.openMax, failingCalls: calls };
}

/** Shows nothing, and keeps what a benchmark has to know. */
class SilentStage implements Stage {
  last: BoardView | undefined;
  complaint = '';

  async tell(notice: Notice): Promise<void> {
    if (notice.tone === 'trouble' || notice.tone === 'refusal')
      this.complaint = JSON.stringify(notice.blocks);
  }
  async openBoard() {
    const update = (view: BoardView) => {
      this.last = view;
    };
    return { update, close: async (view: BoardView) => update(view) };
  }
  async speak() {
    return { append: () => {}, end: async () => {} };
  }
  async openThread(): Promise<never> {
    throw new Error('there are no threads here');
  }
}
