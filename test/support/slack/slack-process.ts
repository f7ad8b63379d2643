import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { buttonsOf } from './messages.ts';
import type { SlackPerson } from './slack-person.ts';
import { type SlackServer, startSlackServer } from './slack-server.ts';
import type { Channel } from './world.ts';

/**
 * The stand-in as a process of its own, so that a benchmark measures the product and not Slack beside it in one loop. It
 * is asked by messages: each question is answered by one message.
 */
export interface SlackProcess extends AsyncDisposable {
  readonly apiUrl: string;
  readonly botToken: string;
  readonly appToken: string;
  /**
   * NPCs come on stage in every channel, and one is spoken to: what a process loads once is loaded then. Resolves when
   * all that is acknowledged.
   */
  prepare(): Promise<void>;
  /** So many interactions, evenly over so long, of all kinds and in all channels; gives how long each took to be acknowledged. */
  burst(options: { readonly count: number; readonly overInMs: number }): Promise<BurstReport>;
}

export interface BurstReport {
  /** Of every interaction; -1: not acknowledged within three seconds. */
  readonly ackMs: readonly number[];
  readonly violations: readonly string[];
  readonly pings: number;
}

interface Greeting {
  readonly apiUrl: string;
  readonly botToken: string;
  readonly appToken: string;
}

type Burst = { readonly count: number; readonly overInMs: number };
type Question = { readonly ask: 'prepare' } | { readonly ask: 'burst'; readonly burst: Burst };

const CHANNELS = 20;
const KINDS = 4;
const STALE_BUTTON = { action_id: 'dramatis-action-0', value: 'of an older version' };

export async function startSlackProcess(): Promise<SlackProcess> {
  const child = fork(import.meta.filename, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const greeting = await answerOf<Greeting>(child);
  return {
    ...greeting,
    async prepare() {
      await question<null>(child, { ask: 'prepare' });
    },
    burst: (options) => question<BurstReport>(child, { ask: 'burst', burst: options }),
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null) return;
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

function question<T>(child: ChildProcess, asked: Question): Promise<T> {
  const answer = answerOf<T>(child);
  child.send(asked);
  return answer;
}

async function answerOf<T>(child: ChildProcess): Promise<T> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the Slack process ended with code ${String(code)}`);
  });
  const [answer] = await Promise.race([once(child, 'message'), ended]);
  return answer;
}

interface World {
  readonly slack: SlackServer;
  readonly people: readonly SlackPerson[];
  readonly channels: readonly Channel[];
}

async function main(): Promise<void> {
  const slack = await startSlackServer();
  const team = slack.openTeam('Bench');
  const people = Array.from({ length: 10 }, (_, index) =>
    slack.person(team, `Person ${index}`, { isAdmin: index === 0 }),
  );
  const channels = Array.from({ length: CHANNELS }, (_, index) =>
    slack.channel(team, `table-${index}`, { members: people }),
  );
  const world = { slack, people, channels };
  const answer = (asked: Question) => (asked.ask === 'burst' ? burst(world, asked.burst) : prepare(world));
  process.on('message', (asked: Question) => {
    void answer(asked).then((report) => process.send?.(report));
  });
  process.once('disconnect', () => void slack.close());
  const greeting: Greeting = { apiUrl: slack.apiUrl, botToken: team.token, appToken: slack.app.appToken };
  process.send?.(greeting);
}

async function prepare({ slack, people, channels }: World): Promise<null> {
  const [leader] = people;
  if (leader === undefined) throw new Error('nobody is here');
  for (const channel of channels) {
    await leader.slash(channel, '/npc', 'talk Kettle');
    await slack.until(() => leader.sees(channel).some(({ from }) => from === 'Kettle'), 'a greeting');
  }
  const [first] = channels;
  if (first !== undefined) await leader.says(first, 'Kettle, are you awake?').delivered;
  return null;
}

async function burst(world: World, { count, overInMs }: Burst): Promise<BurstReport> {
  const { slack } = world;
  const ackMs: number[] = [];
  const startedAtInMs = performance.now();
  const sendings: Promise<void>[] = [];
  for (let index = 0; index < count; index += 1) {
    const dueInMs = startedAtInMs + (index * overInMs) / count - performance.now();
    if (dueInMs > 0) await new Promise((resolve) => setTimeout(resolve, dueInMs));
    sendings.push(
      act(world, index).then((tookInMs) => {
        ackMs.push(...tookInMs);
      }),
    );
  }
  await Promise.all(sendings);
  return {
    ackMs,
    violations: slack.journal.violations.map(({ kind, of, detail }) => `${kind} ${of}: ${detail}`),
    pings: slack.journal.pings.length,
  };
}

/** Commands, buttons, shortcuts and lines, in turn. */
async function act({ people, channels }: World, index: number): Promise<readonly number[]> {
  const person = people[index % people.length];
  const channel = channels[Math.floor(index / KINDS) % channels.length];
  if (person === undefined || channel === undefined) throw new Error('nobody is here');
  const took = ({ answer, tookInMs }: { answer: unknown; tookInMs: number }) =>
    answer === undefined ? -1 : tookInMs;
  const kind = index % KINDS;
  if (kind === 0) return [took(await person.slash(channel, '/npc', 'list'))];
  if (kind === 1) {
    const deliveries = await person.says(channel, `Kettle, are you here, number ${index}?`).delivered;
    return deliveries.map(took);
  }
  const message = person.sees(channel).find(({ message: { author } }) => author.kind === 'app')?.message;
  const standing = message ?? person.says(channel, `Mark me, number ${index}.`).message;
  if (kind === 2) return [took(await person.shortcut(standing, 'dramatis-command'))];
  const element = standing.wording.blocks.flatMap(buttonsOf)[0]?.element;
  return [took(await person.sendsAction(standing, element ?? STALE_BUTTON))];
}

if (import.meta.main) await main();
