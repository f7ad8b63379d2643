import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '#src/config.ts';
import { openLog } from '#src/log.ts';
import { playOnline } from '#src/online.ts';
import { startModelServer } from '../test/support/model-server.ts';
import { startSlackProcess } from '../test/support/slack/slack-process.ts';
import type { BenchOptions, Bounds, Metrics } from './support/benchmark.ts';
import { percentile } from './support/statistics.ts';

const INTERACTIONS = 200;
const OVER_IN_MS = 1000;
/** Between looks at whether the model is being asked. */
const WAIT_IN_MS = 10;

/** How soon Slack has its acknowledgement when 200 people act within one second and every model is silent. */
export async function run({ progress }: BenchOptions): Promise<Metrics> {
  const model = await startModelServer({ script: () => ({ stallAfter: 'nothing' }) });
  await using slack = await startSlackProcess();
  const dataDir = await mkdtemp(join(tmpdir(), 'dramatis-bench-'));
  const { config } = readConfig({
    DATA_DIR: dataDir,
    OPENAI_BASE_URL: model.url,
    CHAT_MODEL: 'stand-in',
    SLACK_API_URL: slack.apiUrl,
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
  });
  const leave = new AbortController();
  const connected = Promise.withResolvers<void>();
  const ended = playOnline({
    config,
    log: openLog({ level: 'silent', secrets: [] }),
    say: (line) => (line.startsWith('Slack: connected') ? connected.resolve() : undefined),
    leave: leave.signal,
  });
  try {
    await Promise.race([connected.promise, ended]);
    progress(`NPCs come on stage, and ${INTERACTIONS} interactions follow …`);
    await slack.prepare();
    while (model.openNow === 0) await new Promise((resolve) => setTimeout(resolve, WAIT_IN_MS));
    const { ackMs, violations, pings } = await slack.burst({ count: INTERACTIONS, overInMs: OVER_IN_MS });
    const unanswered = ackMs.filter((each) => each < 0).length;
    const answered = ackMs.filter((each) => each >= 0);
    return {
      interactions: ackMs.length,
      unanswered,
      ackP50Ms: percentile(answered, 50),
      ackP99Ms: percentile(answered, 99),
      ackMaxMs: Math.max(...answered),
      modelCallsStalled: model.openNow,
      refusals: violations.length,
      pings,
    };
  } finally {
    leave.abort();
    // What waits for the model ends with it.
    await model.close();
    await ended;
    await rm(dataDir, { recursive: true, force: true });
  }
}

export const bounds: Bounds = {
  unanswered: { atMost: 0 },
  ackP99Ms: { atMost: 100 },
  ackMaxMs: { atMost: 1500 },
  refusals: { atMost: 0 },
  pings: { atMost: 0 },
};
