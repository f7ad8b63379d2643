import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { startDiscord } from '#src/adapters/discord/discord-adapter.ts';
import { systemClock } from '#src/core/clock.ts';
import type { Front } from '#src/core/front.ts';
import { expectManyStreams } from '#src/heap.ts';
import { openLog } from '#src/log.ts';
import {
  type DiscordProcess,
  type Figures,
  startDiscordProcess,
} from '../test/support/discord/discord-process.ts';
import type { BenchOptions, Bounds, Metrics } from './support/benchmark.ts';
import { openProduct } from './support/product.ts';
import { percentile } from './support/statistics.ts';
import { type Storyteller, startStoryteller, story } from './support/storyteller.ts';

const STREAMS = 200;
const BEGUN_OVER_IN_MS = 10_000;
const NPC = 'Kettle';
/** So many are brought on stage at once. */
const BROUGHT_AT_ONCE = 10;
const LOOK_EVERY_MS = 250;
/** What Discord asks for at the least: a first post that it refuses is late by as much. */
const RETRY_AFTER_IN_MS = 50;
/** A reply of 14 seconds, under everything that is in its way. */
const PATIENCE_IN_MS = 180_000;

/** What 200 replies that stream to Discord at once cost, and whether each of them arrives. */
export async function run({ progress }: BenchOptions): Promise<Metrics> {
  expectManyStreams();
  await using discord = await startDiscordProcess({ channels: STREAMS, people: STREAMS });
  await using storyteller = await startStoryteller();
  await using product = await openProduct({
    environment: {
      DISCORD_TOKEN: discord.token,
      OPENAI_BASE_URL: storyteller.url,
      CHAT_MODEL: 'bench',
      // Every reply streams from its first moment: what is measured is how it is shown.
      MAX_CONCURRENT_MODEL_CALLS: String(STREAMS),
    },
  });
  const heard = watchHearing(product.app.front);
  const adapter = await startDiscord({
    front: product.app.front,
    clock: systemClock,
    log: openLog({ level: 'silent', secrets: [] }),
    token: discord.token,
    apiUrl: discord.apiUrl,
    guildId: discord.guildId,
    shards: undefined,
    avatarOf: () => undefined,
  });
  try {
    progress(`${NPC} comes on stage in ${STREAMS} channels …`);
    await bringEverywhere(discord);
    progress(`${STREAMS} replies …`);
    const smooth = await measure({ discord, storyteller, heard });
    progress(`${STREAMS} replies, every tenth request refused …`);
    await discord.order({ do: 'fault', status: 429, retryAfterInMs: RETRY_AFTER_IN_MS, every: 10 });
    const rough = await measure({ discord, storyteller, heard });
    return {
      ...smooth,
      ...Object.fromEntries(Object.entries(rough).map(([name, value]) => [`${name}With429`, value])),
    };
  } finally {
    await adapter.stopHearing();
    await adapter.close();
  }
}

const ONCE = {
  loopDelayP99Ms: { atMost: 50 },
  firstVisibleAddedP95Ms: { atMost: 150 },
  rssMb: { atMost: 300 },
  doubleEdits: { atMost: 0 },
  missingFinals: { atMost: 0 },
} satisfies Bounds;

export const bounds: Bounds = {
  ...ONCE,
  ...Object.fromEntries(Object.entries(ONCE).map(([name, bound]) => [`${name}With429`, bound])),
};

interface Heard {
  /** Resolves when so many lines from now on were answered to their end. */
  answered(count: number): Promise<void>;
}

function watchHearing(front: Front): Heard {
  const hear = front.hear.bind(front);
  let ended = 0;
  let onEnded = () => {};
  front.hear = async (line, stage) => {
    await hear(line, stage);
    ended += 1;
    onEnded();
  };
  return {
    answered: (count) => {
      const target = ended + count;
      return new Promise((resolve, reject) => {
        const late = setTimeout(
          () => reject(new Error(`only ${count - target + ended} of ${count} lines were answered`)),
          PATIENCE_IN_MS,
        );
        onEnded = () => {
          if (ended < target) return;
          clearTimeout(late);
          resolve();
        };
      });
    },
  };
}

async function bringEverywhere(discord: DiscordProcess): Promise<void> {
  for (let channel = 0; channel < STREAMS; channel += 1) {
    const options = { npc: NPC };
    await discord.order({ do: 'slash', channel, command: 'npc talk', options, until: 'taken' });
    const isFull = channel % BROUGHT_AT_ONCE === BROUGHT_AT_ONCE - 1;
    while (isFull && (await discord.order({ do: 'figures' })).spoken.length <= channel)
      await delay(LOOK_EVERY_MS);
  }
}

async function measure(world: {
  readonly discord: DiscordProcess;
  readonly storyteller: Storyteller;
  readonly heard: Heard;
}): Promise<Metrics> {
  const { discord, storyteller, heard } = world;
  const before = await discord.order({ do: 'figures' });
  const loopDelay = monitorEventLoopDelay({ resolution: 2 });
  let mostMemory = 0;
  const memory = setInterval(() => {
    mostMemory = Math.max(mostMemory, process.memoryUsage.rss());
  }, LOOK_EVERY_MS);
  loopDelay.enable();
  const answered = heard.answered(STREAMS);
  await discord.order({
    do: 'say',
    count: STREAMS,
    overInMs: BEGUN_OVER_IN_MS,
    text: `${NPC}, tell table {index} all of it.`,
  });
  await answered;
  loopDelay.disable();
  clearInterval(memory);
  const after = await discord.order({ do: 'figures' });
  const wholeAt = await storyteller.wholeAtInMs();
  const told = messagesSince(before, after);
  const added = told.flatMap(([first], channel) => {
    const whole = wholeAt.get(channel);
    return first === undefined || whole === undefined ? [] : [first.atInMs - whole];
  });
  const { violations, pings, unguarded } = after.findings;
  if (violations.length + pings.length + unguarded.length > 0)
    throw new Error(`Discord would not have taken this: ${JSON.stringify(after.findings)}`);
  return {
    loopDelayP99Ms: loopDelay.percentile(99) / 1e6,
    firstVisibleAddedP95Ms: percentile(added, 95),
    rssMb: mostMemory / 2 ** 20,
    doubleEdits: after.findings.overlaps.length - before.findings.overlaps.length,
    missingFinals: told.filter((messages) => !isWhole(messages)).length,
    requests: after.requests - before.requests,
    busiestSecond: after.busiestSecond,
  };
}

type Told = Figures['spoken'];

/** What was said in each channel between two looks. */
function messagesSince(before: Figures, after: Figures): readonly Told[] {
  return Array.from({ length: STREAMS }, (_, channel) => {
    const then = before.spoken.filter((message) => message.channel === channel).length;
    return after.spoken.filter((message) => message.channel === channel).slice(then);
  });
}

function isWhole(messages: Told): boolean {
  const words = (text: string) => text.replace(/\s+/gu, ' ').trim();
  return words(messages.map(({ text }) => text).join(' ')) === words(story());
}
