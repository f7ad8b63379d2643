import type { APIError, OpenAI } from 'openai';
import { type Connection, Connections } from './connection.ts';

const OPENAI_URL = 'https://api.openai.com/v1';

export interface OpenAiServerOptions {
  /** Undefined: OpenAI itself. */
  readonly baseURL: string | undefined;
  /** Local servers need none. */
  readonly apiKey: string | undefined;
  /** How many connections are kept for later; as many as there are permits. */
  readonly maxConnections: number;
}

/** One OpenAI-compatible server: its client and its connections, made on first use and shared by all its models. */
export class OpenAiServer {
  readonly baseURL: string;
  readonly #apiKey: string | undefined;
  readonly #connections: Connections;
  #sdk: Promise<OpenAI> | undefined;

  constructor(options: OpenAiServerOptions) {
    this.baseURL = options.baseURL ?? OPENAI_URL;
    this.#apiKey = options.apiKey;
    this.#connections = new Connections({ maxIdle: options.maxConnections });
  }

  /** The vendor's client; loading it takes about 0.1 s, so nobody loads it who has no server. */
  client(): Promise<OpenAI> {
    this.#sdk ??= this.#load();
    return this.#sdk;
  }

  borrow(): Promise<Connection> {
    return this.#connections.borrow(new URL(this.baseURL).origin);
  }

  async close(): Promise<void> {
    await this.#connections.close();
  }

  async #load(): Promise<OpenAI> {
    // The connections need undici as soon.
    const [{ OpenAI }, { send }] = await Promise.all([
      import('openai'),
      import('./send.ts'),
      import('undici'),
    ]);
    return new OpenAI({
      baseURL: this.baseURL,
      apiKey: this.#apiKey ?? 'none',
      fetch: send,
      // Retries are ours, and so are time limits: the client's own do not know a first token from the rest.
      maxRetries: 0,
      timeout: 2 ** 31 - 1,
      // Its log would hold prompts and answers.
      logLevel: 'off',
      // What it would otherwise read from the environment by itself.
      organization: null,
      project: null,
      adminAPIKey: null,
      webhookSecret: null,
    });
  }
}

/** The error with which the server answered; undefined where it gave no answer. */
export async function answeredError(error: unknown): Promise<APIError | undefined> {
  const { APIError } = await import('openai');
  return error instanceof APIError && error.status !== undefined ? error : undefined;
}
