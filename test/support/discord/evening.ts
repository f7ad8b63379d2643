import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { startDiscord } from '#src/adapters/discord/discord-adapter.ts';
import { type App, openApp } from '#src/app.ts';
import { readConfig } from '#src/config.ts';
import type { RunningAdapter } from '#src/core/adapter.ts';
import type { Front } from '#src/core/front.ts';
import type { Log, LogDetails } from '#src/core/log.ts';
import type { Reply } from '../model-reply.ts';
import { type ModelServer, startModelServer } from '../model-server.ts';
import { DiscordServer } from './discord-server.ts';
import type { Person } from './person.ts';
import type { ChannelRecord, GuildRecord } from './records.ts';

export interface EveningOptions {
  /** No model: improv plays. */
  readonly isImprov?: boolean;
  /** Before the bot comes: what it finds there. */
  readonly prepare?: (discord: DiscordServer) => void;
  /** DISCORD_SHARDS. */
  readonly shards?: string;
  /** The bot registers its commands for everywhere, as where no guild is named. */
  readonly isEverywhere?: boolean;
}

/** The product as it is, in a guild of the stand-in: an owner who leads, two players, a channel. */
export class Evening {
  readonly discord: DiscordServer;
  readonly model: ModelServer;
  readonly guild: GuildRecord;
  readonly owner: Person;
  readonly mira: Person;
  readonly jon: Person;
  readonly tavern: ChannelRecord;
  readonly dataDir: string;
  /** What the product logged as failures; a test that brings one about takes it out. */
  readonly faults: string[] = [];
  readonly warnings: string[] = [];
  readonly #options: EveningOptions;
  #app: App | undefined;
  #adapter: RunningAdapter | undefined;

  static async begin(options: EveningOptions = {}): Promise<Evening> {
    const discord = await DiscordServer.start();
    const model = await startModelServer();
    const dataDir = await mkdtemp(join(tmpdir(), 'dramatis-discord-'));
    const evening = new Evening({ discord, model, dataDir, options });
    options.prepare?.(discord);
    await evening.open();
    return evening;
  }

  private constructor(parts: {
    readonly discord: DiscordServer;
    readonly model: ModelServer;
    readonly dataDir: string;
    readonly options: EveningOptions;
  }) {
    const { discord } = parts;
    this.discord = discord;
    this.model = parts.model;
    this.dataDir = parts.dataDir;
    this.#options = parts.options;
    const { guild, owner } = discord.guild();
    this.guild = guild;
    this.owner = owner;
    this.tavern = discord.channel(guild, 'tavern');
    this.mira = discord.person('Mira', guild);
    this.jon = discord.person('Jon', guild);
  }

  /** The program starts, on the data that there is. */
  async open(): Promise<void> {
    const { discord, model, dataDir } = this;
    const environment = {
      DATA_DIR: dataDir,
      DISCORD_TOKEN: discord.token,
      DISCORD_API_URL: discord.apiUrl,
      ...(this.#options.isEverywhere === true ? {} : { DISCORD_GUILD_ID: this.guild.id }),
      ...(this.#options.shards === undefined ? {} : { DISCORD_SHARDS: this.#options.shards }),
      ...(this.#options.isImprov === true ? {} : { OPENAI_BASE_URL: model.url, CHAT_MODEL: 'stand-in' }),
    };
    const { config } = readConfig(environment);
    if (config.discord === undefined) throw new Error('Discord is not configured');
    const log = this.#log();
    const { clock } = discord;
    this.#app = await openApp({ config, log, clock });
    const { front } = this.#app;
    this.#adapter = await startDiscord({ ...config.discord, front, clock, log, avatarOf: () => undefined });
  }

  /** What the adapter talks to. */
  get front(): Front {
    if (this.#app === undefined) throw new Error('the program is not running');
    return this.#app.front;
  }

  /** Whether the adapter says that it can be reached. */
  get isConnected(): boolean {
    return this.#adapter?.isConnected?.() === true;
  }

  /** The program ends: replies have so long to end. */
  async close(graceInMs = 10_000): Promise<void> {
    await this.#adapter?.stopHearing();
    await this.#app?.close({ graceInMs });
    await this.#adapter?.close();
    this.#adapter = undefined;
    this.#app = undefined;
  }

  async restart(): Promise<void> {
    await this.close();
    await this.open();
  }

  /** Everything ends, and nothing was sent that Discord would not take or that calls somebody. */
  async end(): Promise<void> {
    try {
      await this.close(0);
    } finally {
      await this.discord.close();
      await this.model.close();
      await rm(this.dataDir, { recursive: true, force: true });
    }
    expect(this.discord.findings).toEqual({ violations: [], pings: [], unguarded: [], overlaps: [] });
    expect(this.faults).toEqual([]);
  }

  /** A failure that the test brought about was logged; it is no news at the end. */
  hasLogged(pattern: RegExp): void {
    const expected = this.faults.filter((fault) => pattern.test(fault));
    expect(expected, `logged: ${pattern}`).not.toEqual([]);
    this.faults.splice(0, this.faults.length, ...this.faults.filter((fault) => !expected.includes(fault)));
  }

  /** What the model says to whatever is said; drafting goes on as ever. */
  modelSays(reply: Reply | ((index: number) => Reply)): void {
    let spoken = 0;
    this.model.script((request) => {
      if (request.response_format !== undefined) return {};
      const chosen = typeof reply === 'function' ? reply(spoken) : reply;
      spoken += 1;
      return chosen;
    });
  }

  /** An NPC of the folder comes on stage, and has greeted. */
  async brings(name: string, channel: ChannelRecord = this.tavern): Promise<void> {
    this.owner.slash(channel, 'npc talk', { npc: name });
    await this.owner.waitFor(
      channel,
      ({ author, text, buttons }) => this.#isBy(name, author, text) && buttons.length === 0,
      `${name}'s greeting`,
    );
  }

  /** The newest words of an NPC there, once they stand and nothing more comes. */
  async hears(
    name: string,
    what: string | RegExp,
    channel: ChannelRecord = this.tavern,
    by: Person = this.mira,
  ) {
    const matches = (text: string) => (typeof what === 'string' ? text.includes(what) : what.test(text));
    return await by.waitFor(
      channel,
      ({ author, text, buttons }) => this.#isBy(name, author, text) && matches(text) && buttons.length === 0,
      `${name} saying ${what}`,
    );
  }

  /** How many messages an NPC has in a channel. */
  countOf(name: string, channel: ChannelRecord = this.tavern): number {
    return this.owner.sees(channel).filter(({ author, text }) => this.#isBy(name, author, text)).length;
  }

  #isBy(name: string, author: string, text: string): boolean {
    return author === name || (author === this.discord.world.bot.name && text.startsWith(`**${name}**`));
  }

  #log(): Log {
    const told = (list: string[]) => (event: string, details?: LogDetails, error?: unknown) => {
      list.push([event, JSON.stringify(details ?? {}), error instanceof Error ? error.stack : ''].join(' '));
    };
    return { debug: () => {}, info: () => {}, warn: told(this.warnings), error: told(this.faults) };
  }
}
