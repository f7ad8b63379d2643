import { type ChildProcess, spawn } from 'node:child_process';
import { createServer, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { DiscordServer } from './discord-server.ts';
import type { InjectedFault } from './injected-faults.ts';
import type { textOf } from './messages.ts';
import type { Person } from './person.ts';
import type { ChannelRecord } from './records.ts';
import type { World } from './world.ts';

/**
 * The Discord stand-in as a process of its own, for benchmarks: what it costs does not count as the product's.
 *
 *     node test/support/discord/discord-process.ts --channels 200 --people 200
 *
 * It prints one line of JSON (`DiscordProcessReady`) and ends with SIGTERM. `POST /` on its control address takes an
 * `Order` and answers in JSON.
 */
export interface DiscordProcessReady {
  readonly apiUrl: string;
  readonly token: string;
  readonly guildId: string;
  readonly controlUrl: string;
}

export type Order =
  /** So many people use one slash command within `overInMs`; answered when each has its first answer or has failed. */
  | {
      readonly do: 'burst';
      readonly count: number;
      readonly overInMs: number;
      readonly command: string;
      readonly options: Options;
    }
  /** The owner uses a slash command; answered with its first answer once it says something, or once it is taken. */
  | {
      readonly do: 'slash';
      readonly channel: number;
      readonly command: string;
      readonly options: Options;
      readonly until?: 'taken';
    }
  /** Each in a channel of their own: the first of them in the first. Spread evenly; `{index}` in the text says which. */
  | { readonly do: 'say'; readonly count: number; readonly overInMs: number; readonly text: string }
  | ({ readonly do: 'fault' } & Omit<InjectedFault, 'on'>)
  | { readonly do: 'figures' };

type Options = Readonly<Record<string, string | number | boolean>>;

export interface Burst {
  /** Of each interaction that was answered in time. */
  readonly ackMs: readonly number[];
  readonly failed: number;
}

export interface Figures {
  readonly findings: Pick<World['findings'], 'violations' | 'pings' | 'unguarded' | 'overlaps'>;
  readonly busiestSecond: number;
  readonly requests: number;
  readonly status429: number;
  /** What NPCs posted, in the order of the channels. Times are of the wall clock. */
  readonly spoken: readonly {
    readonly channel: number;
    readonly author: string;
    readonly text: string;
    readonly atInMs: number;
    readonly firstText: string;
    readonly edits: readonly { readonly atInMs: number; readonly text: string }[];
  }[];
}

type AnswerTo<O extends Order> = O['do'] extends 'burst'
  ? Burst
  : O['do'] extends 'figures'
    ? Figures
    : { readonly text: string };

export interface DiscordProcess extends DiscordProcessReady, AsyncDisposable {
  readonly child: ChildProcess;
  order<O extends Order>(order: O): Promise<AnswerTo<O>>;
}

/** Starts the stand-in as a process of its own. */
export async function startDiscordProcess(
  options: { readonly channels?: number; readonly people?: number } = {},
): Promise<DiscordProcess> {
  const { channels = 1, people = 1 } = options;
  const args = [fileURLToPath(import.meta.url), '--channels', String(channels), '--people', String(people)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ready: DiscordProcessReady = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line)));
    child.once('exit', (code) => reject(new Error(`the Discord stand-in ended with code ${code}`)));
  });
  return {
    ...ready,
    child,
    async order<O extends Order>(order: O) {
      const response = await fetch(ready.controlUrl, { method: 'POST', body: JSON.stringify(order) });
      if (!response.ok) throw new Error(await response.text());
      const answer: AnswerTo<O> = JSON.parse(await response.text());
      return answer;
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
    },
  };
}

class Control {
  readonly #discord: DiscordServer;
  readonly #textOf: typeof textOf;
  readonly #channels: readonly ChannelRecord[];
  readonly #people: readonly Person[];
  readonly #owner: Person;

  constructor(
    discord: DiscordServer,
    read: typeof textOf,
    owner: Person,
    channels: readonly ChannelRecord[],
    people: readonly Person[],
  ) {
    this.#discord = discord;
    this.#textOf = read;
    this.#owner = owner;
    this.#channels = channels;
    this.#people = people;
  }

