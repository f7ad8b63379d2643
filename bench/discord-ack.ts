import { startDiscord } from '#src/adapters/discord/discord-adapter.ts';
import { systemClock } from '#src/core/clock.ts';
import { openLog } from '#src/log.ts';
import { startDiscordProcess } from '../test/support/discord/discord-process.ts';
import { startModelServer } from '../test/support/model-server.ts';
import type { BenchOptions, Bounds, Metrics } from './support/benchmark.ts';
import { openProduct } from './support/product.ts';
import { median, percentile } from './support/statistics.ts';

const INTERACTIONS = 200;
const WITHIN_IN_MS = 1000;
const WARM_UP = 20;
const CHANNELS = 50;

/** How soon 200 interactions of one second are acknowledged on Discord while the model answers nothing at all. */
export async function run({ progress }: BenchOptions): Promise<Metrics> {
  const model = await startModelServer({ script: () => ({ stallAfter: 'nothing' }) });
  await using discord = await startDiscordProcess({ channels: CHANNELS, people: INTERACTIONS });
  await using product = await openProduct({
    environment: { OPENAI_BASE_URL: model.url, CHAT_MODEL: 'bench' },
  });
  const adapter = await startDiscord({
    front: product.app.front,
    clock: systemClock,
    log: openLog({ level: 'silent', secrets: [] }),
    token: discord.token,
    guildId: discord.guildId,
    apiUrl: discord.apiUrl,
    shards: undefined,
    avatarOf: () => undefined,
  });
  try {
    const burst = (count: number, overInMs: number) =>
      discord.order({
        do: 'burst',
        count,
        overInMs,
        command: 'npc create',
        options: { notes: 'a bored guard' },
      });
    progress('warming up …');
    await burst(WARM_UP, WITHIN_IN_MS);
    progress(`${INTERACTIONS} interactions within a second …`);
    const { ackMs, failed } = await burst(INTERACTIONS, WITHIN_IN_MS);
    const { findings } = await discord.order({ do: 'figures' });
    return {
      ackP50Ms: median(ackMs),
      ackP99Ms: percentile(ackMs, 99),
      ackMaxMs: Math.max(...ackMs),
      failed,
      violations: findings.violations.length + findings.pings.length + findings.unguarded.length,
    };
  } finally {
    await adapter.stopHearing();
    await product.app.close({ graceInMs: 0 });
    await adapter.close();
    await model.close();
  }
}

export const bounds: Bounds = {
  ackP99Ms: { atMost: 100 },
  ackMaxMs: { atMost: 1500 },
  failed: { atMost: 0 },
  violations: { atMost: 0 },
};
