import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'undici';

const CONNECT_TIMEOUT_IN_MS = 10_000;
const KEEP_ALIVE_IN_MS = 60_000;
/** How long the server may take to close its end after we closed ours; then the connection is cut. */
const HANG_UP_GRACE_IN_MS = 250;
/**
 * Between the end of a connection as we see it and the server's own knowledge that the request is over. Whoever holds
 * a permit waits for it, so that the server never counts more open requests than there are permits.
 */
const HANG_UP_SETTLE_IN_MS = 30;

/** One connection to the server, lent out for one request at a time. */
export interface Connection {
  /** Carries the request, as the `dispatcher` that `send` is given. */
  readonly dispatcher: Client;
  /**
   * Breaks the request off. Resolves when the connection has ended on both sides. Somebody must go on reading the
   * response meanwhile, or the server's goodbye is not seen and the connection is cut after a short grace.
   */
  hangUp(): Promise<void>;
  /** Gives the connection back after an answer was read to its end. */
  release(): void;
}

/**
 * Kept-alive connections to one server. undici's own pool hides which socket carries which request, and that socket's
 * end is what a permit waits for: so each connection is a client of its own here, and this pool is the list of them.
 */
export class Connections {
  readonly #maxIdle: number;
  readonly #idle: Connection[] = [];
  readonly #all = new Set<Client>();

  /** @param options.maxIdle how many connections are kept for later; callers bound how many are used at once. */
  constructor(options: { readonly maxIdle: number }) {
    this.#maxIdle = options.maxIdle;
  }

  /** The connection used last, which is the least likely to have gone stale, or a new one. */
  async borrow(origin: string): Promise<Connection> {
    return this.#idle.pop() ?? (await this.#open(origin));
  }

  async close(): Promise<void> {
    this.#idle.length = 0;
    await Promise.all([...this.#all].map((client) => client.destroy()));
    this.#all.clear();
  }

  async #open(origin: string): Promise<Connection> {
    const { Client, buildConnector } = await import('undici');
    const connect = buildConnector({ timeout: CONNECT_TIMEOUT_IN_MS, allowH2: false });
    let socket: Duplex | undefined;
    const client = new Client(origin, {
      connect: (options, callback) =>
        connect(options, (...result) => {
          socket = result[1] ?? undefined;
          callback(...result);
        }),
      keepAliveTimeout: KEEP_ALIVE_IN_MS,
      // Time limits are the call's affair: it knows a first token from the rest.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    this.#all.add(client);
    const connection: Connection = {
      dispatcher: client,
      hangUp: async () => {
        if (socket !== undefined && !socket.destroyed) await sayGoodbye(socket);
        await client.destroy();
        this.#all.delete(client);
        await delay(HANG_UP_SETTLE_IN_MS);
      },
      release: () => {
        if (this.#idle.length < this.#maxIdle) this.#idle.push(connection);
        else {
          this.#all.delete(client);
          void client.close();
        }
      },
    };
    return connection;
  }
}

/** Closes our end and waits until the server has closed its own. */
async function sayGoodbye(socket: Duplex): Promise<void> {
  const grace = new AbortController();
  const closed = new Promise<void>((resolve) => socket.once('close', resolve));
  socket.end();
  await Promise.race([
    closed,
    delay(HANG_UP_GRACE_IN_MS, undefined, { signal: grace.signal }).catch(() => {}),
  ]);
  grace.abort();
}
