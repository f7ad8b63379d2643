import {
  type APIInteraction,
  type Client,
  Events,
  GatewayCloseCodes,
  GatewayDispatchEvents,
  type GatewayMessageCreateDispatchData,
  type GatewayMessageDeleteBulkDispatchData,
  type GatewayMessageDeleteDispatchData,
  type GatewayMessageUpdateDispatchData,
} from 'discord.js';
import type { Log } from '#src/core/log.ts';
import { gatewayClient, type Shards } from './gateway-client.ts';
import { ClosedAtStart, FATAL, HEARS_LITTLE, refusalOf, whyClosed } from './gateway-words.ts';

export interface GatewayOptions {
  readonly token: string;
  readonly apiUrl: string | undefined;
  readonly shards: Shards;
  readonly log: Log;
  readonly listener: GatewayListener;
}

/** What comes in, as Discord sends it. Whoever listens never throws. */
export interface GatewayListener {
  message(data: GatewayMessageCreateDispatchData): void;
  changed(data: GatewayMessageUpdateDispatchData): void;
  deleted(data: GatewayMessageDeleteBulkDispatchData): void;
  interaction(data: APIInteraction): void;
  /** We were added to a guild, or came back to it. */
  guild(guildId: string): void;
}

/** The connection on which Discord tells us what happens. Resumes and identifies anew by itself. */
export class Gateway {
  readonly #options: GatewayOptions;
  #client: Client<true>;
  #readsAll: boolean;
  #isClosed = false;
  /** Discord has closed the connection, and nobody opens it again. */
  #isLost = false;
  /** A connection without the intent is on its way: one, however many shards were closed. */
  #reconnecting: Promise<void> | undefined;

  private constructor(options: GatewayOptions, opened: { client: Client<true>; readsAll: boolean }) {
    this.#options = options;
    this.#client = opened.client;
    this.#readsAll = opened.readsAll;
    this.#watch(opened.client);
  }

  /**
   * Resolves once every shard is ready. Where the intent to read messages is not granted it connects without.
   * @throws Refusal where Discord does not let us in, with what to do.
   */
  static async open(options: GatewayOptions): Promise<Gateway> {
    return new Gateway(options, await connect(options));
  }

  get client(): Client<true> {
    return this.#client;
  }

  /** Whether we read what people write without speaking to us. */
  get readsAll(): boolean {
    return this.#readsAll;
  }

  runsShard(id: number): boolean {
    return this.#client.ws.shards.has(id);
  }

  /** Whether anything can come in, now or once discord.js has connected again by itself. */
  get isConnected(): boolean {
    return !this.#isClosed && !this.#isLost;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#client.destroy();
    await this.#reconnecting;
  }

  /** An intent that is taken away, or a token that is replaced, closes the gateway for good while we run. */
  #watch(client: Client<true>): void {
    client.on(Events.ShardDisconnect, ({ code }) => {
      const { log } = this.#options;
      if (this.#isClosed || client !== this.#client || !FATAL.has(code)) return;
      if (code === GatewayCloseCodes.DisallowedIntents && this.#readsAll) {
        this.#reconnecting ??= this.#reconnect(code);
        return;
      }
      this.#isLost = true;
      log.error(LOST, { code, why: whyClosed(code) });
    });
  }

  /** Never rejects. */
  async #reconnect(code: number): Promise<void> {
    const before = this.#client;
    try {
      const { client, readsAll } = await connectWith(this.#options, false);
      this.#client = client;
      this.#readsAll = readsAll;
      this.#watch(client);
      await before.destroy();
      if (this.#isClosed) await client.destroy();
    } catch (error) {
      this.#isLost = true;
      if (!this.#isClosed) this.#options.log.error(LOST, { code }, error);
    }
  }
}

const LOST = 'Discord has closed the connection for good; restart once the cause is mended';

async function connect(options: GatewayOptions) {
  try {
    return await connectWith(options, true);
  } catch (error) {
    if (!(error instanceof ClosedAtStart) || error.closeCode !== GatewayCloseCodes.DisallowedIntents) {
      throw refusalOf(error);
    }
  }
  try {
    return await connectWith(options, false);
  } catch (error) {
    throw refusalOf(error);
  }
}

async function connectWith(
  options: GatewayOptions,
  readsAll: boolean,
): Promise<{ readonly client: Client<true>; readonly readsAll: boolean }> {
  const client = gatewayClient({ ...options, readsAll });
  let closeCode: number | undefined;
  client.on(Events.ShardDisconnect, ({ code }) => {
    closeCode ??= code;
  });
  attach(client, options);
  const ready = new Promise<Client<true>>((resolve) => client.once(Events.ClientReady, resolve));
  try {
    await client.login(options.token);
    const opened = await ready;
    if (!readsAll) options.log.warn(HEARS_LITTLE);
    return { client: opened, readsAll };
  } catch (error) {
    await client.destroy();
    throw closeCode === undefined ? error : new ClosedAtStart(closeCode, { cause: error });
  }
}

/** Packets are taken as they come: discord.js's own objects would need caches that we do without. */
function attach(client: Client, { listener, log }: GatewayOptions): void {
  const { ws } = client;
  ws.on(GatewayDispatchEvents.MessageCreate, (data: GatewayMessageCreateDispatchData) =>
    listener.message(data),
  );
  ws.on(GatewayDispatchEvents.MessageUpdate, (data: GatewayMessageUpdateDispatchData) =>
    listener.changed(data),
  );
  ws.on(GatewayDispatchEvents.MessageDelete, ({ id, ...where }: GatewayMessageDeleteDispatchData) =>
    listener.deleted({ ...where, ids: [id] }),
  );
  ws.on(GatewayDispatchEvents.MessageDeleteBulk, (data: GatewayMessageDeleteBulkDispatchData) =>
    listener.deleted(data),
  );
  ws.on(GatewayDispatchEvents.InteractionCreate, (data: APIInteraction) => listener.interaction(data));
  client.on(Events.GuildCreate, ({ id }) => listener.guild(id));
  client.on(Events.ShardReady, (shard) => log.info('a Discord shard is ready', { shard }));
  client.on(Events.ShardResume, (shard, replayed) =>
    log.info('a Discord shard has resumed', { shard, replayed }),
  );
  client.on(Events.ShardReconnecting, (shard) => log.info('a Discord shard reconnects', { shard }));
  client.on(Events.ShardDisconnect, ({ code }, shard) =>
    log.info('a Discord shard has disconnected', { shard, code }),
  );
  client.on(Events.ShardError, (error, shard) => log.warn('a Discord shard has failed', { shard }, error));
  client.on(Events.Error, (error) => log.error('the Discord connection has failed', {}, error));
  client.on(Events.Warn, () => log.warn('discord.js warns of something'));
}