  async obey(order: Order): Promise<Burst | Figures | { readonly text: string }> {
    if (order.do === 'burst') return await this.#burst(order);
    if (order.do === 'figures') return this.#figures();
    if (order.do === 'fault') this.#discord.faults.inject(order);
    if (order.do === 'say')
      await this.#spread(order, (index) =>
        this.#person(index).says(this.#channel(index), order.text.replaceAll('{index}', String(index))),
      );
    if (order.do === 'slash') {
      const asked = this.#owner.slash(this.#channel(order.channel), order.command, order.options);
      if (order.until !== 'taken') return { text: (await asked.answer()).text };
      await asked.acknowledged();
    }
    return { text: '' };
  }

  async #burst(order: Extract<Order, { do: 'burst' }>): Promise<Burst> {
    const asked = await this.#spread(order, (index) =>
      this.#person(index).slash(this.#channel(index), order.command, order.options),
    );
    const outcomes = await Promise.allSettled(asked.map((each) => each.acknowledged()));
    const ackMs = outcomes.flatMap((each) => (each.status === 'fulfilled' ? [each.value.afterInMs] : []));
    return { ackMs, failed: outcomes.length - ackMs.length };
  }

  async #spread<T>(
    { count, overInMs }: { readonly count: number; readonly overInMs: number },
    act: (index: number) => T,
  ): Promise<readonly T[]> {
    const began = performance.now();
    const done: T[] = [];
    for (let index = 0; index < count; index += 1) {
      const waitInMs = began + (overInMs * index) / count - performance.now();
      if (waitInMs > 0) await new Promise((resolve) => setTimeout(resolve, waitInMs));
      done.push(act(index));
    }
    return done;
  }

  #channel(index: number): ChannelRecord {
    const channel = this.#channels[index % this.#channels.length];
    if (channel === undefined) throw new Error('there are no channels');
    return channel;
  }

  #person(index: number): Person {
    return this.#people[index % this.#people.length] ?? this.#owner;
  }

  #figures(): Figures {
    const { findings, http } = this.#discord;
    return {
      findings,
      busiestSecond: http.limits.busiestSecond,
      requests: http.journal.length,
      status429: http.journal.filter(({ status }) => status === 429).length,
      spoken: this.#channels.flatMap((channel, index) =>
        this.#discord.messages(channel).flatMap((message) =>
          message.author.kind === 'webhook'
            ? [
                {
                  channel: index,
                  author: message.author.name,
                  text: this.#textOf(message),
                  atInMs: message.createdAtInMs,
                  firstText: message.firstText,
                  edits: message.edits,
                },
              ]
            : [],
        ),
      ),
    };
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { channels: { type: 'string', default: '1' }, people: { type: 'string', default: '1' } },
  });
  // Loaded here alone: whoever starts this process measures itself without them.
  const { DiscordServer } = await import('./discord-server.ts');
  const { textOf } = await import('./messages.ts');
  const discord = await DiscordServer.start();
  const { guild, owner } = discord.guild();
  const channels = Array.from({ length: Number(values.channels) }, (_, index) =>
    discord.channel(guild, `table-${index}`),
  );
  // Any of them may do what a game master may.
  const managers = discord.role(guild, 'Managers', ['ManageGuild']);
  const people = Array.from({ length: Number(values.people) }, (_, index) =>
    discord.person(`Player ${index}`, guild, [managers]),
  );
  const control = new Control(discord, textOf, owner, channels, people);
  const server = createServer((request, response) => {
    readOrder(request)
      .then((order) => control.obey(order))
      .then(
        (answer) => response.end(JSON.stringify(answer)),
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
  });
  // A burst takes as long as it takes.
  server.requestTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the control server has no port');
  const ready: DiscordProcessReady = {
    apiUrl: discord.apiUrl,
    token: discord.token,
    guildId: guild.id,
    controlUrl: `http://127.0.0.1:${address.port}/`,
  };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      server.close();
      server.closeAllConnections();
      void discord.close();
    });
}

async function readOrder(request: IncomingMessage): Promise<Order> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece);
  return JSON.parse(Buffer.concat(pieces).toString('utf8'));
}

if (import.meta.main) await main();
