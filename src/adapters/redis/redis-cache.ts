import type { Redis } from 'ioredis';
import { type Cache, type CacheEntry, LARGEST_CACHED_IN_BYTES } from '#src/core/cache.ts';

const KEY_PREFIX = 'dramatis:cache:';
const KEPT_FOR_IN_SECONDS = 30 * 24 * 3_600;
/** A cache that takes longer than this spares nobody any work. */
const COMMAND_TIMEOUT_IN_MS = 500;
const CONNECT_TIMEOUT_IN_MS = 2_000;
const FIRST_RECONNECT_IN_MS = 100;
const LONGEST_RECONNECT_IN_MS = 10_000;

export interface RedisCacheOptions {
  readonly url: string;
  /** Hears once that the server cannot be used. What is asked for meanwhile is not there. */
  readonly onAway: (error: unknown) => void;
  /** Hears once that it can be used again. */
  readonly onBack: () => void;
  /** Counts each time that something could not be looked up or kept. */
  readonly onMissed: () => void;
}

/** Keeps bytes on a Redis server, for 30 days, where several processes find them. */
export class RedisCache implements Cache {
  readonly #options: RedisCacheOptions;
  readonly #client: Redis;
  #isAway = false;

  private constructor(client: Redis, options: RedisCacheOptions) {
    this.#client = client;
    this.#options = options;
    client.on('error', (error: unknown) => this.#away(error));
    client.on('ready', () => this.#back());
  }

  /** Begins to connect, and does not wait for it: what is asked for before is not there. */
  static async open(options: RedisCacheOptions): Promise<RedisCache> {
    const { Redis } = await import('ioredis');
    const client = new Redis(options.url, {
      lazyConnect: true,
      // Nobody waits for a server that is away.
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      autoResendUnfulfilledCommands: false,
      connectTimeout: CONNECT_TIMEOUT_IN_MS,
      commandTimeout: COMMAND_TIMEOUT_IN_MS,
      retryStrategy: (times) => Math.min(FIRST_RECONNECT_IN_MS * 2 ** (times - 1), LONGEST_RECONNECT_IN_MS),
      disableClientInfo: true,
    });
    const cache = new RedisCache(client, options);
    // Its failure is heard as an event.
    client.connect().catch(() => undefined);
    return cache;
  }

  async get(keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]> {
    const nothing = keys.map(() => undefined);
    if (keys.length === 0) return nothing;
    const values = await this.#try(() => this.#client.mgetBuffer(keys.map((key) => KEY_PREFIX + key)));
    return values === undefined ? nothing : keys.map((_, index) => values[index] ?? undefined);
  }

  async set(entries: readonly CacheEntry[]): Promise<void> {
    if (entries.length === 0) return;
    await this.#try(async () => {
      const commands = this.#client.pipeline();
      for (const { key, value } of entries)
        if (value.byteLength <= LARGEST_CACHED_IN_BYTES)
          commands.set(KEY_PREFIX + key, bufferOf(value), 'EX', KEPT_FOR_IN_SECONDS);
        else commands.del(KEY_PREFIX + key);
      const fault = (await commands.exec())?.find(([error]) => error !== null)?.[0];
      if (fault != null) throw fault;
    });
  }

  async close(): Promise<void> {
    this.#client.disconnect();
  }

  async #try<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    try {
      if (this.#client.status !== 'ready') {
        this.#options.onMissed();
        return undefined;
      }
      const result = await work();
      this.#back();
      return result;
    } catch (error) {
      this.#options.onMissed();
      this.#away(error);
      return undefined;
    }
  }

  #away(error: unknown): void {
    if (this.#isAway) return;
    this.#isAway = true;
    this.#options.onAway(error);
  }

  #back(): void {
    if (!this.#isAway) return;
    this.#isAway = false;
    this.#options.onBack();
  }
}

function bufferOf(value: Uint8Array): Buffer {
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}
