import type { Connection } from './connection.ts';
import type { Patience } from './patience.ts';

/** One connection that was lent: hung up as soon as patience is lost, and settled in every case. */
export class LentConnection {
  response: Response | undefined;
  /** The answer was read to its end: the connection can serve again. */
  isFree = false;
  readonly #connection: Connection;
  readonly #patience: Patience;
  #goodbye: Promise<void> | undefined;

  constructor(connection: Connection, patience: Patience) {
    this.#connection = connection;
    this.#patience = patience;
    patience.signal.addEventListener('abort', this.#onAbort);
  }

  async end(): Promise<void> {
    this.#patience.signal.removeEventListener('abort', this.#onAbort);
    if (this.isFree && this.#goodbye === undefined) this.#connection.release();
    else await Promise.all([this.#hangUp(), readAway(this.response)]);
  }

  readonly #onAbort = () => void this.#hangUp();

  #hangUp(): Promise<void> {
    this.#goodbye ??= this.#connection.hangUp();
    return this.#goodbye;
  }
}

async function readAway(response: Response | undefined): Promise<void> {
  try {
    for await (const _ of response?.body ?? []);
  } catch {
    // The connection ended, as it was meant to.
  }
}
