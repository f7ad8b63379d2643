import { COMMANDS } from '#commands/index.ts';
import { boltLogger } from '#src/adapters/slack/bolt-log.ts';
import type { StageTools } from '#src/adapters/slack/slack-stage.ts';
import type { SlackTeam as Team } from '#src/adapters/slack/slack-team.ts';
import { SlackTeam } from '#src/adapters/slack/slack-team.ts';
import { ThreadBook } from '#src/adapters/slack/threads.ts';
import { systemClock } from '#src/core/clock.ts';
import type { Front } from '#src/core/front.ts';
import type { Log } from '#src/core/log.ts';
import { notice } from '#src/core/view.ts';
import { type SlackServer, startSlackServer } from '../../../support/slack/slack-server.ts';

export interface OpenTeam extends AsyncDisposable {
  readonly slack: SlackServer;
  readonly world: ReturnType<SlackServer['openTeam']>;
  readonly team: Team;
  /** What was logged, as level and event. */
  readonly logged: readonly string[];
}

/** A workspace of a Slack on loopback, and ours in it. */
export async function openTeam(): Promise<OpenTeam> {
  const slack = await startSlackServer();
  const world = slack.openTeam('Salt Docks');
  const logged: string[] = [];
  const log = recordingLog(logged);
  const team = new SlackTeam({
    owner: {
      teamId: world.id,
      teamName: 'Salt Docks',
      botUserId: world.bot.id,
      botName: 'dramatis',
      botId: 'B0',
      scopes: [],
    },
    token: world.token,
    apiUrl: slack.apiUrl,
    clock: systemClock,
    log,
    boltLogger: boltLogger(log),
  });
  return { slack, world, team, logged, [Symbol.asyncDispose]: () => slack.close() };
}

export function recordingLog(logged: string[]): Log {
  const write =
    (level: string) =>
    (event: string, details: object = {}) =>
      void logged.push(`${level}: ${event} ${JSON.stringify(details)}`);
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

/** An inside that takes everything in and says nothing. */
export function quietFront(own: Partial<Front> = {}): Front {
  return {
    commands: COMMANDS,
    allowed: async () => COMMANDS,
    join: async () => {},
    hear: async () => {},
    revise: async () => {},
    retract: async () => {},
    run: async () => {},
    whyNotAs: async () => undefined,
    complete: async () => [],
    form: async () => ({ refusal: notice('refusal', 'No.') }),
    shelve: async () => 'shelved',
    unshelve: async () => undefined,
    greet: async () => {},
    ...own,
  };
}

export function stageTools(front: Front = quietFront()): StageTools {
  return { front, avatarOf: () => undefined, threads: new ThreadBook(), stopFor: () => {} };
}
