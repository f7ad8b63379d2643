import { Consolidator } from '#src/memory/consolidate.ts';
import type { BenchOptions, Bounds, Metrics } from './support/benchmark.ts';
import { type Chronicle, openChronicle, TableTalk } from './support/chronicle.ts';
import { longestBlockDuring } from './support/longest-block.ts';
import { median } from './support/statistics.ts';

const ENTRIES = 1000;
const ROUNDS = 5;
const MINUTE_IN_MS = 60_000;
const DAY_IN_MS = 24 * 60 * MINUTE_IN_MS;
/** After so many evenings of an hour what was said first leaves episodic memory, and after so many more long-term memory. */
const EVENING = { lines: 4, pauseInMs: 20 * MINUTE_IN_MS };
const EVENINGS = [7, 23] as const;
const SHORT_TERM = 100;

/** What it takes to weigh memories and to fold them once they are old, and for how long nothing else gets its turn. */
export async function run({ progress }: BenchOptions): Promise<Metrics> {
  const weighing: Measured[] = [];
  const folding: Measured[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    progress(`${ENTRIES} entries, round ${round} …`);
    const clock = { time: Date.UTC(2031, 4, 1), now: () => clock.time };
    await using chronicle = await openChronicle(1, clock);
    const talk = new TableTalk(round);
    const say = async (laterInMs: number) => {
      clock.time += laterInMs;
      await chronicle.say(talk.line(), chronicle.npcIds);
    };
    for (let index = 0; index < ENTRIES + SHORT_TERM; index += 1) await say(MINUTE_IN_MS / 10);
    const weighed = await measure(chronicle, clock);
    const leaving: Measured[] = [];
    for (const evenings of EVENINGS) {
      for (let evening = 0; evening < evenings; evening += 1) {
        await say(DAY_IN_MS);
        for (let index = 0; index < EVENING.lines; index += 1) await say(EVENING.pauseInMs);
      }
      leaving.push(await measure(chronicle, clock));
    }
    const folded = together(leaving);
    if (weighed.weighed < ENTRIES || folded.moved < ENTRIES) throw new Error('There was not enough to do.');
    // The first one loads the program.
    if (round === 0) continue;
    weighing.push(weighed);
    folding.push(folded);
  }
  const all = [...weighing, ...folding];
  return {
    wallMs: median(weighing.map((each, at) => Math.max(each.perThousand, folding[at]?.perThousand ?? 0))),
    weighMs: median(weighing.map(({ wallMs }) => wallMs)),
    foldMs: median(folding.map(({ wallMs }) => wallMs)),
    folded: median(folding.map(({ moved }) => moved)),
    longestBlockMs: median(all.map(({ longestBlockMs }) => longestBlockMs)),
    worstBlockMs: Math.max(...all.map(({ longestBlockMs }) => longestBlockMs)),
  };
}

export const bounds: Bounds = { wallMs: { atMost: 100 }, longestBlockMs: { atMost: 20 } };

function together(parts: readonly Measured[]): Measured {
  const sum = (of: (part: Measured) => number) => parts.reduce((all, part) => all + of(part), 0);
  const wallMs = sum((part) => part.wallMs);
  const moved = sum((part) => part.moved);
  return {
    ...{ wallMs, moved, weighed: sum((part) => part.weighed), perThousand: (wallMs / moved) * ENTRIES },
    longestBlockMs: Math.max(...parts.map((part) => part.longestBlockMs)),
  };
}

interface Measured {
  readonly wallMs: number;
  readonly longestBlockMs: number;
  readonly weighed: number;
  /** Folded, promoted or let go. */
  readonly moved: number;
  /** Milliseconds for as many entries as the bound speaks of. */
  readonly perThousand: number;
}

async function measure({ campaign }: Chronicle, clock: { now(): number }): Promise<Measured> {
  const consolidator = new Consolidator({ clock, judge: undefined });
  const origin = { workspaceId: 'bench', campaignId: campaign.campaignId };
  const startedAt = performance.now();
  const { result, longestBlockMs } = await longestBlockDuring(() =>
    consolidator.run(campaign, origin, new AbortController().signal),
  );
  const wallMs = performance.now() - startedAt;
  const moved = result.folded + result.letGo;
  const entries = Math.max(result.weighed, moved);
  return {
    wallMs,
    longestBlockMs,
    weighed: result.weighed,
    moved,
    perThousand: (wallMs / entries) * ENTRIES,
  };
}
